//! Whether the engine of a world lives.

use core::time::Duration;

use crate::action::{Crash, Standstill};

/// What dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whole {
    /// The process.
    Process,
    /// The machine under it.
    Machine,
}

/// Whether there is an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// There is.
    Lives,
    /// There is, and nothing of it goes on at the moment.
    StandsStill(Standstill),
    /// There is, and its next input is its last: how, for how long it is gone then, and with what.
    Doomed(Crash, Duration, Whole),
    /// It was killed, with this.
    Dead(Whole),
}
