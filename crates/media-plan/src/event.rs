//! What the media plane tells the brain.

use core::time::Duration;

use crate::command::StreamId;

/// The figures of one stream, from our end (RFC 3550).
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct StreamReport {
    /// RTP packets from the peer.
    pub received: u64,
    /// RTP packets to the peer.
    pub sent: u64,
    /// Packets missing from the peer's sequence.
    pub lost: u64,
    /// Interarrival jitter, RFC 3550 6.4.1.
    pub jitter: Duration,
    /// Packets refused: wrong source, malformed.
    pub refused: u64,
}

/// Why a stream could not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamFailure {
    /// The port could not be bound.
    PortRefused,
}

/// Something the media plane noticed.
#[derive(Clone, Debug, PartialEq)]
pub enum MediaEvent {
    /// The peer pressed a key (telephone-event, reported once, at its start).
    Digit {
        /// The stream.
        stream: StreamId,
        /// `0`-`9`, `*`, `#`, `A`-`D`.
        digit: char,
    },
    /// The prompts or the tone that were played have ended.
    PlayedOut {
        /// The stream.
        stream: StreamId,
    },
    /// Nothing came from a peer that should send, for the configured span.
    Inactive {
        /// The stream.
        stream: StreamId,
    },
    /// The stream can't be used.
    Failed {
        /// The stream.
        stream: StreamId,
        /// Why.
        failure: StreamFailure,
    },
    /// The stream's last figures; nothing follows.
    Closed {
        /// The stream.
        stream: StreamId,
        /// The figures.
        report: StreamReport,
    },
}
