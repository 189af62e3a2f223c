//! What the agenda holds: actions of the scenario and their later consequences.

use std::net::SocketAddr;

use turno_ground::Flow;
use turno_model::{AgentId, Command, ContactId};
use turno_phone::CallId;

use crate::action::Action;
use crate::agent_deed::Whom;
use crate::sip_client::Intent;

/// Something to do at its moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScheduledAction {
    /// An action of the scenario.
    Action(Action),
    /// A caller does what was planned for this attempt.
    Caller(u32, u8, Intent),
    /// A caller dials again.
    Redials(u32),
    /// An agent's phone registers, and the agent begins work.
    BeginsShift(usize),
    /// An agent's phone has power again, or registers again.
    ComesBack(usize),
    /// Somebody's phone may open a connection again.
    Connects(usize),
    /// The connection of a page stands: its person is signed in.
    SignsIn(usize, Flow),
    /// The person of a page has a session again.
    HasSession(usize),
    /// A page that has registered takes its talk back.
    TakesBack(usize),
    /// A second desk is closed.
    DeskCloses(usize),
    /// An agent ends manual after-call work.
    EndsAcw(usize),
    /// An agent gives the last contact a wrap-up code.
    GivesCode(AgentId),
    /// An agent accepts an offered contact without a call.
    Takes(AgentId),
    /// An agent refuses it.
    Declines(AgentId),
    /// An agent finishes a contact without a call.
    Finishes(AgentId, ContactId),
    /// The writer of a contact without a call withdraws it.
    Withdraws(ContactId),
    /// An agent consults somebody by the keys of the phone.
    ConsultsByKeys(AgentId, Whom),
    /// An agent presses a key.
    AgentPresses(AgentId, char),
    /// A phone sends SUBSCRIBE for this lamp again, if nothing came back.
    SubscribesAgain(u32),
    /// Somebody presses a key in this call of a phone.
    KeysAt(usize, CallId, char),
    /// Somebody hangs up this call of a phone.
    HangsUpAt(usize, CallId),
    /// An agent hangs up the last call of the phone.
    AgentLetsGo(AgentId),
    /// A citizen who was called back ends the talk.
    CitizenHangsUp,
    /// The person at the phone behind the trunk presses this key.
    CitizenPresses(char),
    /// An agent whose telephone stays connected wants to work.
    WantsLine(AgentId),
    /// The engine is started again.
    IsPickedUp,
    /// The engine no longer stands still.
    GoesOn,
    /// There is room on the disk again.
    DiskIsEmptied,
    /// turno checks whether a restart would find what is written.
    DiskIsLookedAt,
    /// The media plane notices that no audio comes from this address any more.
    FallsSilent(SocketAddr),
}

/// The agent who asks for a state with this command.
pub(crate) const fn who_asks(command: &Command) -> Option<AgentId> {
    match command {
        Command::LogIn(agent)
        | Command::LogOut(agent)
        | Command::Ready(agent)
        | Command::Aux(agent, _)
        | Command::AskBreak(agent, _)
        | Command::EndAcw(agent)
        | Command::ExtendAcw(agent)
        | Command::Help(agent)
        | Command::Return(agent)
        | Command::Consult(agent, _)
        | Command::Conference(agent)
        | Command::Complete(agent)
        | Command::Back(agent)
        | Command::Answer(agent)
        | Command::Hold(agent)
        | Command::Resume(agent)
        | Command::HangUp(agent)
        | Command::NoMicrophone(agent)
        | Command::Microphone(agent)
        | Command::WrapUp(agent, _) => Some(*agent),
        Command::Sit(..) | Command::Leave(_) => None,
        Command::Take(_)
        | Command::Decline(_)
        | Command::Finish(..)
        | Command::Enqueue(_)
        | Command::Withdraw(_)
        | Command::Observe(..)
        | Command::ChangeObserving(..)
        | Command::StopObserving(_)
        | Command::TakeOver(_)
        | Command::Move(..)
        | Command::Prioritise(..)
        | Command::Pull(..)
        | Command::SetSkill(..)
        | Command::End(..)
        | Command::SetQueue(..)
        | Command::Announce(..)
        | Command::Speak(..)
        | Command::EmergencyOn(_)
        | Command::EmergencyOff
        | Command::ListCaller(_)
        | Command::UnlistCaller(..)
        | Command::Record(_)
        | Command::PauseRecording(_)
        | Command::ResumeRecording(_)
        | Command::PurgeRecordings
        | Command::TrunkResolved(..)
        | Command::Ban(..)
        | Command::LiftBan(_)
        | Command::Drain
        | Command::Stop => None,
    }
}
