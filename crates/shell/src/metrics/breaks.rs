//! Metrics of breaks in turns, from facts.

use prometheus::{Counter, IntCounter, Registry};
use turno_model::BreakChange;

use crate::metrics::{counter, seconds};

/// The metrics that facts update.
pub(crate) struct BreakMeters {
    promised: IntCounter,
    granted: IntCounter,
    begun: IntCounter,
    taken_back: IntCounter,
    overstays: IntCounter,
    overstayed: Counter,
}

impl BreakMeters {
    pub(crate) fn new(registry: &Registry) -> Self {
        let count = |name: &str, help: &str| counter(registry, name, help);
        Self {
            promised: count(
                "turno_breaks_promised_total",
                "Turns for a break that were promised for a later time.",
            ),
            granted: count(
                "turno_breaks_granted_total",
                "Turns for a break that came, or were given at once.",
            ),
            begun: count("turno_breaks_begun_total", "Breaks in turns that began."),
            taken_back: count(
                "turno_breaks_taken_back_total",
                "Turns for a break that were not taken up in time.",
            ),
            overstays: count(
                "turno_breaks_overstays_total",
                "Breaks in turns that were longer than their span.",
            ),
            overstayed: seconds(
                registry,
                "turno_breaks_overstayed_seconds_total",
                "How much longer than their span breaks in turns were.",
            ),
        }
    }

    /// Counts a change of a break.
    pub(crate) fn apply(&self, change: BreakChange) {
        match change {
            BreakChange::Promised { .. } => self.promised.inc(),
            BreakChange::Granted { .. } => self.granted.inc(),
            BreakChange::Began => self.begun.inc(),
            BreakChange::TakenBack => self.taken_back.inc(),
            BreakChange::Overstays => self.overstays.inc(),
            BreakChange::Ended { overstayed } => self.overstayed.inc_by(overstayed.as_secs_f64()),
            BreakChange::Asked | BreakChange::Withdrawn => {}
        }
    }
}
