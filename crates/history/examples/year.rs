//! Makes a year of history in an SQLite file: `year SITE FILE`, for measurements of reports.
//!
//! Ten days of the site are simulated, each with 1600 calls, and written by a history from their facts. The rows of these days
//! are then copied, with later days and other numbers of contacts, until there are 250 working days with 400,000 contacts.

#![expect(clippy::disallowed_methods, reason = "a program that measures reads a clock")]

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rusqlite::Connection;
use turno_history::{History, Names, SqliteStore};
use turno_ledger::Ledger;
use turno_model::{Plan, Position};
use turno_planner::{Shape, Spans};
use turno_sim::{DayOrder, live_day};

const CALLS: usize = 1_600;
const DAYS: u64 = 10;
const WORKING_DAYS: u64 = 250;

/// Numbers of contacts, offers and recordings of one day, at most.
const NUMBERS: u64 = 100_000;

/// Columns with moments; other columns that end in `_us` are spans.
const MOMENTS: [&str; 12] = [
    "arrived_us",
    "queued_us",
    "answered_us",
    "ended_us",
    "entered_us",
    "left_us",
    "began_us",
    "booked_until_us",
    "offered_us",
    "settled_us",
    "given_us",
    "start_us",
];

const TABLES: [&str; 11] = [
    "contact",
    "visit",
    "talk",
    "offer",
    "agent_state",
    "wrap_up",
    "survey",
    "callback",
    "interval_queue",
    "interval_agent",
    "interval_aux",
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [site, file] = words.as_slice() else { panic!("year SITE FILE") };
    let (plan, _) = turno_config::load(Path::new(site)).unwrap_or_else(|refused| panic!("{refused}"));
    let (plan, file) = (Arc::new(plan), PathBuf::from(file));
    let begin = Instant::now();
    let days: Vec<PathBuf> = (0..DAYS).map(|day| lived(&plan, &file, day)).collect();
    println!("{DAYS} days lived and written in {:.1} s", begin.elapsed().as_secs_f64());
    open(&file);
    let year = Connection::open(&file).expect("the file");
    year.execute_batch("PRAGMA synchronous = OFF").expect("a setting");
    for number in 0..WORKING_DAYS {
        // Five working days, and two without calls.
        let later = number / 5 * 7 + number % 5;
        copy(&year, &days[usize::try_from(number % DAYS).expect("few days")], number, later);
    }
    let last = "INSERT INTO history_position (id, site, run_us, number, at_us) \
        SELECT 1, 'year', 1, 1, max(ended_us) FROM agent_state";
    year.execute(last, []).expect("a position");
    days.iter().for_each(|day| remove(day));
    for table in TABLES {
        let count: i64 =
            year.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).expect("a number");
        println!("{table}: {count} rows");
    }
    drop(year);
    let size = fs::metadata(&file).expect("the file").len() / 1024 / 1024;
    println!("{size} MiB, made in {:.1} s", begin.elapsed().as_secs_f64());
}

/// A day that is lived and written by a history into a file of its own.
fn lived(plan: &Arc<Plan>, file: &Path, day: u64) -> PathBuf {
    let path = file.with_extension(format!("day-{day}"));
    remove(&path);
    let order = DayOrder {
        seed: day + 1,
        calls: CALLS,
        agents: usize::MAX,
        shape: Shape::bank(),
        talk: Spans::LogNormal(Duration::from_secs(160), 0.98),
        patience: Spans::Observed(Duration::from_secs(300)),
        keeps_tape: true,
    };
    let lived = live_day(Arc::clone(plan), &order).expect("the line opens");
    assert!(lived.violation.is_none(), "{:?}", lived.violation);
    let mut facts: Vec<_> = lived.tape.iter().flat_map(|tape| tape.facts().cloned()).collect();
    println!("day {day}: {} facts", facts.len());
    assert!(facts.len() < 50_000, "the first facts are forgotten");
    let begin = facts.first().expect("facts").0;
    let mut ledger = Ledger::new(Arc::clone(plan), begin);
    facts.iter().for_each(|(at, fact)| ledger.apply(*at, fact));
    let end = facts.last().expect("facts").0;
    facts.extend(ledger.closing_facts(end).into_iter().map(|fact| (end, fact)));
    let (mut history, names) = (open(&path), Names::new(plan, None));
    let mut written = 0;
    for some in facts.chunks(1_000) {
        written += some.len() as u64;
        history.take(&names, some, Position { run: begin, number: written }).expect("it is written");
    }
    path
}

fn open(file: &Path) -> History {
    let mut history = History::new(Box::new(SqliteStore::new(file, Duration::from_secs(5))));
    history.open().expect("it opens");
    history
}

fn remove(file: &Path) {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", file.display()));
    }
}

/// Copies a day so many days later.
fn copy(year: &Connection, day: &Path, number: u64, later: u64) {
    let attach = format!("ATTACH '{}' AS day; BEGIN", day.display());
    year.execute_batch(&attach).expect("the day");
    for table in TABLES {
        let mut columns = year.prepare(&format!("PRAGMA table_info({table})")).expect("a table");
        let names = columns.query_map([], |row| row.get::<_, String>(1)).expect("columns");
        let values = names.map(|name| value(&name.expect("a name"), table, number, later));
        let values: Vec<String> = values.collect();
        let insert = format!("INSERT INTO main.{table} SELECT {} FROM day.{table}", values.join(", "));
        year.execute(&insert, []).unwrap_or_else(|error| panic!("{insert}: {error}"));
    }
    year.execute_batch("COMMIT; DETACH day").expect("it is written");
}

fn value(name: &str, table: &str, number: u64, later: u64) -> String {
    let first = number * NUMBERS;
    match name {
        // Who is logged out in the evening stays so until the morning.
        "ended_us" if table == "agent_state" => {
            format!("coalesce(ended_us, began_us + 50400000000) + {later} * 86400000000")
        }
        "day" => format!("date(day, '+{later} days')"),
        "contact" | "offer" => format!("{name} + {first}"),
        // Every second caller calls once a year.
        "caller" => format!(
            "CASE WHEN contact % 2 = 0 THEN caller ELSE substr(caller, 1, 3) || (contact + {first}) END"
        ),
        moment if MOMENTS.contains(&moment) => format!("{moment} + {later} * 86400000000"),
        other => other.to_owned(),
    }
}
