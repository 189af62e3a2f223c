//! What a mail connector counts.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::failures::Failures;

/// Counts since the start. All only grow, but for the two states.
#[derive(Debug, Default)]
pub struct Figures {
    /// Mails that were kept.
    pub taken: Count,
    /// Mails that were known already.
    pub again: Count,
    /// Mails that a program wrote, among those kept.
    pub automatic: Count,
    /// Reports about mails of ours.
    pub reports: Count,
    /// Mails that the post will never keep.
    pub refused: Count,
    /// Acknowledgements that left.
    pub acknowledged: Count,
    /// Letters that left.
    pub sent: Count,
    /// Letters that are tried again.
    pub later: Count,
    /// Letters that can't leave.
    pub failed: Count,
    /// Letters of which nobody knows whether they left.
    pub unknown: Count,
    /// Connections to the mailbox that came about.
    pub connections: Count,
    /// Whether the mailbox is open now.
    pub is_reading: State,
    /// Whether the last attempt to send failed on the way to the server, or at the server for a fault of ours.
    pub is_stuck: State,
    /// What failed, by SMTP's code, `unreached`, `silent`, and `mailbox` for a lost one.
    pub failures: Failures,
}

/// A count.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// One more.
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// It.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A state.
#[derive(Debug, Default)]
pub struct State(AtomicBool);

impl State {
    pub(crate) fn set(&self, is: bool) {
        self.0.store(is, Ordering::Relaxed);
    }

    /// It.
    #[must_use]
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
