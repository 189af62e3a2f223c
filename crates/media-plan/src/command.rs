//! Commands to the media plane.

use std::net::SocketAddr;

use serde::Serialize;

use crate::audio::{Audio, Tone};
use crate::bridge::{BridgeId, Member};
use crate::encoding::Encoding;
use crate::srtp::Protection;
use crate::stream::{Direction, StreamId};
use crate::webrtc::WebTerms;

/// One command to the media plane. Commands for unknown streams are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum MediaCommand {
    /// Bind `local` (RTP, even) and the next port (RTCP). [`crate::MediaEvent::Failed`] reports a failure.
    Open {
        /// The new stream.
        stream: StreamId,
        /// Our RTP address: a concrete or unspecified IP address, with the port chosen by the engine.
        local: SocketAddr,
    },
    /// Open a stream on the browsers' port, which all of them share. [`crate::MediaEvent::Failed`] reports a failure.
    OpenWeb {
        /// The new stream.
        stream: StreamId,
        /// Our address for browsers; its IP family decides among the browsers' sockets.
        local: SocketAddr,
    },
    /// Apply what offer and answer agreed about ICE and DTLS, before [`MediaCommand::Agree`]; sent again after each
    /// renegotiation.
    Secure {
        /// A stream on the browsers' port.
        stream: StreamId,
        /// The terms.
        terms: Box<WebTerms>,
    },
    /// The journal has the state of [`crate::MediaEvent::Secured`]: packets below these numbers may be sent.
    Kept {
        /// The stream.
        stream: StreamId,
        /// First packet index that may not be used.
        packets: u64,
        /// The same for reports.
        reports: u32,
    },
    /// Bind a port pair as [`MediaCommand::Open`] does, in advance for a later stream. The answer is
    /// [`crate::MediaEvent::Reserved`] or [`crate::MediaEvent::NotReserved`]; a bound pair stays bound.
    Reserve {
        /// Our RTP address.
        local: SocketAddr,
    },
    /// Apply what offer and answer agreed; sent again after each renegotiation.
    Agree {
        /// The stream.
        stream: StreamId,
        /// RTP address in the peer's SDP. We send there until the peer's first packet arrives.
        remote: SocketAddr,
        /// Codec and payload types.
        encoding: Encoding,
        /// Allowed directions of audio.
        direction: Direction,
        /// Whether to learn the peer's true address from its packets (symmetric RTP, NAT). Only the first source after
        /// an agreement is accepted; later ones are rejected unless the peer's own SSRC moves with them.
        latch: bool,
        /// SRTP protection; `None` for plain RTP. With the same keys as before, the packet indexes continue; with other
        /// keys they start anew. After a restart the peer's packet index is found by trial (see the media plane), and
        /// ours starts with a new SSRC.
        srtp: Option<Box<Protection>>,
    },
    /// Set all members of a bridge; [`crate::hears`] says who hears whom. A member of another bridge leaves that one. A
    /// member that is no longer listed is alone, and a bridge without members is removed. Playback to a member that
    /// joins stops without [`crate::MediaEvent::PlayedOut`]; members that stay are not affected. Members beyond
    /// [`crate::MEMBERS_MAX`] are left out.
    Bridge {
        /// The bridge.
        bridge: BridgeId,
        /// Its members.
        members: Vec<Member>,
    },
    /// Play to the peer, in place of what plays now. Meanwhile the peer does not hear the bridge.
    Play {
        /// The stream.
        stream: StreamId,
        /// What to play.
        audio: Audio,
    },
    /// Stop playing; the peer hears the bridge again.
    Hush {
        /// The stream.
        stream: StreamId,
    },
    /// Mix a tone into what this peer hears; nobody else hears it.
    Mix {
        /// The stream.
        stream: StreamId,
        /// The tone.
        tone: Tone,
    },
    /// Send a DTMF digit to the peer as telephone-event.
    SendDigit {
        /// The stream.
        stream: StreamId,
        /// `0`-`9`, `*`, `#`, `A`-`D`.
        digit: char,
    },
    /// Judge by the peer's voice from now on who has answered, or stop that. [`crate::MediaEvent::Judged`] follows once.
    Judge {
        /// The stream.
        stream: StreamId,
        /// Whether it begins.
        is_on: bool,
    },
    /// Let those who hear [`Audio::Live`] of this stream hear its peer from now on, or stop that. At most
    /// [`crate::SPEAKERS_MAX`] streams speak at once.
    Speak {
        /// The stream.
        stream: StreamId,
        /// Whether it begins.
        is_on: bool,
    },
    /// Close both sockets. [`crate::MediaEvent::Closed`] brings the statistics.
    Close {
        /// The stream.
        stream: StreamId,
    },
}
