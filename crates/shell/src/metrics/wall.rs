//! The metric of the wall clock's deviation from turno's own time, which shows that somebody has set the clock.

use prometheus::{IntGauge, Registry};
use turno_ground::Moment;

use crate::metrics::gauge;

/// A smaller deviation is clock drift and is not logged.
const TOLD_SECONDS: u64 = 2;

/// The gauge and the last logged deviation.
pub(crate) struct WallMeter {
    ahead: IntGauge,
    told: i64,
}

impl WallMeter {
    /// Registers the metric.
    pub(crate) fn new(registry: &Registry) -> Self {
        let ahead = gauge(
            registry,
            "turno_wall_clock_ahead_seconds",
            "How far the wall clock is ahead of turno's time; negative: behind.",
        );
        Self { ahead, told: 0 }
    }

    /// Compares the wall clock `wall` with turno's time `now`; returns the deviation in seconds if it must be logged.
    pub(crate) fn is(&mut self, wall: Moment, now: Moment) -> Option<i64> {
        let seconds =
            |later: Moment, earlier| i64::try_from(later.since(earlier).as_secs()).unwrap_or(i64::MAX);
        let ahead = seconds(wall, now) - seconds(now, wall);
        self.ahead.set(ahead);
        let is_news = ahead.abs_diff(self.told) >= TOLD_SECONDS;
        if is_news {
            self.told = ahead;
        }
        is_news.then_some(ahead)
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;

    #[test]
    fn a_clock_that_somebody_has_set_is_told_once() {
        let mut meter = WallMeter::new(&Registry::new());
        let noon = Moment::from_secs(1_795_532_400);
        let hour = Duration::from_secs(3600);
        let told = [noon, noon + Duration::from_secs(1), noon + hour, noon + hour, noon - hour]
            .map(|wall| meter.is(wall, noon));
        assert_eq!(told, [None, None, Some(3600), None, Some(-3600)]);
    }
}
