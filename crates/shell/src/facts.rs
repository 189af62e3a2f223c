//! The facts' thread: every fact goes into the ledger and the metrics, then into the row that all other readers read.
#![expect(clippy::disallowed_types, reason = "the lock below is between readers; the engine never takes it")]

pub(crate) mod batch;
pub(crate) mod capture_buffer;
mod live;
pub(crate) mod reader;
pub(crate) mod readers;
pub(crate) mod remembering;
pub(crate) mod stream;
#[cfg(test)]
mod stream_tests;
pub(crate) mod trace_store;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prometheus::Registry;
use turno_ground::Moment;
use turno_ledger::Ledger;
use turno_model::{Fact, Gap, Plan, Position};

use crate::clock::Clock;
use crate::engine_thread::Handed;
use crate::facts::batch::Batch;
use crate::facts::capture_buffer::{CapturedMessages, Emptied};
use crate::facts::reader::{CatchingUp, Found};
use crate::facts::stream::FactStream;
use crate::facts::trace_store::TraceStore;
use crate::metrics::contacts::ContactMeters;
use crate::metrics::room::RoomMeters;
use crate::rate::Ration;

/// Batches that may wait for the facts' thread.
pub(crate) const BATCHES_MAX: usize = 16_384;

/// This reader's name in the metrics.
const LEDGER: &str = "ledger";

/// The readers' side of the facts.
pub(crate) struct FactsHub {
    /// The row of all facts, for all other readers.
    stream: Arc<FactStream>,
    /// Guards the books, between the facts' thread, which writes them, and scrapes and views, which read.
    books: Mutex<Books>,
    /// What is kept for tracing, if anything is.
    kept: Option<Arc<TraceStore>>,
    /// The number of the last fact for which the way to the facts' thread had no room.
    left_out: Arc<AtomicU64>,
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
        kept: Option<Arc<TraceStore>>,
        ledger: Ledger,
        stream: Arc<FactStream>,
    ) -> Self {
        let books = Books {
            ledger,
            contacts: ContactMeters::new(registry, plan),
            room: RoomMeters::new(registry, plan),
        };
        Self { stream, books: Mutex::new(books), kept, left_out: Arc::default() }
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
        self.stream.refresh();
        scrape()
    }

    /// What `read` finds in the ledger now. Facts wait meanwhile, calls do not.
    pub(crate) fn read<T>(&self, clock: Clock, read: impl FnOnce(&Ledger, Moment) -> T) -> T {
        let books = held(&self.books);
        read(&books.ledger, clock.now())
    }

    /// The row of all facts.
    pub(crate) const fn stream(&self) -> &Arc<FactStream> {
        &self.stream
    }

    /// Where the engine's thread says for which facts there was no room.
    pub(crate) const fn left_out(&self) -> &Arc<AtomicU64> {
        &self.left_out
    }

    /// Reads until the engine's thread has ended.
    pub(crate) fn run(&self, handed: &Receiver<Handed>, emptied: &Emptied) {
        let mut place = *self.stream.newest().borrow();
        loop {
            let next = match handed.try_recv() {
                Ok(next) => Some(next),
                Err(TryRecvError::Empty) => {
                    let until = self.last_left_out(place.run);
                    self.catch_up(&mut place, until);
                    handed.recv().ok()
                }
                Err(TryRecvError::Disconnected) => None,
            };
            let Some(Handed { before, facts, mut captured_messages }) = next else { break };
            let mut facts = facts;
            // Batches are kept for a long time; the room that they grew for is not.
            facts.shrink_to_fit();
            self.catch_up(&mut place, before);
            self.take(&mut place, Batch::new(before, Arc::new(facts)), &mut captured_messages);
            if captured_messages.capacity() > 0 {
                let _ = emptied.try_send(captured_messages);
            }
        }
        let until = self.last_left_out(place.run);
        self.catch_up(&mut place, until);
    }

    /// The last fact for which there was no room.
    fn last_left_out(&self, run: Moment) -> Position {
        Position { run, number: self.left_out.load(Ordering::Acquire) }
    }

    /// Takes from the journal what did not come by memory, up to a position.
    fn catch_up(&self, place: &mut Position, until: Position) {
        if *place >= until {
            return;
        }
        let mut files = CatchingUp::new(self.stream.files().cloned());
        self.stream.meters().caught_up(LEDGER);
        while *place < until {
            let batch = match files.behind(*place, until) {
                Ok(Found::Next(batch)) => batch,
                Ok(Found::Missing(gap, batch)) => {
                    self.miss(place, gap);
                    let Some(batch) = batch else { continue };
                    batch
                }
                Ok(Found::Nothing) => break,
                Err(error) => {
                    tracing::error!(%error, "facts that found no room can't be read from the journal");
                    let facts = until.facts_since(*place);
                    self.miss(place, Gap { after: *place, until, facts });
                    break;
                }
            };
            self.take(place, batch, &mut CapturedMessages::new());
        }
    }

    fn miss(&self, place: &mut Position, gap: Gap) {
        self.stream.meters().missing(LEDGER, gap);
        tracing::error!(
            facts = gap.facts,
            "the ledger's thread was too slow, and the journal does not have what it missed: figures are lost"
        );
        *place = gap.until;
    }

    /// Takes the next batch; of what is known already nothing.
    fn take(&self, place: &mut Position, batch: Batch, captured_messages: &mut CapturedMessages) {
        let batch = batch.behind(*place);
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
        if let Some(kept) = &self.kept {
            kept.take(batch.facts(), captured_messages);
        }
        if !batch.facts().is_empty() {
            *place = batch.last();
            self.stream.take(batch);
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
