//! Difference between the wall clock and the engine's time, for opening hours.
//!
//! The engine's time is monotonic; otherwise a clock set forward would end every wait and every call. So it differs
//! from the wall clock once that has been set.

use core::time::Duration;

use crate::moment::Moment;

/// Difference between the wall clock and the engine's time.
#[derive(Clone, Copy, Debug, Default)]
pub struct WallClock {
    ahead: Duration,
    behind: Duration,
}

impl WallClock {
    /// A wall clock that shows `wall` at `now`.
    pub const fn says(wall: Moment, now: Moment) -> Self {
        Self { ahead: wall.since(now), behind: now.since(wall) }
    }

    /// What the wall clock shows at `now`.
    pub fn at(self, now: Moment) -> Moment {
        now + self.ahead - self.behind
    }

    /// The moment at which the wall clock shows `wall`.
    pub fn when(self, wall: Moment) -> Moment {
        wall + self.behind - self.ahead
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_clock_is_as_far_from_our_time_as_it_was_when_it_was_looked_at() {
        let noon = Moment::from_secs(1_795_532_400);
        let hour = Duration::from_secs(3600);
        for wall in [noon + 9 * hour, noon, noon - 9 * hour] {
            let it = WallClock::says(wall, noon);
            assert_eq!((it.at(noon), it.at(noon + hour)), (wall, wall + hour));
            assert_eq!(it.when(wall + hour), noon + hour);
        }
    }
}
