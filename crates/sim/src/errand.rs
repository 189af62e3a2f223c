//! What stands on the agenda: deeds, and what follows from them later.

use std::net::SocketAddr;

use crate::deed::Deed;
use crate::guest::Intent;

/// Something to be done at its moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Errand {
    /// A deed of the scenario.
    Deed(Deed),
    /// A caller does what was meant at that attempt.
    Caller(u32, u8, Intent),
    /// A caller dials again.
    Redials(u32),
    /// An agent's phone registers and its agent begins work.
    BeginsShift(usize),
    /// An agent's phone has its power back.
    ComesBack(usize),
    /// An agent ends manual after-call work.
    EndsAcw(usize),
    /// The engine is started again.
    IsPickedUp,
    /// The engine does not stand still any more.
    GoesOn,
    /// There is room on the disk again.
    DiskIsEmptied,
    /// turno looks whether a restart would find what is written.
    DiskIsLookedAt,
    /// The media plane notices that nothing comes from there any more.
    FallsSilent(SocketAddr),
}
