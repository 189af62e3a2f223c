//! What the trunks wait for.

use turno_model::TrunkId;

use crate::trunks::trouble::Trouble;

/// A reason to wake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TrunkDeadline {
    /// When a trunk is to be asked by OPTIONS whether it is there.
    Probe(TrunkId),
    /// When our own registration with a carrier is to be renewed.
    Register(TrunkId),
    /// When people are told again that something is wrong with a trunk.
    Trouble(TrunkId, Trouble),
}
