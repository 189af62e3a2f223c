//! Everything in a room that may not last, by name: each deadline is a part of its agent or contact.

use serde::{Deserialize, Serialize};

/// What a deadline of an agent is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum AgentDeadline {
    /// When the cool-down after a missed or refused offer ends.
    CoolDownOver,
    /// When an agent's timed after-call work ends.
    AcwOver,
}

/// What a deadline of a contact is for. At one moment those of agents fire first, then these in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum ContactDeadline {
    /// When an offer has rung for its queue's ring span.
    RingOver,
    /// When a hold has lasted for the longest hold of its queue.
    HoldOver,
    /// When the handling target comes near.
    HandlingWarning,
    /// When the handling target is passed.
    HandlingBreach,
    /// When a contact has waited for the longest wait of its queue.
    WaitOver,
}
