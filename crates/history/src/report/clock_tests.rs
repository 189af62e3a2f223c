//! Reports of days on which the clock is set.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use turno_ground::Moment;

use super::tests::{plan_in, report_of};
use super::*;
use crate::calendar::date_of;

/// Half an hour in microseconds.
const HALF: i64 = 1_800_000_000;

/// A statement with one answered contact in each half hour of these days and of two hours before and after them, with the
/// days that the history gives them.
fn contacts(zone: &TimeZone, from: Date, to: Date) -> String {
    let begin = |day: Date| {
        day.to_zoned(zone.clone()).expect("a midnight").timestamp().as_microsecond().div_euclid(HALF) * HALF
    };
    let end = begin(to.tomorrow().expect("a day")) + HALF * 4;
    let starts = (0..).map(|place| begin(from) - HALF * 4 + place * HALF).take_while(|start| *start < end);
    let row = |start: i64| {
        let at = Moment::from_micros(u64::try_from(start).expect("after 1970"));
        format!("({start}, 'luae', '{}', 1)", date_of(at, zone))
    };
    let rows: Vec<String> = starts.map(row).collect();
    format!("INSERT INTO interval_queue (start_us, queue, day, answered) VALUES {}", rows.join(", "))
}

/// The times of a report and the answered contacts of each.
fn times(zone: &str, (from, to): (&str, &str), by: ReportBy) -> Vec<(String, i64)> {
    let (from, to): (Date, Date) = (from.parse().expect("a day"), to.parse().expect("a day"));
    let plan = plan_in(zone);
    let rows = contacts(&zone_of(&plan), from, to);
    let report = report_of(&[&rows], Question { from, to, of: ReportOf::Line, by }, &plan);
    let answered = report.keys.iter().position(|key| *key == "answered").expect("a column");
    let of = |row: &Vec<Cell>| {
        let (Cell::Text(time), Cell::Count(count)) = (&row[0], &row[answered]) else { panic!("{row:?}") };
        (time.clone(), *count)
    };
    report.rows.iter().map(of).collect()
}

fn count(rows: &[(String, i64)]) -> i64 {
    i64::try_from(rows.len()).expect("few rows")
}

/// What a day must have: the zone, the day, its half hours and its hours.
const DAYS: [(&str, &str, i64, i64); 8] = [
    ("Europe/Madrid", "2026-03-29", 46, 23),
    ("Europe/Madrid", "2026-10-25", 50, 25),
    ("America/New_York", "2026-03-08", 46, 23),
    ("America/New_York", "2026-11-01", 50, 25),
    // The clock is set by half an hour: the hour 02 of spring has one half hour, and the hour 01 of autumn has three, of
    // which the third has another distance to UTC.
    ("Australia/Lord_Howe", "2026-10-04", 47, 24),
    ("Australia/Lord_Howe", "2026-04-05", 49, 25),
    ("America/Guayaquil", "2026-10-25", 48, 24),
    ("Asia/Kolkata", "2026-10-25", 48, 24),
];

#[test]
fn a_day_on_which_the_clock_is_set_has_the_right_half_hours_and_hours() {
    // Wound: reports that lose the hour which comes twice, or count it into the next day.
    for (zone, day, half_hours, hours) in DAYS {
        let halves = times(zone, (day, day), ReportBy::HalfHour);
        assert_eq!(count(&halves), half_hours, "{zone} {day}: {halves:?}");
        assert!(halves.iter().all(|(time, count)| time.starts_with(day) && *count == 1), "{halves:?}");
        let whole = times(zone, (day, day), ReportBy::Hour);
        assert_eq!(count(&whole), hours, "{zone} {day}: {whole:?}");
        assert_eq!(whole.iter().map(|(_, count)| *count).sum::<i64>(), half_hours);
        let (first, last) = (&whole[0].0, &whole[whole.len() - 1].0);
        assert!(first.contains(" 00:00 ") && last.contains(" 23:00 "), "{whole:?}");
        assert_eq!(times(zone, (day, day), ReportBy::Day), [(day.to_owned(), half_hours)]);
    }
}

#[test]
fn the_rows_around_a_change_are_in_the_order_of_time() {
    let names = |zone, day, by: ReportBy, from: usize, to: usize| {
        let all = times(zone, (day, day), by);
        all[from..to].iter().map(|(time, count)| format!("{} {count}", &time[11..])).collect::<Vec<_>>()
    };
    assert_eq!(
        names("Europe/Madrid", "2026-10-25", ReportBy::Hour, 1, 5),
        ["01:00 +02:00 2", "02:00 +02:00 2", "02:00 +01:00 2", "03:00 +01:00 2"]
    );
    assert_eq!(
        names("America/New_York", "2026-03-08", ReportBy::HalfHour, 2, 6),
        ["01:00 -05:00 1", "01:30 -05:00 1", "03:00 -04:00 1", "03:30 -04:00 1"]
    );
    assert_eq!(
        names("Australia/Lord_Howe", "2026-04-05", ReportBy::Hour, 1, 4),
        ["01:00 +11:00 2", "01:00 +10:30 1", "02:00 +10:30 2"]
    );
    assert_eq!(
        names("Australia/Lord_Howe", "2026-10-04", ReportBy::Hour, 1, 4),
        ["01:00 +10:30 2", "02:00 +11:00 1", "03:00 +11:00 2"]
    );
}

#[test]
fn weeks_and_months_have_the_hours_of_their_days() {
    let week = times("Europe/Madrid", ("2026-10-19", "2026-10-25"), ReportBy::Week);
    assert_eq!(week, [("2026-W43".to_owned(), 7 * 48 + 2)]);
    let month = times("America/New_York", ("2026-03-01", "2026-03-31"), ReportBy::Month);
    assert_eq!(month, [("2026-03".to_owned(), 31 * 48 - 2)]);
    let lord_howe = times("Australia/Lord_Howe", ("2026-09-28", "2026-10-04"), ReportBy::Week);
    assert_eq!(lord_howe, [("2026-W40".to_owned(), 7 * 48 - 1)]);
}
