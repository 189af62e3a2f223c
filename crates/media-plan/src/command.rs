//! What the brain asks of the media plane.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::encoding::Encoding;
use crate::srtp::Protection;

/// One RTP conversation with one peer; never reused in a life of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StreamId(pub u64);

/// Most streams open at a time. The media plane refuses more, so the brain gives out no more ports.
pub const STREAMS_MAX: usize = 16_384;

/// How many other ports must be closed before a closed stream's port is given to another: what an earlier peer still
/// sends dies meanwhile. So many stay bound without a stream, since binding is dear.
pub const RESTING_PORTS_MAX: usize = 1_024;

/// A prompt by its place in the list that the media plane was started with (names and languages are the plan's).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PromptId(pub u16);

/// Which way audio may flow, seen from us (RFC 3264).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Both ways.
    SendRecv,
    /// We send only: the peer is held by us, with music, or wants to listen only.
    SendOnly,
    /// We receive only: the peer has put us on hold.
    RecvOnly,
    /// Neither.
    Inactive,
}

impl Direction {
    /// Whether we may send.
    pub const fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    /// Whether the peer may send.
    pub const fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }
}

/// A soft tone, heard by one side only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tone {
    /// The handling target comes near.
    Warning,
    /// The handling target is passed.
    Breach,
    /// A feature code was accepted.
    Confirm,
    /// A feature code was refused.
    Refuse,
}

/// Something that can be played to a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audio {
    /// The hold music, endless: every listener hears the same place of it.
    Music,
    /// Prompts one after the other, once; then [`crate::MediaEvent::PlayedOut`].
    Prompts(Vec<PromptId>),
    /// A tone once over silence; then [`crate::MediaEvent::PlayedOut`].
    Tone(Tone),
    /// Ringing tone, endless (425 Hz, 1 s on, 4 s off).
    Ringback,
}

/// One instruction to the media plane. Commands for unknown streams are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum MediaCommand {
    /// Bind `local` (RTP, even) and the next port (RTCP). Failure comes back as [`crate::MediaEvent::Failed`].
    Open {
        /// The new stream.
        stream: StreamId,
        /// Our RTP address: concrete IP or unspecified, with the port the brain chose.
        local: SocketAddr,
    },
    /// Bind a pair as [`MediaCommand::Open`] does, for a stream that may come. The answer is
    /// [`crate::MediaEvent::Reserved`] or [`crate::MediaEvent::NotReserved`]; one that is bound stays bound.
    Reserve {
        /// Our RTP address.
        local: SocketAddr,
    },
    /// What offer and answer agreed; again after each renegotiation.
    Agree {
        /// The stream.
        stream: StreamId,
        /// Where the peer's SDP says that it listens. Until its first packet this is where we send.
        remote: SocketAddr,
        /// Codec and payload types.
        encoding: Encoding,
        /// Which way audio may flow.
        direction: Direction,
        /// Whether to learn the peer's true address from its packets (symmetric RTP, NAT): only the first source
        /// after an agreement is taken, later ones are refused unless the peer's own SSRC moves with it.
        latch: bool,
        /// What the packets are protected by; `None`: plain RTP. The same keys as before go on where they were, others
        /// begin anew. After a restart the peer's place under its key is found by trial (see the media plane), and ours
        /// begins with a new source.
        srtp: Option<Box<Protection>>,
    },
    /// Relay between two streams, both ways, until `Part` or `Play`; without decoding when the encodings agree. What is
    /// being played to either of them ends without [`crate::MediaEvent::PlayedOut`], and earlier partners are parted.
    Join {
        /// One stream.
        one: StreamId,
        /// The other.
        other: StreamId,
    },
    /// End the relay of this stream and of its partner.
    Part {
        /// The stream.
        stream: StreamId,
    },
    /// Play to the peer, replacing what is playing. Relay towards this peer is suspended while it plays.
    Play {
        /// The stream.
        stream: StreamId,
        /// What to play.
        audio: Audio,
    },
    /// Stop playing; the relay, if joined, is heard again.
    Hush {
        /// The stream.
        stream: StreamId,
    },
    /// Mix a tone into what this peer hears, and nobody else.
    Mix {
        /// The stream.
        stream: StreamId,
        /// The tone.
        tone: Tone,
    },
    /// Send a DTMF digit to the peer by telephone-event.
    SendDigit {
        /// The stream.
        stream: StreamId,
        /// `0`-`9`, `*`, `#`, `A`-`D`.
        digit: char,
    },
    /// Close both sockets. [`crate::MediaEvent::Closed`] brings the figures.
    Close {
        /// The stream.
        stream: StreamId,
    },
}
