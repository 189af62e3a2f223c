//! Whether the engine of a world lives.

use core::time::Duration;

use crate::deed::Death;

/// Whether there is an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// There is.
    Lives,
    /// There is, and its next input is its last: how, and for how long it is gone then.
    Doomed(Death, Duration),
    /// It was killed.
    Dead,
}
