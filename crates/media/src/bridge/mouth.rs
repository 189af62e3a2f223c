//! One member's voice on its way into the mix: it is delayed a little, so that a late packet is still in time.

use core::time::Duration;
use std::collections::VecDeque;

use turno_ground::Moment;
use turno_media_plan::Codec;

use crate::clip::{FRAME_BYTES, silence};
use crate::packet::Header;
use crate::resample::{Resampler, Way};
use crate::transcode::{Decoder, Transcoder};

/// All our codecs have 64 kbit/s.
const OCTETS_PER_MILLISECOND: usize = 8;

/// How long the first packet of a voice that nobody hears yet is delayed.
const WAIT_SPAN: Duration = Duration::from_millis(40);

/// Most audio that waits; older audio is dropped.
const WAITING_MILLISECONDS_MAX: usize = 200;

/// If more than this is left over in each of [`SPARE_TICKS`] ticks, a frame is dropped: so the delay that a stall
/// caused goes away.
const SPARE_MILLISECONDS: usize = 60;
const SPARE_TICKS: u8 = 100;

/// A gap of at most 100 ms between two packets is a loss, heard as silence.
const GAP_UNITS_MAX: u32 = 800;

/// A packet that is less than a second behind is late or a duplicate.
const LATE_UNITS_MAX: u32 = 8_000;

/// After this many ticks without a packet the next one starts again.
const MISSES_MAX: u8 = 5;

/// Samples of a frame at 16 kHz.
const FRAME_SAMPLES_MAX: usize = 320;

/// A member's voice. It waits encoded: a member who hears only this voice, in the same codec, gets the original octets.
pub(crate) struct Mouth {
    state: State,
    /// How long the next first packet is delayed.
    wait: Duration,
    codec: Codec,
    waiting: VecDeque<u8>,
    /// The source, and the expected timestamp of its next packet.
    next: Option<(u32, u32)>,
    spare_ticks: u8,
    /// The frame of this tick.
    octets: Vec<u8>,
    decoder: Decoder,
    /// The frame, decoded on demand.
    samples: Vec<i16>,
    /// Converts it to the other rate.
    resampler: Option<Resampler>,
    converted: Vec<i16>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Nothing is said.
    Silent,
    /// The first packets wait until this moment.
    Begins(Moment),
    /// One frame for each tick; the number of ticks without a frame since the last one.
    Speaks(u8),
}

impl Mouth {
    /// A voice that has said nothing yet.
    pub(crate) fn new(codec: Codec) -> Self {
        Self {
            state: State::Silent,
            wait: WAIT_SPAN,
            codec,
            waiting: VecDeque::with_capacity(2 * WAITING_MILLISECONDS_MAX * OCTETS_PER_MILLISECOND),
            next: None,
            spare_ticks: 0,
            octets: Vec::with_capacity(FRAME_BYTES),
            decoder: Decoder::new(codec),
            samples: Vec::with_capacity(FRAME_SAMPLES_MAX),
            resampler: None,
            converted: Vec::with_capacity(FRAME_SAMPLES_MAX),
        }
    }

    /// The voice goes on from a relay: its first packet is heard at the next tick, so that the gap is 40 ms at most. If a
    /// later packet then comes too late for its tick, that one is silent, and the delay has grown by a frame.
    pub(crate) fn goes_on(&mut self) {
        self.wait = Duration::ZERO;
    }

    /// Takes over a decoder and a resampler with their states.
    pub(crate) fn inherit(&mut self, (codec, decoder): (Codec, Decoder), resampler: Resampler) {
        self.speak_in(codec);
        (self.decoder, self.resampler) = (decoder, resampler.changes_rate().then_some(resampler));
    }

    /// Gives the decoder and resampler away.
    pub(crate) fn into_coders(self) -> ((Codec, Decoder), Option<Resampler>) {
        ((self.codec, self.decoder), self.resampler)
    }

    /// A packet came.
    pub(crate) fn push(&mut self, header: &Header, codec: Codec, payload: &[u8], now: Moment) {
        self.speak_in(codec);
        match self.next {
            Some((ssrc, timestamp)) if ssrc == header.ssrc => {
                let behind = timestamp.wrapping_sub(header.timestamp);
                if (1..LATE_UNITS_MAX).contains(&behind) {
                    return;
                }
                self.fill(header.timestamp.wrapping_sub(timestamp));
            }
            Some(_) | None => {}
        }
        self.next = Some((header.ssrc, header.timestamp.wrapping_add(payload.len() as u32)));
        self.waiting.extend(payload);
        if self.waiting.len() > WAITING_MILLISECONDS_MAX * OCTETS_PER_MILLISECOND {
            let kept = payload.len().max(WAIT_SPAN.as_millis() as usize * OCTETS_PER_MILLISECOND);
            self.waiting.drain(..self.waiting.len() - kept);
        }
        if let State::Silent = self.state {
            self.state = State::Begins(now + core::mem::replace(&mut self.wait, WAIT_SPAN));
        }
    }

    /// Takes the next frame, if there is one.
    pub(crate) fn take(&mut self, at: Moment) {
        self.says_nothing();
        let misses = match self.state {
            State::Silent => return,
            State::Begins(from) if at < from => return,
            State::Begins(_) => 0,
            State::Speaks(misses) => misses,
        };
        if self.waiting.len() < FRAME_BYTES {
            self.state = State::Speaks(misses + 1);
            if misses >= MISSES_MAX {
                self.waiting.clear();
                self.state = State::Silent;
            }
            return;
        }
        self.state = State::Speaks(0);
        self.octets.extend(self.waiting.drain(..FRAME_BYTES));
        let has_spare = self.waiting.len() >= SPARE_MILLISECONDS * OCTETS_PER_MILLISECOND;
        self.spare_ticks = if has_spare { self.spare_ticks + 1 } else { 0 };
        if self.spare_ticks >= SPARE_TICKS {
            self.spare_ticks = 0;
            self.waiting.drain(..FRAME_BYTES);
        }
    }

    /// Takes what waits without further delay, because the mix ends.
    pub(crate) fn take_rest(&mut self) {
        self.says_nothing();
        let length = FRAME_BYTES.min(self.waiting.len());
        self.octets.extend(self.waiting.drain(..length));
    }

    /// Takes a frame that we play ourselves; it is not delayed.
    pub(crate) fn say(&mut self, codec: Codec, octets: &[u8]) {
        self.speak_in(codec);
        self.says_nothing();
        self.octets.extend_from_slice(octets);
    }

    /// Prepares this tick's samples at a rate.
    pub(crate) fn decode_at(&mut self, rate: u32) {
        if self.octets.is_empty() {
            return;
        }
        if self.samples.is_empty() {
            self.decoder.decode(&self.octets, &mut self.samples);
        }
        let own = self.codec.sample_rate();
        if rate != own && self.converted.is_empty() {
            self.converted.extend_from_slice(&self.samples);
            let resampler = self.resampler.get_or_insert_with(|| Resampler::new(Way::between(own, rate)));
            resampler.convert(&mut self.converted);
        }
    }

    /// Whether something is said in this tick.
    pub(crate) fn speaks(&self) -> bool {
        !self.octets.is_empty()
    }

    /// This tick's original octets, if they are in this codec.
    pub(crate) fn octets_in(&self, codec: Codec) -> Option<&[u8]> {
        (codec == self.codec).then_some(&self.octets)
    }

    /// This tick's samples at a rate for which they were prepared; empty if nothing is said.
    pub(crate) fn frame_at(&self, rate: u32) -> &[i16] {
        if rate == self.codec.sample_rate() { &self.samples } else { &self.converted }
    }

    fn says_nothing(&mut self) {
        self.octets.clear();
        self.samples.clear();
        self.converted.clear();
    }

    /// Fills a gap with silence, less the ticks that found no frame already.
    fn fill(&mut self, gap: u32) {
        let misses = match self.state {
            State::Silent | State::Begins(_) => 0,
            State::Speaks(misses) => misses,
        };
        if gap <= GAP_UNITS_MAX {
            let missing = gap.saturating_sub(u32::from(misses) * 160) as usize;
            self.waiting.extend(core::iter::repeat_n(silence(self.codec), missing));
        }
    }

    /// Changes the codec: the phone has switched.
    fn speak_in(&mut self, codec: Codec) {
        if codec == self.codec {
            return;
        }
        let (before, mut after) = (self.waiting.make_contiguous().to_vec(), Vec::new());
        Transcoder::new(self.codec, codec).convert(&before, |_| {}, &mut after);
        self.waiting.clear();
        self.waiting.extend(after);
        self.says_nothing();
        (self.codec, self.decoder, self.resampler) = (codec, Decoder::new(codec), None);
    }
}

#[cfg(test)]
#[path = "mouth_tests.rs"]
mod tests;
