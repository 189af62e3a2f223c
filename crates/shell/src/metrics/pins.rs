//! Metrics of PINs that were keyed in at phones, and of agents on ordinary telephones.

use prometheus::{IntCounterVec, Registry};
use turno_model::{PhoneChange, PinOutcome};

use crate::metrics::counters;

pub(crate) struct PinMeters {
    entered: IntCounterVec,
    phones: IntCounterVec,
}

impl PinMeters {
    pub(crate) fn new(registry: &Registry) -> Self {
        let help = "PINs that were keyed in at phones by who sits down there, by what came of it.";
        let entered = counters(registry, "turno_pins_total", help, &["outcome"]);
        PinOutcome::ALL.iter().for_each(|outcome| drop(entered.with_label_values(&[outcome.word()])));
        let help = "What happened to the ordinary telephones of agents.";
        let phones = counters(registry, "turno_agent_phones_total", help, &["change"]);
        let told = [
            PhoneChange::Dialled,
            PhoneChange::PickedUp,
            PhoneChange::Confirmed,
            PhoneChange::LineDialled,
            PhoneChange::LineOpened,
            PhoneChange::LineLost,
            PhoneChange::LineReleased,
            PhoneChange::LineRefused,
        ];
        told.iter().for_each(|change| drop(phones.with_label_values(&[change.word()])));
        Self { entered, phones }
    }

    /// Counts a PIN.
    pub(crate) fn apply(&self, outcome: PinOutcome) {
        self.entered.with_label_values(&[outcome.word()]).inc();
    }

    /// Counts a step of an agent on an ordinary telephone.
    pub(crate) fn apply_phone(&self, change: PhoneChange) {
        if let PhoneChange::AgentsLine(outcome) = change {
            self.apply(outcome);
        } else {
            self.phones.with_label_values(&[change.word()]).inc();
        }
    }
}
