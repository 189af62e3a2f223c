//! The facts' thread: every fact goes into the ledger and the metrics, then to whoever subscribed.
#![expect(clippy::disallowed_types, reason = "the lock below is between readers; the engine never takes it")]

pub(crate) mod kept;
pub(crate) mod passages;
pub(crate) mod readers;
pub(crate) mod remembering;

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prometheus::Registry;
use turno_ground::Moment;
use turno_ledger::Ledger;
use turno_model::{Fact, Plan};

use crate::clock::Clock;
use crate::engine_thread::{Facts, Handed};
use crate::facts::kept::Kept;
use crate::facts::passages::Emptied;
use crate::metrics::contacts::ContactMeters;
use crate::metrics::room::RoomMeters;
use crate::rate::Ration;

/// Batches that may wait for the facts' thread.
pub(crate) const BATCHES_MAX: usize = 16_384;

/// Batches that may wait for one subscriber.
const SUBSCRIBER_BATCHES_MAX: usize = 1_024;

/// Facts of one engine turn, shared by all readers.
pub type Batch = Arc<Facts>;

/// The readers' side of the facts.
pub(crate) struct FactsHub {
    /// Guards the list of subscribers, between the facts' thread and new subscribers.
    subscribers: Mutex<Vec<SyncSender<Batch>>>,
    /// Guards the books, between the facts' thread, which writes them, and scrapes and views, which read.
    books: Mutex<Books>,
    /// What is kept for tracing, if anything is.
    kept: Option<Arc<Kept>>,
}

struct Books {
    ledger: Ledger,
    contacts: ContactMeters,
    room: RoomMeters,
}

impl FactsHub {
    /// The books so far; nobody listens yet.
    pub(crate) fn new(
        registry: &Registry,
        plan: &Arc<Plan>,
        kept: Option<Arc<Kept>>,
        ledger: Ledger,
    ) -> Self {
        let books = Books {
            ledger,
            contacts: ContactMeters::new(registry, plan),
            room: RoomMeters::new(registry, plan),
        };
        Self { subscribers: Mutex::new(Vec::new()), books: Mutex::new(books), kept }
    }

    /// Counts by another plan from now on; whoever is in both has the same place in both.
    pub(crate) fn move_to(&self, plan: &Arc<Plan>, now: Moment) {
        let books = &mut *held(&self.books);
        books.ledger.move_to(Arc::clone(plan), now);
        books.contacts.move_to(plan);
        books.room.move_to(plan);
    }

    /// Brings the gauges up to date and takes a scrape. Facts wait meanwhile, calls do not: what was counted and how the
    /// room stands are of one moment.
    pub(crate) fn scrape<T>(&self, clock: Clock, scrape: impl FnOnce() -> T) -> T {
        let books = &mut *held(&self.books);
        books.room.refresh(&books.ledger.snapshot(clock.now()));
        if let Some(kept) = &self.kept {
            kept.refresh();
        }
        scrape()
    }

    /// What `read` finds in the ledger now. Facts wait meanwhile, calls do not.
    pub(crate) fn read<T>(&self, clock: Clock, read: impl FnOnce(&Ledger, Moment) -> T) -> T {
        let books = held(&self.books);
        read(&books.ledger, clock.now())
    }

    /// A new reader of every fact from now on. One who lets a thousand batches lie is dropped.
    pub(crate) fn subscribe(&self) -> Receiver<Batch> {
        let (sender, receiver) = sync_channel(SUBSCRIBER_BATCHES_MAX);
        held(&self.subscribers).push(sender);
        receiver
    }

    /// Reads until the engine's thread has ended.
    pub(crate) fn run(&self, handed: &Receiver<Handed>, emptied: &Emptied) {
        while let Ok(Handed { facts: mut batch, mut passages }) = handed.recv() {
            let mut books = held(&self.books);
            for (at, fact) in &batch {
                tracing::debug!(?at, ?fact);
                if let Fact::Alarm { text } = fact {
                    warn_people(text, *at);
                } else if let Fact::TrunkTold { text, is_over, .. } = fact {
                    tell_of_trunk(text, *is_over, *at);
                }
                books.contacts.apply(fact);
                books.ledger.apply(*at, fact);
            }
            drop(books);
            // Batches are kept for a long time; the room that they grew for is not.
            batch.shrink_to_fit();
            let batch = Arc::new(batch);
            if let Some(kept) = &self.kept {
                kept.take(&batch, &mut passages);
                if passages.capacity() > 0 {
                    let _ = emptied.try_send(passages);
                }
            }
            if batch.is_empty() {
                continue;
            }
            held(&self.subscribers).retain(|subscriber| match subscriber.try_send(Arc::clone(&batch)) {
                Ok(()) => true,
                Err(TrySendError::Full(_)) => {
                    tracing::warn!("a reader of facts was too slow and has lost its place");
                    false
                }
                Err(TrySendError::Disconnected(_)) => false,
            });
        }
    }
}

fn warn_people(text: &str, at: Moment) {
    static LINES: Ration = Ration::new();
    if let Some(held_back) = LINES.admit(at) {
        tracing::warn!(held_back, "{text}");
    }
}

/// A trunk that comes and goes must not fill the log; each tells when it begins, at intervals, and when it ends.
fn tell_of_trunk(text: &str, is_over: bool, at: Moment) {
    static LINES: Ration = Ration::new();
    if let Some(held_back) = LINES.admit(at) {
        if is_over {
            tracing::info!(held_back, "{text}");
        } else {
            tracing::warn!(held_back, "{text}");
        }
    }
}

/// The lock, also after another holder's panic: every value behind it is whole between statements.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
