//! The peer's address: which packets are accepted and where ours go. Symmetric RTP that an outsider cannot take over.

use std::net::SocketAddr;

use crate::jitter::DROPOUT_PACKETS_MAX;
use crate::packet::Header;

/// The addresses of one peer.
///
/// With latching the first source after an agreement is learned. Later ones are refused, with two exceptions: the
/// signalled address replaces a source learned from elsewhere, and a source that continues the peer's own SSRC and
/// sequence is the peer behind a NAT that changed its mapping.
#[derive(Debug, Default)]
pub(crate) struct Latch {
    learns: bool,
    signalled: Option<SocketAddr>,
    learned: Option<Learned>,
}

#[derive(Debug)]
struct Learned {
    source: SocketAddr,
    ssrc: u32,
    sequence: u16,
}

impl Latch {
    /// Takes the result of offer and answer. The same address as before keeps the learned source. An unspecified
    /// address (old-style hold) changes nothing.
    pub(crate) fn agree(&mut self, remote: SocketAddr, learns: bool) {
        if !remote.ip().is_unspecified() && self.signalled != Some(remote) {
            self.signalled = Some(remote);
            self.learned = None;
        }
        self.learns = learns;
        if !learns {
            self.learned = None;
        }
    }

    /// Whether a packet from `source` is the peer's; if it is, its source is learned.
    pub(crate) fn admits(&mut self, source: SocketAddr, header: &Header) -> bool {
        if !self.learns {
            return self.signalled.is_some_and(|peer| peer.ip() == source.ip());
        }
        let admitted = match &self.learned {
            None => true,
            Some(learned) => {
                let ahead = header.sequence.wrapping_sub(learned.sequence);
                let goes_on = learned.ssrc == header.ssrc && (1..DROPOUT_PACKETS_MAX).contains(&ahead);
                // Behind NAT the port is a different one; the IP address alone replaces a source learned from
                // elsewhere.
                let outranks = self.signalled.is_some_and(|peer| {
                    peer == source || (peer.ip() == source.ip() && peer.ip() != learned.source.ip())
                });
                learned.source == source || outranks || goes_on
            }
        };
        if admitted {
            self.learned = Some(Learned { source, ssrc: header.ssrc, sequence: header.sequence });
        }
        admitted
    }

    /// Whether `source` has the peer's known IP address.
    pub(crate) fn knows(&self, source: SocketAddr) -> bool {
        self.destination().is_some_and(|peer| peer.ip() == source.ip())
    }

    /// The destination of our packets.
    pub(crate) fn destination(&self) -> Option<SocketAddr> {
        self.learned.as_ref().map(|learned| learned.source).or(self.signalled)
    }
}

#[cfg(test)]
#[path = "latch_tests.rs"]
mod tests;
