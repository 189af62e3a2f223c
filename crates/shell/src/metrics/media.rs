//! The media plane's metrics: streams and packets.

use prometheus::{IntCounter, IntGauge, Registry};
use turno_media::PlaneGauges;

use crate::metrics::{counter, counters, gauge};

/// Reads one of the plane's figures.
type Reading = fn(&PlaneGauges) -> u64;

/// The media metrics, updated at each scrape.
pub(crate) struct MediaMeters {
    streams: IntGauge,
    totals: Vec<(IntCounter, Reading)>,
}

impl MediaMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        let packets = counters(registry, "turno_rtp_packets_total", "RTP packets carried.", &["direction"]);
        let bytes = counters(registry, "turno_rtp_bytes_total", "RTP bytes carried.", &["direction"]);
        let refused = counter(
            registry,
            "turno_rtp_packets_refused_total",
            "RTP packets from a wrong source, malformed, or of an unknown payload type.",
        );
        let unsent = counter(
            registry,
            "turno_rtp_packets_unsent_total",
            "RTP packets that the system did not accept for sending.",
        );
        let unopened = counters(
            registry,
            "turno_srtp_packets_refused_total",
            "Rejected SRTP and SRTCP packets: wrong authentication tag, replayed, or no SRTP at all.",
            &["reason"],
        );
        let checks = counters(
            registry,
            "turno_browser_checks_total",
            "ICE checks at the browsers' port: answered, or dropped as nobody's.",
            &["outcome"],
        );
        let handshakes = counters(
            registry,
            "turno_browser_handshakes_total",
            "DTLS handshakes of browsers: done, or failed.",
            &["outcome"],
        );
        let moves = counter(
            registry,
            "turno_browser_moves_total",
            "How often a browser's voice went on from another address.",
        );
        let commands = counter(
            registry,
            "turno_media_commands_refused_total",
            "Media commands dropped because the media thread was too far behind.",
        );
        Self {
            streams: gauge(registry, "turno_rtp_streams", "Open RTP streams."),
            totals: vec![
                (packets.with_label_values(&["in"]), |plane| plane.packets_received),
                (packets.with_label_values(&["out"]), |plane| plane.packets_sent),
                (bytes.with_label_values(&["in"]), |plane| plane.bytes_received),
                (bytes.with_label_values(&["out"]), |plane| plane.bytes_sent),
                (refused, |plane| plane.packets_refused),
                (unsent, |plane| plane.packets_unsent),
                (unopened.with_label_values(&["auth"]), |plane| plane.srtp_unauthentic),
                (unopened.with_label_values(&["replay"]), |plane| plane.srtp_replayed),
                (unopened.with_label_values(&["malformed"]), |plane| plane.srtp_malformed),
                (checks.with_label_values(&["answered"]), |plane| plane.checks_answered),
                (checks.with_label_values(&["dropped"]), |plane| plane.checks_dropped),
                (handshakes.with_label_values(&["done"]), |plane| plane.handshakes_done),
                (handshakes.with_label_values(&["failed"]), |plane| plane.handshakes_failed),
                (moves, |plane| plane.browsers_moved),
                (commands, |plane| plane.commands_refused),
            ],
        }
    }

    /// Publishes the plane's figures.
    pub(crate) fn refresh(&self, plane: &PlaneGauges) {
        self.streams.set(i64::try_from(plane.streams).unwrap_or(i64::MAX));
        for (total, read) in &self.totals {
            total.inc_by(read(plane).saturating_sub(total.get()));
        }
    }
}
