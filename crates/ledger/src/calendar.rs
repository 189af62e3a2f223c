//! Borders of intervals and days.

use core::time::Duration;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::Plan;

use crate::figures::QueueFigures;
use crate::times::StateTimes;

/// The length of an interval.
pub const INTERVAL: Duration = Duration::from_secs(1800);

/// How many intervals are kept at most: a day and the borders around it.
pub const INTERVALS_MAX: usize = 50;

/// The figures of one interval.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Interval {
    pub(crate) start: Moment,
    pub(crate) queues: Vec<QueueFigures>,
    pub(crate) agents: Vec<StateTimes>,
}

/// The site's time zone: that of its first opening hours.
pub(crate) fn zone_of(plan: &Arc<Plan>) -> TimeZone {
    plan.hours.first().map_or(TimeZone::UTC, |hours| hours.zone.clone())
}

pub(crate) fn local(at: Moment, zone: &TimeZone) -> Zoned {
    let micros = i64::try_from(at.as_micros()).unwrap_or(i64::MAX);
    let stamp = Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX);
    Zoned::new(stamp, zone.clone())
}

pub(crate) fn date_of(at: Moment, zone: &TimeZone) -> Date {
    local(at, zone).date()
}

/// The interval border at or before `at`.
pub(crate) fn border_before(at: Moment) -> Moment {
    let length = INTERVAL.as_secs() * 1_000_000;
    Moment::from_micros(at.as_micros() / length * length)
}
