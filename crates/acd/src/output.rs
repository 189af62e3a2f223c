//! What goes into a room, and what comes out of it.

use turno_ground::Moment;
use turno_model::{AgentId, Channel, ContactId, Fact, OfferId, PromptName, QueueId};

use crate::offer::Offer;

/// A contact that comes to a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The contact; not in the room yet.
    pub contact: ContactId,
    /// By which way.
    pub channel: Channel,
    /// The queue.
    pub queue: QueueId,
    /// 0 is normal, higher is served first; `None`: the queue's own.
    pub priority: Option<u8>,
    /// Since when it has waited, elsewhere perhaps: its place in line; `None`: since now.
    pub waiting_since: Option<Moment>,
}

/// One consequence, in order.
#[derive(Debug)]
pub enum RoomOutput {
    /// Write this down before anything that follows.
    Fact(Fact),
    /// Ring this agent for this contact, and settle the offer.
    Offer(Offer),
    /// The offer has rung for its span: stop it and settle it as `NoAnswer`.
    RingOver {
        /// The contact.
        contact: ContactId,
        /// The offer.
        offer: OfferId,
    },
    /// Play this to the contact, then end it; it has left the line (`Outflowed`) and the room.
    Treat {
        /// The contact.
        contact: ContactId,
        /// The prompt.
        treatment: PromptName,
    },
    /// The handling target comes near: the agent alone hears the first tone.
    Warn {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The handling target is passed: the agent alone hears the second tone.
    Breach {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The longest hold has passed: call the agent back to the caller.
    HoldOver {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
}
