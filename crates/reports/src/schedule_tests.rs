//! Days on which reports are due.

use jiff::civil::Time;
use turno_model::plan::{ReportBy, ReportOf};

use super::*;

fn report(every: ReportEvery, span: ReportSpan) -> ScheduledReport {
    ScheduledReport {
        name: "daily".to_owned(),
        of: ReportOf::Queues,
        by: ReportBy::Day,
        format: ReportFormat::Csv,
        every,
        at: Time::constant(6, 0, 0, 0),
        span,
        language: None,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn spans(report: &ScheduledReport, made: Option<&str>, now: &str) -> Vec<String> {
    let zone = TimeZone::get("America/Guayaquil").expect("a zone");
    let due = due_since(report, made.map(at), at(now), &zone);
    due.iter().map(|due| format!("{} {}", due.at, scheduled_file(report, due))).collect()
}

#[test]
fn a_daily_report_is_due_at_its_time_at_the_site_and_missed_ones_are_made_once() {
    let daily = report(ReportEvery::Day, ReportSpan::Yesterday);
    // 05:59 and 06:00 in Quito, on Monday 30 November.
    assert_eq!(spans(&daily, None, "2026-11-30T10:59:59Z"), ["2026-11-29T11:00:00Z daily-2026-11-28.csv"]);
    assert_eq!(spans(&daily, None, "2026-11-30T11:00:00Z"), ["2026-11-30T11:00:00Z daily-2026-11-29.csv"]);
    let made = Some("2026-11-27T11:00:00Z");
    let missed = spans(&daily, made, "2026-11-30T15:00:00Z");
    assert_eq!(missed.len(), 3, "{missed:?}");
    assert!(missed[0].ends_with("daily-2026-11-27.csv") && missed[2].ends_with("daily-2026-11-29.csv"));
    assert!(spans(&daily, Some("2026-11-30T11:00:00Z"), "2026-11-30T15:00:00Z").is_empty());
    assert_eq!(spans(&daily, Some("2020-01-01T00:00:00Z"), "2026-11-30T15:00:00Z").len(), MISSED_MAX);
}

#[test]
fn a_weekly_report_has_the_last_week_and_a_monthly_one_the_last_month() {
    let weekly = report(ReportEvery::Week, ReportSpan::LastWeek);
    assert_eq!(
        spans(&weekly, None, "2026-12-02T15:00:00Z"),
        ["2026-11-30T11:00:00Z daily-2026-11-23_2026-11-29.csv"]
    );
    let monthly = report(ReportEvery::Month, ReportSpan::LastMonth);
    assert_eq!(
        spans(&monthly, None, "2026-03-31T15:00:00Z"),
        ["2026-03-01T11:00:00Z daily-2026-02-01_2026-02-28.csv"]
    );
}

#[test]
fn a_time_that_the_clock_leaves_out_comes_an_hour_later() {
    let mut daily = report(ReportEvery::Day, ReportSpan::Yesterday);
    daily.at = Time::constant(2, 30, 0, 0);
    let zone = TimeZone::get("Europe/Madrid").expect("a zone");
    let due = due_since(&daily, None, at("2026-03-29T12:00:00Z"), &zone);
    assert_eq!(due[0].at, at("2026-03-29T01:30:00Z"), "03:30 in summer time");
}
