//! Reports by schedule, in a folder of their own.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use core::time::Duration;

use jiff::civil::Time;
use turno_ground::Moment;
use turno_history::checks::{self, place};
use turno_history::{History, Names, SqliteStore};
use turno_model::Plan;
use turno_model::plan::{
    ReportBy, ReportEvery, ReportFormat, ReportOf, ReportSpan, ReportsPlan, ScheduledReport,
};

use super::writing::{Done, bring_up_to_date};

const DAY: Duration = Duration::from_hours(24);

/// A folder with a history of a small day, and a plan with one daily report.
struct House {
    folder: PathBuf,
    plan: Plan,
    store: SqliteStore,
}

impl House {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("turno-scheduled-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).expect("a folder");
        let store = || SqliteStore::new(&folder.join("history.db"), Duration::from_secs(1));
        let plan = checks::plan();
        let mut history = History::new(Box::new(store()));
        history.open().expect("it opens");
        let facts = checks::facts();
        history.take(&Names::new(&plan, None), &facts, place(facts.len())).expect("it is written");
        let daily = ScheduledReport {
            name: "daily".to_owned(),
            of: ReportOf::Queues,
            by: ReportBy::Day,
            format: ReportFormat::Csv,
            every: ReportEvery::Day,
            at: Time::constant(6, 0, 0, 0),
            span: ReportSpan::Yesterday,
            language: None,
        };
        let reports = ReportsPlan {
            folder: Some(folder.join("out")),
            kept: Some(DAY * 3),
            schedule: vec![daily],
            ..ReportsPlan::default()
        };
        let plan = Plan { reports, ..Arc::unwrap_or_clone(plan) };
        Self { store: store(), plan, folder }
    }

    fn looks(&mut self, now: Moment) -> Done {
        bring_up_to_date(&self.plan, &mut self.store, now)
    }

    fn files(&self) -> Vec<String> {
        let names = fs::read_dir(self.folder.join("out")).expect("the folder");
        let mut names: Vec<String> =
            names.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The day after the small day, in the afternoon.
fn afternoon() -> Moment {
    checks::MORNING + DAY
}

#[test]
fn a_report_is_written_once_and_missed_ones_are_made_up_for() {
    let mut house = House::new("once");
    let first = house.looks(afternoon());
    assert!(first.failed.is_empty() && first.written.len() == 1, "{first:?}");
    let text = fs::read_to_string(house.folder.join("out").join(&first.written[0])).expect("the report");
    assert!(text.starts_with("time,queue,offered") && text.lines().count() > 1, "{text}");
    assert_eq!(house.looks(afternoon()), Done::default(), "it is made once");
    // turno was off for two days.
    let later = house.looks(afternoon() + DAY * 2);
    assert_eq!(later.written.len(), 2, "{later:?}");
    assert_eq!(house.files().len(), 4, "three reports and the list");
    // A person takes one away: it does not come back.
    fs::remove_file(house.folder.join("out").join(&later.written[1])).expect("it is there");
    assert!(house.looks(afternoon() + DAY * 2).written.is_empty());
}

#[test]
fn turno_removes_its_own_files_when_their_time_is_over_and_no_others() {
    let mut house = House::new("old");
    let first = house.looks(afternoon());
    let mine = house.folder.join("out").join("daily-2020-01-01.csv");
    fs::write(&mine, "mine").expect("a file");
    // Bad input: somebody who may write into the folder names a file elsewhere.
    let list = house.folder.join("out/.turno-reports");
    let text = fs::read_to_string(&list).expect("the list");
    let other = house.folder.join("other");
    fs::write(&other, "other").expect("a file");
    fs::write(&list, format!("{text}made\t2020-01-01T00:00:00Z\tdaily\tdaily-/../../other\nno line\n"))
        .expect("the list");
    let later = house.looks(afternoon() + DAY * 4);
    assert_eq!(later.removed, first.written);
    assert!(mine.exists() && other.exists(), "they are not turno's");
    let again = house.looks(afternoon() + DAY * 4);
    assert_eq!(again, Done::default(), "what was removed is not made again");
}

#[test]
fn a_file_of_somebody_else_is_never_overwritten() {
    let mut house = House::new("theirs");
    let name = house.looks(afternoon()).written[0].clone();
    let _ = fs::remove_file(house.folder.join("out/.turno-reports"));
    fs::write(house.folder.join("out").join(&name), "theirs").expect("a file");
    let again = house.looks(afternoon());
    assert!(again.written.is_empty() && again.failed[0].contains("turno has not written it"), "{again:?}");
    assert_eq!(fs::read_to_string(house.folder.join("out").join(&name)).expect("it stays"), "theirs");
    assert_eq!(house.files().len(), 2, "nothing half written stays");
}

#[test]
fn a_folder_that_is_gone_is_said_and_tried_again() {
    // Bad input.
    let mut house = House::new("gone");
    house.plan.reports.folder = Some(house.folder.join("away/out"));
    let refused = house.looks(afternoon());
    assert!(refused.written.is_empty() && refused.failed.len() == 1, "{refused:?}");
    fs::create_dir(house.folder.join("away")).expect("it comes back");
    assert_eq!(house.looks(afternoon()).written.len(), 1);
}

#[test]
fn a_crash_before_or_after_the_rename_leaves_one_report() {
    let mut house = House::new("crash");
    let name = house.looks(afternoon()).written[0].clone();
    let (list, file) = (house.folder.join("out/.turno-reports"), house.folder.join("out").join(&name));
    let made = fs::read_to_string(&list).expect("the list");
    // After the rename: the file is there, and only begun in the list.
    fs::write(&list, made.replace("made\t", "begun\t")).expect("the list");
    assert_eq!(house.looks(afternoon()), Done::default());
    // Before it: a part is there, and the file is not.
    fs::write(&list, made.replace("made\t", "begun\t")).expect("the list");
    fs::rename(&file, house.folder.join("out").join(format!(".{name}.part"))).expect("it is there");
    assert_eq!(house.looks(afternoon()).written, std::slice::from_ref(&name));
    assert_eq!(house.files(), [".turno-reports".to_owned(), name]);
}

#[test]
fn without_a_history_nothing_is_written_and_it_is_said() {
    // Bad input: the file is of another program.
    let mut house = House::new("foreign");
    house.store = SqliteStore::new(&house.folder.join("none/history.db"), Duration::ZERO);
    let refused = house.looks(afternoon());
    assert!(refused.written.is_empty() && refused.failed.len() == 1, "{refused:?}");
}
