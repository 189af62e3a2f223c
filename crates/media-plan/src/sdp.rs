//! Offer and answer (RFC 3264) for one audio stream of a leg.

mod body;
mod crypto;
mod negotiate;
mod opus;
mod read;
mod srtp_negotiation;
mod web;
mod write;

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::encoding::Encoding;
use crate::srtp::Protection;
use crate::stream::Direction;

pub use negotiate::Negotiation;
pub use opus::{OpusPlace, has_opus};
pub use web::is_web;

/// Longest body that is read, in bytes; a phone's offer with video and ICE has about 4,000.
pub const SDP_BYTES_MAX: usize = 16_384;

/// Cap on media lines of a body.
pub const SDP_LINES_MAX: usize = 16;

/// The payload type of telephone-event in our offers; nearly every phone uses the same.
pub const TELEPHONE_EVENT_TYPE: u8 = 101;

/// The payload type of Opus in our offers; browsers use the same.
pub const OPUS_TYPE: u8 = 111;

/// Result of offer and answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// The peer's RTP address. Unspecified (`0.0.0.0` or `::`) during an old-style hold, or if the SDP has a host name,
    /// no address, or one of an IP family that this leg can't reach: then the peer's first packet shows it.
    pub remote: SocketAddr,
    /// Codec and payload types.
    pub encoding: Encoding,
    /// Allowed directions of audio, seen from us.
    pub direction: Direction,
    /// SRTP protection; `None` for plain RTP.
    pub srtp: Option<Protection>,
}

/// Why an offer or an answer can't be used. The peer gets 488 for an offer, BYE for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unacceptable {
    /// Not SDP, or beyond [`SDP_BYTES_MAX`] or [`SDP_LINES_MAX`].
    #[error("the body is not SDP, or too long")]
    Malformed,
    /// No audio over RTP/AVP, nor over RTP/SAVP where that is allowed.
    #[error("no audio stream over RTP/AVP was offered")]
    NoAudio,
    /// The policy requires SRTP, and the peer has no key.
    #[error("SRTP is required here: RTP/SAVP with a=crypto")]
    NoSrtp,
    /// The policy forbids SRTP, and nothing else was offered.
    #[error("SRTP is not spoken here: offer RTP/AVP, without a key or beside one")]
    NoPlain,
    /// SRTP with suites or parameters that we do not support.
    #[error(
        "no a=crypto in common: turno speaks AEAD_AES_128_GCM, AEAD_AES_256_GCM and AES_CM_128_HMAC_SHA1_80 and _32"
    )]
    NoSuite,
    /// The policy requires SRTP, but its keys would be readable on this transport.
    #[error("SRTP is required here, and its keys may only travel over TLS")]
    NoTls,
    /// A browser's offer, and the plan has no browser phones.
    #[error("no browser phones here: the plan has no [browser]")]
    NoBrowser,
    /// A browser's line without what its voice needs.
    #[error(
        "a browser's audio needs a=ice-ufrag, a=ice-pwd, a=rtcp-mux and a=fingerprint with sha-256 or better"
    )]
    BadBrowser,
    /// No codec in common.
    #[error("no codec in common: turno speaks PCMU, PCMA and G722")]
    NoCodec,
    /// The answer does not match our offer.
    #[error("the answer does not match the offer")]
    Mismatch,
    /// The connection line has a multicast or broadcast address.
    #[error("the connection line has no unicast address")]
    Address,
}

#[cfg(test)]
#[path = "sdp_habits_tests.rs"]
mod habits_tests;
#[cfg(test)]
#[path = "sdp_numbers_tests.rs"]
mod numbers_tests;
#[cfg(test)]
#[path = "sdp_opus_tests.rs"]
mod opus_tests;
#[cfg(test)]
#[path = "sdp_srtp_tests.rs"]
mod srtp_tests;
#[cfg(test)]
#[path = "sdp_tests.rs"]
mod tests;
#[cfg(test)]
#[path = "sdp_web_tests.rs"]
mod web_tests;
