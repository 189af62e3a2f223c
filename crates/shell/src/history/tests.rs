//! Tests of the history's thread on a stream of facts in memory.

use std::path::PathBuf;
use std::sync::Arc;

use prometheus::Registry;
use turno_ground::Moment;
use turno_history::checks::{self, place, plan};
use turno_history::{Failure, History, Names, SqliteStore};
use turno_model::{Fact, Position};

use super::opening::{Place, Running, start};
use crate::clock::Clock;
use crate::facts::batch::Batch;
use crate::facts::live::ROOM;
use crate::facts::stream::FactStream;
use crate::metrics::facts::FactsMeters;
use crate::metrics::history::HistoryMeters;
use crate::reload::current_plan::CurrentPlan;

use core::time::Duration;

/// The facts of a small day, in the next hour: an idle history books states until now, and no fact from before may come then.
fn facts() -> Vec<(Moment, Fact)> {
    let half_hour = Duration::from_secs(1_800);
    let spans = Clock::new().now().since(checks::MORNING).as_secs() / half_hour.as_secs() + 2;
    let later = half_hour * u32::try_from(spans).expect("some years at most");
    checks::facts().into_iter().map(|(at, fact)| (at + later, fact)).collect()
}

/// A folder, a stream with the facts of a small day, and a runtime.
struct House {
    folder: PathBuf,
    stream: Arc<FactStream>,
    runtime: tokio::runtime::Runtime,
    registry: Registry,
    facts: Vec<(Moment, Fact)>,
}

impl House {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("turno-keeper-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).expect("a folder");
        let registry = Registry::new();
        let stream = Arc::new(FactStream::new(place(0), None, FactsMeters::new(&registry), ROOM));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        Self { folder, stream, runtime: runtime.expect("a runtime"), registry, facts: facts() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The facts from one number to another happen.
    fn happen(&self, from: usize, to: usize) {
        self.stream.take(Batch::new(place(from), Arc::new(self.facts[from..to].to_vec())));
    }

    fn starts(&self) -> Running {
        let clock = Clock::new();
        let of_facts = (Arc::clone(&self.stream), CurrentPlan::new(&plan()));
        let store = Place::File(self.file("history.db")).store(&plan()).expect("a file");
        let meters = HistoryMeters::new(&Registry::new());
        start((store, None), of_facts, (clock, self.runtime.handle().clone()), meters).expect("a thread")
    }

    fn position(&self) -> Result<Option<Position>, Failure> {
        self.history().open()
    }

    fn history(&self) -> History {
        History::new(Box::new(SqliteStore::new(&self.file("history.db"), Duration::ZERO)))
    }

    /// Asserts that the database has what one without any trouble has.
    fn is_whole(&self) {
        let other = SqliteStore::new(&self.file("other.db"), Duration::ZERO);
        let mut whole = History::new(Box::new(other));
        assert_eq!(whole.open(), Ok(None));
        let names = Names::new(&plan(), None);
        whole.take(&names, &self.facts, place(self.facts.len())).expect("it is written");
        let mut history = self.history();
        assert_eq!(history.open(), Ok(Some(place(self.facts.len()))));
        assert_eq!(checks::dump(history.store()), checks::dump(whole.store()));
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn what_happens_before_a_stop_is_written_at_the_stop() {
    let house = House::new("stop");
    let running = house.starts();
    house.happen(0, 10);
    running.ends();
    assert_eq!(house.position(), Ok(Some(place(10))));
    let running = house.starts();
    house.happen(10, 20);
    house.happen(20, house.facts.len());
    running.ends();
    house.is_whole();
}

#[test]
fn a_locked_database_holds_up_nothing_and_is_written_when_it_is_free() {
    // Bad input.
    let house = House::new("locked");
    house.happen(0, 10);
    house.starts().ends();
    let locking = rusqlite::Connection::open(house.file("history.db")).expect("a file");
    locking.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let running = house.starts();
    house.happen(10, house.facts.len());
    running.ends();
    locking.execute_batch("ROLLBACK").expect("it was locked");
    drop(locking);
    assert_eq!(house.position(), Ok(Some(place(10))));
    house.starts().ends();
    house.is_whole();
}

#[test]
fn a_damaged_database_ends_the_history_and_nothing_else() {
    // Bad input.
    let house = House::new("damaged");
    let bytes =
        b"this is no database, and it is long enough to be taken for the first page of one".repeat(50);
    std::fs::write(house.file("history.db"), &bytes).expect("a file");
    house.happen(0, house.facts.len());
    // It ends by itself.
    house.starts().has_ended();
    assert_eq!(std::fs::read(house.file("history.db")).expect("it is there"), bytes);
    assert!(house.registry.gather().iter().all(|family| !family.name().starts_with("turno_history")));
}

#[test]
fn facts_that_memory_has_lost_are_told_as_missing() {
    // Without a journal's files a database that is behind has a gap.
    let house = House::new("gap");
    house.happen(0, 5);
    house.starts().ends();
    house.happen(9, house.facts.len());
    house.starts().ends();
    let mut history = house.history();
    assert_eq!(history.open(), Ok(Some(place(house.facts.len()))));
    let gaps = checks::rows(history.store(), "SELECT after_number, until_number, facts FROM gap");
    assert_eq!(gaps, [[5, 9, 4].map(turno_history::Value::Int)]);
}

#[test]
fn the_plan_says_where_the_history_is() {
    use turno_model::plan::{HistoryPlan, HistoryStore};
    let of = |history: HistoryPlan, state: Option<&str>| {
        let plan = turno_model::Plan { history, ..turno_model::sample::plan() };
        match Place::of(&plan, state.map(std::path::Path::new)) {
            Some(Place::File(path)) => Some(path.display().to_string()),
            Some(Place::Postgres) => Some("postgres".to_owned()),
            None => None,
        }
    };
    let by = |store| HistoryPlan { store, ..HistoryPlan::default() };
    assert_eq!(of(by(None), None), None, "without a journal nothing is written");
    assert_eq!(of(by(None), Some("/s")).as_deref(), Some("/s/history.db"));
    assert_eq!(of(by(Some(HistoryStore::Off)), Some("/s")), None);
    assert_eq!(of(by(Some(HistoryStore::Sqlite)), None), None);
    let file = HistoryPlan { file: Some("/h.db".into()), ..by(Some(HistoryStore::Sqlite)) };
    assert_eq!(of(file, None).as_deref(), Some("/h.db"));
}
