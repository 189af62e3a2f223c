//! Deadlines of a call.

use core::time::Duration;

use serde::{Deserialize, Serialize};

/// Longest ringing of a call outside the queues.
pub(crate) const RING_SPAN_MAX: Duration = Duration::from_secs(60);

/// Deadlines of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Deadline {
    /// When a caller in a menu has been silent for too long.
    MenuSilence,
    /// When a call has rung for too long; a queue's offer has its own deadline instead.
    RungTooLong,
}
