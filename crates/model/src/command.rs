//! Commands to the engine: one list for feature codes, the control socket, pages and tests.
//!
//! An [`Act`] is generic over how it names agents, seats, queues and reasons: a [`Command`] uses their indexes in the
//! plan, a [`Spoken`] one their names. The engine answers each with [`answer::Done`] or a [`refusal::Refusal`]. `verb`
//! gives each act its name, `refused_for` why it may be refused.

pub mod answer;
pub mod asker;
pub mod commanded;
pub mod feature_code;
pub mod refusal;
mod refused_for;
pub mod spoken;
#[cfg(test)]
mod tests;
pub mod verb;

use compact_str::CompactString;
use core::time::Duration;
use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};
use turno_ground::{Moment, Pii};

use crate::channel::Channel;
use crate::id::{AgentId, ContactId, PromptName, QueueId, SeatId, TrunkId};
use crate::observing::Observing;
use crate::queue_state::QueueState;
use crate::skill_order::SkillOrder;

/// A command with indexes into the plan, as the engine takes it.
pub type Command = Act<AgentId, SeatId, QueueId, u8, PromptName>;

/// A command with names, as people use it: extensions of agents and seats, names of queues, reasons and prompts.
pub type Spoken = Act<CompactString, CompactString, CompactString, CompactString, CompactString>;

/// The reason that a person gives for a command, at most [`WHY_CHARS_MAX`] characters; for the record only.
pub type Why = Option<CompactString>;

/// Longest reason of a command; the rest is cut off.
pub const WHY_CHARS_MAX: usize = 200;

/// A new contact without a call: a callback or a written message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newcomer<Queue = QueueId, Agent = AgentId> {
    /// Its channel; not voice, which needs a call.
    pub channel: Channel,
    /// Its queue.
    pub queue: Queue,
    /// The sender, such as a number to call back.
    pub from: Pii<CompactString>,
    /// Since when its person has waited, perhaps elsewhere, such as with a bot; `None`: since now. At most
    /// [`WAITED_BEFORE_MAX`] ago, and never later than now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Moment>,
    /// Whom it should go to: who served its person last, and gets it if free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefer: Option<Agent>,
    /// Whether it waits for that agent first, if they work, as a caller who dialled the agent's own number.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_theirs: bool,
    /// The sender's own name for it: the same again, while the contact lives, is the same contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<CompactString>,
}

impl<Queue, Agent> Newcomer<Queue, Agent> {
    /// One who comes now, for any agent who is free.
    pub const fn now(channel: Channel, queue: Queue, from: Pii<CompactString>) -> Self {
        Self { channel, queue, from, since: None, prefer: None, is_theirs: false, key: None }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// How long a newcomer may have waited elsewhere; more counts as this.
pub const WAITED_BEFORE_MAX: Duration = Duration::from_secs(30 * 24 * 3_600);

/// A number for a list, for this span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The list's name.
    pub list: CompactString,
    /// The number, however it is written.
    pub number: Pii<CompactString>,
    /// How long it stands on the list.
    pub span: Duration,
}

/// A request. If the present state forbids it, it is refused and changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act<Agent, Seat, Queue, Reason, Prompt> {
    /// The agent logs in.
    LogIn(Agent),
    /// The agent logs out, after the present contact if there is one.
    LogOut(Agent),
    /// The agent is ready.
    Ready(Agent),
    /// The agent goes to AUX, with a reason of `Plan::aux_reasons`, after the present contact if there is one.
    Aux(Agent, Reason),
    /// The agent asks for a break with a reason of `Plan::aux_reasons`: at once, or when their turn comes. A reason that is
    /// not in turns is AUX as above.
    AskBreak(Agent, Reason),
    /// The agent's after-call work is done.
    EndAcw(Agent),
    /// The agent makes the present after-call work longer, once, by its span.
    ExtendAcw(Agent),
    /// The agent gives the last contact a wrap-up code.
    WrapUp(Agent, CompactString),
    /// The agent asks an expert into the present talk.
    Help(Agent),
    /// The agent gives the caller back to the queue, in the place of the arrival.
    Return(Agent),
    /// The agent consults somebody about the present talk: a colleague's extension, a queue, a dependency or a number.
    Consult(Agent, CompactString),
    /// The agent, the caller and who is consulted talk together.
    Conference(Agent),
    /// The agent leaves the caller to who is consulted.
    Complete(Agent),
    /// The agent ends the consultation, and is back with the caller.
    Back(Agent),
    /// The agent's phone answers what rings there, if it takes this order.
    Answer(Agent),
    /// The agent's talk is on hold, without the help of the phone.
    Hold(Agent),
    /// The hold of the agent's talk ends.
    Resume(Agent),
    /// The agent's call ends, as if the phone had hung up.
    HangUp(Agent),
    /// The microphone at the agent's page is gone: AUX until it is back, after the present contact if there is one.
    NoMicrophone(Agent),
    /// The microphone at the agent's page is back.
    Microphone(Agent),
    /// The agent sits down at a free seat, whose phone rings for the agent from now on.
    Sit(Agent, Seat),
    /// The agent leaves the seat: for the own one, if that is another and free; if not, for none.
    Leave(Agent),
    /// A contact without a call comes to a queue.
    Enqueue(Newcomer<Queue, Agent>),
    /// The agent accepts the offered contact without a call.
    Take(Agent),
    /// The agent refuses it.
    Decline(Agent),
    /// The agent finishes one of their contacts without a call.
    Finish(Agent, ContactId),
    /// The sender of a contact without a call withdraws it.
    Withdraw(ContactId),
    /// Rings an agent, such as a supervisor, who then observes an agent's talk with this contact.
    Observe(Agent, ContactId, Observing),
    /// The observer changes the way of observing.
    ChangeObserving(Agent, Observing),
    /// The observer leaves the talk, or is no longer rung for it.
    StopObserving(Agent),
    /// The observer becomes the contact's agent; the agent who talked is released.
    TakeOver(Agent),
    /// A waiting contact moves to another queue, with the time that it has waited.
    Move(ContactId, Queue),
    /// A waiting contact gets this priority, in this queue and in any later one.
    Prioritise(ContactId, u8),
    /// A waiting contact ends, after this prompt if it has a call.
    End(ContactId, Option<Prompt>),
    /// A waiting contact goes to this agent now or next; to none: everybody may take it again.
    Pull(ContactId, Option<Agent>),
    /// The agent has this skill for this queue from now on, for a time.
    SetSkill(Agent, Queue, SkillOrder),
    /// A queue is opened, paused or closed.
    SetQueue(Queue, QueueState),
    /// All callers who wait in a queue hear this prompt.
    Announce(Queue, Prompt),
    /// Rings an agent, such as a supervisor, who then speaks live to all callers who wait in a queue.
    Speak(Agent, Queue),
    /// Every caller hears the emergency announcement from now on: this prompt, or that of the plan.
    EmergencyOn(Option<Prompt>),
    /// No caller hears it any more.
    EmergencyOff,
    /// This number stands on this list of callers from now on, for this span.
    ListCaller(Listing),
    /// This number stands on this list no more, unless the plan names it.
    UnlistCaller(CompactString, Pii<CompactString>),
    /// Records the agent's talk from now on.
    Record(Agent),
    /// Pauses the recording of the agent's talk.
    PauseRecording(Agent),
    /// Lets the recording of the agent's talk go on.
    ResumeRecording(Agent),
    /// Deletes the recordings that have been kept for as long as their class says.
    PurgeRecordings,
    /// The resolved addresses of a trunk's name, in the order to try (RFC 3263); possibly none.
    TrunkResolved(TrunkId, Vec<SocketAddr>),
    /// Ban an address for this span.
    Ban(IpAddr, Duration),
    /// Lift the ban of an address.
    LiftBan(IpAddr),
    /// Take no new calls, and end when the last call ends.
    Drain,
    /// End all calls now, with BYE, and end.
    Stop,
}

impl<Agent, Seat, Queue, Reason, Prompt> Act<Agent, Seat, Queue, Reason, Prompt> {
    /// The agent of this command, if it has one.
    pub const fn agent(&self) -> Option<&Agent> {
        match self {
            Self::LogIn(agent)
            | Self::LogOut(agent)
            | Self::Ready(agent)
            | Self::Aux(agent, _)
            | Self::AskBreak(agent, _)
            | Self::EndAcw(agent)
            | Self::ExtendAcw(agent)
            | Self::Help(agent)
            | Self::Return(agent)
            | Self::Consult(agent, _)
            | Self::Conference(agent)
            | Self::Complete(agent)
            | Self::Back(agent)
            | Self::Answer(agent)
            | Self::Hold(agent)
            | Self::Resume(agent)
            | Self::HangUp(agent)
            | Self::NoMicrophone(agent)
            | Self::Microphone(agent)
            | Self::WrapUp(agent, _)
            | Self::Sit(agent, _)
            | Self::Leave(agent)
            | Self::Take(agent)
            | Self::Decline(agent)
            | Self::Finish(agent, _)
            | Self::SetSkill(agent, ..)
            | Self::Speak(agent, _)
            | Self::Observe(agent, ..)
            | Self::ChangeObserving(agent, _)
            | Self::StopObserving(agent)
            | Self::TakeOver(agent)
            | Self::Record(agent)
            | Self::PauseRecording(agent)
            | Self::ResumeRecording(agent) => Some(agent),
            Self::Pull(_, agent) => agent.as_ref(),
            Self::Enqueue(_) | Self::Withdraw(_) | Self::PurgeRecordings => None,
            Self::Move(..) | Self::Prioritise(..) | Self::End(..) => None,
            Self::SetQueue(..) | Self::Announce(..) | Self::EmergencyOn(_) | Self::EmergencyOff => None,
            Self::ListCaller(_) | Self::UnlistCaller(..) => None,
            Self::TrunkResolved(..) | Self::Ban(..) | Self::LiftBan(_) | Self::Drain | Self::Stop => None,
        }
    }

    /// The contact of this command, if it has one.
    pub const fn contact(&self) -> Option<ContactId> {
        match self {
            Self::Finish(_, contact)
            | Self::Withdraw(contact)
            | Self::Observe(_, contact, _)
            | Self::Move(contact, _)
            | Self::Prioritise(contact, _)
            | Self::End(contact, _)
            | Self::Pull(contact, _) => Some(*contact),
            Self::LogIn(_) | Self::LogOut(_) | Self::Ready(_) | Self::Aux(..) | Self::EndAcw(_) => None,
            Self::Consult(..) | Self::Conference(_) | Self::Complete(_) | Self::Back(_) => None,
            Self::Answer(_) | Self::Hold(_) | Self::Resume(_) | Self::HangUp(_) => None,
            Self::NoMicrophone(_) | Self::Microphone(_) => None,
            Self::ExtendAcw(_) | Self::Help(_) | Self::Return(_) | Self::AskBreak(..) => None,
            Self::WrapUp(..) | Self::Sit(..) | Self::Leave(_) | Self::Enqueue(_) => None,
            Self::Take(_) | Self::Decline(_) | Self::ChangeObserving(..) | Self::StopObserving(_) => None,
            Self::TakeOver(_) | Self::SetSkill(..) | Self::SetQueue(..) | Self::Announce(..) => None,
            Self::Speak(..) => None,
            Self::Record(_) | Self::PauseRecording(_) | Self::ResumeRecording(_) => None,
            Self::PurgeRecordings | Self::EmergencyOn(_) | Self::EmergencyOff => None,
            Self::ListCaller(_) | Self::UnlistCaller(..) => None,
            Self::TrunkResolved(..) | Self::Ban(..) | Self::LiftBan(_) | Self::Drain | Self::Stop => None,
        }
    }

    /// The queue of this command, if it has one.
    pub const fn queue(&self) -> Option<&Queue> {
        match self {
            Self::Enqueue(newcomer) => Some(&newcomer.queue),
            Self::SetSkill(_, queue, _) | Self::Speak(_, queue) => Some(queue),
            Self::Move(_, queue) | Self::SetQueue(queue, _) | Self::Announce(queue, _) => Some(queue),
            Self::LogIn(_) | Self::LogOut(_) | Self::Ready(_) | Self::Aux(..) | Self::EndAcw(_) => None,
            Self::Consult(..) | Self::Conference(_) | Self::Complete(_) | Self::Back(_) => None,
            Self::Answer(_) | Self::Hold(_) | Self::Resume(_) | Self::HangUp(_) => None,
            Self::NoMicrophone(_) | Self::Microphone(_) => None,
            Self::ExtendAcw(_) | Self::Help(_) | Self::Return(_) | Self::AskBreak(..) => None,
            Self::WrapUp(..) | Self::Sit(..) | Self::Leave(_) | Self::Take(_) | Self::Decline(_) => None,
            Self::Finish(..) | Self::Withdraw(_) | Self::Observe(..) | Self::ChangeObserving(..) => None,
            Self::StopObserving(_) | Self::TakeOver(_) | Self::Prioritise(..) | Self::End(..) => None,
            Self::Pull(..) => None,
            Self::Record(_) | Self::PauseRecording(_) | Self::ResumeRecording(_) => None,
            Self::PurgeRecordings | Self::EmergencyOn(_) | Self::EmergencyOff => None,
            Self::ListCaller(_) | Self::UnlistCaller(..) => None,
            Self::TrunkResolved(..) | Self::Ban(..) | Self::LiftBan(_) | Self::Drain | Self::Stop => None,
        }
    }
}
