//! Metrics of SIP connections: open, refused and ended ones.

use prometheus::{IntCounter, IntGauge, Registry};

use crate::metrics::{counter, counters, gauges};
use crate::net::connection::End;

/// Which side opened a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The peer.
    In,
    /// We.
    Out,
}

/// The metrics of SIP over streams.
pub(crate) struct StreamMeters {
    live_in: IntGauge,
    live_out: IntGauge,
    /// The limit of all connections was reached.
    pub(crate) refused_full: IntCounter,
    /// The limit of this address was reached.
    pub(crate) refused_address: IntCounter,
    /// Peers that could not be reached.
    pub(crate) unreached: IntCounter,
    /// In the order of [`ENDS`].
    ended: [IntCounter; 5],
}

const ENDS: [&str; 5] = ["peer", "ours", "idle", "malformed", "slow"];

impl StreamMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        let live = gauges(registry, "turno_streams", "SIP connections, by who opened them.", &["direction"]);
        let refused = counters(
            registry,
            "turno_streams_refused_total",
            "SIP connections that were closed at once because there were too many.",
            &["limit"],
        );
        let ended = counters(
            registry,
            "turno_streams_ended_total",
            "SIP connections, by how they ended.",
            &["cause"],
        );
        Self {
            live_in: live.with_label_values(&["in"]),
            live_out: live.with_label_values(&["out"]),
            refused_full: refused.with_label_values(&["total"]),
            refused_address: refused.with_label_values(&["address"]),
            unreached: counter(
                registry,
                "turno_streams_unreached_total",
                "Outgoing SIP connections that the peer did not accept.",
            ),
            ended: ENDS.map(|cause| ended.with_label_values(&[cause])),
        }
    }

    /// A connection began (1) or ended (-1).
    pub(crate) fn live(&self, direction: Direction, change: i64) {
        match direction {
            Direction::In => self.live_in.add(change),
            Direction::Out => self.live_out.add(change),
        }
    }

    /// Counts an ended connection.
    pub(crate) fn closed(&self, end: End) {
        let place = match end {
            End::Peer | End::HalfClosed => 0,
            End::Ours => 1,
            End::Idle => 2,
            End::Malformed => 3,
            End::Slow => 4,
        };
        self.ended[place].inc();
    }
}
