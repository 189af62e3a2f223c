//! The times of a report's rows.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use turno_model::plan::ReportBy;

/// Whether a time is shorter than a day.
pub(crate) const fn is_within_a_day(by: ReportBy) -> bool {
    matches!(by, ReportBy::HalfHour | ReportBy::Hour)
}

/// The time that begins at `start` on this day: a number that puts times of one day in order, and its name, which as a text
/// puts days in order. Within a day the name has the distance to UTC, so that the hour which comes twice when the clock is
/// set back is two rows.
pub(crate) fn name_of(by: ReportBy, start: i64, day: &str, zone: &TimeZone) -> (i64, String) {
    let date = day.parse::<Date>().ok();
    let name = match by {
        ReportBy::HalfHour | ReportBy::Hour => return clock_of(by, start, day, zone),
        ReportBy::Day => day.to_owned(),
        ReportBy::Week => date.map_or_else(
            || day.to_owned(),
            |date| {
                let week = date.iso_week_date();
                format!("{}-W{:02}", week.year(), week.week())
            },
        ),
        ReportBy::Month => day.get(..7).unwrap_or(day).to_owned(),
        ReportBy::Whole => String::new(),
    };
    (0, name)
}

fn clock_of(by: ReportBy, start: i64, day: &str, zone: &TimeZone) -> (i64, String) {
    let Ok(at) = Timestamp::from_microsecond(start) else { return (start, day.to_owned()) };
    let local = at.to_zoned(zone.clone());
    if by == ReportBy::HalfHour {
        return (start, local.strftime("%Y-%m-%d %H:%M %:z").to_string());
    }
    // The hour is that of the clock: where the clock is set by half an hour, an hour may begin at a moment that never was.
    let past = i64::from(local.minute()) * 60_000_000;
    (start - past, local.strftime("%Y-%m-%d %H:00 %:z").to_string())
}
