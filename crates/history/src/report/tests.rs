//! Reports over half hours that are written by hand.

use turno_model::plan::{ReportBy as Period, ReportOf as Of};
use turno_model::{Hours, Language, Plan, sample};

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::sqlite::SqliteStore;
use crate::store::Store as _;

fn quito() -> Plan {
    plan_in("America/Guayaquil")
}

pub(super) fn plan_in(zone: &str) -> Plan {
    let mut hours = Hours::always("office");
    hours.zone = jiff::tz::TimeZone::get(zone).expect("a zone");
    Plan { hours: vec![hours], ..sample::plan() }
}

/// A half hour of a queue: at this UTC time, of this day, with offered, answered in target, answered late and abandoned.
type Row<'a> = (&'a str, &'a str, &'a str, [i64; 4]);

fn file() -> std::path::PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("turno-report-{}-{number}.db", std::process::id()))
}

fn report(rows: &[Row<'_>], question: Question, plan: &Plan) -> Report {
    let file = file();
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
            Cell::Count(_) | Cell::Share(_) | Cell::Span(_) | Cell::Mean(_) | Cell::Money(_) => {
                panic!("{:?}", row[0])
            }
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

/// A report over rows that these statements write.
pub(super) fn report_of(statements: &[&str], question: Question, plan: &Plan) -> Report {
    let file = file();
    let mut store = SqliteStore::new(&file, core::time::Duration::from_secs(5));
    let filled = store.transaction(&mut |sql| {
        crate::schema::migrate(sql)?;
        statements.iter().try_for_each(|text| sql.script(text))
    });
    filled.expect("it is filled");
    let report = make(&mut store, &question, plan, Language::English).expect("a report");
    std::fs::remove_file(&file).expect("it was made");
    report
}

const DAY: (&str, &str) = ("2026-11-23", "2026-11-23");

#[test]
fn abandons_by_wait_told_waits_and_answers_of_surveys_stand_in_the_report_of_queues() {
    let rows = "INSERT INTO interval_queue (start_us, queue, day, answered, abandoned, abandoned_to_10, abandoned_to_300, ring_us, \
        told_answered, told_off_us, told_kept, told_missed, survey_keys_5, survey_points_1, survey_answers_1) \
        VALUES (0, 'luae', '2026-11-23', 4, 6, 1, 2, 12000000, 2, 30000000, 3, 1, 2, 14, 3)";
    let report = report_of(&[rows], question(Of::Queues, Period::Whole, DAY), &quito());
    let row = &report.rows[0];
    assert_eq!(cell(&report, row, "abandoned_to_10"), &Cell::Count(1));
    assert_eq!(cell(&report, row, "abandoned_over_300"), &Cell::Count(3), "those of no class");
    assert_eq!(cell(&report, row, "ring"), &Cell::Span(Some(core::time::Duration::from_secs(3))));
    assert_eq!(cell(&report, row, "told_off"), &Cell::Span(Some(core::time::Duration::from_secs(15))));
    assert_eq!(cell(&report, row, "told_kept"), &Cell::Share(Some(0.75)));
    assert_eq!(cell(&report, row, "survey_keys_5"), &Cell::Count(2));
    assert!(!report.keys.contains(&"occupancy"), "a queue has no occupancy");
    assert!(!report.keys.contains(&"cost"), "there is no tariff");
    assert!(report.keys.contains(&"transfers_in") && !report.keys.contains(&"contacts"));
}

#[test]
fn the_line_has_the_occupancy_of_its_agents() {
    let rows = [
        "INSERT INTO interval_queue (start_us, queue, day, answered, acw_us, handled) VALUES (0, 'luae', '2026-11-23', 1, 5000000, 1)",
        "INSERT INTO interval_agent (start_us, agent, day, talking_us, acw_us, available_us, aux_us) \
         VALUES (0, 'ana', '2026-11-23', 20000000, 10000000, 30000000, 900000000)",
    ];
    let report = report_of(&rows, question(Of::Line, Period::Day, DAY), &quito());
    assert_eq!(report.rows.len(), 1);
    assert_eq!(cell(&report, &report.rows[0], "occupancy"), &Cell::Share(Some(0.5)));
    let acw = core::time::Duration::from_secs(5);
    assert_eq!(cell(&report, &report.rows[0], "acw"), &Cell::Span(Some(acw)), "the queues' own");
}

/// Two calls of a trunk: one waited for 50 s and talked for 100 s, one was given up after 3 s; one was turned away.
const CALLS: [&str; 4] = [
    "INSERT INTO contact (contact, channel, caller, dialled, trunk, day, arrived_us, answered_us, ended_us, outcome, talks, \
     talk_us, wrap_up, last_queue) VALUES (1, 'voice', '0991', '1800510510', 'one', '2026-11-23', 0, 50000000, 150000000, \
     'answered', 1, 100000000, 'done', 'luae')",
    "INSERT INTO contact (contact, channel, caller, dialled, trunk, day, arrived_us, ended_us, outcome, last_queue) VALUES \
     (2, 'voice', '0992', '1800510510', 'one', '2026-11-23', 0, 3000000, 'abandoned', 'luae')",
    "INSERT INTO contact (contact, channel, caller, dialled, trunk, day, arrived_us, ended_us, outcome, turned_away) VALUES \
     (3, 'voice', '0992', '7000', NULL, '2026-11-23', 0, 1000000, 'turned_away', 'closed')",
    "INSERT INTO visit (contact, number, queue, entered_us, answered_us, left_us, outcome, in_target, is_short, is_completed, \
     completed_in_target, handled, talk_us, hold_us) VALUES \
     (1, 1, 'luae', 0, 50000000, 50000000, 'answered', 0, 0, 1, 1, 1, 100000000, 0), \
     (1, 2, 'general', 50000000, NULL, 51000000, 'dequeued', 0, 0, 0, 0, 0, 0, 0), \
     (2, 1, 'luae', 0, NULL, 3000000, 'abandoned', 0, 1, 0, 0, 0, 0, 0)",
];

#[test]
fn trunks_numbers_and_callers_have_contacts_and_their_visits() {
    let trunks = report_of(&CALLS, question(Of::Trunks, Period::Whole, DAY), &quito());
    assert_eq!(trunks.rows.len(), 2);
    let (inside, one) = (&trunks.rows[0], &trunks.rows[1]);
    assert_eq!(cell(&trunks, inside, "trunk"), &Cell::Text("(none)".to_owned()));
    assert_eq!(cell(&trunks, inside, "turned_away"), &Cell::Count(1));
    for (key, count) in
        [("contacts", 2), ("offered", 3), ("answered", 1), ("abandoned_short", 1), ("dequeued", 1)]
    {
        assert_eq!(cell(&trunks, one, key), &Cell::Count(count), "{key}");
    }
    assert_eq!(cell(&trunks, one, "asa"), &Cell::Span(Some(core::time::Duration::from_secs(50))));
    assert_eq!(cell(&trunks, one, "within_target"), &Cell::Share(Some(1.0)));
    let callers = report_of(&CALLS, question(Of::Callers, Period::Day, DAY), &quito());
    assert_eq!(callers.rows.len(), 2);
    let total = callers.total.as_ref().expect("a total");
    assert_eq!(cell(&callers, total, "contacts"), &Cell::Count(3));
}

#[test]
fn codes_are_the_last_ones_of_answered_contacts_and_those_that_were_given() {
    let given = "INSERT INTO wrap_up (contact, agent, given_us, day, code) VALUES (1, 'ana', 1, '2026-11-23', 'wrong'), \
        (1, 'ana', 2, '2026-11-23', 'done')";
    let statements: Vec<&str> = CALLS.into_iter().chain([given]).collect();
    let report = report_of(&statements, question(Of::Codes, Period::Whole, DAY), &quito());
    let rows: Vec<_> = report.rows.iter().map(|row| &row[..3]).collect();
    let row = |name: &str, contacts, given| {
        vec![Cell::Text(name.to_owned()), Cell::Count(contacts), Cell::Count(given)]
    };
    assert_eq!(rows, [row("done", 1, 1), row("wrong", 0, 1)]);
    // The same by the procedures that have these codes.
    let contained = "UPDATE contact SET wrap_up = '108', turned_away = 'hung_up_in_menu' WHERE contact = \
        (SELECT min(contact) FROM contact WHERE answered_us IS NULL)";
    let statements: Vec<&str> = statements.into_iter().chain([contained]).collect();
    let mut report = report_of(&statements, question(Of::Procedures, Period::Whole, DAY), &quito());
    report.name_procedures(|code| (code == "done").then(|| "Patente".to_owned()));
    let names: Vec<_> = report.rows.iter().map(|row| row[0].clone()).collect();
    let name = |name: &str| Cell::Text(name.to_owned());
    assert_eq!(names, [name("108"), name("done Patente"), name("wrong")]);
    assert_eq!(cell(&report, &report.rows[0], "contained"), &Cell::Count(1));
}

fn tariff(number: Option<&str>, minute_micros: u64, step: u64) -> turno_model::plan::Tariff {
    turno_model::plan::Tariff {
        number: number.map(str::to_owned),
        currency: "USD".to_owned(),
        minute_micros,
        first: core::time::Duration::from_secs(60),
        step: core::time::Duration::from_secs(step),
    }
}

#[test]
fn a_call_costs_its_steps_and_waiting_its_part_of_them() {
    let mut plan = quito();
    plan.reports.tariffs = vec![tariff(Some("1800-510-510"), 60_000, 60), tariff(None, 6_000_000, 1)];
    let report = report_of(&CALLS, question(Of::Numbers, Period::Whole, DAY), &plan);
    assert_eq!(report.currency.as_deref(), Some("USD"));
    let amount = |row: usize, key| {
        let Cell::Money(amount) = cell(&report, &report.rows[row], key) else { panic!("{key} is no amount") };
        *amount
    };
    // 150 s are three minutes, 3 s are one: 0.24. A third of the first call, and all of the second one, was waiting.
    assert!((amount(0, "cost") - 0.24).abs() < 1e-9, "{}", amount(0, "cost"));
    assert!((amount(0, "cost_wait") - 0.12).abs() < 1e-4, "{}", amount(0, "cost_wait"));
    assert!((amount(1, "cost") - 6.0).abs() < 1e-9, "another number, and the first step is a minute");
    let queues = report_of(&CALLS, question(Of::Queues, Period::Whole, DAY), &plan);
    assert_eq!(queues.rows.len(), 2, "those who came to no queue too");
}

#[test]
fn fairness_compares_agents_of_equal_skills() {
    let mut plan = quito();
    plan.skills = vec!["luae".to_owned()];
    plan.agents = ["ana", "bob", "new"].map(|name| sample::agent(name, &[(0, 1)])).to_vec();
    let rows = "INSERT INTO interval_agent (start_us, agent, day, offered, offer_idle_us, talking_us, available_us) VALUES \
        (0, 'ana', '2026-11-23', 3, 30000000, 900000000, 900000000), (0, 'bob', '2026-11-23', 1, 30000000, 900000000, 900000000), \
        (0, 'gone', '2026-11-23', 9, 30000000, 900000000, 900000000)";
    let report = report_of(&[rows], question(Of::Fairness, Period::Day, DAY), &plan);
    assert_eq!(report.rows.len(), 1);
    let row = &report.rows[0];
    assert_eq!(
        row[..3],
        [Cell::Text("2026-11-23".to_owned()), Cell::Text("luae 1".to_owned()), Cell::Count(2)]
    );
    let Cell::Mean(Some(offers)) = cell(&report, row, "offers_jain") else { panic!("{row:?}") };
    assert!((offers - 0.8).abs() < 1e-9, "four squared by two times ten: {offers}");
    assert_eq!(cell(&report, row, "offers_spread"), &Cell::Mean(Some(3.0)));
    assert_eq!(cell(&report, row, "occupancy_jain"), &Cell::Mean(Some(1.0)));
    assert!(report.total.is_none());
}

#[test]
fn adherence_is_the_time_in_the_scheduled_state_of_the_scheduled_time() {
    let mut plan = plan_in("UTC");
    let shift = |from: i8, to: i8, activity| turno_model::plan::Shift {
        agent: "ana".to_owned(),
        day: "1970-01-02".parse().expect("a day"),
        from: jiff::civil::Time::constant(from, 0, 0, 0),
        to: jiff::civil::Time::constant(to, 0, 0, 0),
        activity,
    };
    let lunch = turno_model::plan::Activity::Aux("lunch".to_owned());
    plan.reports.shifts = vec![
        shift(8, 12, turno_model::plan::Activity::Work),
        shift(12, 13, lunch),
        shift(22, 0, turno_model::plan::Activity::Work),
    ];
    let at = |minutes: i64| (24 * 60 + minutes) * 60_000_000;
    let state = |state: &str, reason: &str, from: i64, to: i64| {
        format!("('ana', {}, '1970-01-02', '{state}', '{reason}', {})", at(from), at(to))
    };
    // Half an hour late, at lunch ten minutes early, and back at 12:50; the night is not over yet.
    let states = [
        state("logged_out", "", 0, 510),
        state("available", "", 510, 600),
        state("talking", "", 600, 710),
        state("aux", "lunch", 710, 770),
        state("available", "", 770, 800),
    ];
    let rows = format!(
        "INSERT INTO agent_state (agent, began_us, day, state, reason, ended_us) VALUES {}; \
         INSERT INTO history_position (id, at_us) VALUES (1, {});\
         INSERT INTO interval_agent (start_us, agent, day, available_us) VALUES ({}, 'ana', '1970-01-02', 5)",
        states.join(", "),
        at(800),
        at(480)
    );
    let report = report_of(&[&rows], question(Of::Agents, Period::Day, ("1970-01-01", "1970-01-03")), &plan);
    let row = &report.rows[0];
    let hours = |hours: u64| Cell::Span(Some(core::time::Duration::from_hours(hours)));
    assert_eq!(cell(&report, row, "scheduled"), &hours(5));
    assert_eq!(cell(&report, row, "adherence"), &Cell::Share(Some(250.0 / 300.0)));
    let report =
        report_of(&[&rows], question(Of::Agents, Period::HalfHour, ("1970-01-01", "1970-01-03")), &plan);
    assert_eq!(report.rows.len(), 10);
    assert_eq!(cell(&report, &report.rows[0], "adherence"), &Cell::Share(Some(0.0)));
    assert_eq!(cell(&report, &report.rows[9], "adherence"), &Cell::Share(Some(20.0 / 30.0)));
}
