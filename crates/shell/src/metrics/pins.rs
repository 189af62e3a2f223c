//! Metrics of extensions and PINs that were keyed in at phones.

use prometheus::{IntCounterVec, Registry};
use turno_model::PinOutcome;

use crate::metrics::counters;

pub(crate) struct PinMeters(IntCounterVec);

impl PinMeters {
    pub(crate) fn new(registry: &Registry) -> Self {
        let help = "PINs that were keyed in at phones by who sits down there, by what came of it.";
        let entered = counters(registry, "turno_pins_total", help, &["outcome"]);
        PinOutcome::ALL.iter().for_each(|outcome| drop(entered.with_label_values(&[outcome.word()])));
        Self(entered)
    }

    /// Counts a PIN.
    pub(crate) fn apply(&self, outcome: PinOutcome) {
        self.0.with_label_values(&[outcome.word()]).inc();
    }
}
