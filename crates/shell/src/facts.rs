//! The facts thread: puts every fact into the ledger and the metrics, then into the stream that all other readers use.
#![expect(clippy::disallowed_types, reason = "the lock below is between readers; the engine never takes it")]

pub(crate) mod batch;
pub(crate) mod capture_buffer;
pub(crate) mod folder;
pub(crate) mod live;
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

/// Batches that may wait for the facts thread.
pub(crate) const BATCHES_MAX: usize = 16_384;

/// The name of this reader in the metrics.
const LEDGER: &str = "ledger";

/// The distribution of facts to all readers.
pub(crate) struct FactsHub {
    /// The stream of facts, for all other readers.
    stream: Arc<FactStream>,
    /// Guards the ledger and its meters, between the facts thread, which writes them, and scrapes and views, which
    /// read.
    books: Mutex<Books>,
    /// Facts and messages kept for tracing, if configured.
    kept: Option<Arc<TraceStore>>,
    /// The number of the last fact that did not fit into the facts thread's queue.
    left_out: Arc<AtomicU64>,
}

struct Books {
    ledger: Ledger,
    contacts: ContactMeters,
    room: RoomMeters,
}

impl FactsHub {
    /// Starts with this ledger; there are no readers yet.
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

    /// Counts by another plan from now on; names that are in both have the same index in both.
    pub(crate) fn move_to(&self, plan: &Arc<Plan>, now: Moment) {
        let books = &mut *held(&self.books);
        books.ledger.move_to(Arc::clone(plan), now);
        books.contacts.move_to(plan);
        books.room.move_to(plan);
    }

    /// Updates the gauges and takes a scrape. Facts wait meanwhile, calls do not, so counters and gauges are of the
    /// same moment.
    pub(crate) fn scrape<T>(&self, clock: Clock, scrape: impl FnOnce() -> T) -> T {
        let books = &mut *held(&self.books);
        books.room.refresh(&books.ledger.snapshot(clock.now()));
        if let Some(kept) = &self.kept {
            kept.refresh();
        }
        self.stream.refresh();
        scrape()
    }

    /// Reads the ledger. Facts wait meanwhile, calls do not.
    pub(crate) fn read<T>(&self, clock: Clock, read: impl FnOnce(&Ledger, Moment) -> T) -> T {
        let books = held(&self.books);
        read(&books.ledger, clock.now())
    }

    /// The stream of facts.
    pub(crate) const fn stream(&self) -> &Arc<FactStream> {
        &self.stream
    }

    /// Where the engine thread notes the last fact that did not fit.
    pub(crate) const fn left_out(&self) -> &Arc<AtomicU64> {
        &self.left_out
    }

    /// Runs until the engine thread has ended.
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
            // Batches are kept for a long time, so their unused capacity is freed.
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

    /// The last fact that did not fit.
    fn last_left_out(&self, run: Moment) -> Position {
        Position { run, number: self.left_out.load(Ordering::Acquire) }
    }

    /// Reads facts that did not come through the queue from the journal, up to a position.
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
                    tracing::error!(%error, "facts that did not fit into the queue can't be read from the journal");
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

    /// Applies a batch, without the facts that are known already.
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
            if let Fact::SkillChanged(changed) = fact {
                books.room.skill_changed(changed);
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

/// Several trunks that change must not fill the log; each reports the start, intervals and the end.
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

/// Locks, also after a panic of another holder: every value is consistent between statements.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
