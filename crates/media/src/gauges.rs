//! The media plane's figures: written by its thread, read by any.

use std::sync::atomic::{AtomicU64, Ordering};

/// Figures since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaneGauges {
    /// Streams open now.
    pub streams: u64,
    /// RTP packets received.
    pub packets_received: u64,
    /// RTP packets sent.
    pub packets_sent: u64,
    /// Bytes of RTP received, without IP and UDP headers.
    pub bytes_received: u64,
    /// Bytes of RTP sent, without IP and UDP headers.
    pub bytes_sent: u64,
    /// Packets refused: wrong source, malformed, unknown payload type.
    pub packets_refused: u64,
    /// Packets that the operating system did not accept for sending.
    pub packets_unsent: u64,
    /// SRTP packets with a wrong authentication tag.
    pub srtp_unauthentic: u64,
    /// SRTP packets that were received before.
    pub srtp_replayed: u64,
    /// Packets that were no SRTP packets although SRTP was agreed.
    pub srtp_malformed: u64,
    /// Checks of browsers that were answered.
    pub checks_answered: u64,
    /// Checks that were dropped: of nobody we know, or signed wrongly.
    pub checks_dropped: u64,
    /// Handshakes of browsers that brought keys.
    pub handshakes_done: u64,
    /// Handshakes that failed or took too long.
    pub handshakes_failed: u64,
    /// How often a browser went on from another address.
    pub browsers_moved: u64,
    /// Commands dropped because the plane was too far behind.
    pub commands_refused: u64,
}

/// The index of the refused commands in the array: the last one.
const COMMANDS: usize = 15;

/// The same, shared between threads. The figures are independent, so their order is relaxed.
#[derive(Debug, Default)]
pub(crate) struct SharedGauges {
    figures: [AtomicU64; 16],
}

impl SharedGauges {
    /// Replaces all but the refused commands, which the senders count.
    pub(crate) fn publish(&self, gauges: &PlaneGauges) {
        let figures = [
            gauges.streams,
            gauges.packets_received,
            gauges.packets_sent,
            gauges.bytes_received,
            gauges.bytes_sent,
            gauges.packets_refused,
            gauges.packets_unsent,
            gauges.srtp_unauthentic,
            gauges.srtp_replayed,
            gauges.srtp_malformed,
            gauges.checks_answered,
            gauges.checks_dropped,
            gauges.handshakes_done,
            gauges.handshakes_failed,
            gauges.browsers_moved,
        ];
        for (shared, figure) in self.figures.iter().zip(figures) {
            shared.store(figure, Ordering::Relaxed);
        }
    }

    /// Counts a command that was dropped because the queue was full.
    pub(crate) fn refuse_command(&self) {
        self.figures[COMMANDS].fetch_add(1, Ordering::Relaxed);
    }

    /// The figures now.
    pub(crate) fn read(&self) -> PlaneGauges {
        let figures: [u64; 16] = core::array::from_fn(|place| self.figures[place].load(Ordering::Relaxed));
        let [streams, packets_received, packets_sent, bytes_received, bytes_sent, refused, unsent, ..] =
            figures;
        let [
            ..,
            srtp_unauthentic,
            srtp_replayed,
            srtp_malformed,
            answered,
            dropped,
            done,
            failed,
            moved,
            commands,
        ] = figures;
        PlaneGauges {
            streams,
            packets_received,
            packets_sent,
            bytes_received,
            bytes_sent,
            packets_refused: refused,
            packets_unsent: unsent,
            srtp_unauthentic,
            srtp_replayed,
            srtp_malformed,
            checks_answered: answered,
            checks_dropped: dropped,
            handshakes_done: done,
            handshakes_failed: failed,
            browsers_moved: moved,
            commands_refused: commands,
        }
    }
}
