//! Metrics of the history: what was written, how far it is behind, and what failed.

use core::time::Duration;

use prometheus::{Gauge, Histogram, IntCounter, IntCounterVec, IntGauge, Opts, Registry};
use turno_ground::Moment;
use turno_history::Failure;

use crate::metrics::{counter, counters, gauge, histogram, register};

/// Kinds of failures that are not the database's.
const OTHER_KINDS: [&str; 2] = ["journal", "ahead"];

/// The metrics, updated by the history's thread.
pub(crate) struct HistoryMeters {
    up: IntGauge,
    position: Gauge,
    lag: Gauge,
    facts: IntCounter,
    rows: IntCounter,
    deleted: IntCounter,
    failures: IntCounterVec,
    transaction: Histogram,
}

impl HistoryMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        let failures = counters(
            registry,
            "turno_history_failures_total",
            "How often the history could not be written, by kind. turno tries again, except after `corrupt`, `future` and `foreign`.",
            &["kind"],
        );
        Failure::WORDS.iter().chain(&OTHER_KINDS).for_each(|kind| drop(failures.with_label_values(&[kind])));
        let borders = vec![0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];
        let gauge_of = |name: &str, help: &str| {
            register(registry, Gauge::with_opts(Opts::new(name, help)).expect("a valid name"))
        };
        Self {
            up: gauge(
                registry,
                "turno_history_up",
                "Whether the history is written: 0 from a failure to the next success.",
            ),
            position: gauge_of(
                "turno_history_position_seconds",
                "When the last fact that is in the history happened, in seconds since 1970.",
            ),
            lag: gauge_of(
                "turno_history_lag_seconds",
                "How long ago the last written fact happened, while there are others; 0 if all are written.",
            ),
            facts: counter(registry, "turno_history_facts_total", "Facts that the history has taken."),
            rows: counter(
                registry,
                "turno_history_rows_total",
                "Rows of the history that were inserted or changed.",
            ),
            deleted: counter(
                registry,
                "turno_history_deleted_total",
                "Rows of the history that were deleted, or lost their number, because they had been kept for long enough.",
            ),
            failures,
            transaction: histogram(
                registry,
                "turno_history_transaction_seconds",
                "How long the transactions took that wrote facts into the history.",
                borders,
            ),
        }
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, kind: &str) {
        self.up.set(0);
        self.failures.with_label_values(&[kind]).inc();
    }

    /// Counts what was written.
    pub(crate) fn wrote(&self, facts: usize, rows: u64) {
        self.up.set(1);
        self.facts.inc_by(facts as u64);
        self.rows.inc_by(rows);
    }

    /// Notes how long a transaction took, and the moment of its last fact.
    pub(crate) fn took(&self, spent: Duration, last: Moment, now: Moment) {
        self.transaction.observe(spent.as_secs_f64());
        self.position.set(last.since(Moment::default()).as_secs_f64());
        self.lag.set(now.since(last).as_secs_f64());
    }

    /// Counts rows whose time was over.
    pub(crate) fn deleted(&self, rows: u64) {
        self.deleted.inc_by(rows);
    }

    /// All facts are written.
    pub(crate) fn is_up_to_date(&self) {
        self.lag.set(0.0);
    }
}
