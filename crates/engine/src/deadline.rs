//! What the engine itself waits for and need not write down; its parts, calls and contacts have deadlines of their own.

use turno_model::TrunkId;

use crate::trouble::Trouble;

/// A reason to wake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Deadline {
    /// When a registered contact is to be asked by OPTIONS whether it is there.
    Probe(u64),
    /// When a trunk is to be asked by OPTIONS whether it is there.
    TrunkProbe(TrunkId),
    /// When our own registration with a carrier is to be renewed.
    TrunkRegister(TrunkId),
    /// When people are told again that something is wrong with a trunk.
    TrunkTrouble(TrunkId, Trouble),
    /// When the calls of about a second that were refused unread are told together.
    RefusedCalls,
    /// When the last calls have had their time to end after a stop.
    StopOver,
}
