//! Offer of a contact to an agent: a token that is used up once.

use core::time::Duration;

use turno_model::{AgentId, ContactId, OfferId, QueueId};

/// One offer. It can't be copied or made outside the room, and accepting or settling it consumes it. So two agents
/// never have the same contact, and no offer ends twice.
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
    /// Id of the offer.
    pub const fn id(&self) -> OfferId {
        self.id
    }

    /// The offered contact.
    pub const fn contact(&self) -> ContactId {
        self.contact
    }

    /// The agent to ring.
    pub const fn agent(&self) -> AgentId {
        self.agent
    }

    /// The queue of the contact.
    pub const fn queue(&self) -> QueueId {
        self.queue
    }

    /// How long to ring; the room outputs `RoomOutput::RingOver` after that.
    pub const fn ring(&self) -> Duration {
        self.ring
    }
}
