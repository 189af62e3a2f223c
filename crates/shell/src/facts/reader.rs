//! A reader of facts with its position.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;
use turno_model::{Gap, Position};

use crate::disk::{Cursor, FactFiles, Past};
use crate::facts::batch::Batch;
use crate::facts::live::Behind;
use crate::facts::stream::{Begin, FactStream, NoPlace};

/// A reader that gets each fact once, in order, from memory or from the journal.
pub struct FactsReader {
    name: &'static str,
    stream: Arc<FactStream>,
    /// The position up to which it has read.
    place: Position,
    catching_up: CatchingUp,
    /// The batch after a gap that was reported.
    behind_gap: Option<Batch>,
    /// How many facts it is behind, for scrapes.
    lag: Arc<AtomicU64>,
}

/// Reads the journal's files while the next facts are not in memory.
pub(crate) struct CatchingUp {
    files: Option<FactFiles>,
    cursor: Option<Cursor>,
}

/// The result of a read.
#[derive(Debug)]
pub enum Given {
    /// The next facts.
    Facts(Batch),
    /// Facts that are lost; the next ones come after them.
    Missing(Gap),
}

/// The result of reading the files.
pub(crate) enum Found {
    /// The next batch.
    Next(Batch),
    /// A gap comes first, then the batch, if the files have one.
    Missing(Gap, Option<Batch>),
    /// No gap, and the next facts are in memory.
    Nothing,
}

impl FactsReader {
    /// A new reader. It reads the journal's files, so it must not be called on the runtime's threads.
    ///
    /// # Errors
    /// [`NoPlace`].
    pub(crate) fn open(stream: Arc<FactStream>, name: &'static str, begin: Begin) -> Result<Self, NoPlace> {
        let place = stream.place_of(begin)?;
        let lag = stream.begins(name);
        let catching_up = CatchingUp::new(stream.files().cloned());
        Ok(Self { name, stream, place, catching_up, behind_gap: None, lag })
    }

    /// The position up to which it has read; a new reader can continue from there.
    pub const fn place(&self) -> Position {
        self.place
    }

    /// Changes whenever there are new facts.
    pub fn newest(&self) -> watch::Receiver<Position> {
        self.stream.newest()
    }

    /// The next facts; `None` if there are none. It may read a file, so it must not be called on the engine thread or
    /// the runtime's threads.
    ///
    /// # Errors
    /// The journal's files can't be read; the position is unchanged.
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
        // For a position of another run, all facts of this run.
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

    /// Ends reading the files, because the next facts are in memory.
    pub(crate) fn is_done(&mut self) {
        self.cursor = None;
    }

    /// The facts after `place` from the files; memory has everything after `until`.
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

/// The gap between two positions, if there is one. If all facts of an earlier run are known, the gap is what this run
/// lacks; otherwise the number is unknown.
fn gap(after: Position, until: Position, is_known: bool) -> Option<Gap> {
    let facts = if is_known || after.run == until.run {
        Some(until.facts_since(after).unwrap_or(until.number))
    } else {
        None
    };
    (facts != Some(0)).then_some(Gap { after, until, facts })
}
