//! The journal's metrics.

use prometheus::{Histogram, IntCounter, IntGauge, Registry};

use crate::metrics::{counter, gauge, histogram};

/// Bucket limits of a write to the system, in seconds.
const WRITE_BORDERS: [f64; 9] = [1e-6, 2e-6, 5e-6, 1e-5, 2.5e-5, 1e-4, 1e-3, 1e-2, 0.1];

/// Bucket limits of a sync to disk, in seconds.
const SYNC_BORDERS: [f64; 9] = [1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 5e-2, 0.25];

/// The journal's metrics.
#[derive(Clone)]
pub(crate) struct JournalMeters {
    /// 1 while a restart would lose nothing.
    pub(crate) is_kept: IntGauge,
    /// Recorded steps.
    pub(crate) steps: IntCounter,
    /// Written bytes.
    pub(crate) bytes: IntCounter,
    /// Steps that were not written.
    pub(crate) lost_steps: IntCounter,
    /// Facts that were dropped while the disk failed.
    pub(crate) lost_facts: IntCounter,
    /// Facts that wait for the disk.
    pub(crate) held_facts: IntGauge,
    /// Failures.
    pub(crate) errors: IntCounter,
    /// The number of the present segment.
    pub(crate) segment: IntGauge,
    /// Duration of a write.
    pub(crate) write_seconds: Histogram,
    /// Duration of a sync.
    pub(crate) sync_seconds: Histogram,
}

impl JournalMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        let meters = Self {
            is_kept: gauge(
                registry,
                "turno_journal_kept",
                "1 while a restart would lose nothing; 0 while the disk fails, or a restart would not find what is written.",
            ),
            steps: counter(
                registry,
                "turno_journal_steps_total",
                "Steps of the engine that were recorded in the journal.",
            ),
            bytes: counter(registry, "turno_journal_bytes_total", "Bytes written to the journal."),
            lost_steps: counter(
                registry,
                "turno_journal_lost_steps_total",
                "Steps that could not be written; the changed rows are written again when the disk works again.",
            ),
            lost_facts: counter(
                registry,
                "turno_journal_lost_facts_total",
                "Facts dropped for lack of room while the disk failed: after a restart the figures lack them.",
            ),
            held_facts: gauge(
                registry,
                "turno_journal_held_facts",
                "Facts that wait in memory until the disk works again.",
            ),
            errors: counter(
                registry,
                "turno_journal_errors_total",
                "Failed writes and restarts of the journal.",
            ),
            segment: gauge(registry, "turno_journal_segment", "The number of the present segment."),
            write_seconds: histogram(
                registry,
                "turno_journal_write_seconds",
                "Time of a write to the journal.",
                WRITE_BORDERS.to_vec(),
            ),
            sync_seconds: histogram(
                registry,
                "turno_journal_sync_seconds",
                "Time until written bytes were on the disk, with durability = \"power\".",
                SYNC_BORDERS.to_vec(),
            ),
        };
        meters.is_kept.set(1);
        meters
    }
}
