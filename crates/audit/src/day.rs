//! A day of the site, from midnight to midnight.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use turno_ground::Moment;
use turno_model::Plan;

/// A day of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Its date at the site.
    pub date: Date,
    /// Its begin.
    pub from: Moment,
    /// The begin of the next day.
    pub until: Moment,
}

impl Day {
    /// The day with this date; `None` at the end of the calendar.
    pub fn of(date: Date, zone: &TimeZone) -> Option<Self> {
        let midnight = |date: Date| {
            let begin = date.to_zoned(zone.clone()).ok()?;
            u64::try_from(begin.timestamp().as_microsecond()).ok().map(Moment::from_micros)
        };
        Some(Self { date, from: midnight(date)?, until: midnight(date.checked_add(1.day()).ok()?)? })
    }

    /// The day of a moment.
    pub fn at(at: Moment, zone: &TimeZone) -> Option<Self> {
        let micros = i64::try_from(at.as_micros()).ok()?;
        let stamp = Timestamp::from_microsecond(micros).ok()?;
        Self::of(zone.to_datetime(stamp).date(), zone)
    }

    /// Whether a moment is on this day.
    pub fn has(&self, at: Moment) -> bool {
        self.from <= at && at < self.until
    }
}

/// The site's time zone: that of its first opening hours.
pub fn zone_of(plan: &Plan) -> TimeZone {
    plan.hours.first().map_or(TimeZone::UTC, |hours| hours.zone.clone())
}
