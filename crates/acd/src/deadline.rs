//! Everything in a room that may not last, by name.

use turno_model::{AgentId, ContactId, OfferId};

/// What a deadline is for. At one moment they fire in this order, then by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Deadline {
    /// When an offer has rung for its queue's ring span.
    RingOver(OfferId),
    /// When the cool-down after a missed or refused offer ends.
    CoolDownOver(AgentId),
    /// When an agent's timed after-call work ends.
    AcwOver(AgentId),
    /// When a hold has lasted for the longest hold of its queue.
    HoldOver(ContactId),
    /// When the handling target comes near.
    HandlingWarning(ContactId),
    /// When the handling target is passed.
    HandlingBreach(ContactId),
    /// When a contact has waited for the longest wait of its queue.
    WaitOver(ContactId),
}
