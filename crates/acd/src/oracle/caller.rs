//! A caller as the facts say it.

use core::cmp::Reverse;
use core::time::Duration;

use turno_ground::Moment;
use turno_model::{AgentId, Channel, ContactId, OfferId, QueueId};

/// Where a caller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Line,
    /// Called back later, and in no line.
    PutOff,
    Ringing(OfferId, AgentId),
    With(AgentId),
}

/// A caller in the room.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) channel: Channel,
    pub(super) queue: QueueId,
    pub(super) priority: u8,
    pub(super) since: Moment,
    pub(super) entered: Moment,
    pub(super) at: At,
    pub(super) missed_by: Vec<AgentId>,
    /// The wait that was told last, and how many agents had left work before.
    pub(super) told: Option<(Duration, usize)>,
}

/// The order in which callers are served.
pub(super) fn need(id: ContactId, caller: &Caller) -> (Reverse<u8>, Moment, ContactId) {
    (Reverse(caller.priority), caller.since, id)
}
