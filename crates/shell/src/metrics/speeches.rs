//! Metrics of supervisors who speak live to those who wait.

use prometheus::{IntCounter, Registry};
use turno_model::{LiveSpeech, SpeechChange};

use crate::metrics::counter;

/// The metrics that facts update.
pub(crate) struct SpeechMeters {
    begun: IntCounter,
    heard: IntCounter,
}

impl SpeechMeters {
    pub(crate) fn new(registry: &Registry) -> Self {
        Self {
            begun: counter(
                registry,
                "turno_live_speeches_total",
                "How often a supervisor began to speak live to those who wait in a queue.",
            ),
            heard: counter(
                registry,
                "turno_live_speech_listeners_total",
                "Callers who heard a supervisor speak live, or a part of it.",
            ),
        }
    }

    /// Counts what happened.
    pub(crate) fn apply(&self, speech: &LiveSpeech) {
        match speech.change {
            SpeechChange::Began { .. } => self.begun.inc(),
            SpeechChange::Heard { .. } => self.heard.inc(),
            SpeechChange::Ended { .. } => {}
        }
    }
}
