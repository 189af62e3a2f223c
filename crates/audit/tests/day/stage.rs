//! A site's simulated days in a folder: the journal's files, a checkpoint, and the history.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use turno_audit::{Audit, Cannot, Day, audit, zone_of};
use turno_ground::Moment;
use turno_history::person::{Reason, forget};
use turno_history::store::Store as _;
use turno_history::{History, Names, SqliteStore};
use turno_journal::{Content, Fold, Writer, file_name};
use turno_ledger::Ledger;
use turno_model::{Fact, Hours, Plan, PlanIndex, Position};
use turno_sim::{Care, Scenario, World, WorldSettings};

/// 21:00 in Quito on 24 November 2026: the hours go over midnight.
pub(crate) const BEGIN: Moment = Moment::from_secs(1_795_572_000);

/// Facts in a file.
const FILE: usize = 700;

pub(crate) type Facts = Vec<(Moment, Fact)>;

/// A folder that is removed at the end.
pub(crate) struct Site {
    pub(crate) folder: PathBuf,
    pub(crate) plan: Arc<Plan>,
    pub(crate) facts: Facts,
}

impl Site {
    /// Lives through some hours, and writes everything.
    pub(crate) fn new(name: &str, hours: u32) -> Self {
        let folder = std::env::temp_dir().join(format!("turno-audit-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).expect("a folder");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let (mut plan, _) =
            turno_config::load(&root.join("tests/src/stage/site.toml")).expect("the site's plan");
        let mut office = Hours::always("office");
        office.zone = jiff::tz::TimeZone::get("America/Guayaquil").expect("a zone");
        plan.hours.insert(0, office);
        let plan = Arc::new(plan);
        let facts = lived(&plan, hours);
        let site = Self { folder, plan, facts };
        site.write_journal();
        site.write_history();
        site
    }

    /// Audits the day of a moment after the begin.
    pub(crate) fn audit(&self, later: Duration) -> Result<Audit, Cannot> {
        let day = Day::at(BEGIN + later, &zone_of(&self.plan)).expect("a day");
        let mut store = SqliteStore::new(&self.folder.join("history.db"), Duration::from_secs(1));
        audit(&self.plan, &self.folder, day, &mut store)
    }

    /// The date of the day of a moment after the begin.
    pub(crate) fn day(&self, later: Duration) -> jiff::civil::Date {
        Day::at(BEGIN + later, &zone_of(&self.plan)).expect("a day").date
    }

    /// Which rows of a table belong to the day of a moment.
    pub(crate) fn of_day(&self, table: &str, later: Duration) -> String {
        let of_day = format!("day = '{}'", self.day(later));
        match table {
            "visit" | "talk" => format!("contact IN (SELECT contact FROM contact WHERE {of_day})"),
            _ => of_day,
        }
    }

    /// Whether a table has rows of that day.
    pub(crate) fn has_rows(&self, table: &str, later: Duration) -> bool {
        let which = self.of_day(table, later);
        !self.texts(&format!("SELECT 'one' FROM {table} WHERE {which} LIMIT 1")).is_empty()
    }

    /// The texts of a query.
    pub(crate) fn texts(&self, text: &str) -> Vec<String> {
        let connection = rusqlite::Connection::open(self.folder.join("history.db")).expect("a file");
        let mut statement = connection.prepare(text).expect("a query");
        let rows = statement.query_map([], |row| row.get(0)).expect("rows");
        rows.map(|text| text.expect("a text")).collect()
    }

    /// Deletes a number as `turno history forget` does.
    pub(crate) fn forgets(&self, number: &str) {
        let mut store = SqliteStore::new(&self.folder.join("history.db"), Duration::from_secs(1));
        let reason = Reason { who: "ana".to_owned(), why: "request 17".to_owned(), at: BEGIN };
        let done = store.transaction(&mut |sql| forget(sql, number, &reason).map(drop));
        done.expect("it is forgotten");
    }

    /// Puts back the database as it was.
    pub(crate) fn puts_back(&self, bytes: &[u8]) {
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(self.folder.join(format!("history.db{end}")));
        }
        fs::write(self.folder.join("history.db"), bytes).expect("it is written");
    }

    /// Changes the history by hand.
    pub(crate) fn by_hand(&self, text: &str) -> usize {
        let connection = rusqlite::Connection::open(self.folder.join("history.db")).expect("a file");
        connection.execute(text, []).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// The files with facts, in order.
    pub(crate) fn files(&self) -> usize {
        self.facts.len().div_ceil(FILE)
    }

    pub(crate) fn file(&self, number: usize) -> PathBuf {
        self.folder.join(file_name(Content::Facts, number as u64))
    }

    fn write_journal(&self) {
        let places = PlanIndex::of(&self.plan);
        let mut ledger = Ledger::new(Arc::clone(&self.plan), BEGIN);
        for (number, facts) in (1_u64..).zip(self.facts.chunks(FILE)) {
            let before = place((usize::try_from(number).expect("few") - 1) * FILE);
            let first = facts.first().expect("some").0;
            let mut writer = Writer::new(0);
            writer.facts_go_on(before);
            writer.begin(Content::Facts, number, if number == 1 { BEGIN } else { first });
            writer.places(first, &places).expect("it fits");
            for (at, fact) in facts {
                writer.facts(*at, [fact].into_iter()).expect("it fits");
                ledger.apply(*at, fact);
            }
            writer.last(facts.last().expect("some").0);
            fs::write(self.folder.join(file_name(Content::Facts, number)), writer.bytes()).expect("a file");
            let last = facts.last().expect("some").0;
            let mut checkpoint = Writer::new(0);
            checkpoint.facts_go_on(before.plus(facts.len() as u64));
            checkpoint.begin(Content::Checkpoint, number + 1, last);
            let mut fold = Fold::new();
            fold.set_books(ledger.form().into());
            fold.write(&mut checkpoint, last).expect("it fits");
            fs::write(self.folder.join(file_name(Content::Checkpoint, number + 1)), checkpoint.bytes())
                .expect("a file");
        }
    }

    fn write_history(&self) {
        let store = SqliteStore::new(&self.folder.join("history.db"), Duration::from_secs(1));
        let mut history = History::new(Box::new(store));
        history.open().expect("it opens");
        let names = Names::new(&self.plan, None);
        let mut number = 0;
        for facts in self.facts.chunks(211) {
            number += facts.len();
            history.take(&names, facts, place(number)).expect("it is written");
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn place(number: usize) -> Position {
    Position { run: BEGIN, number: number as u64 }
}

fn lived(plan: &Arc<Plan>, hours: u32) -> Facts {
    let apart = Duration::from_secs(900);
    let settings = WorldSettings {
        plan: Arc::clone(plan),
        seed: 7,
        begin: BEGIN,
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
        let scenario = Scenario::draw(u64::from(hour), plan).with_callers_from(1_000 * hour);
        for (at, action) in scenario.actions {
            // The names behind the facts are those of this plan.
            if !format!("{action:?}").contains("Edit") {
                world.schedule(apart * hour + at, action);
            }
        }
    }
    world.run_until(BEGIN + apart * hours);
    world.finish();
    world.tape().expect("it keeps one").facts().cloned().collect()
}
