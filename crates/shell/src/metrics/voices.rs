//! Metrics of how the voices of ended legs came through.

use prometheus::{Histogram, IntCounter, Registry};
use turno_model::MediaReport;

use crate::metrics::{counter, histogram};

/// Bucket limits of interarrival jitter, in seconds.
const JITTER_BORDERS: [f64; 7] = [1e-3, 5e-3, 1e-2, 2e-2, 4e-2, 8e-2, 0.2];

/// Bucket limits of a leg's share of lost packets.
const LOSS_BORDERS: [f64; 7] = [0.0, 0.001, 0.005, 0.01, 0.03, 0.1, 0.3];

pub(crate) struct VoiceMeters {
    lost: IntCounter,
    expected: IntCounter,
    loss: Histogram,
    jitter: Histogram,
}

impl VoiceMeters {
    pub(crate) fn new(registry: &Registry) -> Self {
        let expected = "Received and missing RTP packets of legs that have ended.";
        let jitter = "Interarrival jitter (RFC 3550) at the end of a leg.";
        Self {
            lost: counter(
                registry,
                "turno_rtp_packets_lost_total",
                "Missing RTP packets of legs that have ended.",
            ),
            expected: counter(registry, "turno_rtp_packets_expected_total", expected),
            loss: histogram(
                registry,
                "turno_rtp_loss_ratio",
                "Share of missing packets of a leg.",
                LOSS_BORDERS.to_vec(),
            ),
            jitter: histogram(registry, "turno_rtp_jitter_seconds", jitter, JITTER_BORDERS.to_vec()),
        }
    }

    /// Counts a leg that has ended.
    pub(crate) fn apply(&self, report: &MediaReport) {
        let expected = report.received + report.lost;
        self.lost.inc_by(report.lost);
        self.expected.inc_by(expected);
        if expected > 0 {
            #[expect(clippy::cast_precision_loss, reason = "packets of a call stay below 2^53")]
            self.loss.observe(report.lost as f64 / expected as f64);
            self.jitter.observe(report.jitter.as_secs_f64());
        }
    }
}
