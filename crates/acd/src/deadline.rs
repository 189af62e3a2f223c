//! Deadlines of agents and contacts, by name.

use serde::{Deserialize, Serialize};

/// Deadlines of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum AgentDeadline {
    /// When the cool-down after a missed or refused offer ends.
    CoolDownOver,
    /// When an agent's timed after-call work ends, unless a wrap-up code is missing.
    AcwOver,
}

/// Deadlines of a contact. At the same moment agents' deadlines fire first, then these in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum ContactDeadline {
    /// When an offer has rung for its queue's ring span.
    RingOver,
    /// When a hold has lasted for the longest hold of its queue.
    HoldOver,
    /// When the warning before the handling target is due.
    HandlingWarning,
    /// When the handling target has passed.
    HandlingBreach,
    /// When a contact has waited for the longest wait of its queue.
    WaitOver,
    /// When the next of its queue's marks after the handling target is due.
    HandlingMark,
    /// When a contact has waited until the next step of its queue.
    StepDue,
    /// When a contact that is called back may be offered.
    CallbackDue,
    /// When a contact that is kept for one agent may go to others.
    KeptOver,
}
