//! The facts as one row with positions: the newest in memory, the rest in the journal's files, and each reader at its place.
//!
//! Nobody waits for a reader, and a reader that is slow loses no fact: what has left memory is read from the files, on
//! the reader's own thread. The seam is the position: what comes next is what stands behind the reader's place,
//! wherever that is found.
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

/// The row.
pub(crate) struct FactStream {
    /// Guards the newest batches, between the facts' thread, which adds, and readers.
    live: Mutex<Live>,
    /// Where the facts' thread has come.
    newest: watch::Sender<Position>,
    files: Option<FactFiles>,
    meters: FactsMeters,
    /// Guards the list of readers, between those that begin and scrapes.
    readers: Mutex<Vec<(&'static str, Weak<AtomicU64>)>>,
}

/// Where a reader begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// With the oldest fact that there is.
    Oldest,
    /// With what comes.
    Now,
    /// Behind this position.
    After(Position),
}

/// A reader can't begin there.
#[derive(Debug)]
pub enum NoPlace {
    /// Facts behind that position are gone; this is the oldest position that can be gone on from.
    TooOld(Position),
    /// No fact has that position yet; this is the newest.
    Ahead(Position),
    /// The journal's files can't be read.
    Unreadable(io::Error),
}

impl FactStream {
    /// Behind this position nothing has happened yet.
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

    /// Where a reader begins. It looks into the journal's files: not for the runtime's threads.
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

    /// A reader begins; scrapes show how far it is behind, which it writes down here.
    pub(crate) fn begins(&self, name: &'static str) -> Arc<AtomicU64> {
        let behind = Arc::new(AtomicU64::new(0));
        let mut readers = held(&self.readers);
        readers.retain(|(_, reader)| reader.strong_count() > 0);
        readers.push((name, Arc::downgrade(&behind)));
        behind
    }

    /// Takes the next batch.
    pub(crate) fn take(&self, batch: Batch) {
        let newest = batch.last();
        held(&self.live).take(batch);
        self.newest.send_replace(newest);
    }

    /// What stands behind a position, of what is in memory.
    pub(crate) fn behind(&self, place: Position) -> Behind {
        held(&self.live).behind(place)
    }

    /// Where the facts' thread has come, and each time that it goes on.
    pub(crate) fn newest(&self) -> watch::Receiver<Position> {
        self.newest.subscribe()
    }

    /// The journal's files, if there is one.
    pub(crate) const fn files(&self) -> Option<&FactFiles> {
        self.files.as_ref()
    }

    /// The families of readers.
    pub(crate) const fn meters(&self) -> &FactsMeters {
        &self.meters
    }

    /// Brings the gauges up to date, for a scrape.
    pub(crate) fn refresh(&self) {
        let readers = held(&self.readers);
        let behind = readers.iter().filter_map(|(name, reader)| Some((*name, reader.upgrade()?)));
        self.meters.refresh(behind.map(|(name, reader)| (name, reader.load(Ordering::Relaxed))));
    }
}

/// The lock, also after another holder's panic: every value behind it is whole between statements.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
