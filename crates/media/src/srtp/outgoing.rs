//! Protects the packets that we send: an index is never used twice under one key.

use turno_media_plan::MasterKey;

use crate::packet::HEADER_BYTES;
use crate::srtp::derive::Use;
use crate::srtp::transform::{PacketIndex, Transform};
use crate::srtp::window::{Window, index_near};

/// Bytes of a report that stay unencrypted: the first header and its source (RFC 3711, 3.4).
pub(crate) const REPORT_HEAD_BYTES: usize = 8;

/// The E flag: the report is encrypted.
pub(crate) const ENCRYPTED: u32 = 1 << 31;

/// The sending direction.
pub(crate) struct Outgoing {
    rtp: Transform,
    rtcp: Transform,
    /// The source and its window of sent packets; `None` before the first packet.
    sent: Option<(u32, Window)>,
    next_report: u32,
    /// No packet of this index or above may be sent, and no report.
    limits: (u64, u32),
    /// The next packet's index, also of one that came too early to be sent.
    next: u64,
}

impl Outgoing {
    pub(crate) fn new(master: &MasterKey) -> Self {
        Self {
            rtp: Transform::new(master, Use::Rtp),
            rtcp: Transform::new(master, Use::Rtcp),
            sent: None,
            next_report: 0,
            limits: (u64::MAX, u32::MAX),
            next: 0,
        }
    }

    /// Goes on behind what was sent before a restart: at most these packets of this source, and these reports.
    pub(crate) fn continue_from(&mut self, ssrc: u32, (packets, reports): (u64, u32)) {
        self.sent = packets.checked_sub(1).map(|last| (ssrc, Window::new(last)));
        self.next_report = reports;
        self.next = packets;
    }

    /// Sends nothing from these indexes on.
    pub(crate) const fn limit(&mut self, limits: (u64, u32)) {
        self.limits = limits;
    }

    /// The indexes of the next packet and the next report.
    pub(crate) const fn next(&self) -> (u64, u32) {
        (self.next, self.next_report)
    }

    /// Whether the sequence number has wrapped under this key.
    pub(crate) fn has_wrapped(&self) -> bool {
        self.sent.is_some_and(|(_, window)| window.highest() > 0xffff)
    }

    /// Protects a packet that has our own header; false if it must not be sent. A repeated index would reveal GCM's
    /// authentication key and the difference of two voices, so such a packet is refused.
    pub(crate) fn seal_rtp(&mut self, packet: &mut Vec<u8>) -> bool {
        let Some((head, _)) = packet.split_first_chunk::<HEADER_BYTES>() else { return false };
        let sequence = u16::from_be_bytes([head[2], head[3]]);
        let ssrc = u32::from_be_bytes([head[8], head[9], head[10], head[11]]);
        let index = match &self.sent {
            Some((before, window)) if *before == ssrc => index_near(window.highest(), sequence),
            Some(_) | None => Some(sequence.into()),
        };
        let Some(index) = index else { return false };
        self.next = self.next.max(index + 1);
        if index >= self.limits.0 {
            return false;
        }
        match &mut self.sent {
            Some((before, window)) if *before == ssrc => {
                if !window.admits(index) {
                    return false;
                }
                window.take(index);
            }
            sent @ (Some(_) | None) => *sent = Some((ssrc, Window::new(index))),
        }
        let rollover = ((index >> 16) as u32).to_be_bytes();
        let end = packet.len();
        let tag = self.rtp.seal(PacketIndex { ssrc, index }, packet, HEADER_BYTES..end, rollover, Use::Rtp);
        packet.extend_from_slice(&tag[..self.rtp.tag_bytes()]);
        true
    }

    /// Protects a report; false if it must not be sent.
    pub(crate) fn seal_rtcp(&mut self, packet: &mut Vec<u8>) -> bool {
        let Some((head, _)) = packet.split_first_chunk::<REPORT_HEAD_BYTES>() else { return false };
        if self.next_report >= self.limits.1 {
            return false;
        }
        let ssrc = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
        let index = self.next_report;
        self.next_report = (index + 1) & !ENCRYPTED;
        let word = (index | ENCRYPTED).to_be_bytes();
        let end = packet.len();
        let place = PacketIndex { ssrc, index: index.into() };
        let tag = self.rtcp.seal(place, packet, REPORT_HEAD_BYTES..end, word, Use::Rtcp);
        let tag = &tag[..self.rtcp.tag_bytes()];
        if self.rtcp.is_aead() {
            packet.extend_from_slice(tag);
            packet.extend_from_slice(&word);
        } else {
            packet.extend_from_slice(&word);
            packet.extend_from_slice(tag);
        }
        true
    }
}
