//! What the media plane tells the brain.

use core::time::Duration;

use serde::Serialize;

use crate::stream::StreamId;

/// The figures of one stream, from our end (RFC 3550).
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize)]
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

/// Why a pair of ports could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum StreamFailure {
    /// Another program has the port.
    PortRefused,
    /// Something of our own is used up: no port is to blame, and another would fare no better.
    NoRoom(Want),
}

/// What is used up when nothing more can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Want {
    /// This process may have no more descriptors (EMFILE).
    Descriptors,
    /// The whole system has no more open files (ENFILE).
    SystemFiles,
    /// The operating system has no memory or buffers for a socket, or refuses it for another reason.
    System,
    /// The machine does not have the address at which voices are bound.
    Address,
    /// The media plane carries as many streams as it can, or does not keep up with what it is told.
    Streams,
}

impl Want {
    /// What is used up and what helps, for the log and /health.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Descriptors => {
                "this process may open no more descriptors; raise LimitNOFILE of the unit or `ulimit -n`"
            }
            Self::SystemFiles => "the system may open no more files; raise the sysctl fs.file-max",
            Self::System => "the operating system refuses sockets; look at its memory and its limits",
            Self::Address => {
                "the machine does not have the address of media.bind; give it back, or change it"
            }
            Self::Streams => "the media thread carries no more streams",
        }
    }
}

/// Something the media plane noticed.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// The pair at this port is bound, and stays so for a stream that may come.
    Reserved {
        /// Our RTP port.
        port: u16,
    },
    /// It could not be bound.
    NotReserved {
        /// Our RTP port.
        port: u16,
        /// Why.
        failure: StreamFailure,
    },
    /// A stream was opened with what was laid by for that: there is no more, and the next may fail.
    Scarce {
        /// What is used up.
        want: Want,
    },
    /// The stream's last figures; nothing follows.
    Closed {
        /// The stream.
        stream: StreamId,
        /// The figures.
        report: StreamReport,
    },
}
