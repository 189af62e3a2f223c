//! What people ask of the engine: one list for feature codes, the control socket, pages and tests.
//!
//! An [`Act`] names agents, seats, queues and reasons as its way in does: a [`Command`] by their places in the plan, a [`Spoken`] one by
//! their names. The engine answers each with [`answer::Done`] or a [`refusal::Refusal`]; `verb` says of each act what it is called,
//! who may ask for it, and why it may be refused.

pub mod answer;
pub mod asker;
pub mod feature_code;
pub mod refusal;
pub mod spoken;
#[cfg(test)]
mod tests;
pub mod verb;

use compact_str::CompactString;
use core::time::Duration;
use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};
use turno_ground::Pii;

use crate::channel::Channel;
use crate::id::{AgentId, ContactId, QueueId, SeatId, TrunkId};
use crate::observing::Observing;

/// A request by places in the plan, as the engine takes it.
pub type Command = Act<AgentId, SeatId, QueueId, u8>;

/// A request by names, as people say it: extensions of agents and seats, names of queues and reasons.
pub type Spoken = Act<CompactString, CompactString, CompactString, CompactString>;

/// Somebody who comes without a call: to be called back, or with something to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newcomer<Queue = QueueId> {
    /// By which way; not by voice, which brings a call.
    pub channel: Channel,
    /// To which queue.
    pub queue: Queue,
    /// Who it is, such as a number to call back.
    pub from: Pii<CompactString>,
}

/// A request. Those that the present state forbids are refused and change nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act<Agent, Seat, Queue, Reason> {
    /// The agent logs in.
    LogIn(Agent),
    /// The agent logs out, after the contact if there is one.
    LogOut(Agent),
    /// The agent is ready.
    Ready(Agent),
    /// The agent is not ready, for a reason of `Plan::aux_reasons`; after the contact if there is one.
    Aux(Agent, Reason),
    /// The agent's after-call work is done.
    EndAcw(Agent),
    /// The agent gives the last contact a wrap-up code.
    WrapUp(Agent, CompactString),
    /// The agent sits down at a free seat, and is rung there from now on.
    Sit(Agent, Seat),
    /// The agent leaves the seat: for the own one, if that is another and free; otherwise for none.
    Leave(Agent),
    /// A contact without a call comes to a queue.
    Enqueue(Newcomer<Queue>),
    /// The agent takes the contact that is held out without a call.
    Take(Agent),
    /// The agent does not take it.
    Decline(Agent),
    /// The agent is done with one of the contacts in hand, which has no call.
    Finish(Agent, ContactId),
    /// The person of a contact without a call withdraws.
    Withdraw(ContactId),
    /// An agent, such as a supervisor, is rung and then observes the talk of an agent with this contact.
    Observe(Agent, ContactId, Observing),
    /// The observer does something else in that talk from now on.
    ChangeObserving(Agent, Observing),
    /// The observer leaves that talk, or is rung for it no longer.
    StopObserving(Agent),
    /// The shell has resolved a trunk's name: the addresses in the order to try (RFC 3263), possibly none.
    TrunkResolved(TrunkId, Vec<SocketAddr>),
    /// Shut an address out for a while.
    Ban(IpAddr, Duration),
    /// Let an address in again that was shut out.
    LiftBan(IpAddr),
    /// Take no new calls; end when the last one ends.
    Drain,
    /// End every call now, politely.
    Stop,
}

impl<Agent, Seat, Queue, Reason> Act<Agent, Seat, Queue, Reason> {
    /// The agent whom it is about.
    pub const fn agent(&self) -> Option<&Agent> {
        match self {
            Self::LogIn(agent)
            | Self::LogOut(agent)
            | Self::Ready(agent)
            | Self::Aux(agent, _)
            | Self::EndAcw(agent)
            | Self::WrapUp(agent, _)
            | Self::Sit(agent, _)
            | Self::Leave(agent)
            | Self::Take(agent)
            | Self::Decline(agent)
            | Self::Finish(agent, _)
            | Self::Observe(agent, ..)
            | Self::ChangeObserving(agent, _)
            | Self::StopObserving(agent) => Some(agent),
            Self::Enqueue(_) | Self::Withdraw(_) => None,
            Self::TrunkResolved(..) | Self::Ban(..) | Self::LiftBan(_) | Self::Drain | Self::Stop => None,
        }
    }
}
