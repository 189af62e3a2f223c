//! What one member says, on its way into the mix: it waits a little, so that a packet that comes late is still in time.

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

/// How long the first packet waits.
const WAIT_SPAN: Duration = Duration::from_millis(40);

/// Most that waits; what is older is left out.
const WAITING_MILLISECONDS_MAX: usize = 200;

/// More than this left over in every tick for [`SPARE_TICKS`] is spared: delay that a stall has brought goes again.
const SPARE_MILLISECONDS: usize = 60;
const SPARE_TICKS: u8 = 100;

/// A gap of at most 100 ms between two packets is a loss, and silence in the mix.
const GAP_UNITS_MAX: u32 = 800;

/// A packet that is behind by less than a second came late or twice.
const LATE_UNITS_MAX: u32 = 8_000;

/// After so many ticks without a packet the next one begins anew.
const MISSES_MAX: u8 = 5;

/// Samples of a frame at 16 kHz.
const FRAME_SAMPLES_MAX: usize = 320;

/// A member's voice. It waits as it came: a member who hears it alone and in its own codec gets the very octets.
pub(crate) struct Mouth {
    state: State,
    codec: Codec,
    waiting: VecDeque<u8>,
    /// The source, and the timestamp that its next packet has if none is lost.
    next: Option<(u32, u32)>,
    spare_ticks: u8,
    /// This tick's frame.
    octets: Vec<u8>,
    decoder: Decoder,
    /// The frame, decoded when somebody asked for it.
    samples: Vec<i16>,
    /// The same at the other rate.
    resampler: Option<Resampler>,
    converted: Vec<i16>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Nothing is said.
    Silent,
    /// The first packets wait until then.
    Begins(Moment),
    /// A frame each tick; how many ticks found none since the last.
    Speaks(u8),
}

impl Mouth {
    /// One that has said nothing yet.
    pub(crate) fn new(codec: Codec) -> Self {
        Self {
            state: State::Silent,
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

    /// Goes on with coders that know what was said before.
    pub(crate) fn inherit(&mut self, (codec, decoder): (Codec, Decoder), resampler: Resampler) {
        self.speak_in(codec);
        (self.decoder, self.resampler) = (decoder, resampler.changes_rate().then_some(resampler));
    }

    /// Gives the coders away.
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
            self.state = State::Begins(now + WAIT_SPAN);
        }
    }

    /// Says the next frame, if there is one.
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

    /// Says what waits without waiting: the mix ends.
    pub(crate) fn take_rest(&mut self) {
        self.says_nothing();
        let length = FRAME_BYTES.min(self.waiting.len());
        self.octets.extend(self.waiting.drain(..length));
    }

    /// Says a frame of our own, which never waits.
    pub(crate) fn say(&mut self, codec: Codec, octets: &[u8]) {
        self.speak_in(codec);
        self.says_nothing();
        self.octets.extend_from_slice(octets);
    }

    /// Makes ready what is said in this tick at a rate.
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

    /// What is said in this tick as it came, if it came in this codec.
    pub(crate) fn octets_in(&self, codec: Codec) -> Option<&[u8]> {
        (codec == self.codec).then_some(&self.octets)
    }

    /// What is said in this tick at a rate at which it was made ready; nothing in a silent one.
    pub(crate) fn frame_at(&self, rate: u32) -> &[i16] {
        if rate == self.codec.sample_rate() { &self.samples } else { &self.converted }
    }

    fn says_nothing(&mut self) {
        self.octets.clear();
        self.samples.clear();
        self.converted.clear();
    }

    /// Puts silence where packets are missing. What the ticks have left out already is not missed again.
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

    /// Speaks another codec from now on: a phone has changed it.
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
