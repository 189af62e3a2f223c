//! What the brain asks of the media plane.

use std::net::SocketAddr;

use serde::Serialize;

use crate::audio::{Audio, Tone};
use crate::bridge::{BridgeId, Member};
use crate::encoding::Encoding;
use crate::srtp::Protection;
use crate::stream::{Direction, StreamId};

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
    /// The members of a bridge from now on, all of them; [`crate::hears`] says who hears whom. A member of another
    /// bridge leaves it. Who is not named any more is alone, and a bridge without members is gone. What is being played
    /// to a member that comes ends without [`crate::MediaEvent::PlayedOut`]; for those who stay nothing changes. Members
    /// beyond [`crate::MEMBERS_MAX`] are left out.
    Bridge {
        /// The bridge.
        bridge: BridgeId,
        /// Its members.
        members: Vec<Member>,
    },
    /// Play to the peer, replacing what is playing. What the bridge says to this peer is not heard while it
    /// plays.
    Play {
        /// The stream.
        stream: StreamId,
        /// What to play.
        audio: Audio,
    },
    /// Stop playing; the bridge is heard again.
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
