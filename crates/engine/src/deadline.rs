//! What the engine itself waits for and need not write down; its parts, calls and contacts have deadlines of their own.

/// A reason to wake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Deadline {
    /// When a registered contact is to be asked by OPTIONS whether it is there.
    Probe(u64),
    /// When the calls of about a second that were refused unread are told together.
    RefusedCalls,
}
