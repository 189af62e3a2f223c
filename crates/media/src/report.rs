//! RTCP: the reports that we send, and what we read from the peer's (RFC 3550, 6).

use core::time::Duration;

use turno_ground::Moment;

use crate::jitter::Heard;

/// Interval between two reports of one stream (RFC 3550, 6.2).
pub(crate) const REPORT_SPAN: Duration = Duration::from_secs(5);

/// Seconds from 1900, where NTP begins to count, to 1970.
const NTP_OFFSET_SECONDS: u64 = 2_208_988_800;

const SENDER_REPORT: u8 = 200;
const RECEIVER_REPORT: u8 = 201;
const SOURCE_DESCRIPTION: u8 = 202;
const BYE: u8 = 203;

/// The sender part of a sender report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    /// The RTP timestamp of now.
    pub(crate) timestamp: u32,
    /// Packets sent.
    pub(crate) packets: u64,
    /// Payload bytes sent.
    pub(crate) octets: u64,
}

/// The peer's last sender report, to which our report blocks refer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LastReport {
    /// The middle 32 bits of its NTP time.
    pub(crate) ntp_middle: u32,
    /// When it came.
    pub(crate) at: Moment,
}

/// One compound packet of ours.
pub(crate) struct Compound {
    /// Our source.
    pub(crate) ssrc: u32,
    /// Present if we have sent since the last report.
    pub(crate) sent: Option<Sent>,
    /// Present if the peer was heard.
    pub(crate) heard: Option<Heard>,
    /// The peer's last sender report.
    pub(crate) last: Option<LastReport>,
    /// Whether it is the last one.
    pub(crate) bye: bool,
}

impl Compound {
    /// The packet's bytes: SR or RR, SDES with a CNAME, and BYE at the end.
    pub(crate) fn bytes(&self, now: Moment) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(128);
        let blocks = u8::from(self.heard.is_some());
        let kind = if self.sent.is_some() { SENDER_REPORT } else { RECEIVER_REPORT };
        let words = 1 + if self.sent.is_some() { 5 } else { 0 } + u16::from(blocks) * 6;
        start(&mut bytes, blocks, kind, words);
        put(&mut bytes, self.ssrc);
        if let Some(sent) = &self.sent {
            let (seconds, fraction) = ntp(now);
            for word in [seconds, fraction, sent.timestamp, sent.packets as u32, sent.octets as u32] {
                put(&mut bytes, word);
            }
        }
        if let Some(heard) = &self.heard {
            put(&mut bytes, heard.ssrc);
            put(&mut bytes, (u32::from(heard.fraction_lost) << 24) | heard.lost);
            put(&mut bytes, heard.highest);
            put(&mut bytes, heard.jitter);
            put(&mut bytes, self.last.map_or(0, |last| last.ntp_middle));
            // In 65536ths of a second (RFC 3550, 6.4.1: DLSR).
            let delay = self.last.map_or(0, |last| now.since(last.at).as_micros() * 65_536 / 1_000_000);
            put(&mut bytes, u32::try_from(delay).unwrap_or(u32::MAX));
        }
        let name = format!("turno-{:08x}", self.ssrc);
        // Source, one item (type, length, 14 bytes), and zeros up to the next word: at least one zero ends the list.
        start(&mut bytes, 1, SOURCE_DESCRIPTION, 6);
        put(&mut bytes, self.ssrc);
        bytes.extend([1, 14]);
        bytes.extend(name.as_bytes());
        bytes.extend([0; 4]);
        if self.bye {
            start(&mut bytes, 1, BYE, 1);
            put(&mut bytes, self.ssrc);
        }
        bytes
    }
}

/// What we read from a peer's compound packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct PeerReport {
    /// The middle 32 bits of its sender report's NTP time, if it has one.
    pub(crate) ntp_middle: Option<u32>,
}

impl PeerReport {
    /// Reads a compound packet; `None` if it is not RTCP that begins with a report (RFC 3550, A.2).
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let first = *bytes.get(1)?;
        if first != SENDER_REPORT && first != RECEIVER_REPORT {
            return None;
        }
        let mut report = Self::default();
        let mut rest = bytes;
        while !rest.is_empty() {
            let (head, _) = rest.split_first_chunk::<4>()?;
            let length = (usize::from(u16::from_be_bytes([head[2], head[3]])) + 1) * 4;
            if head[0] >> 6 != 2 || length > rest.len() {
                return None;
            }
            let (packet, after) = rest.split_at(length);
            if head[1] == SENDER_REPORT {
                let middle = packet.get(10..14)?;
                report.ntp_middle = Some(u32::from_be_bytes([middle[0], middle[1], middle[2], middle[3]]));
            }
            rest = after;
        }
        Some(report)
    }
}

fn start(bytes: &mut Vec<u8>, count: u8, kind: u8, words: u16) {
    bytes.extend([0x80 | count, kind]);
    bytes.extend(words.to_be_bytes());
}

fn put(bytes: &mut Vec<u8>, word: u32) {
    bytes.extend(word.to_be_bytes());
}

/// Seconds and fraction in NTP format.
fn ntp(now: Moment) -> (u32, u32) {
    let seconds = now.as_secs() + NTP_OFFSET_SECONDS;
    let fraction = ((now.as_micros() % 1_000_000) << 32) / 1_000_000;
    (seconds as u32, fraction as u32)
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
