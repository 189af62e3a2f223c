//! The history of a real turno that is killed while people call, and what an audit, the chain of days and the queue_log say of it.

use core::time::Duration;
use std::sync::Arc;

use turno_audit::chain::check;
use turno_audit::{Day, audit, zone_of};
use turno_ground::Moment;
use turno_history::store::Store;
use turno_history::{History, Names, SqliteStore, Value};
use turno_model::{Fact, Plan, Position};
use turno_queue_log::{LogNames, QueueLog};
use turno_tests::wire::{Server, Softphone};

/// Each kill comes this much later after the calls of its round.
const KILL_STEP: Duration = Duration::from_millis(45);

const KILLS: u32 = 8;

fn open(path: &std::path::Path) -> History {
    let mut history = History::new(Box::new(SqliteStore::new(path, Duration::from_secs(1))));
    history.open().expect("it opens");
    history
}

/// The answer to a question.
fn asked(store: &mut dyn Store, text: &str) -> Vec<Vec<Value>> {
    let mut found = Vec::new();
    let read = store.transaction(&mut |sql| {
        found = sql.rows(text, &[])?;
        Ok(())
    });
    read.expect("it is read");
    found
}

/// The rows, without the position and with all states booked until the same half hour.
fn rows(history: &mut History, names: &Names, facts: &[(Moment, Fact)]) -> Vec<String> {
    let last = facts.last().expect("facts").0;
    history.settle(names, last + Duration::from_secs(3600)).expect("it is written");
    let tables = asked(history.store(), "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
    let mut lines = Vec::new();
    for table in tables.iter().filter_map(|row| row[0].text()).filter(|table| *table != "history_position") {
        let rows = asked(history.store(), &format!("SELECT * FROM {table}"));
        let mut rows: Vec<String> = rows.iter().map(|row| format!("{table} {row:?}")).collect();
        rows.sort();
        lines.extend(rows);
    }
    lines
}

/// An audit of the day finds nothing, and the chain has the stop.
fn the_audit_agrees(server: &Server, plan: &Arc<Plan>, at: Moment) {
    let mut store = SqliteStore::new(&server.state().join("history.db"), Duration::from_secs(1));
    let day = Day::at(at, &zone_of(plan)).expect("a day");
    let audit = audit(plan, &server.state(), day, &mut store).expect("it can be done");
    let lines: Vec<String> = audit.found.differences.iter().map(ToString::to_string).collect();
    assert!(audit.found.agrees() && audit.found.rows > 20, "{}", lines.join("\n"));
    let chain = check(&server.state(), Some(&mut store), None).expect("the stop wrote a line");
    assert!(chain.faults.is_empty() && chain.days_of_facts > 0, "{chain:?}");
}

/// The live file has the lines of all facts since its begin, none of them twice.
fn the_queue_log_has_each_line_once(server: &Server, plan: &Plan, facts: &[(Moment, Fact)]) {
    let live = std::fs::read_to_string(server.state().join("queue_log")).expect("it is there");
    let (names, mut log, mut lines) = (LogNames::new(plan, None), QueueLog::default(), Vec::new());
    facts.iter().for_each(|(at, fact)| log.take(&names, *at, fact, &mut |line| lines.push(line)));
    let live: Vec<&str> = live.lines().collect();
    let entered = live.iter().filter(|line| line.contains("|ENTERQUEUE|")).count();
    assert_eq!(entered, 1 + KILLS as usize, "{live:#?}");
    assert_eq!(live, lines[lines.len() - live.len()..], "killed between the lines and their position");
}

#[test]
fn a_turno_that_is_killed_again_and_again_has_every_fact_in_its_history_once() {
    // Wound: a reporting database that lost or doubled calls at each restart of the switch.
    let mut server = Server::lab_kept_with(&[("[site]", "[exports]\nqueue_log = \"queue_log\"\n\n[site]")]);
    let mut agent = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let talk = line.calls("0991234567", "7000");
    line.is_answered(talk);
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    for kill in 0..KILLS {
        let waiting = line.calls(&format!("099222000{kill}"), "7001");
        line.is_answered(waiting);
        if kill % 2 == 0 {
            line.hangs_up(waiting);
        }
        let _ = server.has_ended(KILL_STEP * kill);
        server.kill_and_start_again();
    }
    line.hangs_up(talk);
    agent.is_hung_up_on();
    server.wait_until("the history has all", |now| {
        now.sum("turno_history_up", &[]) == 1.0
            && now.sum("turno_facts_behind", &["reader=\"history\""]) == 0.0
            && now.sum("turno_facts_behind", &["reader=\"queue_log\""]) == 0.0
            && now.sum("turno_history_facts_total", &[]) > 0.0
    });
    server.ask_to_stop();
    server.ends();
    let facts = server.journal();
    let (plan, _) = turno_config::load(&server.plan()).expect("the plan");
    let names = Names::new(&plan, None);
    let mut expected = open(&server.folder().join("expected.db"));
    let until = Position { run: Moment::default(), number: facts.len() as u64 };
    expected.take(&names, &facts, until).expect("it is written");
    let plan = Arc::new(plan);
    the_audit_agrees(&server, &plan, facts.last().expect("facts").0);
    the_queue_log_has_each_line_once(&server, &plan, &facts);
    let mut got = open(&server.state().join("history.db"));
    let contacts = asked(got.store(), "SELECT count(*) FROM v_contact");
    assert_eq!(contacts, [[Value::Int(1 + i64::from(KILLS))]]);
    assert_eq!(asked(got.store(), "SELECT * FROM gap").len(), 0);
    let (expected, got) = (rows(&mut expected, &names, &facts), rows(&mut got, &names, &facts));
    assert_eq!(expected.len(), got.len());
    for (expected, got) in expected.iter().zip(&got) {
        assert_eq!(expected, got);
    }
}
