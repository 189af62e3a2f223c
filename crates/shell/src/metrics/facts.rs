//! Metrics of fact readers: how far they are behind, how often they read from the journal, and what they missed.

use std::collections::BTreeMap;

use prometheus::{IntCounterVec, IntGaugeVec, Registry};
use turno_model::Gap;

use crate::metrics::{counters, gauges};

/// The metrics of fact readers.
pub(crate) struct FactsMeters {
    behind: IntGaugeVec,
    catch_ups: IntCounterVec,
    missing: IntCounterVec,
}

impl FactsMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        let meters = Self {
            behind: gauges(
                registry,
                "turno_facts_behind",
                "How many facts a reader is behind; of several readers with one name, the slowest.",
                &["reader"],
            ),
            catch_ups: counters(
                registry,
                "turno_facts_catch_ups_total",
                "How often a reader of facts had to read from the journal, because the facts had left memory.",
                &["reader"],
            ),
            missing: counters(
                registry,
                "turno_facts_missing_total",
                "Facts that a reader missed and the journal does not have; a gap of unknown size counts as 1. For the reader `ledger`: the figures lack them.",
                &["reader"],
            ),
        };
        meters.missing.with_label_values(&["ledger"]);
        meters
    }

    /// Counts a reader that reads from the journal.
    pub(crate) fn caught_up(&self, reader: &str) {
        self.catch_ups.with_label_values(&[reader]).inc();
    }

    /// Counts the facts of a gap.
    pub(crate) fn missing(&self, reader: &str, gap: Gap) {
        self.missing.with_label_values(&[reader]).inc_by(gap.facts.unwrap_or(1));
    }

    /// Publishes how far the readers are behind.
    pub(crate) fn refresh(&self, behind: impl Iterator<Item = (&'static str, u64)>) {
        let mut slowest: BTreeMap<&str, u64> = BTreeMap::new();
        for (reader, facts) in behind {
            let most = slowest.entry(reader).or_default();
            *most = facts.max(*most);
        }
        self.behind.reset();
        for (reader, facts) in slowest {
            self.behind.with_label_values(&[reader]).set(i64::try_from(facts).unwrap_or(i64::MAX));
        }
    }

    /// The present values, for tests.
    #[cfg(test)]
    pub(crate) fn shown(&self) -> String {
        use prometheus::core::Collector;
        let rows = |what: &str, families: Vec<prometheus::proto::MetricFamily>| {
            let mut text = String::new();
            for metric in families.iter().flat_map(|family| family.get_metric()) {
                let value = metric.get_counter().get_value() + metric.get_gauge().get_value();
                text += &format!("{what} {} {value}\n", metric.get_label()[0].value());
            }
            text
        };
        rows("missing", self.missing.collect()) + &rows("behind", self.behind.collect())
    }
}
