//! What people ask of the engine, by feature code, page or API.

use compact_str::CompactString;
use core::time::Duration;
use std::net::{IpAddr, SocketAddr};

use turno_ground::Pii;

use crate::channel::Channel;
use crate::id::{AgentId, ContactId, QueueId, TrunkId};

/// Somebody who comes without a call: to be called back, or with something to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// By which way; not by voice, which brings a call.
    pub channel: Channel,
    /// To which queue.
    pub queue: QueueId,
    /// Who it is, such as a number to call back.
    pub from: Pii<CompactString>,
}

/// A request. Those that the present state forbids are refused and change nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// The agent logs in.
    LogIn(AgentId),
    /// The agent logs out, after the contact if there is one.
    LogOut(AgentId),
    /// The agent is ready.
    Ready(AgentId),
    /// The agent is not ready, for the reason at this place of `Plan::aux_reasons`; after the contact if there is one.
    Aux(AgentId, u8),
    /// The agent's after-call work is done.
    EndAcw(AgentId),
    /// The agent gives the last contact a wrap-up code.
    WrapUp(AgentId, CompactString),
    /// A contact without a call comes to a queue.
    Enqueue(Newcomer),
    /// The agent takes the contact that is held out without a call.
    Take(AgentId),
    /// The agent does not take it.
    Decline(AgentId),
    /// The agent is done with one of the contacts in hand, which has no call.
    Finish(AgentId, ContactId),
    /// The person of a contact without a call withdraws.
    Withdraw(ContactId),
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

impl Command {
    /// The agent whom it is about.
    pub const fn agent(&self) -> Option<AgentId> {
        match self {
            Self::LogIn(agent)
            | Self::LogOut(agent)
            | Self::Ready(agent)
            | Self::Aux(agent, _)
            | Self::EndAcw(agent)
            | Self::WrapUp(agent, _)
            | Self::Take(agent)
            | Self::Decline(agent)
            | Self::Finish(agent, _) => Some(*agent),
            Self::Enqueue(_) | Self::Withdraw(_) => None,
            Self::TrunkResolved(..) | Self::Ban(..) | Self::LiftBan(_) | Self::Drain | Self::Stop => None,
        }
    }
}
