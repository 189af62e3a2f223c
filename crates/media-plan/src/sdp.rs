//! Offer and answer (RFC 3264) for one audio stream a leg.

use std::net::SocketAddr;

use bytes::Bytes;

use crate::codec::Codec;
use crate::command::{Direction, Encoding};

/// What both ends have agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// Where the peer listens for RTP.
    pub remote: SocketAddr,
    /// Codec and payload types.
    pub encoding: Encoding,
    /// Which way audio may flow, seen from us.
    pub direction: Direction,
}

/// Why an offer or an answer can't be used: the peer gets 488 for an offer, BYE for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unacceptable {
    /// Not SDP.
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
}

/// The negotiation of one leg: remembers its origin line, its version and what was agreed.
#[derive(Clone, Debug)]
pub struct Negotiation {
    local: SocketAddr,
    number: u64,
    version: u64,
    codecs: Vec<Codec>,
    agreed: Option<Agreed>,
}

impl Negotiation {
    /// A leg whose RTP arrives at `local` (the address to advertise); `number` is the origin's session id.
    pub fn new(local: SocketAddr, number: u64, codecs: &[Codec]) -> Self {
        Self { local, number, version: 0, codecs: codecs.to_vec(), agreed: None }
    }

    /// Our offer, wanting `direction`. After an agreement it repeats the agreed codec alone, first.
    pub fn offer(&mut self, direction: Direction) -> Bytes {
        let _ = (self.local, self.number, direction);
        self.version += 1;
        Bytes::new()
    }

    /// Our answer to the peer's offer, allowing at most `wanted`; `prefer` is the codec that the other leg speaks.
    pub fn answer(
        &mut self,
        offer: &[u8],
        wanted: Direction,
        prefer: Option<Codec>,
    ) -> Result<(Bytes, Agreed), Unacceptable> {
        let _ = (offer, wanted, prefer, &self.codecs);
        Err(Unacceptable::Malformed)
    }

    /// Takes the peer's answer to our last offer.
    pub fn answered(&mut self, answer: &[u8]) -> Result<Agreed, Unacceptable> {
        let _ = answer;
        Err(Unacceptable::Malformed)
    }

    /// What was agreed last.
    pub fn agreed(&self) -> Option<&Agreed> {
        self.agreed.as_ref()
    }
}
