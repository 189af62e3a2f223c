//! When scheduled reports are due, and of which days.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use turno_model::plan::{ReportEvery, ReportFormat, ReportSpan, ScheduledReport};

/// Missed reports that are made later, at most; the newest ones.
pub const MISSED_MAX: usize = 31;

/// How many days back a report is looked for that has never been made.
const LOOKED_BACK_DAYS: usize = 1_000;

/// A report that should have been made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// When.
    pub at: Timestamp,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
}

/// What is due at `now` and was after `made`, oldest first. Without `made` only the last one: a new schedule does not begin in
/// the past.
pub fn due_since(
    report: &ScheduledReport,
    made: Option<Timestamp>,
    now: Timestamp,
    zone: &TimeZone,
) -> Vec<Due> {
    let today = now.to_zoned(zone.clone()).date();
    let most = if made.is_some() { MISSED_MAX } else { 1 };
    let days = core::iter::successors(Some(today), |day| day.yesterday().ok()).take(LOOKED_BACK_DAYS);
    let dues = days.filter(|day| is_day(report.every, *day)).filter_map(|day| due_on(report, day, zone));
    let mut all: Vec<Due> = dues
        .filter(|due| due.at <= now)
        .take_while(|due| made.is_none_or(|made| due.at > made))
        .take(most)
        .collect();
    all.reverse();
    all
}

/// The file of a report of these days.
pub fn scheduled_file(report: &ScheduledReport, due: &Due) -> String {
    let ending = ReportFormat::WORDS.iter().find(|(_, known)| *known == report.format);
    let ending = ending.map_or("", |(word, _)| word);
    if due.from == due.to {
        format!("{}-{}.{ending}", report.name, due.from)
    } else {
        format!("{}-{}_{}.{ending}", report.name, due.from, due.to)
    }
}

fn is_day(every: ReportEvery, day: Date) -> bool {
    match every {
        ReportEvery::Day => true,
        ReportEvery::Week => day.weekday() == Weekday::Monday,
        ReportEvery::Month => day.day() == 1,
    }
}

fn due_on(report: &ScheduledReport, day: Date, zone: &TimeZone) -> Option<Due> {
    // A time that the clock leaves out comes as much later as the clock is set.
    let at = zone.to_ambiguous_zoned(day.to_datetime(report.at)).compatible().ok()?.timestamp();
    let (from, to) = match report.span {
        ReportSpan::Yesterday => (day.yesterday().ok()?, day.yesterday().ok()?),
        ReportSpan::LastWeek => {
            let past = i64::from(day.weekday().to_monday_zero_offset());
            let monday = day.checked_sub(past.days()).ok()?;
            (monday.checked_sub(7.days()).ok()?, monday.yesterday().ok()?)
        }
        ReportSpan::LastMonth => {
            let last = day.first_of_month().yesterday().ok()?;
            (last.first_of_month(), last)
        }
    };
    Some(Due { at, from, to })
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
