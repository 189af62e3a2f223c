//! What stands on the agenda: deeds, and what follows from them later.

use std::net::SocketAddr;

use turno_model::{AgentId, Command, ContactId};

use crate::action::Action;
use crate::sip_client::Intent;

/// Something to be done at its moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScheduledAction {
    /// A deed of the scenario.
    Action(Action),
    /// A caller does what was meant at that attempt.
    Caller(u32, u8, Intent),
    /// A caller dials again.
    Redials(u32),
    /// An agent's phone registers and its agent begins work.
    BeginsShift(usize),
    /// An agent's phone has its power back.
    ComesBack(usize),
    /// Somebody's phone may open a connection again.
    Connects(usize),
    /// An agent ends manual after-call work.
    EndsAcw(usize),
    /// An agent takes what is held out without a call.
    Takes(AgentId),
    /// An agent does not take it.
    Declines(AgentId),
    /// An agent is done with a contact without a call.
    Finishes(AgentId, ContactId),
    /// The person of a contact without a call withdraws.
    Withdraws(ContactId),
    /// The engine is started again.
    IsPickedUp,
    /// The engine does not stand still any more.
    GoesOn,
    /// There is room on the disk again.
    DiskIsEmptied,
    /// turno looks whether a restart would find what is written.
    DiskIsLookedAt,
    /// The media plane notices that nothing comes from there any more.
    FallsSilent(SocketAddr),
}

/// The agent who asks for a state by this command.
pub(crate) const fn who_asks(command: &Command) -> Option<AgentId> {
    match command {
        Command::LogIn(agent)
        | Command::LogOut(agent)
        | Command::Ready(agent)
        | Command::Aux(agent, _)
        | Command::EndAcw(agent)
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
        | Command::TrunkResolved(..)
        | Command::Ban(..)
        | Command::LiftBan(_)
        | Command::Drain
        | Command::Stop => None,
    }
}
