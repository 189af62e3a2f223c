//! The state of one peer that sends Opus: its clock, and the decoder while somebody needs another codec.

use core::ops::Range;

use opus_rs::OpusDecoder;

use crate::g711::to_alaw;
use crate::packet::{HEADER_BYTES, Header};

/// The rate to which Opus is decoded, in hertz.
const RATE: i32 = 8_000;

/// Samples of the longest packet: 120 ms (RFC 6716, 2.1.4).
const SAMPLES_MAX: usize = 960;

/// Units of Opus's RTP clock in one unit of the other codecs'.
const UNITS_PER_UNIT: u32 = 6;

/// The state of a peer that sends Opus.
#[derive(Default)]
pub(crate) struct OpusEar {
    /// The last timestamp that was converted, and what it became.
    timed: Option<(u32, u32)>,
    /// The last converted timestamp.
    pub(crate) now: u32,
    /// `None` while everything is passed on.
    pub(crate) decoder: Option<Box<OpusDecoder>>,
    samples: Vec<f32>,
    /// A packet of A-law that is made of one with Opus, with room for a header.
    pub(crate) packet: Vec<u8>,
}

impl OpusEar {
    /// The header with a timestamp in the clock of all other codecs.
    pub(crate) fn in_eighths(&mut self, header: &Header) -> Header {
        let (wide, narrow) = *self.timed.get_or_insert((header.timestamp, header.timestamp));
        // Late packets go back, so the distance has a sign.
        let ahead = header.timestamp.wrapping_sub(wide).cast_signed() / UNITS_PER_UNIT.cast_signed();
        self.now = narrow.wrapping_add_signed(ahead);
        if ahead > 0 {
            let whole = ahead.cast_unsigned() * UNITS_PER_UNIT;
            self.timed = Some((wide.wrapping_add(whole), self.now));
        }
        Header { timestamp: self.now, ..*header }
    }

    /// Makes a packet of A-law; returns where its payload stands. `None` if it can't be decoded.
    pub(crate) fn decode(&mut self, payload: &[u8]) -> Option<Range<usize>> {
        if self.decoder.is_none() {
            self.decoder = OpusDecoder::new(RATE, 1).ok().map(Box::new);
        }
        self.samples.resize(SAMPLES_MAX, 0.0);
        let count = self.decoder.as_mut()?.decode(payload, SAMPLES_MAX, &mut self.samples).ok()?;
        self.packet.clear();
        self.packet.resize(HEADER_BYTES, 0);
        let octet = |sample: &f32| to_alaw((sample * 32_768.0).clamp(-32_768.0, 32_767.0) as i16);
        self.packet.extend(self.samples.iter().take(count).map(octet));
        (count > 0).then_some(HEADER_BYTES..self.packet.len())
    }
}
