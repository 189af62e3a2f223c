//! The times of a report's rows.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// By which time a report adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Half hours, which begin at the full and the half hour (UTC).
    HalfHour,
    /// Hours of the site's clock.
    Hour,
    /// Days at the site.
    Day,
    /// Weeks from Monday (ISO 8601).
    Week,
    /// Months.
    Month,
    /// All together.
    Whole,
}

impl Period {
    /// Whether it is shorter than a day.
    pub(crate) const fn is_within_a_day(self) -> bool {
        matches!(self, Self::HalfHour | Self::Hour)
    }

    /// The time that begins at `start` on this day: a number that puts times of one day in order, and its name, which as a text
    /// puts days in order. Within a day the name has the distance to UTC, so that the hour which comes twice when the clock is
    /// set back is two rows.
    pub(crate) fn name_of(self, start: i64, day: &str, zone: &TimeZone) -> (i64, String) {
        let date = day.parse::<Date>().ok();
        let name = match self {
            Self::HalfHour | Self::Hour => return self.clock_of(start, day, zone),
            Self::Day => day.to_owned(),
            Self::Week => date.map_or_else(
                || day.to_owned(),
                |date| {
                    let week = date.iso_week_date();
                    format!("{}-W{:02}", week.year(), week.week())
                },
            ),
            Self::Month => day.get(..7).unwrap_or(day).to_owned(),
            Self::Whole => String::new(),
        };
        (0, name)
    }

    fn clock_of(self, start: i64, day: &str, zone: &TimeZone) -> (i64, String) {
        let Ok(at) = Timestamp::from_microsecond(start) else { return (start, day.to_owned()) };
        let local = at.to_zoned(zone.clone());
        let past = i64::from(local.minute()).minutes();
        let begin = if self == Self::Hour { local.checked_sub(past).unwrap_or(local) } else { local };
        (begin.timestamp().as_microsecond(), begin.strftime("%Y-%m-%d %H:%M %:z").to_string())
    }
}
