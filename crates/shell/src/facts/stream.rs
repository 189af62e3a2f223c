//! The stream of facts: the newest in memory, the rest in the journal's files, and each reader with its own position.
//!
//! Nothing waits for a reader, and a slow reader loses no fact: facts that have left memory are read from the files, on
//! the reader's own thread. Positions connect the two: the next fact is the one after the reader's position, in memory
//! or in a file.
#![expect(clippy::disallowed_types, reason = "the lock below is between readers; the engine never takes it")]

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::watch;
use turno_model::Position;

use crate::disk::FactFiles;
use crate::facts::batch::Batch;
use crate::facts::live::{Behind, Live, LiveRoom};
use crate::metrics::facts::FactsMeters;

/// The stream.
pub(crate) struct FactStream {
    /// Guards the newest batches, between the facts thread, which adds them, and readers.
    live: Mutex<Live>,
    /// The newest position.
    newest: watch::Sender<Position>,
    files: Option<FactFiles>,
    meters: FactsMeters,
    /// Guards the list of readers, between new readers and scrapes.
    readers: Mutex<Vec<(&'static str, Weak<AtomicU64>)>>,
}

/// Where a reader begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// With the oldest available fact.
    Oldest,
    /// With the next new fact.
    Now,
    /// After this position.
    After(Position),
}

/// Why a reader can't begin there.
#[derive(Debug)]
pub enum NoPlace {
    /// Facts after that position are lost; this is the oldest position from which reading can continue.
    TooOld(Position),
    /// There is no such fact yet; this is the newest position.
    Ahead(Position),
    /// The journal's files can't be read.
    Unreadable(io::Error),
}

impl FactStream {
    /// No facts since this position.
    pub(crate) fn new(
        begin: Position,
        files: Option<FactFiles>,
        meters: FactsMeters,
        room: LiveRoom,
    ) -> Self {
        let (newest, _) = watch::channel(begin);
        let readers = Mutex::default();
        Self { live: Mutex::new(Live::new(begin, room)), newest, files, meters, readers }
    }

    /// The position where a reader begins. It reads the journal's files, so it must not be called on the runtime's
    /// threads.
    ///
    /// # Errors
    /// [`NoPlace`].
    pub(crate) fn place_of(&self, begin: Begin) -> Result<Position, NoPlace> {
        let (live, newest) = {
            let live = held(&self.live);
            (live.begin(), live.end())
        };
        let oldest = match (&self.files, begin) {
            (_, Begin::Now) | (None, _) => live,
            (Some(files), Begin::Oldest | Begin::After(_)) => {
                files.oldest().map_err(NoPlace::Unreadable)?.map_or(live, |oldest| oldest.min(live))
            }
        };
        match begin {
            Begin::Oldest => Ok(oldest),
            Begin::Now => Ok(newest),
            Begin::After(place) if place > newest => Err(NoPlace::Ahead(newest)),
            Begin::After(place) if place < oldest => Err(NoPlace::TooOld(oldest)),
            Begin::After(place) => Ok(place),
        }
    }

    /// Registers a reader; it stores in the returned counter how far it is behind.
    pub(crate) fn begins(&self, name: &'static str) -> Arc<AtomicU64> {
        let behind = Arc::new(AtomicU64::new(0));
        let mut readers = held(&self.readers);
        readers.retain(|(_, reader)| reader.strong_count() > 0);
        readers.push((name, Arc::downgrade(&behind)));
        behind
    }

    /// Adds the next batch.
    pub(crate) fn take(&self, batch: Batch) {
        let newest = batch.last();
        held(&self.live).take(batch);
        self.newest.send_replace(newest);
    }

    /// The next batch after a position, from memory.
    pub(crate) fn behind(&self, place: Position) -> Behind {
        held(&self.live).behind(place)
    }

    /// The newest position, with a notification for each change.
    pub(crate) fn newest(&self) -> watch::Receiver<Position> {
        self.newest.subscribe()
    }

    /// The journal's files, if there is one.
    pub(crate) const fn files(&self) -> Option<&FactFiles> {
        self.files.as_ref()
    }

    /// The metrics of readers.
    pub(crate) const fn meters(&self) -> &FactsMeters {
        &self.meters
    }

    /// Updates the gauges for a scrape.
    pub(crate) fn refresh(&self) {
        let readers = held(&self.readers);
        let behind = readers.iter().filter_map(|(name, reader)| Some((*name, reader.upgrade()?)));
        self.meters.refresh(behind.map(|(name, reader)| (name, reader.load(Ordering::Relaxed))));
    }
}

/// Locks, also after a panic of another holder: every value is consistent between statements.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
