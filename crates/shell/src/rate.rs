//! Limits log lines that strangers can cause to a few in a second.

use std::sync::atomic::{AtomicU64, Ordering};

use turno_ground::Moment;

/// Most lines of one kind in one second.
const LINES_A_SECOND_MAX: u64 = 5;

/// The limit of one place in the code that logs; a `static` beside the line.
pub(crate) struct Ration {
    second: AtomicU64,
    written: AtomicU64,
    held_back: AtomicU64,
}

impl Ration {
    /// No line written yet.
    pub(crate) const fn new() -> Self {
        Self { second: AtomicU64::new(0), written: AtomicU64::new(0), held_back: AtomicU64::new(0) }
    }

    /// Whether a line may be written now; returns how many were held back since the last one.
    pub(crate) fn admit(&self, now: Moment) -> Option<u64> {
        if self.second.swap(now.as_secs(), Ordering::Relaxed) != now.as_secs() {
            self.written.store(0, Ordering::Relaxed);
        }
        if self.written.fetch_add(1, Ordering::Relaxed) < LINES_A_SECOND_MAX {
            Some(self.held_back.swap(0, Ordering::Relaxed))
        } else {
            self.held_back.fetch_add(1, Ordering::Relaxed);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_writes_five_lines_a_second_and_tells_how_many_it_held_back() {
        // Wound: a flood once filled a peer's log with 13 GB in 15 minutes.
        let ration = Ration::new();
        let now = Moment::from_secs(100);
        assert_eq!((0..1000).filter(|_| ration.admit(now).is_some()).count(), 5);
        assert_eq!(ration.admit(Moment::from_secs(101)), Some(995));
    }
}
