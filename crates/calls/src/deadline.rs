//! Deadlines of the switchboard.

use core::time::Duration;

use crate::call::CallId;

/// Longest ringing of a call outside the queues.
pub(crate) const RING_SPAN_MAX: Duration = Duration::from_secs(60);

/// Deadlines of the switchboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Deadline {
    /// When a caller in a menu has been silent for too long.
    MenuSilence(CallId),
    /// When a call has rung for too long; a queue's offer has its own deadline instead.
    RungTooLong(CallId),
}
