//! Where a peer's packets may come from, and where ours go: symmetric RTP that an outsider cannot steal.

use std::net::SocketAddr;

use crate::jitter::DROPOUT_PACKETS_MAX;
use crate::packet::Header;

/// The addresses of one peer.
///
/// With latching the first source after an agreement is taken. Later ones are refused, with two exceptions: the
/// address that the peer is told to have outranks whoever came first from elsewhere, and a source that goes on with the peer's own
/// SSRC and sequence is the peer behind a NAT that changed its mapping.
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
    /// Takes what an agreement says. The same address as before keeps what was learned, and no address at all (a hold
    /// in the old style) changes nothing.
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

    /// Whether a packet from `source` is the peer's; learns from it if it is.
    pub(crate) fn admits(&mut self, source: SocketAddr, header: &Header) -> bool {
        if !self.learns {
            return self.signalled.is_some_and(|peer| peer.ip() == source.ip());
        }
        let admitted = match &self.learned {
            None => true,
            Some(learned) => {
                let ahead = header.sequence.wrapping_sub(learned.sequence);
                let goes_on = learned.ssrc == header.ssrc && (1..DROPOUT_PACKETS_MAX).contains(&ahead);
                // Behind NAT the port is another; the address alone outranks whoever is elsewhere.
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

    /// Whether `source` is where the peer is known to be, by its IP.
    pub(crate) fn knows(&self, source: SocketAddr) -> bool {
        self.destination().is_some_and(|peer| peer.ip() == source.ip())
    }

    /// Where our packets go.
    pub(crate) fn destination(&self) -> Option<SocketAddr> {
        self.learned.as_ref().map(|learned| learned.source).or(self.signalled)
    }
}

#[cfg(test)]
#[path = "latch_tests.rs"]
mod tests;
