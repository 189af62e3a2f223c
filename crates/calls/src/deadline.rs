//! What the switchboard waits for.

use core::time::Duration;

use crate::call::CallId;

/// How long a call that no queue gave may ring.
pub(crate) const RING_SPAN_MAX: Duration = Duration::from_secs(60);

/// What the switchboard waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Deadline {
    /// When a caller in a menu has been silent for too long.
    MenuSilence(CallId),
    /// When a call that rings without an offer's own deadline has rung for too long.
    RungTooLong(CallId),
}
