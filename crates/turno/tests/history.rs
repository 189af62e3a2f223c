//! `turno history` as a person uses it: status, one person's data, and a day that DuckDB reads.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use turno_ground::{Moment, Pii};
use turno_history::{History, Names, SqliteStore};
use turno_model::{
    AgentId, AgentState, AuxReason, Channel, ContactId, ContactOutcome, EndedBy, Fact, Position, QueueId,
};

/// 24 November 2026, 14:29 UTC, which is 09:29 in Quito.
const MORNING: Moment = Moment::from_secs(1_795_530_540);

struct Folder(PathBuf);

impl Folder {
    /// A journal's folder with the history of three callers.
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("turno-history-cli-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).expect("a folder");
        let store = SqliteStore::new(&path.join("history.db"), Duration::from_secs(1));
        let mut history = History::new(Box::new(store));
        history.open().expect("it opens");
        let (plan, _) = turno_config::load(&site()).expect("the plan");
        let facts = facts();
        let until = Position { run: MORNING, number: facts.len() as u64 };
        history.take(&Names::new(&plan, None), &facts, until).expect("it is written");
        Self(path)
    }

    fn turno(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turno"));
        command.arg("history").args(words).arg("--plan").arg(site()).arg("--state").arg(&self.0);
        command.output().expect("turno starts")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn site() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/lab")
}

fn facts() -> Vec<(Moment, Fact)> {
    let queue = QueueId(0);
    let mut facts = Vec::new();
    let mut tell = |seconds: u64, fact| facts.push((MORNING + Duration::from_secs(seconds), fact));
    let (off, aux) = (AgentState::LoggedOut, AgentState::Aux(AuxReason::LoggedIn));
    tell(0, Fact::AgentChanged { agent: AgentId(0), from: off, to: aux });
    for (contact, from) in [(1, "0991234567"), (2, "0987654321"), (3, "0991234567")] {
        let (id, at) = (ContactId(contact), contact * 10);
        let from = Pii(from.into());
        let dialled = "1800510510".into();
        tell(at, Fact::ContactArrived { contact: id, channel: Channel::Voice, from, dialled, trunk: None });
        tell(at, Fact::Queued { contact: id, queue, priority: 0, position: 1 });
        let (outcome, by, waited) = (ContactOutcome::Abandoned, EndedBy::Caller, Duration::from_secs(7));
        tell(at + 7, Fact::ContactEnded { contact: id, queue, outcome, by, waited });
    }
    tell(90, Fact::AgentChanged { agent: AgentId(0), from: aux, to: off });
    facts
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_person_is_exported_and_forgotten_and_the_audit_says_so() {
    let folder = Folder::new("person");
    let status = folder.turno(&["status"]);
    assert!(
        status.status.success() && said(&status).contains("contact                    3 rows"),
        "{}",
        said(&status)
    );
    let export = folder.turno(&["export", "--number", "0991234567"]);
    let text = said(&export);
    assert!(export.status.success(), "{text}");
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with('{')).collect();
    assert_eq!(lines.iter().filter(|line| line.contains("\"table\":\"contact\"")).count(), 2, "{text}");
    assert_eq!(lines.iter().filter(|line| line.contains("\"table\":\"visit\"")).count(), 2, "{text}");
    assert!(!text.contains("0987654321"), "somebody else is in it: {text}");
    let forget = folder.turno(&["forget", "--number", "0991234567", "--why", "request 17"]);
    assert!(forget.status.success() && said(&forget).contains("2 rows had the number"), "{}", said(&forget));
    let again = folder.turno(&["export", "--number", "0991234567"]);
    assert_eq!(again.status.code(), Some(6), "{}", said(&again));
    let status = said(&folder.turno(&["status"]));
    assert!(status.contains("history_audit              3 rows"), "{status}");
    for file in ["history.db", "history.db-wal"] {
        let bytes = fs::read(folder.0.join(file)).unwrap_or_default();
        let found = bytes.windows(10).any(|part| part == b"0991234567");
        assert!(!found, "the number is still in {file}");
    }
}

#[test]
fn what_is_not_there_and_what_is_no_day_is_said() {
    // Bad input.
    let folder = Folder::new("wrong");
    let no_day = folder.turno(&["parquet", "yesterday", "--to", "x"]);
    assert!(!no_day.status.success() && said(&no_day).contains("is no day"), "{}", said(&no_day));
    fs::remove_file(folder.0.join("history.db")).expect("it is there");
    let nothing = folder.turno(&["status"]);
    assert_eq!(nothing.status.code(), Some(6), "{}", said(&nothing));
    assert!(!folder.0.join("history.db").exists(), "a question must not make a database");
}

/// The Python with the packages that `make test` installs, or the system's.
fn python() -> &'static str {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/python/bin/python3");
    if std::path::Path::new(own).is_file() { own } else { "python3" }
}

#[test]
fn a_day_is_read_by_duckdb() {
    let folder = Folder::new("parquet");
    let to = folder.0.join("day");
    let written = folder.turno(&["parquet", "2026-11-24", "--to", &to.display().to_string()]);
    assert!(written.status.success(), "{}", said(&written));
    let question = "import duckdb, sys; folder = sys.argv[1]
one = lambda text: print(duckdb.sql(text.replace('FOLDER', folder)).fetchall())
one(\"SELECT contact, caller, outcome, waited_ms, CAST(arrived_us AS VARCHAR), answered_us FROM 'FOLDER/v_contact.parquet' ORDER BY contact\")
one(\"SELECT sum(abandoned), sum(answered), max(abandon_wait_ms) FROM 'FOLDER/v_interval_queue.parquet'\")
one(\"SELECT kind, span_ms, agent FROM 'FOLDER/v_segment.parquet' ORDER BY contact LIMIT 1\")
one(\"SELECT agent IS NOT NULL, state, span_ms FROM 'FOLDER/v_agent_state.parquet' ORDER BY began_us LIMIT 1\")
one(\"SELECT count(*) FROM 'FOLDER/v_survey.parquet'\")";
    let answer = Command::new(python()).arg("-c").arg(question).arg(&to).env("TZ", "UTC").output();
    let answer = answer.expect("python3 is installed");
    let text = said(&answer);
    if text.contains("No module named 'duckdb'") {
        eprintln!("DuckDB is not installed (pip install duckdb): its test is left out");
        return;
    }
    assert!(answer.status.success(), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].contains("(1, '0991234567', 'abandoned', 7000, '2026-11-24 14:29:10+00', None)"),
        "{text}"
    );
    assert_eq!(lines[1], "[(3, 0, 21000)]", "{text}");
    assert_eq!(lines[2], "[('queue', 7000, None)]", "{text}");
    assert_eq!(lines[3], "[(True, 'aux', 90000)]", "{text}");
    assert_eq!(lines[4], "[(0,)]", "{text}");
}
