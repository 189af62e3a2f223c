//! The facts' thread: every fact goes into the ledger and the metrics, then to whoever subscribed.
#![expect(clippy::disallowed_types, reason = "the lock below is between readers; the engine never takes it")]

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::engine_thread::Facts;

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
}

impl FactsHub {
    /// Nobody listens yet.
    pub(crate) fn new() -> Self {
        Self { subscribers: Mutex::new(Vec::new()) }
    }

    /// A new reader of every fact from now on. One who lets a thousand batches lie is dropped.
    pub(crate) fn subscribe(&self) -> Receiver<Batch> {
        let (sender, receiver) = sync_channel(SUBSCRIBER_BATCHES_MAX);
        held(&self.subscribers).push(sender);
        receiver
    }

    /// Reads until the engine's thread has ended.
    pub(crate) fn run(&self, facts: &Receiver<Facts>) {
        while let Ok(batch) = facts.recv() {
            for (at, fact) in &batch {
                tracing::trace!(?at, ?fact);
            }
            let batch = Arc::new(batch);
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

/// The lock, also after another holder's panic: every value behind it is whole between statements.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
