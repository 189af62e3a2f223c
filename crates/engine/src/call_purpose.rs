//! What each call is for.

use serde::{Deserialize, Serialize};
use turno_model::{AgentId, MenuId, QueueId, TransferKind, TrunkId};

/// How far a contact has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CallStage {
    /// In a menu.
    Menu(MenuId),
    /// In line.
    Queued(QueueId),
    /// Held out to an agent.
    Offered(QueueId, AgentId),
    /// Talking to an agent, or on hold.
    Connected(QueueId, AgentId),
}

/// What a call is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Purpose {
    /// Not known yet: what was dialled is looked at in this very step.
    Arriving,
    /// A contact that the room has, or that is in a menu before it.
    Contact(CallStage),
    /// An announcement, then the end: closed, no room, a feature code's confirmation.
    Announcement,
    /// A call that no queue gave.
    Own {
        /// The agent at the A leg, if it is one.
        caller: Option<AgentId>,
        /// The agent at the B leg, if it is one.
        callee: Option<AgentId>,
        /// The rest of the ways to an outside number.
        outside: Option<Outside>,
    },
    /// An observer's phones ring. Once one has answered, its leg is in the observed call and this one is no more.
    Observing(AgentId),
}

/// An outside number and the trunk addresses not tried yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outside {
    pub(crate) trunk: TrunkId,
    pub(crate) number: String,
    pub(crate) tried: usize,
}

/// A transfer whose target has not answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingTransfer {
    /// The extension or number that rings.
    pub(crate) to: String,
    /// The colleague who rings and is occupied by it.
    pub(crate) callee: Option<AgentId>,
    pub(crate) kind: TransferKind,
}
