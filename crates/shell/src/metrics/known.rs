//! Metrics of what is known of callers.

use prometheus::{IntCounter, IntCounterVec, Registry};
use turno_model::{CallerKnown, ListEffect, Rule};

use crate::metrics::{counter, counters};

const KNOWN: [&str; 8] =
    ["claims", "diverted", "served_before", "preferred", "refused", "kept", "pulled", "direct"];

/// The metrics that facts update.
pub(crate) struct KnownMeters {
    known: IntCounterVec,
    to_last_agent: IntCounter,
    pulled: IntCounter,
    direct: IntCounter,
}

impl KnownMeters {
    pub(crate) fn new(registry: &Registry) -> Self {
        let meters = Self {
            known: counters(
                registry,
                "turno_callers_known_total",
                "What was known of callers: `claims` another number than the carrier asserts, `diverted`, each diversion, \
                 `served_before` by an agent whom the queue prefers, `preferred` or `refused` by a list, \
                 `kept` for the agent of last time, `pulled` to an agent by a supervisor, \
                 `direct` by an agent's own number.",
                &["what"],
            ),
            to_last_agent: counter(
                registry,
                "turno_offers_to_last_agent_total",
                "Offers to a free agent because the agent served the caller last.",
            ),
            pulled: counter(
                registry,
                "turno_offers_pulled_total",
                "Offers to an agent to whom a supervisor gave the contact.",
            ),
            direct: counter(
                registry,
                "turno_offers_direct_total",
                "Offers to an agent whose own number the caller dialled.",
            ),
        };
        KNOWN.iter().for_each(|what| drop(meters.known.with_label_values(&[what])));
        meters
    }

    /// Counts what is known of a caller.
    pub(crate) fn apply(&self, known: &CallerKnown) {
        let word = match known {
            CallerKnown::KeptFor { .. } => KNOWN[5],
            CallerKnown::PulledTo { .. } => KNOWN[6],
            CallerKnown::DirectFor { .. } => KNOWN[7],
            CallerKnown::KeptNoMore { .. } => return,
            CallerKnown::PulledNoMore { .. } | CallerKnown::DirectNoMore { .. } => return,
            CallerKnown::Claims { .. } => KNOWN[0],
            CallerKnown::Diverted { .. } => KNOWN[1],
            CallerKnown::ServedBy { .. } => KNOWN[2],
            CallerKnown::Listed { effect: ListEffect::Prefer(_), .. } => KNOWN[3],
            CallerKnown::Listed { effect: ListEffect::Refuse, .. } => KNOWN[4],
        };
        self.known.with_label_values(&[word]).inc();
    }

    /// Counts an offer by its rule.
    pub(crate) fn offered(&self, rule: Rule) {
        match rule {
            Rule::LastAgent => self.to_last_agent.inc(),
            Rule::Pulled => self.pulled.inc(),
            Rule::Direct => self.direct.inc(),
            Rule::UcdMia | Rule::EadMia | Rule::UcdLoa | Rule::EadLoa | Rule::GreatestNeed => {}
        }
    }
}
