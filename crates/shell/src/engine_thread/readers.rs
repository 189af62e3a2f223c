//! Hands facts and captured messages over to readers.

use std::sync::atomic::Ordering;
use std::sync::mpsc::TrySendError;

use turno_ground::Moment;
use turno_model::Position;

use crate::disk::Journal;
use crate::engine_thread::{EngineThread, FACTS_A_BATCH_MAX, Handed, READERS_SPAN};
use crate::facts::capture_buffer::Gathering;

impl EngineThread {
    /// The buffer for captured messages. One step can bring more than it holds, so a full buffer is handed over first.
    pub(super) fn gathering_with_room(&mut self) -> Option<&mut Gathering> {
        if self.gathering.as_ref().is_some_and(Gathering::is_full) {
            self.hand_over();
        }
        self.gathering.as_mut()
    }

    pub(super) fn is_time_to_hand_over(&self, now: Moment) -> bool {
        self.progress.batch.len() >= FACTS_A_BATCH_MAX
            || self.gathering.as_ref().is_some_and(Gathering::is_full)
            || self.oldest_at().is_some_and(|oldest| oldest + READERS_SPAN <= now)
    }

    /// Since when something waits to be handed over.
    pub(super) fn oldest_at(&self) -> Option<Moment> {
        let facts = (!self.progress.batch.is_empty()).then_some(self.progress.batch_at);
        let captured_messages = self.gathering.as_ref().and_then(Gathering::since);
        facts.into_iter().chain(captured_messages).min()
    }

    pub(super) fn hand_over(&mut self) {
        let captured_messages = self.gathering.as_mut().map(Gathering::take).unwrap_or_default();
        let room = self.progress.batch.len();
        if room == 0 && captured_messages.is_empty() {
            return;
        }
        let facts = if room == 0 {
            Vec::new()
        } else {
            core::mem::replace(&mut self.progress.batch, Vec::with_capacity(room.min(64)))
        };
        let before = Position { number: self.progress.last.number - room as u64, ..self.progress.last };
        let handed = Handed { before, facts, captured_messages };
        let written = self.journal.as_ref().map_or(0, Journal::position);
        // Readers act on facts, so a fact that a restart would not know must not reach them. And a slow reader finds
        // everything that was handed over in the journal's files.
        if self.progress.sealed.is_empty() && self.is_written(written) {
            self.send_to_readers(handed);
        } else {
            self.progress.sealed.push_back((written, handed));
        }
    }

    /// Hands over the batches that waited for the journal.
    pub(super) fn hand_over_sealed(&mut self) {
        while self.progress.sealed.front().is_some_and(|(position, _)| self.is_written(*position)) {
            if let Some((_, handed)) = self.progress.sealed.pop_front() {
                self.send_to_readers(handed);
            }
        }
    }

    /// Hands over everything when turno ends, after waiting for the journal as long as allowed.
    pub(super) fn hand_over_all(&mut self) {
        while let Some((_, handed)) = self.progress.sealed.pop_front() {
            self.send_to_readers(handed);
        }
    }

    fn is_written(&self, position: u64) -> bool {
        self.journal.as_ref().is_none_or(|journal| !journal.has_unwritten() && journal.is_safe(position))
    }

    fn send_to_readers(&mut self, handed: Handed) {
        let last = handed.before.plus(handed.facts.len() as u64);
        if let Err(TrySendError::Full(handed) | TrySendError::Disconnected(handed)) =
            self.facts.try_send(handed)
        {
            self.left_out.store(last.number, Ordering::Release);
            if let Some(gathering) = &mut self.gathering {
                gathering.give_up(handed.captured_messages);
            }
        }
    }
}
