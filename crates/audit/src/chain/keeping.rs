//! Writes the chain: for the writer of the history, when its rows are up to date.

use core::fmt;
use core::ops::ControlFlow;
use core::time::Duration;
use std::io;
use std::path::Path;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use turno_ground::Moment;
use turno_history::day_rows::Class;
use turno_history::store::Store;
use turno_history::{Failure, Kept};

use crate::chain::file::{ChainFile, Head};
use crate::chain::line::{Entry, FactsMark, Line, RowsMark, hex};
use crate::day::Day;
use crate::folder::{FactFolder, Seen};

/// How long after its end a day gets its line: no fact of the day may come later.
const AFTER: Duration = Duration::from_secs(90);

/// A line about deleted rows covers this much more, so that there is one a day.
const A_DAY: Duration = Duration::from_hours(24);

/// Days without facts that are passed over at once.
const DAYS_MAX: usize = 4_000;

/// Writes the chain of a journal's folder.
#[derive(Debug)]
pub struct ChainKeeper {
    file: ChainFile,
    facts: FactFolder,
    /// Nothing is to be done before.
    next: Moment,
}

/// Why a line was not written.
#[derive(Debug)]
pub enum Unwritten {
    /// A file.
    File(io::Error),
    /// The database.
    Database(Failure),
}

impl fmt::Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(f, "{error}"),
            Self::Database(failure) => write!(f, "{failure}"),
        }
    }
}

impl core::error::Error for Unwritten {}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl From<Failure> for Unwritten {
    fn from(failure: Failure) -> Self {
        Self::Database(failure)
    }
}

impl ChainKeeper {
    /// The chain in this folder.
    pub fn new(folder: &Path) -> Self {
        Self { file: ChainFile::new(folder), facts: FactFolder::new(folder), next: Moment::default() }
    }

    /// Writes a line for each day that is over and has none. The history must be up to date. Returns the last line, if one was
    /// written.
    ///
    /// # Errors
    /// [`Unwritten`]; the next call goes on.
    pub fn close_days(
        &mut self,
        store: &mut dyn Store,
        zone: &TimeZone,
        now: Moment,
    ) -> Result<Option<Head>, Unwritten> {
        if now < self.next {
            return Ok(None);
        }
        let mut head = self.note_forgotten(store, now)?;
        let Some(present) = Day::at(now, zone) else { return Ok(head) };
        for _ in 0..DAYS_MAX {
            let Some(day) = self.next_day(zone)?.filter(|day| day.until + AFTER <= now) else { break };
            match self.close(store, &day, now)? {
                Some(written) => head = Some(written),
                None => break,
            }
        }
        self.next = if present.from + AFTER > now { present.from + AFTER } else { present.until + AFTER };
        Ok(head)
    }

    /// Writes a line about the facts of the day so far.
    ///
    /// # Errors
    /// [`Unwritten`].
    pub fn stop(&mut self, zone: &TimeZone, now: Moment) -> Result<Option<Head>, Unwritten> {
        let Some(day) = Day::at(now, zone) else { return Ok(None) };
        let Some(facts) = facts_of(&self.facts, (day.from, day.until), None)? else { return Ok(None) };
        let entry = Entry::Stop { day: day.date.to_string(), from: day.from, facts };
        let is_known = |known: &[Line]| known.last().is_some_and(|line| line.entry == entry);
        Ok(self.file.append(now, |known| (!is_known(known)).then(|| entry.clone()))?)
    }

    /// Writes a line about rows that are about to be deleted because they were kept for long enough.
    ///
    /// # Errors
    /// [`Unwritten`]: they should not be deleted then.
    pub fn deletes(
        &mut self,
        store: &mut dyn Store,
        kept: Kept,
        now: Moment,
    ) -> Result<Option<Head>, Unwritten> {
        let mut head = self.note_forgotten(store, now)?;
        let spans = [
            (Class::Contacts, kept.contacts),
            (Class::States, kept.states),
            (Class::Intervals, kept.intervals),
        ];
        for (class, span) in spans {
            let before = Moment::from_micros(now.as_micros().saturating_sub(micros(span)));
            let mut is_due = false;
            store.transaction(&mut |sql| {
                is_due = class.has_older(sql, before)?;
                Ok(())
            })?;
            if !is_due {
                continue;
            }
            let entry = Entry::Kept { class: class.word().to_owned(), before: before + A_DAY };
            let written = self.file.append(now, |known| {
                let is_noted = known.iter().any(|line| match &line.entry {
                    Entry::Kept { class: noted, before: until } => noted == class.word() && *until >= before,
                    Entry::Day { .. } | Entry::Stop { .. } | Entry::Forgotten { .. } => false,
                });
                (!is_noted).then_some(entry)
            })?;
            head = written.or(head);
        }
        Ok(head)
    }

    /// Writes a line for each number that was deleted and has none.
    fn note_forgotten(&self, store: &mut dyn Store, now: Moment) -> Result<Option<Head>, Unwritten> {
        let mut forgotten = Vec::new();
        store.transaction(&mut |sql| {
            let text = "SELECT id, at_us, who, why, row_count FROM history_audit WHERE what = 'forget' ORDER BY at_us, id";
            forgotten = sql.rows(text, &[])?;
            Ok(())
        })?;
        let mut head = None;
        for row in forgotten {
            let [id, when, who, why, rows] = row.as_slice() else { continue };
            let text = |value: &turno_history::Value| value.text().unwrap_or_default().to_owned();
            let entry = Entry::Forgotten {
                id: text(id),
                when: when.moment().unwrap_or_default(),
                who: text(who),
                why: text(why),
                rows: rows.int().unwrap_or(0),
            };
            let written = self.file.append(now, |known| {
                (!known.iter().any(|line| line.entry == entry)).then(|| entry.clone())
            })?;
            head = written.or(head);
        }
        Ok(head)
    }

    /// The first day that has no line and may have facts.
    fn next_day(&self, zone: &TimeZone) -> Result<Option<Day>, Unwritten> {
        let mut last: Option<Date> = None;
        self.file.append(Moment::default(), |known| {
            last = known.iter().rev().find_map(|line| match &line.entry {
                Entry::Day { day, .. } => day.parse().ok(),
                Entry::Stop { .. } | Entry::Kept { .. } | Entry::Forgotten { .. } => None,
            });
            None
        })?;
        let after = last.and_then(|last| last.checked_add(1.day()).ok()).and_then(|date| Day::of(date, zone));
        let from = after.map(|day| day.from).unwrap_or_default();
        // The next fact may be days later.
        let mut next = None;
        self.facts.each(Some(from), &mut |seen| match seen {
            Seen::Fact { at, .. } if at >= from => {
                next = Some(at);
                ControlFlow::Break(())
            }
            Seen::Fact { .. } | Seen::Missing(_) => ControlFlow::Continue(()),
        })?;
        Ok(next.and_then(|at| Day::at(at, zone)))
    }

    fn close(&self, store: &mut dyn Store, day: &Day, now: Moment) -> Result<Option<Head>, Unwritten> {
        let Some(facts) = facts_of(&self.facts, (day.from, day.until), None)? else { return Ok(None) };
        let mut marks: Vec<RowsMark> = Vec::new();
        store.transaction(&mut |sql| {
            marks.clear();
            for class in Class::ALL {
                marks.push(class.finished(sql, day.from, day.until)?.into());
            }
            Ok(())
        })?;
        let Ok([contacts, states, intervals]) = <[RowsMark; 3]>::try_from(marks) else { return Ok(None) };
        let name = day.date.to_string();
        let entry = Entry::Day {
            day: name.clone(),
            from: day.from,
            until: day.until,
            facts,
            contacts,
            states,
            intervals,
        };
        Ok(self.file.append(now, |known| {
            let is_known =
                known.iter().any(|line| matches!(&line.entry, Entry::Day { day, .. } if *day == name));
            (!is_known).then_some(entry)
        })?)
    }
}

/// The facts of a span of time, up to a position; `None`: there are none.
///
/// # Errors
/// The journal's files can't be read.
pub(crate) fn facts_of(
    folder: &FactFolder,
    (from, until): (Moment, Moment),
    last: Option<turno_model::Position>,
) -> io::Result<Option<FactsMark>> {
    let (mut hash, mut mark) = (Sha256::new(), None::<FactsMark>);
    folder.each(Some(from), &mut |seen| {
        let Seen::Fact { position, at, form, .. } = seen else { return ControlFlow::Continue(()) };
        if at < from {
            return ControlFlow::Continue(());
        }
        if at >= until || last.is_some_and(|last| position > last) {
            return ControlFlow::Break(());
        }
        let numbers = [position.run.as_micros(), position.number, at.as_micros(), form.bytes().len() as u64];
        numbers.iter().for_each(|number| hash.update(number.to_le_bytes()));
        hash.update(form.bytes());
        let mark =
            mark.get_or_insert(FactsMark { count: 0, first: position, last: position, hash: String::new() });
        mark.count += 1;
        mark.last = position;
        ControlFlow::Continue(())
    })?;
    Ok(mark.map(|mark| FactsMark { hash: hex(&hash.finalize()), ..mark }))
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}
