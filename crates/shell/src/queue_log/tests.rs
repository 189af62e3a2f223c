//! Tests of the live file: killed, renamed and damaged between any two lines.

use std::path::PathBuf;
use std::sync::Arc;

use prometheus::Registry;
use turno_history::checks::{facts, place, plan};
use turno_queue_log::{LogNames, QueueLog};

use super::file::LogFile;
use super::opening::start;
use crate::facts::batch::Batch;
use crate::facts::live::ROOM;
use crate::facts::stream::FactStream;
use crate::metrics::facts::FactsMeters;
use crate::reload::current_plan::CurrentPlan;

struct House {
    folder: PathBuf,
}

impl House {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("turno-queue-log-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).expect("a folder");
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.join("queue_log")
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }

    /// A turno that writes the facts from where the file is, as far as `until`.
    fn lives(&self, until: usize) -> LogFile {
        let mut file = LogFile::open(&self.path()).expect("nobody else has it");
        let (position, mut log) = file.state().unwrap_or((place(0), QueueLog::default()));
        let begin = usize::try_from(position.number).expect("few facts");
        for number in begin..until {
            append(&mut file, &mut log, number);
        }
        file
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn append(file: &mut LogFile, log: &mut QueueLog, number: usize) {
    let names = LogNames::new(&plan(), None);
    let (at, fact) = &facts()[number];
    let mut lines = String::new();
    log.take(&names, *at, fact, &mut |line| lines = format!("{lines}{line}\n"));
    file.append(&lines, place(number + 1), log).expect("it is written");
}

/// What a turno writes that nobody disturbs.
fn whole() -> String {
    let (names, mut log, mut lines) = (LogNames::new(&plan(), None), QueueLog::default(), String::new());
    for (at, fact) in facts() {
        log.take(&names, at, &fact, &mut |line| lines = format!("{lines}{line}\n"));
    }
    lines
}

#[test]
fn a_kill_between_the_lines_and_their_position_doubles_and_loses_nothing() {
    for kill in 0..facts().len() {
        let house = House::new("kill");
        drop(house.lives(kill));
        let before = std::fs::read(house.folder.join("queue_log.position")).ok();
        drop(house.lives(kill + 1));
        // The lines of the last fact are in the file, or half of them, and their position is not.
        let Some(before) = before else { continue };
        std::fs::write(house.folder.join("queue_log.position"), before).expect("it is written");
        let text = house.text("queue_log");
        if kill % 2 == 0 && !text.is_empty() {
            std::fs::write(house.path(), format!("{}179", text)).expect("it is written");
        }
        drop(house.lives(facts().len()));
        assert_eq!(house.text("queue_log"), whole(), "killed at {kill}");
    }
}

#[test]
fn a_file_that_is_renamed_is_followed_and_its_last_lines_are_not_written_again() {
    for kill in 1..facts().len() {
        let house = House::new("renamed");
        let file = house.lives(kill);
        let before = std::fs::read(house.folder.join("queue_log.position")).expect("it is there");
        drop(file);
        drop(house.lives((kill + 3).min(facts().len())));
        // Killed, and renamed while it is down: the lines behind the position are in the renamed file.
        std::fs::write(house.folder.join("queue_log.position"), before).expect("it is written");
        std::fs::rename(house.path(), house.folder.join("queue_log.1")).expect("it is there");
        drop(house.lives(facts().len()));
        assert_eq!(house.text("queue_log.1") + &house.text("queue_log"), whole(), "killed at {kill}");
    }
    let house = House::new("renamed-live");
    let mut file = house.lives(12);
    let (_, mut log) = file.state().expect("it has written");
    std::fs::rename(house.path(), house.folder.join("queue_log.1")).expect("it is there");
    (12..facts().len()).for_each(|number| append(&mut file, &mut log, number));
    assert!(!house.text("queue_log.1").is_empty() && !house.text("queue_log").is_empty());
    assert_eq!(house.text("queue_log.1") + &house.text("queue_log"), whole());
}

#[test]
fn two_processes_never_write_the_file_at_once() {
    let house = House::new("two");
    let first = house.lives(3);
    let refused = LogFile::open(&house.path()).expect_err("the first one has it");
    assert_eq!(refused.kind(), std::io::ErrorKind::WouldBlock);
    drop(first);
    drop(house.lives(facts().len()));
    assert_eq!(house.text("queue_log"), whole());
}

#[test]
fn the_thread_writes_what_happens_and_goes_on_after_a_stop() {
    let house = House::new("thread");
    let registry = Registry::new();
    let stream = Arc::new(FactStream::new(place(0), None, FactsMeters::new(&registry), ROOM));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let starts = || {
        let of_facts = (Arc::clone(&stream), CurrentPlan::new(&plan()));
        start(house.path(), of_facts, runtime.handle().clone()).expect("a thread")
    };
    starts().ends();
    for (from, to) in [(0, 10), (10, 11), (11, facts().len())] {
        let running = starts();
        stream.take(Batch::new(place(from), Arc::new(facts()[from..to].to_vec())));
        running.ends();
    }
    assert_eq!(house.text("queue_log"), whole());
}

#[test]
fn the_plan_says_where_the_file_is() {
    let at = |file: Option<&str>, state: Option<&str>| {
        let exports = turno_model::plan::ExportsPlan { queue_log: file.map(PathBuf::from) };
        let plan = turno_model::Plan { exports, ..turno_model::sample::plan() };
        super::opening::place_of(&plan, state.map(std::path::Path::new))
    };
    assert_eq!(at(None, Some("/s")), None);
    assert_eq!(at(Some("queue_log"), Some("/s")), Some("/s/queue_log".into()));
    assert_eq!(at(Some("/var/log/queue_log"), Some("/s")), Some("/var/log/queue_log".into()));
    assert_eq!(at(Some("queue_log"), None), None);
}
