//! `turno report` as a person uses it: tables, files for programs, a workbook and a page.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use turno_ground::{Moment, Pii};
use turno_history::{History, Names, SqliteStore};
use turno_model::{Channel, ContactId, ContactOutcome, EndedBy, Fact, Position, QueueId};

/// 24 November 2026, 14:29 UTC.
const MORNING: Moment = Moment::from_secs(1_795_530_540);

const NUMBER: &str = "0991234567";

struct Folder(PathBuf);

impl Folder {
    /// A journal's folder with the history of a caller who gave up after 25 s.
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("turno-report-cli-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).expect("a folder");
        let store = SqliteStore::new(&path.join("history.db"), Duration::from_secs(1));
        let mut history = History::new(Box::new(store));
        history.open().expect("it opens");
        let (plan, _) = turno_config::load(&site()).expect("the plan");
        let (contact, queue, waited) = (ContactId(1), QueueId(0), Duration::from_secs(25));
        let arrived = Fact::ContactArrived {
            contact,
            channel: Channel::Voice,
            from: Pii(NUMBER.into()),
            dialled: "7000".into(),
            trunk: None,
        };
        let ended = Fact::ContactEnded {
            contact,
            queue,
            outcome: ContactOutcome::Abandoned,
            by: EndedBy::Caller,
            waited,
        };
        let facts = [
            (MORNING, arrived),
            (MORNING, Fact::Queued { contact, queue, priority: 0, position: 1 }),
            (MORNING + waited, ended),
        ];
        let until = Position { run: MORNING, number: 3 };
        history.take(&Names::new(&plan, None), &facts, until).expect("it is written");
        Self(path)
    }

    fn turno(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turno"));
        command.arg("report").args(words).args(["--day", "2026-11-24", "--language", "en"]);
        command.arg("--plan").arg(site()).arg("--state").arg(&self.0).output().expect("turno starts")
    }

    fn says(&self, words: &[&str]) -> String {
        let output = self.turno(words);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("a text")
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

#[test]
fn a_report_is_a_table_a_page_a_workbook_or_text_for_programs() {
    let folder = Folder::new("forms");
    let table = folder.says(&[]);
    assert!(table.starts_with("queue") && table.contains("abandoned ≤ 10 s"), "{table}");
    let csv = folder.says(&["--of", "line", "--by", "half-hour", "--format", "csv"]);
    let (head, row) = csv.split_once("\r\n").expect("two lines");
    let place = head.split(',').position(|key| key == "abandoned_to_30").expect("a column");
    assert_eq!(row.trim_end().split(',').nth(place), Some("1"), "{csv}");
    let page = folder.0.join("page.html");
    assert_eq!(folder.says(&["--format", "html", "--output", &page.display().to_string()]), "");
    assert!(fs::read_to_string(&page).expect("the page").contains("</html>"));
    let book = folder.0.join("book.xlsx");
    folder.says(&["--format", "xlsx", "-o", &book.display().to_string()]);
    assert!(fs::read(&book).expect("the workbook").starts_with(b"PK"));
}

#[test]
fn the_numbers_of_people_are_shown_by_the_word_callers_alone() {
    let folder = Folder::new("callers");
    for (of, _) in turno_model::plan::ReportOf::WORDS {
        let output = folder.turno(&["--of", of, "--format", "json"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(text.contains(NUMBER), of == "callers", "{of}: {text}");
    }
}

#[test]
fn what_cannot_be_made_is_said() {
    // Bad input.
    let folder = Folder::new("bad");
    for (words, said) in [
        (&["--of", "queue"][..], "one of line, queues, agents"),
        (&["--by", "year"], "one of half-hour"),
        (&["--output", "/nowhere/at/all"], "/nowhere/at/all"),
    ] {
        let output = folder.turno(words);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && text.contains(said), "{words:?}: {text}");
    }
}
