//! Metrics of TLS: handshakes by outcome, and when our certificate expires.

use prometheus::{IntCounter, IntGauge, Registry};

use crate::metrics::streams::Direction;
use crate::metrics::{counter, counters, gauge};

/// How a handshake ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It succeeded.
    Done,
    /// It failed: no TLS at all, no common version or cipher, an alert, or a closed connection.
    Failed,
    /// A certificate was missing, expired, from an unknown root, or for another name.
    Certificate,
    /// It took too long.
    Slow,
    /// Too many were under way.
    Full,
}

const OUTCOMES: [&str; 5] = ["done", "failed", "certificate", "slow", "full"];

/// The metrics of TLS.
pub(crate) struct TlsMeters {
    /// In the order of [`OUTCOMES`].
    shaken_in: [IntCounter; 5],
    shaken_out: [IntCounter; 5],
    not_after: IntGauge,
    renewals_refused: IntCounter,
}

impl TlsMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        let shaken = counters(
            registry,
            "turno_tls_handshakes_total",
            "TLS handshakes, by who connected and how they ended.",
            &["direction", "outcome"],
        );
        Self {
            shaken_in: OUTCOMES.map(|outcome| shaken.with_label_values(&["in", outcome])),
            shaken_out: OUTCOMES.map(|outcome| shaken.with_label_values(&["out", outcome])),
            not_after: gauge(
                registry,
                "turno_tls_certificate_not_after_seconds",
                "When the certificate expires, in seconds since 1970.",
            ),
            renewals_refused: counter(
                registry,
                "turno_tls_renewals_refused_total",
                "Changed certificates that could not be used; the previous ones stay in use.",
            ),
        }
    }

    /// Counts a handshake.
    pub(crate) fn shaken(&self, direction: Direction, outcome: Outcome) {
        let place = match outcome {
            Outcome::Done => 0,
            Outcome::Failed => 1,
            Outcome::Certificate => 2,
            Outcome::Slow => 3,
            Outcome::Full => 4,
        };
        match direction {
            Direction::In => self.shaken_in[place].inc(),
            Direction::Out => self.shaken_out[place].inc(),
        }
    }

    /// Sets when the certificate in use expires.
    pub(crate) fn certificate(&self, not_after: i64) {
        self.not_after.set(not_after);
    }

    /// Counts a changed certificate that could not be used.
    pub(crate) fn renewal_refused(&self) {
        self.renewals_refused.inc();
    }

    /// The number of unusable renewals.
    #[cfg(test)]
    pub(crate) fn renewals_refused(&self) -> u64 {
        self.renewals_refused.get()
    }
}
