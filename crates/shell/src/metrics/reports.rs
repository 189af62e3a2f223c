//! Metrics of reports by schedule.

use prometheus::{IntCounter, IntGauge, Registry};

use crate::metrics::{counter, gauge};

/// The metrics, updated by the thread of reports.
pub(crate) struct ReportsMeters {
    written: IntCounter,
    removed: IntCounter,
    failures: IntCounter,
    failing: IntGauge,
}

impl ReportsMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        Self {
            written: counter(
                registry,
                "turno_reports_written_total",
                "Reports that were written by schedule.",
            ),
            removed: counter(
                registry,
                "turno_reports_removed_total",
                "Reports that were removed because they had been kept for long enough.",
            ),
            failures: counter(
                registry,
                "turno_reports_failures_total",
                "How often a scheduled report could not be written or removed. turno tries again.",
            ),
            failing: gauge(
                registry,
                "turno_reports_failing",
                "How many scheduled reports did not work at the last look.",
            ),
        }
    }

    /// Counts what one look has done.
    pub(crate) fn looked(&self, written: usize, removed: usize, failed: usize) {
        self.written.inc_by(written as u64);
        self.removed.inc_by(removed as u64);
        self.failures.inc_by(failed as u64);
        self.failing.set(i64::try_from(failed).unwrap_or(i64::MAX));
    }
}
