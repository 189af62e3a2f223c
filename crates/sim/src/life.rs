//! Whether the engine of a world runs, stands still or was killed.

use core::time::Duration;

use crate::action::Standstill;
use crate::death::Crash;

/// What was killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Killed {
    /// The process.
    Process,
    /// The machine under it.
    Machine,
}

/// The state of the engine's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// It runs.
    Lives,
    /// It stands still.
    StandsStill(Standstill),
    /// It will be killed at its next input: at which point, for how long it is down then, and what is killed.
    Doomed(Crash, Duration, Killed),
    /// It was killed, alone or with the machine.
    Dead(Killed),
}
