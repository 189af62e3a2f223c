//! Checks the chain: each line with the one before, and with the facts and rows that are still there.

use std::path::Path;

use jiff::civil::Date;
use turno_history::day_rows::Class;
use turno_history::store::Store;
use turno_model::Position;

use crate::cannot::Cannot;
use crate::chain::file::ChainFile;
use crate::chain::keeping::facts_of;
use crate::chain::line::{Entry, FactsMark, Line, RowsMark, is_whole};
use crate::folder::FactFolder;

/// What was checked, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many lines there are.
    pub lines: u64,
    /// Days whose facts are still there, and were compared.
    pub days_of_facts: u64,
    /// Lists of rows that are still there, and were compared.
    pub lists_of_rows: u64,
    /// What is wrong, in words.
    pub faults: Vec<String>,
    /// What could not be compared, or is worth knowing.
    pub notes: Vec<String>,
    /// The hash of the last line; empty: there is none.
    pub head: String,
}

/// Checks the chain of a journal's folder. `head` is a hash that was kept elsewhere: it must be that of a line.
///
/// # Errors
/// [`Cannot`]: there is no chain, or something can't be read.
pub fn check(folder: &Path, store: Option<&mut dyn Store>, head: Option<&str>) -> Result<Checked, Cannot> {
    let unreadable = |error: std::io::Error| Cannot::new(format!("the chain can't be read: {error}"));
    let text = ChainFile::new(folder).text().map_err(unreadable)?;
    if text.is_empty() {
        return Err(Cannot::new(
            "there is no chain: a day that is over gets its first line while turno runs",
        ));
    }
    let mut checked = Checked::default();
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    if whole < text.len() {
        checked
            .notes
            .push("the last line is half: turno was killed while it wrote, and writes it anew".to_owned());
    }
    let (lines, hashes) = chained(&text[..whole], &mut checked);
    if let Some(head) = head.filter(|head| !hashes.iter().any(|hash| hash == head)) {
        checked.faults.push(format!("no line has the hash {head}: lines were removed or written anew"));
    }
    checked.head = hashes.last().cloned().unwrap_or_default();
    facts(&FactFolder::new(folder), &lines, &mut checked)?;
    if let Some(store) = store {
        rows(store, &lines, &mut checked)?;
    }
    Ok(checked)
}

/// The lines that can be read, and the hashes of all: each line must have its own hash and that of the line before.
fn chained(text: &str, checked: &mut Checked) -> (Vec<Line>, Vec<String>) {
    let (mut lines, mut hashes): (Vec<Line>, Vec<String>) = (Vec::new(), Vec::new());
    let mut last_day: Option<Date> = None;
    for (number, text) in (1_u64..).zip(text.lines()) {
        checked.lines = number;
        let Some((line, hash)) = Line::read(text) else {
            checked.faults.push(format!("line {number} can't be read"));
            hashes.push(String::new());
            continue;
        };
        if !is_whole(text) {
            checked.faults.push(format!("line {number} was changed: it does not have its own hash"));
        }
        if line.line != number || Some(&line.previous) != hashes.last().or(Some(&String::new())) {
            checked.faults.push(format!(
                "line {number} does not follow the line before: one was removed, added or moved"
            ));
        }
        if let Entry::Day { day, .. } = &line.entry {
            let day: Option<Date> = day.parse().ok();
            if last_day >= day {
                checked.faults.push(format!("line {number}: its day is not after the day before"));
            }
            last_day = day;
        }
        hashes.push(hash);
        lines.push(line);
    }
    (lines, hashes)
}

fn facts(folder: &FactFolder, lines: &[Line], checked: &mut Checked) -> Result<(), Cannot> {
    let oldest = folder.oldest().map_err(Cannot::journal)?;
    let mut gone: Vec<&str> = Vec::new();
    for line in lines {
        let (day, from, until, mark) = match &line.entry {
            Entry::Day { day, from, until, facts, .. } => (day, *from, *until, facts),
            // A fact of the same day may have come later.
            Entry::Stop { day, from, facts } => {
                (day, *from, turno_ground::Moment::from_micros(u64::MAX), facts)
            }
            Entry::Kept { .. } | Entry::Forgotten { .. } => continue,
        };
        if oldest.is_none_or(|oldest| oldest.before >= mark.first) {
            gone.push(day);
            continue;
        }
        let last: Option<Position> = matches!(line.entry, Entry::Stop { .. }).then_some(mark.last);
        let found = facts_of(folder, (from, until), last).map_err(Cannot::journal)?;
        checked.days_of_facts += 1;
        if found.as_ref() != Some(mark) {
            checked.faults.push(format!(
                "line {}, facts of {day}: {}",
                line.line,
                differing(mark, found.as_ref())
            ));
        }
    }
    if let Some((first, last)) = gone.first().zip(gone.last()) {
        checked.notes.push(format!("the facts of {first} to {last} are no longer in the journal"));
    }
    Ok(())
}

fn differing(mark: &FactsMark, found: Option<&FactsMark>) -> String {
    let Some(found) = found else { return format!("the chain has {}, and there are none", mark.count) };
    if found.count == mark.count {
        return format!("all {} are there, and not as they were", mark.count);
    }
    format!("the chain has {}, and there are {}", mark.count, found.count)
}

fn rows(store: &mut dyn Store, lines: &[Line], checked: &mut Checked) -> Result<(), Cannot> {
    for line in lines {
        let Entry::Day { day, from, until, contacts, states, intervals, .. } = &line.entry else { continue };
        for (class, mark) in Class::ALL.into_iter().zip([contacts, states, intervals]) {
            if is_deleted(lines, class, mark) {
                checked
                    .notes
                    .push(format!("{} of {day} were kept for long enough, and are deleted", class.word()));
                continue;
            }
            let mut found = None;
            let read = store.transaction(&mut |sql| {
                found = Some(class.finished(sql, *from, *until)?);
                Ok(())
            });
            read.map_err(Cannot::database)?;
            checked.lists_of_rows += 1;
            let Some(found) = found.map(RowsMark::from) else { continue };
            if found.hash != mark.hash {
                checked.faults.push(format!(
                    "line {}, {} of {day}: the rows of the history are not as they were ({} rows then, {} now)",
                    line.line,
                    class.word(),
                    mark.rows,
                    found.rows
                ));
            }
        }
    }
    Ok(())
}

/// Whether a line says that rows of this age were deleted.
fn is_deleted(lines: &[Line], class: Class, mark: &RowsMark) -> bool {
    let Some(since) = mark.since else { return false };
    lines.iter().any(|line| match &line.entry {
        Entry::Kept { class: deleted, before } => deleted == class.word() && *before > since,
        Entry::Day { .. } | Entry::Stop { .. } | Entry::Forgotten { .. } => false,
    })
}
