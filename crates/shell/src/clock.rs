//! The one clock: wall time that never steps back.
#![expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clocks")]

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use turno_ground::Moment;

/// Wall time taken once at the start and counted on by the monotonic clock, so that an operator who sets the
/// machine's time can't make a caller's wait negative. Every copy tells the same time.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    wall: Moment,
    start: Instant,
}

impl Clock {
    /// A clock set by the machine's wall time.
    pub fn new() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            wall: Moment::from_micros(u64::try_from(wall.as_micros()).unwrap_or(u64::MAX)),
            start: Instant::now(),
        }
    }

    /// The same clock, set so that it tells no moment before `floor`: what the last turno wrote down is past,
    /// also where somebody has put the machine's time back since.
    pub fn not_before(self, floor: Moment) -> Self {
        Self { wall: self.wall.max(floor), start: self.start }
    }

    /// The time now.
    pub fn now(&self) -> Moment {
        self.wall + self.start.elapsed()
    }

    /// When the clock was set: the start of the process's work.
    pub const fn set_at(&self) -> Moment {
        self.wall
    }

    /// Nanoseconds since the clock was set, for measuring steps shorter than a microsecond.
    pub(crate) fn nanos(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_whose_time_was_put_back_during_a_restart_tells_nobody_a_negative_wait() {
        let clock = Clock::new();
        let written = clock.now() + core::time::Duration::from_secs(3600);
        assert!(clock.not_before(written).now() >= written);
        assert!(clock.not_before(Moment::from_secs(1)).now() < written);
    }

    #[test]
    fn the_clock_never_steps_back() {
        let clock = Clock::new();
        let copy = clock;
        let mut last = clock.set_at();
        for _ in 0..10_000 {
            let now = copy.now();
            assert!(now >= last);
            last = now;
        }
    }
}
