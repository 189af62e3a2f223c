//! SRTP and SRTCP of one stream (RFC 3711, RFC 7714): packets are protected and opened in place, without allocating.
//!
//! The master keys come with the agreement; everything else is found in the packets. After a restart of turno the peer
//! goes on where it was, and how often its sequence number has wrapped (the rollover counter) is nowhere written: the
//! first packet of a source is tried with one counter after the other until its tag fits (`incoming`). What we send
//! begins with a source of its own, whose counter is 0 by anybody's reckoning.

mod derive;
mod incoming;
mod outgoing;
#[cfg(test)]
mod tests;
mod transform;
#[cfg(test)]
mod vectors_tests;
mod window;

use turno_ground::Moment;
use turno_media_plan::Protection;

pub(crate) use incoming::Refusal;

use incoming::Incoming;
use outgoing::Outgoing;

/// Both directions of one stream.
pub(crate) struct Srtp {
    protection: Protection,
    outgoing: Outgoing,
    incoming: Incoming,
}

impl Srtp {
    /// A stream that has sent and heard nothing under these keys.
    pub(crate) fn new(protection: &Protection) -> Self {
        Self {
            protection: *protection,
            outgoing: Outgoing::new(&protection.ours),
            incoming: Incoming::new(&protection.theirs, protection.their_mki_bytes),
        }
    }

    /// Takes the keys of a new agreement: those that are the same go on where they are. Returns whether our source must
    /// be another now, because a peer that begins anew would count its wraps from 0 and we would not.
    pub(crate) fn agree(&mut self, protection: &Protection) -> bool {
        let before = core::mem::replace(&mut self.protection, *protection);
        if (before.theirs, before.their_mki_bytes) != (protection.theirs, protection.their_mki_bytes) {
            self.incoming = Incoming::new(&protection.theirs, protection.their_mki_bytes);
        }
        if before.ours == protection.ours {
            return false;
        }
        let has_wrapped = self.outgoing.has_wrapped();
        self.outgoing = Outgoing::new(&protection.ours);
        has_wrapped
    }

    /// Protects a packet of ours. False if it must not be sent: its number was used before, or is too old to know.
    pub(crate) fn seal_rtp(&mut self, packet: &mut Vec<u8>) -> bool {
        self.outgoing.seal_rtp(packet)
    }

    /// Protects a report of ours.
    pub(crate) fn seal_rtcp(&mut self, packet: &mut Vec<u8>) {
        self.outgoing.seal_rtcp(packet);
    }

    /// Opens a packet of the peer's; what is left of it begins at 0 and has this length.
    pub(crate) fn open_rtp(&mut self, packet: &mut [u8], now: Moment) -> Result<usize, Refusal> {
        self.incoming.open_rtp(packet, now)
    }

    /// Opens a report of the peer's.
    pub(crate) fn open_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, Refusal> {
        self.incoming.open_rtcp(packet)
    }
}
