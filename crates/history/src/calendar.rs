//! Half hours and days of the site.

use core::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use turno_ground::Moment;
use turno_model::Plan;

/// The length of an interval.
pub(crate) const INTERVAL: Duration = Duration::from_secs(1800);

/// The begin of the half hour of a moment.
pub(crate) const fn interval_of(at: Moment) -> Moment {
    let length = INTERVAL.as_micros() as u64;
    Moment::from_micros(at.as_micros() / length * length)
}

/// The site's time zone: that of its first opening hours.
pub(crate) fn zone_of(plan: &Plan) -> TimeZone {
    plan.hours.first().map_or(TimeZone::UTC, |hours| hours.zone.clone())
}

/// The date of a moment.
pub(crate) fn date_of(at: Moment, zone: &TimeZone) -> Date {
    let micros = i64::try_from(at.as_micros()).unwrap_or(i64::MAX);
    zone.to_datetime(Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)).date()
}
