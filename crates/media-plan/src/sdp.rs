//! Offer and answer (RFC 3264) for one audio stream a leg.

mod body;
mod crypto;
mod negotiate;
mod read;
mod shielding;
mod write;

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::encoding::Encoding;
use crate::srtp::Protection;
use crate::stream::Direction;

pub use negotiate::Negotiation;

/// Most bytes of a body that is read at all; a phone's offer with video and ICE has about 4,000.
pub const SDP_BYTES_MAX: usize = 16_384;

/// Most media lines of a body.
pub const SDP_LINES_MAX: usize = 16;

/// The payload type that our own offers give telephone-event, as nearly every phone does.
pub const TELEPHONE_EVENT_TYPE: u8 = 101;

/// What both ends have agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Where the peer listens for RTP. Unspecified (`0.0.0.0` or `::`) while the peer holds in the old style, and where
    /// its SDP has a host name, no address, or one of a family that this leg has no way to: then the peer's first packet
    /// shows it.
    pub remote: SocketAddr,
    /// Codec and payload types.
    pub encoding: Encoding,
    /// Which way audio may flow, seen from us.
    pub direction: Direction,
    /// What the packets are protected by; `None`: plain RTP.
    pub srtp: Option<Protection>,
}

/// Why an offer or an answer can't be used: the peer gets 488 for an offer, BYE for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unacceptable {
    /// Not SDP, or larger than [`SDP_BYTES_MAX`] and [`SDP_LINES_MAX`] allow.
    #[error("the body is not SDP, or too long")]
    Malformed,
    /// No audio over RTP/AVP in it, nor over RTP/SAVP where that may be.
    #[error("no audio stream over RTP/AVP was offered")]
    NoAudio,
    /// The policy asks for encryption, and the peer has no key for it.
    #[error("SRTP is required here: RTP/SAVP with a=crypto")]
    NoSrtp,
    /// The policy allows no encryption, and nothing else was offered.
    #[error("SRTP is not spoken here: offer RTP/AVP, without a key or beside one")]
    NoPlain,
    /// Encrypted audio by suites or parameters that we don't have.
    #[error(
        "no a=crypto in common: turno speaks AEAD_AES_128_GCM, AEAD_AES_256_GCM and AES_CM_128_HMAC_SHA1_80 and _32"
    )]
    NoSuite,
    /// The policy asks for encryption, and its keys would be readable on this transport.
    #[error("SRTP is required here, and its keys may only travel over TLS")]
    NoTls,
    /// No codec in common.
    #[error("no codec in common: turno speaks PCMU, PCMA and G722")]
    NoCodec,
    /// The answer does not match our offer.
    #[error("the answer does not match the offer")]
    Mismatch,
    /// The connection line names a multicast group or everybody.
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
#[path = "sdp_srtp_tests.rs"]
mod srtp_tests;
#[cfg(test)]
#[path = "sdp_tests.rs"]
mod tests;
