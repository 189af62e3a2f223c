//! Wrap-up codes: the procedure and outcome that an agent gives a contact.

use core::time::Duration;

/// A wrap-up code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrapUpCodePlan {
    /// The digits dialled after the wrap-up code of the feature codes.
    pub code: String,
    /// The name, for people and reports.
    pub name: String,
    /// The handling target of contacts with this code; `None`: that of the queue.
    pub handling_target: Option<Duration>,
}
