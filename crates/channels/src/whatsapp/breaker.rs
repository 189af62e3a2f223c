//! Whether it is worth trying: after failures in a row the platform counts as away, and one letter at a time tries again.

use crate::time::Millis;

/// Failures in a row after which the platform counts as away.
const FAILURES_MAX: u32 = 4;

/// The first pause, in seconds; each further one is twice as long.
const PAUSE_MIN_SECS: i64 = 5;

/// The longest pause, in seconds: as long as citizens wait at most when the platform is there again.
const PAUSE_MAX_SECS: i64 = 60;

/// The state of the way to the platform.
#[derive(Clone, Debug, Default)]
pub struct Breaker {
    failures: u32,
    pause_secs: i64,
    until: Option<Millis>,
    is_trying: bool,
}

impl Breaker {
    /// The platform has answered, whatever it said.
    pub fn worked(&mut self) {
        *self = Self::default();
    }

    /// The platform has not answered, or only that it is down.
    pub fn failed(&mut self, now: Millis) {
        self.failures = self.failures.saturating_add(1);
        self.is_trying = false;
        if self.failures >= FAILURES_MAX {
            self.pause_secs = (self.pause_secs * 2).clamp(PAUSE_MIN_SECS, PAUSE_MAX_SECS);
            self.until = Some(now.plus_secs(self.pause_secs));
        }
    }

    /// A letter leaves: while the platform counts as away it is the only one.
    pub fn tries(&mut self) {
        self.is_trying = self.until.is_some();
    }

    /// How many milliseconds no letter should leave; `None`: one may leave now.
    #[must_use]
    pub fn wait(&self, now: Millis) -> Option<u64> {
        let until = self.until?;
        if self.is_trying {
            return Some(1_000);
        }
        u64::try_from(until.0.saturating_sub(now.0)).ok().filter(|&wait| wait > 0)
    }

    /// Whether the platform counts as away.
    #[must_use]
    pub const fn is_away(&self) -> bool {
        self.until.is_some()
    }
}
