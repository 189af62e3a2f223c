//! What passes on to those who read: facts, and the messages that are kept for tracing.

use std::sync::mpsc::TrySendError;

use turno_ground::Moment;

use crate::engine_thread::{EngineThread, FACTS_A_BATCH_MAX, Handed, READERS_SPAN};
use crate::facts::passages::Gathering;
use crate::rate::Ration;

impl EngineThread {
    /// Where messages are gathered. One step can bring more than a buffer holds, so a full one leaves at once.
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
        let passages = self.gathering.as_ref().and_then(Gathering::since);
        facts.into_iter().chain(passages).min()
    }

    pub(super) fn hand_over(&mut self) {
        let passages = self.gathering.as_mut().map(Gathering::take).unwrap_or_default();
        let room = self.progress.batch.len();
        if room == 0 && passages.is_empty() {
            return;
        }
        let facts = if room == 0 {
            Vec::new()
        } else {
            core::mem::replace(&mut self.progress.batch, Vec::with_capacity(room.min(64)))
        };
        let handed = Handed { facts, passages };
        if let Err(TrySendError::Full(handed) | TrySendError::Disconnected(handed)) =
            self.facts.try_send(handed)
        {
            static LINES: Ration = Ration::new();
            let batch = handed.facts;
            self.meters.facts_dropped.inc_by(batch.len() as u64);
            if let Some(gathering) = &mut self.gathering {
                gathering.give_up(handed.passages);
            }
            if let Some(held_back) = LINES.admit(self.clock.now()) {
                tracing::error!(
                    facts = batch.len(),
                    held_back,
                    "the ledger's thread is too slow: figures are lost"
                );
            }
        }
    }
}
