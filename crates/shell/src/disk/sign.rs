//! The journal's state, for health checks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// The journal's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// No journal is kept, as the plan says.
    Off,
    /// Everything is kept.
    Kept,
    /// The disk fails: no journal is kept.
    Failing,
    /// A restart would not find what is written: no journal is kept.
    Lost,
    /// The journal is being started again.
    Mending,
}

/// The state, shared by all copies.
#[derive(Clone, Debug)]
pub(crate) struct JournalSign(Arc<AtomicU8>);

impl JournalSign {
    pub(crate) fn new(standing: Standing) -> Self {
        let sign = Self(Arc::new(AtomicU8::new(0)));
        sign.set(standing);
        sign
    }

    pub(crate) fn set(&self, standing: Standing) {
        self.0.store(standing as u8, Ordering::Relaxed);
    }

    pub(crate) fn standing(&self) -> Standing {
        let all = [Standing::Off, Standing::Kept, Standing::Failing, Standing::Lost, Standing::Mending];
        let code = self.0.load(Ordering::Relaxed);
        all.into_iter().find(|standing| *standing as u8 == code).unwrap_or(Standing::Failing)
    }

    /// The state in words, for people.
    pub(crate) fn words(&self) -> &'static str {
        match self.standing() {
            Standing::Off => "off: a restart forgets calls",
            Standing::Kept => "kept: a restart forgets nothing",
            Standing::Failing => "NOT kept, the disk fails: a restart would lose calls",
            Standing::Lost => {
                "NOT kept, its folder or a file of it was taken away or overwritten: a restart would lose calls"
            }
            Standing::Mending => "being begun anew after the disk failed: a restart would lose calls",
        }
    }
}
