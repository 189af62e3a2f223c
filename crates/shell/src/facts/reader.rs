//! One reader of facts, at its place.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;
use turno_model::{Gap, Position};

use crate::disk::{Cursor, FactFiles, Past};
use crate::facts::batch::Batch;
use crate::facts::live::Behind;
use crate::facts::stream::{Begin, FactStream, NoPlace};

/// A reader that gets each fact once, in order, from wherever it is.
pub struct FactsReader {
    name: &'static str,
    stream: Arc<FactStream>,
    /// It has everything up to here.
    place: Position,
    catching_up: CatchingUp,
    /// What stands behind a gap that was told.
    behind_gap: Option<Batch>,
    /// How many facts it is behind, for scrapes.
    lag: Arc<AtomicU64>,
}

/// A place in the journal's files, while it is not in memory.
pub(crate) struct CatchingUp {
    files: Option<FactFiles>,
    cursor: Option<Cursor>,
}

/// What a reader gets.
#[derive(Debug)]
pub enum Given {
    /// The next facts.
    Facts(Batch),
    /// Facts that nobody has any more; the next ones stand behind them.
    Missing(Gap),
}

/// What the files have for a reader that is behind.
pub(crate) enum Found {
    /// This stands behind its place.
    Next(Batch),
    /// This is missing first; then the batch comes, if the files have one.
    Missing(Gap, Option<Batch>),
    /// Nothing is missing, and what comes next is in memory.
    Nothing,
}

impl FactsReader {
    /// A new reader. It looks into the journal's files: not for the runtime's threads.
    ///
    /// # Errors
    /// [`NoPlace`].
    pub(crate) fn open(stream: Arc<FactStream>, name: &'static str, begin: Begin) -> Result<Self, NoPlace> {
        let place = stream.place_of(begin)?;
        let lag = stream.begins(name);
        let catching_up = CatchingUp::new(stream.files().cloned());
        Ok(Self { name, stream, place, catching_up, behind_gap: None, lag })
    }

    /// It has everything up to here; a reader that begins anew goes on from there.
    pub const fn place(&self) -> Position {
        self.place
    }

    /// Changes each time that there is something new.
    pub fn newest(&self) -> watch::Receiver<Position> {
        self.stream.newest()
    }

    /// What comes next; `None` where nothing has happened since. It may read a file: not for the engine's thread, nor for the
    /// runtime's.
    ///
    /// # Errors
    /// The journal's files can't be read; its place is as it was.
    pub fn read(&mut self) -> io::Result<Option<Given>> {
        if let Some(batch) = self.behind_gap.take() {
            return Ok(Some(self.give(batch)));
        }
        let begin = match self.stream.behind(self.place) {
            Behind::Next(batch) => {
                self.catching_up.is_done();
                return Ok(Some(self.give(batch)));
            }
            Behind::Nothing => {
                self.lag.store(0, Ordering::Relaxed);
                return Ok(None);
            }
            Behind::Older(begin) => begin,
        };
        if self.catching_up.begins() {
            self.stream.meters().caught_up(self.name);
        }
        match self.catching_up.behind(self.place, begin)? {
            Found::Next(batch) => Ok(Some(self.give(batch))),
            Found::Missing(gap, batch) => {
                self.place = gap.until;
                self.behind_gap = batch;
                self.stream.meters().missing(self.name, gap);
                Ok(Some(Given::Missing(gap)))
            }
            Found::Nothing => {
                self.place = begin;
                self.read()
            }
        }
    }

    fn give(&mut self, batch: Batch) -> Given {
        self.place = batch.last();
        let newest = *self.stream.newest().borrow();
        // Of another run, all that this one has.
        let lag = newest.facts_since(self.place).unwrap_or(newest.number);
        self.lag.store(lag, Ordering::Relaxed);
        Given::Facts(batch)
    }
}

impl CatchingUp {
    pub(crate) const fn new(files: Option<FactFiles>) -> Self {
        Self { files, cursor: None }
    }

    /// Whether the files are not being read yet.
    const fn begins(&self) -> bool {
        self.cursor.is_none()
    }

    /// What comes next is in memory.
    pub(crate) fn is_done(&mut self) {
        self.cursor = None;
    }

    /// What stands behind `place`, up to what memory has: everything behind `until`.
    pub(crate) fn behind(&mut self, place: Position, until: Position) -> io::Result<Found> {
        if self.cursor.is_none() {
            self.cursor = self.files.as_ref().map(FactFiles::cursor);
        }
        let past = self.cursor.as_mut().map_or(Ok(Past::Unknown), |cursor| cursor.behind(place, until))?;
        Ok(match past {
            Past::Next(batch) => match gap(place, batch.before(), true) {
                Some(gap) => Found::Missing(gap, Some(batch)),
                None => Found::Next(batch),
            },
            Past::BehindGap(batch) => match gap(place, batch.before(), false) {
                Some(gap) => Found::Missing(gap, Some(batch)),
                None => Found::Next(batch),
            },
            Past::Nothing => gap(place, until, true).map_or(Found::Nothing, |gap| Found::Missing(gap, None)),
            Past::Unknown => gap(place, until, false).map_or(Found::Nothing, |gap| Found::Missing(gap, None)),
        })
    }
}

/// What is missing between two positions, if anything is. Where all of an earlier run is known, it is what this run lacks;
/// otherwise nobody knows how many facts that had.
fn gap(after: Position, until: Position, is_known: bool) -> Option<Gap> {
    let facts = if is_known || after.run == until.run {
        Some(until.facts_since(after).unwrap_or(until.number))
    } else {
        None
    };
    (facts != Some(0)).then_some(Gap { after, until, facts })
}
