//! SRTP and SRTCP of one stream (RFC 3711, RFC 7714): packets are protected and opened in place, without allocation.
//!
//! The master keys come with offer and answer; everything else is found in the packets. After a restart of turno the
//! peer continues where it was, and its rollover counter (how often its sequence number has wrapped) is stored nowhere.
//! So the first packet of a source is tried with one counter after the other until its tag matches (`incoming`). We
//! send from a new source, whose counter is 0 for both sides. A browser's stream keeps its source instead: the journal
//! knows how far its counter may have gone (`web`).

mod derive;
mod incoming;
#[cfg(test)]
mod oracle_tests;
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
    /// A stream that has sent and received nothing under these keys.
    pub(crate) fn new(protection: &Protection) -> Self {
        Self {
            protection: *protection,
            outgoing: Outgoing::new(&protection.ours),
            incoming: Incoming::new(&protection.theirs, protection.their_mki_bytes),
        }
    }

    /// Takes the keys of a new agreement; an unchanged key keeps its state. Returns whether we need a new source,
    /// because a peer with the new key would count our wraps from 0 and we would not.
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

    /// Protects one of our packets. False if it must not be sent: its sequence number was used before, or is too old to
    /// tell.
    pub(crate) fn seal_rtp(&mut self, packet: &mut Vec<u8>) -> bool {
        self.outgoing.seal_rtp(packet)
    }

    /// Protects one of our reports. False if it must not be sent.
    pub(crate) fn seal_rtcp(&mut self, packet: &mut Vec<u8>) -> bool {
        self.outgoing.seal_rtcp(packet)
    }

    /// Goes on behind what was sent (packets of this source, and reports) and heard before a restart.
    pub(crate) fn continue_from(&mut self, ssrc: u32, sent: (u64, u32), heard: Option<(u32, u64)>) {
        self.outgoing.continue_from(ssrc, sent);
        if let Some(heard) = heard {
            self.incoming.continue_from(heard);
        }
    }

    /// The peer's source and its highest index.
    pub(crate) fn heard(&self) -> Option<(u32, u64)> {
        self.incoming.heard()
    }

    /// Sends no packet and no report from these indexes on.
    pub(crate) const fn limit(&mut self, limits: (u64, u32)) {
        self.outgoing.limit(limits);
    }

    /// The indexes of our next packet and our next report.
    pub(crate) const fn next(&self) -> (u64, u32) {
        self.outgoing.next()
    }

    /// Opens a packet from the peer in place and returns the length of what remains.
    pub(crate) fn open_rtp(&mut self, packet: &mut [u8], now: Moment) -> Result<usize, Refusal> {
        self.incoming.open_rtp(packet, now)
    }

    /// Opens a report from the peer.
    pub(crate) fn open_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, Refusal> {
        self.incoming.open_rtcp(packet)
    }
}
