//! A contact held out to an agent: a token that is used up once.

use core::time::Duration;

use turno_model::{AgentId, ContactId, OfferId, QueueId};

/// One offer. It can't be copied or made outside the room, and accepting or settling consumes it, so that two agents
/// never have one contact and no offer ends twice.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "an offer that nobody settles rings for ever"]
pub struct Offer {
    pub(crate) id: OfferId,
    pub(crate) contact: ContactId,
    pub(crate) agent: AgentId,
    pub(crate) queue: QueueId,
    pub(crate) ring: Duration,
}

impl Offer {
    /// Its number.
    pub const fn id(&self) -> OfferId {
        self.id
    }

    /// The contact that is held out.
    pub const fn contact(&self) -> ContactId {
        self.contact
    }

    /// The agent to ring.
    pub const fn agent(&self) -> AgentId {
        self.agent
    }

    /// The queue it comes by.
    pub const fn queue(&self) -> QueueId {
        self.queue
    }

    /// How long to ring; the room says `RoomOutput::RingOver` when it has passed.
    pub const fn ring(&self) -> Duration {
        self.ring
    }
}
