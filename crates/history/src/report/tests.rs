//! Reports over half hours that are written by hand.

use turno_model::{Hours, Language, Plan, sample};

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::sqlite::SqliteStore;
use crate::store::Store as _;

fn quito() -> Plan {
    plan_in("America/Guayaquil")
}

fn plan_in(zone: &str) -> Plan {
    let mut hours = Hours::always("office");
    hours.zone = jiff::tz::TimeZone::get(zone).expect("a zone");
    Plan { hours: vec![hours], ..sample::plan() }
}

/// A half hour of a queue: at this UTC time, of this day, with offered, answered in target, answered late and abandoned.
type Row<'a> = (&'a str, &'a str, &'a str, [i64; 4]);

fn report(rows: &[Row<'_>], question: Question, plan: &Plan) -> Report {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let file = std::env::temp_dir().join(format!("turno-report-{}-{number}.db", std::process::id()));
    let mut store = SqliteStore::new(&file, core::time::Duration::from_secs(5));
    let mut found = None;
    store
        .transaction(&mut |sql| {
            crate::schema::migrate(sql)?;
            for (start, day, queue, [in_target, late, abandoned, short]) in rows {
                let start: jiff::Timestamp = start.parse().expect("a time");
                let values = [
                    Value::Int(start.as_microsecond()),
                    Value::Text((*queue).to_owned()),
                    Value::Text((*day).to_owned()),
                    Value::Int(in_target + late),
                    Value::Int(*in_target),
                    Value::Int(*abandoned),
                    Value::Int(*short),
                    Value::Int(late * 60_000_000),
                ];
                sql.run(
                    "INSERT INTO interval_queue (start_us, queue, day, answered, answered_in_target, abandoned, \
                     abandoned_short, answer_wait_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    &values,
                )?;
            }
            found = Some(Report::read(sql, &question, plan, Language::English)?);
            Ok(())
        })
        .expect("it reads");
    std::fs::remove_file(&file).expect("it was made");
    found.expect("a report")
}

fn question(of: Of, by: Period, (from, to): (&str, &str)) -> Question {
    Question { from: from.parse().expect("a day"), to: to.parse().expect("a day"), of, by }
}

fn cell<'a>(report: &'a Report, row: &'a [Cell], key: &str) -> &'a Cell {
    &row[report.keys.iter().position(|it| *it == key).expect("a column")]
}

const DAYS: [Row<'static>; 5] = [
    ("2026-11-23T13:00:00Z", "2026-11-23", "luae", [8, 2, 2, 1]),
    ("2026-11-23T13:30:00Z", "2026-11-23", "luae", [5, 0, 0, 0]),
    ("2026-11-23T13:00:00Z", "2026-11-23", "general", [1, 0, 1, 0]),
    ("2026-11-29T20:00:00Z", "2026-11-29", "luae", [0, 0, 4, 4]),
    ("2026-12-01T13:00:00Z", "2026-12-01", "luae", [100, 0, 0, 0]),
];

#[test]
fn four_service_levels_stand_side_by_side_and_each_has_its_formula() {
    let asked = question(Of::Queues, Period::Whole, ("2026-11-23", "2026-11-23"));
    let report = report(&DAYS, asked, &quito());
    assert_eq!(report.rows.len(), 2);
    let luae = &report.rows[1];
    assert_eq!(cell(&report, luae, "queue"), &Cell::Text("luae".to_owned()));
    for (key, share) in [
        ("service_level", 13.0 / 17.0),
        ("service_level_net", 13.0 / 16.0),
        ("service_level_genesys", 13.0 / 17.0),
        ("service_level_asterisk", 13.0 / 15.0),
        ("abandon_rate", 2.0 / 17.0),
    ] {
        assert_eq!(cell(&report, luae, key), &Cell::Share(Some(share)), "{key}");
    }
    assert_eq!(cell(&report, luae, "asa"), &Cell::Span(Some(core::time::Duration::from_secs(8))));
    assert_eq!(cell(&report, luae, "aht"), &Cell::Span(None), "nothing was handled");
    let total = report.total.as_ref().expect("a total");
    assert_eq!(cell(&report, total, "offered"), &Cell::Count(19));
}

#[test]
fn half_hours_days_weeks_and_months_have_their_names_in_order() {
    let names = |of, by| {
        let report = report(&DAYS, question(of, by, ("2026-11-01", "2026-12-31")), &quito());
        let text = |row: &Vec<Cell>| match &row[0] {
            Cell::Text(text) => text.clone(),
            Cell::Count(_) | Cell::Share(_) | Cell::Span(_) | Cell::Mean(_) => panic!("{:?}", row[0]),
        };
        report.rows.iter().map(text).collect::<Vec<_>>()
    };
    assert_eq!(names(Of::Line, Period::Day), ["2026-11-23", "2026-11-29", "2026-12-01"]);
    assert_eq!(names(Of::Line, Period::Week), ["2026-W48", "2026-W49"]);
    assert_eq!(names(Of::Line, Period::Month), ["2026-11", "2026-12"]);
    assert_eq!(
        names(Of::Line, Period::HalfHour)[..2],
        ["2026-11-23 08:00 -05:00", "2026-11-23 08:30 -05:00"]
    );
    assert_eq!(names(Of::Line, Period::Hour).len(), 3);
}

#[test]
fn the_hour_that_comes_twice_when_the_clock_is_set_back_is_two_rows() {
    let rows = [
        ("2026-10-25T00:30:00Z", "2026-10-25", "luae", [1, 0, 0, 0]),
        ("2026-10-25T01:30:00Z", "2026-10-25", "luae", [2, 0, 0, 0]),
    ];
    let asked = question(Of::Line, Period::Hour, ("2026-10-25", "2026-10-25"));
    let report = report(&rows, asked, &plan_in("Europe/Madrid"));
    let names: Vec<&Cell> = report.rows.iter().map(|row| &row[0]).collect();
    let text = |name: &str| Cell::Text(name.to_owned());
    assert_eq!(names, [&text("2026-10-25 02:00 +02:00"), &text("2026-10-25 02:00 +01:00")]);
}

#[test]
fn a_day_without_contacts_has_no_rows_and_no_total() {
    let report = report(&DAYS, question(Of::Queues, Period::Day, ("2026-01-01", "2026-01-02")), &quito());
    assert!(report.rows.is_empty() && report.total.is_none());
    assert_eq!(report.keys.len(), report.heads.len());
}
