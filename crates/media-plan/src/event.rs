//! Events of the media plane.

use core::time::Duration;

use serde::Serialize;

use crate::stream::StreamId;
use crate::webrtc::{Insecure, WebState};

/// Statistics of one stream, from our end (RFC 3550).
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
    /// Packets rejected: wrong source, or malformed.
    pub refused: u64,
}

/// Why a port pair could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum StreamFailure {
    /// Another program holds the port.
    PortRefused,
    /// A resource of our own has run out: the port is not to blame, and another would fail too.
    NoRoom(Want),
}

/// The resource that has run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Want {
    /// This process may not open more descriptors (EMFILE).
    Descriptors,
    /// The system may not open more files (ENFILE).
    SystemFiles,
    /// The operating system lacks memory or buffers for a socket, or refuses it for another reason.
    System,
    /// The machine does not have the address to which media are bound.
    Address,
    /// The media plane has as many streams as it can carry, or can't keep up with commands.
    Streams,
}

impl Want {
    /// The problem and its remedy, for the log and /health.
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

/// Who has answered a call, by the sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Answerer {
    /// A few words, then a pause; or nothing that speaks for a machine.
    Person,
    /// Words without a pause.
    Machine,
    /// Nobody has said a word.
    Silence,
}

/// One event of the media plane.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum MediaEvent {
    /// The peer pressed a key (telephone-event; reported once, at its start).
    Digit {
        /// The stream.
        stream: StreamId,
        /// `0`-`9`, `*`, `#`, `A`-`D`.
        digit: char,
    },
    /// The prompts or the tone have ended.
    PlayedOut {
        /// The stream.
        stream: StreamId,
    },
    /// It is clear who has answered.
    Judged {
        /// The stream.
        stream: StreamId,
        /// Who it is.
        who: Answerer,
    },
    /// The peer should send, but no packet arrived for the configured span.
    Inactive {
        /// The stream.
        stream: StreamId,
    },
    /// A browser goes on with a handshake that a turno before this one began: it needs another one, with our other certificate.
    CutOff {
        /// The stream.
        stream: StreamId,
    },
    /// A browser's stream is encrypted, or has moved, or needs more numbers for its packets. Nothing more is sent before
    /// [`crate::MediaCommand::Kept`] says that the journal has this.
    Secured {
        /// The stream.
        stream: StreamId,
        /// What must be kept.
        #[serde(skip)]
        state: Box<WebState>,
    },
    /// A browser's voice can't be secured.
    Insecure {
        /// The stream.
        stream: StreamId,
        /// Why.
        why: Insecure,
    },
    /// The stream can't be opened.
    Failed {
        /// The stream.
        stream: StreamId,
        /// Why.
        failure: StreamFailure,
    },
    /// The port pair is bound in advance, and stays bound for a later stream.
    Reserved {
        /// Our RTP port.
        port: u16,
    },
    /// The port pair could not be bound in advance.
    NotReserved {
        /// Our RTP port.
        port: u16,
        /// Why.
        failure: StreamFailure,
    },
    /// A stream was opened with the reserved descriptors: none are left, and the next one may fail.
    Scarce {
        /// The resource that has run out.
        want: Want,
    },
    /// Final statistics of the stream; it is closed.
    Closed {
        /// The stream.
        stream: StreamId,
        /// The statistics.
        report: StreamReport,
    },
}
