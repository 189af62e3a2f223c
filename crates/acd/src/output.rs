//! Input and output types of a room.

use compact_str::CompactString;
use turno_ground::Moment;
use turno_model::{AgentId, Channel, ContactId, Fact, OfferId, PromptName, QueueId};

use crate::offer::Offer;

/// A contact that enters a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The contact; not in the room yet.
    pub contact: ContactId,
    /// Its channel.
    pub channel: Channel,
    /// The queue.
    pub queue: QueueId,
    /// The priority that it has at least, in this queue and in later ones: 0 is normal, higher is served first; `None` means
    /// each queue's own.
    pub priority: Option<u8>,
    /// Start of its wait, perhaps elsewhere, which decides its place in line; `None` means now.
    pub waiting_since: Option<Moment>,
}

/// One output of the room, in order.
#[derive(Debug)]
pub enum RoomOutput {
    /// Write this fact before anything that follows.
    Fact(Fact),
    /// Ring this agent for this contact, and settle the offer.
    Offer(Offer),
    /// The offer has rung for its span: stop the ringing and settle it as `NoAnswer`.
    RingOver {
        /// The contact.
        contact: ContactId,
        /// The offer.
        offer: OfferId,
    },
    /// Play this prompt to the contact, then end it; it has left the line (`Outflowed`) and the room.
    Treat {
        /// The contact.
        contact: ContactId,
        /// The prompt.
        treatment: PromptName,
    },
    /// The line was full, and the queue offers a callback then. The contact waits; call [`crate::Room::treat_as_full`] if the
    /// caller does not want one.
    Full {
        /// The contact.
        contact: ContactId,
    },
    /// Dial the contact's person, who has no agent yet: then [`crate::Room::person_comes`] or [`crate::Room::dial_later`].
    DialAhead {
        /// The contact.
        contact: ContactId,
    },
    /// A step of its queue offers the contact's caller a callback. The contact waits on.
    OfferCallback {
        /// The contact.
        contact: ContactId,
    },
    /// A step of its queue lets the caller leave a message, and the contact is in no line meanwhile: then
    /// [`crate::Room::speaks_no_more`] or [`crate::Room::leave_message`].
    Voicemail {
        /// The contact.
        contact: ContactId,
    },
    /// A step of its queue has moved the contact to this one.
    Moved {
        /// The contact.
        contact: ContactId,
        /// The queue in which it waits now.
        queue: QueueId,
    },
    /// Call this outside number for the contact, which waits in no line meanwhile: then [`Room::sent`] or
    /// [`Room::not_sent`].
    ///
    /// [`Room::sent`]: crate::Room::sent
    /// [`Room::not_sent`]: crate::Room::not_sent
    SendTo {
        /// The contact.
        contact: ContactId,
        /// The number.
        number: CompactString,
    },
    /// The handling target is near: play the warning tone to the agent only.
    Warn {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The handling target has passed: play the breach tone to the agent only.
    Breach {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The longest hold has passed: recall the agent.
    HoldOver {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
}
