//! RTP packets: the fixed header (RFC 3550, 5.1).

use core::ops::Range;

/// Bytes of the header that we write: no contributing sources, no extension.
pub(crate) const HEADER_BYTES: usize = 12;

/// Longest packet that is accepted; audio needs 172 bytes.
pub(crate) const PACKET_BYTES_MAX: usize = 1_500;

/// RTP clock units in a millisecond: all our codecs have a clock of 8 kHz.
pub(crate) const UNITS_PER_MILLISECOND: u64 = 8;

/// The fields of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The first packet after a silence (RFC 3551, 4.1).
    pub(crate) marker: bool,
    /// The payload type, 0 to 127.
    pub(crate) payload_type: u8,
    /// The sequence number.
    pub(crate) sequence: u16,
    /// The timestamp, in RTP clock units.
    pub(crate) timestamp: u32,
    /// The synchronisation source.
    pub(crate) ssrc: u32,
}

impl Header {
    /// Reads a packet: its header and the range of the payload in `bytes`, which never begins before [`HEADER_BYTES`].
    /// `None` if it is no RTP packet with a payload.
    pub(crate) fn read(bytes: &[u8]) -> Option<(Self, Range<usize>)> {
        let (head, _) = bytes.split_first_chunk::<HEADER_BYTES>()?;
        if bytes.len() > PACKET_BYTES_MAX || head[0] >> 6 != 2 {
            return None;
        }
        let mut start = HEADER_BYTES + usize::from(head[0] & 0x0f) * 4;
        if head[0] & 0x10 != 0 {
            let extension = bytes.get(start..start + 4)?;
            start += 4 + usize::from(u16::from_be_bytes([extension[2], extension[3]])) * 4;
        }
        let mut end = bytes.len();
        if head[0] & 0x20 != 0 {
            let padding = usize::from(bytes[end - 1]);
            end = end.checked_sub(padding).filter(|_| padding > 0)?;
        }
        let header = Self {
            marker: head[1] & 0x80 != 0,
            payload_type: head[1] & 0x7f,
            sequence: u16::from_be_bytes([head[2], head[3]]),
            timestamp: u32::from_be_bytes([head[4], head[5], head[6], head[7]]),
            ssrc: u32::from_be_bytes([head[8], head[9], head[10], head[11]]),
        };
        (start < end).then_some((header, start..end))
    }

    /// The header's bytes.
    pub(crate) fn bytes(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0] = 0x80;
        bytes[1] = (u8::from(self.marker) << 7) | (self.payload_type & 0x7f);
        bytes[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        bytes[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        bytes[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
        bytes
    }
}

#[cfg(test)]
#[path = "packet_tests.rs"]
mod tests;
