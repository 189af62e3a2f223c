//! Offer and answer (RFC 3264) for one audio stream a leg.

mod body;
mod negotiate;
mod read;
mod write;

use std::net::SocketAddr;

use crate::command::{Direction, Encoding};

pub use negotiate::Negotiation;

/// Most bytes of a body that is read at all; a phone's offer with video and ICE has about 4,000.
pub const SDP_BYTES_MAX: usize = 16_384;

/// Most media lines of a body.
pub const SDP_LINES_MAX: usize = 16;

/// The payload type that our own offers give telephone-event, as nearly every phone does.
pub const TELEPHONE_EVENT_TYPE: u8 = 101;

/// What both ends have agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// Where the peer listens for RTP. Unspecified (`0.0.0.0` or `::`) while the peer holds in the old style.
    pub remote: SocketAddr,
    /// Codec and payload types.
    pub encoding: Encoding,
    /// Which way audio may flow, seen from us.
    pub direction: Direction,
}

/// Why an offer or an answer can't be used: the peer gets 488 for an offer, BYE for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unacceptable {
    /// Not SDP, or larger than [`SDP_BYTES_MAX`] and [`SDP_LINES_MAX`] allow.
    #[error("the body is not SDP that RFC 8866 allows")]
    Malformed,
    /// No audio over RTP/AVP in it.
    #[error("no audio stream over RTP/AVP was offered")]
    NoAudio,
    /// No codec in common.
    #[error("no codec in common: turno speaks PCMU, PCMA and G722")]
    NoCodec,
    /// The answer does not match our offer.
    #[error("the answer does not match the offer")]
    Mismatch,
    /// The connection line names a host, a multicast group, or an address of the family that this leg does not have:
    /// a name would need DNS in the call's path.
    #[error("the connection line has no unicast address that this leg can reach")]
    Address,
}

#[cfg(test)]
#[path = "sdp_tests.rs"]
mod tests;
