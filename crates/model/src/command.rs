//! What people ask of the engine, by feature code, page or API.

use compact_str::CompactString;
use core::time::Duration;
use std::net::{IpAddr, SocketAddr};

use crate::id::{AgentId, TrunkId};

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
            | Self::WrapUp(agent, _) => Some(*agent),
            Self::TrunkResolved(..) | Self::Ban(..) | Self::LiftBan(_) | Self::Drain | Self::Stop => None,
        }
    }
}
