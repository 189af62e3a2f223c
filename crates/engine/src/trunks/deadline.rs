//! Deadlines of the trunks.

use turno_model::TrunkId;

use crate::trunks::trouble::Trouble;

/// Deadlines of the trunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TrunkDeadline {
    /// When to probe a trunk by OPTIONS.
    Probe(TrunkId),
    /// When to renew our registration with a carrier.
    Register(TrunkId),
    /// When to report again that something is wrong with a trunk.
    Trouble(TrunkId, Trouble),
}
