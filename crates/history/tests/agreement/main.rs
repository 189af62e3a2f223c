//! The history's half hours are the ledger's, figure by figure, for simulated days; and a history that is stopped and opened
//! again at any moment has the same rows as one that was not.

mod columns;

use core::time::Duration;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use turno_ground::Moment;
use turno_history::{History, Names, SqliteStore, Value};
use turno_ledger::{Day, Ledger};
use turno_model::{Fact, Plan, Position};
use turno_sim::{Care, Scenario, World, WorldSettings};

use crate::columns::{Figures, of_agent, of_queue, of_times};

type Facts = Vec<(Moment, Fact)>;

/// Bad hours of a site one after another, until all contacts are closed and all agents logged out.
fn lived(plan: &Arc<Plan>, (from, hours): (u64, u32), apart: Duration) -> (Facts, Vec<Day>) {
    // 21:00 in Quito: the hours go over midnight.
    let begin = Moment::from_secs(1_795_572_000);
    let settings = WorldSettings {
        plan: Arc::clone(plan),
        seed: from,
        begin,
        agents: 6,
        lateness: Duration::ZERO,
        care: Care::OneIn(64),
        keeps_tape: true,
        keeps_journal: true,
        newcomers: 0,
        agents_consult: true,
    };
    let mut world = World::new(settings);
    for hour in 0..hours {
        let scenario = Scenario::draw(from + u64::from(hour), plan).with_callers_from(1_000 * hour);
        for (at, action) in scenario.actions {
            // The names behind the facts are those of this plan.
            if !format!("{action:?}").contains("Edit") {
                world.schedule(apart * hour + at, action);
            }
        }
    }
    world.run_until(begin + apart * hours);
    world.finish();
    let mut facts: Facts = world.tape().expect("it keeps one").facts().cloned().collect();
    assert!(facts.len() < 50_000, "the tape forgot the first facts");
    let mut ledger = Ledger::new(Arc::clone(plan), begin);
    facts.iter().for_each(|(at, fact)| ledger.apply(*at, fact));
    let end = world.now();
    facts.extend(ledger.closing_facts(end).into_iter().map(|fact| (end, fact)));
    let days = days(plan, begin, &facts);
    (facts, days)
}

/// The ledger's report of each day, taken at its last moment.
fn days(plan: &Arc<Plan>, begin: Moment, facts: &Facts) -> Vec<Day> {
    let mut ledger = Ledger::new(Arc::clone(plan), begin);
    let mut days: Vec<Day> = Vec::new();
    for (at, fact) in facts {
        let half = 1_800_000_000;
        let border = Moment::from_micros(at.as_micros() / half * half);
        let eve = ledger.day(Moment::from_micros(border.as_micros() - 1));
        let present = ledger.day(border);
        if eve.date != present.date {
            days.push(eve);
        }
        ledger.apply(*at, fact);
    }
    days.push(ledger.day(facts.last().expect("some").0));
    days
}

fn file(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("turno-history-{name}-{}.db", std::process::id()));
    remove(&path);
    path
}

fn remove(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
}

fn open(path: &Path) -> History {
    let mut history = History::new(Box::new(SqliteStore::new(path, Duration::from_secs(1))));
    history.open().expect("it opens");
    history
}

fn rows(history: &mut History, text: &str) -> Vec<Vec<Value>> {
    let mut found = Vec::new();
    let read = history.store().transaction(&mut |sql| {
        found = sql.rows(text, &[])?;
        Ok(())
    });
    read.expect("it is read");
    found
}

/// The figures of each half hour of a table, by its begin and name.
fn half_hours(history: &mut History, table: &str) -> BTreeMap<(i64, String), BTreeMap<String, i64>> {
    let names = rows(history, &format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"));
    let names: Vec<String> = names.iter().filter_map(|row| Some(row.first()?.text()?.to_owned())).collect();
    let mut all = BTreeMap::new();
    for row in rows(history, &format!("SELECT * FROM {table}")) {
        let figures = names.iter().cloned().zip(row.iter().map(|value| value.int().unwrap_or(0))).collect();
        let (start, name) = (row[0].int().expect("a moment"), row[1].text().expect("a name").to_owned());
        all.insert((start, name), figures);
    }
    all
}

fn assert_same(what: &str, expected: &Figures, got: Option<&BTreeMap<String, i64>>) {
    assert_near(what, expected, got, 0);
}

/// The times of a day that is over lack its last microsecond in the report, for each agent.
fn assert_near(what: &str, expected: &Figures, got: Option<&BTreeMap<String, i64>>, micros: i64) {
    for (name, number) in expected {
        let got = got.map_or(0, |got| *got.get(name).unwrap_or_else(|| panic!("no column {name}")));
        assert!((0..=micros).contains(&(got - number)), "{what}: {name} is {got}, in the ledger {number}");
    }
}

fn sum<'a>(all: impl Iterator<Item = &'a BTreeMap<String, i64>>) -> BTreeMap<String, i64> {
    let mut whole = BTreeMap::new();
    for (name, number) in all.flatten() {
        *whole.entry(name.clone()).or_default() += number;
    }
    whole
}

fn assert_agrees(history: &mut History, days: &[Day]) {
    let (queues, agents) = (half_hours(history, "interval_queue"), half_hours(history, "interval_agent"));
    for (place, day) in days.iter().enumerate() {
        let micros = if place + 1 < days.len() { 1 } else { 0 };
        let of_all = micros * i64::try_from(day.agents.len()).expect("few agents");
        for interval in &day.intervals {
            let start = i64::try_from(interval.start.as_micros()).expect("a moment");
            for (queue, figures) in day.queues.iter().zip(&interval.queues) {
                let what = format!("{} of {} at {}", queue.name, day.date, interval.start.as_micros());
                assert_same(&what, &of_queue(figures), queues.get(&(start, queue.name.clone())));
            }
            let all = sum(agents.iter().filter(|((at, _), _)| *at == start).map(|(_, figures)| figures));
            let has_any = agents.keys().any(|(at, _)| *at == start);
            assert_near("all agents", &of_times(&interval.times), has_any.then_some(&all), of_all);
        }
        let of_day = |history: &mut History, name: &str| {
            let text = format!(
                "SELECT start_us FROM interval_agent WHERE day = '{}' AND agent = '{name}'",
                day.date
            );
            let starts: Vec<i64> = rows(history, &text).iter().filter_map(|row| row.first()?.int()).collect();
            let figures = starts.iter().filter_map(|start| agents.get(&(*start, name.to_owned())));
            (!starts.is_empty()).then(|| sum(figures))
        };
        for agent in &day.agents {
            let whole = of_day(history, &agent.name);
            let what = format!("{} on {}", agent.name, day.date);
            assert_same(&what, &of_agent(&agent.counts), whole.as_ref());
            assert_near(&what, &of_times(&agent.times), whole.as_ref(), micros);
        }
    }
}

/// Everything in the tables, as text.
fn dump(history: &mut History) -> Vec<String> {
    let tables = rows(history, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
    let mut lines = Vec::new();
    for table in tables.iter().filter_map(|row| row.first()?.text()) {
        let mut found: Vec<String> = rows(history, &format!("SELECT * FROM {table}"))
            .iter()
            .map(|row| format!("{table} {row:?}"))
            .collect();
        found.sort();
        lines.extend(found);
    }
    lines
}

fn site(name: &str) -> Arc<Plan> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (plan, _) = turno_config::load(&root.join(name)).expect("the site's plan");
    Arc::new(plan)
}

const RUN: Moment = Moment::from_secs(1_795_000_000);

fn take_all(history: &mut History, plan: &Plan, facts: &Facts, batch: usize) {
    let names = Names::new(plan, None);
    let mut number = history.position().map_or(0, |place| usize::try_from(place.number).expect("small"));
    while number < facts.len() {
        let end = (number + batch).min(facts.len());
        let until = Position { run: RUN, number: end as u64 };
        history.take(&names, &facts[number..end], until).expect("it is written");
        number = end;
    }
}

#[test]
fn each_half_hour_of_each_simulated_day_is_the_ledgers() {
    for (name, from, hours) in
        [("tests/src/stage/site.toml", 0, 60), ("sip-config/quito", 200, 30), ("sip-config/lab", 300, 30)]
    {
        let plan = site(name);
        let (facts, days) = lived(&plan, (from, hours), Duration::from_secs(400));
        println!("{name}: {} facts, {} days", facts.len(), days.len());
        let path = file("agrees");
        let mut history = open(&path);
        take_all(&mut history, &plan, &facts, 200);
        assert_agrees(&mut history, &days);
        remove(&path);
    }
}

#[test]
fn a_history_that_is_opened_again_after_every_few_facts_has_the_same_rows() {
    // What later facts need must stand in the rows: nothing is remembered from one opening to the next.
    let plan = site("tests/src/stage/site.toml");
    let (facts, _) = lived(&plan, (0, 12), Duration::from_secs(400));
    let (one, other) = (file("whole"), file("again"));
    let mut whole = open(&one);
    take_all(&mut whole, &plan, &facts, 300);
    let names = Names::new(&plan, None);
    for (place, facts) in facts.chunks(7).enumerate() {
        let mut history = open(&other);
        let until = Position { run: RUN, number: (place * 7 + facts.len()) as u64 };
        history.take(&names, facts, until).expect("it is written");
    }
    let mut again = open(&other);
    assert_eq!(again.position(), whole.position());
    let (expected, got) = (dump(&mut whole), dump(&mut again));
    assert!(expected.len() > 500, "{} rows", expected.len());
    for (expected, got) in expected.iter().zip(&got) {
        assert_eq!(expected, got);
    }
    assert_eq!(expected.len(), got.len());
    remove(&one);
    remove(&other);
}
