//! Writes what is due into the folder, and removes what has been there for long enough.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use turno_ground::Moment;
use turno_history::report::{self, Question};
use turno_history::store::Store;
use turno_model::plan::{ReportsPlan, ScheduledReport};
use turno_model::{Language, Plan};
use turno_reports::{Due, due_since, render, scheduled_file};

use crate::reports::list::{Entry, List, State};

/// The group may read reports: they are for people.
const FILE_MODE: u32 = 0o640;

/// What one look at the schedule has done.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    /// Files that were written.
    pub(super) written: Vec<String>,
    /// Files whose time was over.
    pub(super) removed: Vec<String>,
    /// What did not work, in words.
    pub(super) failed: Vec<String>,
}

/// Writes every report that is due at `now` and not made yet.
pub(super) fn bring_up_to_date(plan: &Plan, store: &mut dyn Store, now: Moment) -> Done {
    let mut done = Done::default();
    let Some(folder) = &plan.reports.folder else { return done };
    if let Err(error) = write_all(plan, folder, (store, timestamp(now)), &mut done) {
        done.failed.push(format!("{}: {error}", folder.display()));
    }
    done
}

fn write_all(
    plan: &Plan,
    folder: &Path,
    (store, now): (&mut dyn Store, Timestamp),
    done: &mut Done,
) -> io::Result<()> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut list = List::read(folder)?;
    settle_begun(&mut list, folder)?;
    let zone = report::site_zone(plan);
    for scheduled in &plan.reports.schedule {
        for due in due_since(scheduled, list.made(&scheduled.name), now, &zone) {
            if is_old(&plan.reports, due.at, now) {
                continue;
            }
            let file = scheduled_file(scheduled, &due);
            match write(plan, (scheduled, &due), store, (folder, &mut list)) {
                Ok(()) => done.written.push(file),
                Err(why) => {
                    done.failed.push(format!("{file}: {why}"));
                    // The ones after it wait, so that none is left out.
                    break;
                }
            }
        }
    }
    remove_old(&plan.reports, now, (folder, &mut list), done)
}

/// After a crash: a file that was begun is made if it is there.
fn settle_begun(list: &mut List, folder: &Path) -> io::Result<()> {
    let begun = list.entries.iter().filter(|entry| entry.state == State::Begun);
    for entry in begun.cloned().collect::<Vec<_>>() {
        if folder.join(&entry.file).exists() {
            list.note(Entry { state: State::Made, ..entry })?;
        } else {
            list.forget(&entry.file)?;
        }
    }
    Ok(())
}

fn write(
    plan: &Plan,
    (scheduled, due): (&ScheduledReport, &Due),
    store: &mut dyn Store,
    (folder, list): (&Path, &mut List),
) -> Result<(), String> {
    let language = scheduled.language.or(plan.language).unwrap_or(Language::English);
    let question = Question { from: due.from, to: due.to, of: scheduled.of, by: scheduled.by };
    let report = report::make(store, &question, plan, language).map_err(|failure| failure.to_string())?;
    let bytes = render(&report, scheduled.format.into()).map_err(|why| why.to_string())?;
    let file = scheduled_file(scheduled, due);
    let entry = Entry { state: State::Begun, due: due.at, name: scheduled.name.clone(), file: file.clone() };
    let is_ours = list.entries.iter().any(|known| known.file == file && known.state == State::Made);
    let put = || -> io::Result<()> {
        let part = folder.join(format!(".{file}.part"));
        let _ = fs::remove_file(&part);
        let mut out = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(&part)?;
        let written = out.write_all(&bytes).and_then(|()| out.sync_all());
        let placed = written.and_then(|()| {
            // A file of somebody else stays.
            let flags = if is_ours { RenameFlags::empty() } else { RenameFlags::NOREPLACE };
            renameat_with(CWD, &part, CWD, folder.join(&file), flags).map_err(io::Error::from)
        });
        if placed.is_err() {
            let _ = fs::remove_file(&part);
        }
        placed
    };
    if !is_ours {
        list.note(entry.clone()).map_err(|error| error.to_string())?;
    }
    match put() {
        Ok(()) => list.note(Entry { state: State::Made, ..entry }).map_err(|error| error.to_string()),
        Err(error) => {
            if !is_ours {
                let _ = list.forget(&file);
            }
            let why = if error.kind() == io::ErrorKind::AlreadyExists {
                "a file of this name is there, and turno has not written it".to_owned()
            } else {
                error.to_string()
            };
            Err(why)
        }
    }
}

/// Removes files of the list whose time is over.
fn remove_old(
    reports: &ReportsPlan,
    now: Timestamp,
    (folder, list): (&Path, &mut List),
    done: &mut Done,
) -> io::Result<()> {
    let old = list.entries.iter().filter(|entry| entry.state == State::Made);
    let old = old.filter(|entry| is_old(reports, entry.due, now));
    for entry in old.cloned().collect::<Vec<_>>() {
        match fs::remove_file(folder.join(&entry.file)) {
            Ok(()) => done.removed.push(entry.file.clone()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                done.failed.push(format!("{} can't be removed: {error}", entry.file));
                continue;
            }
        }
        list.note(Entry { state: State::Removed, ..entry })?;
    }
    Ok(())
}

/// Whether a report that was due then is not kept any more.
fn is_old(reports: &ReportsPlan, due: Timestamp, now: Timestamp) -> bool {
    let kept = reports.kept.and_then(|kept| SignedDuration::try_from(kept).ok());
    kept.is_some_and(|kept| now.duration_since(due) > kept)
}

fn timestamp(now: Moment) -> Timestamp {
    let micros = i64::try_from(now.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)
}
