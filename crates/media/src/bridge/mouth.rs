//! What one member says, on its way into the mix: it waits a little, so that a packet that comes late is still in time.

use core::time::Duration;
use std::collections::VecDeque;

use turno_ground::Moment;

use crate::packet::Header;
use crate::resample::{Resampler, Way};

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

/// A member's voice.
pub(crate) struct Mouth {
    state: State,
    rate: u32,
    waiting: VecDeque<i16>,
    /// The source, and the timestamp that its next packet has if none is lost.
    next: Option<(u32, u32)>,
    spare_ticks: u8,
    /// This tick's frame.
    frame: Vec<i16>,
    /// The rates at which it is heard.
    ears: Vec<u32>,
    /// The same frame at a rate that is not its own.
    converted: Option<(Resampler, Vec<i16>)>,
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
    pub(crate) fn new(rate: u32) -> Self {
        Self {
            state: State::Silent,
            rate,
            waiting: VecDeque::with_capacity(2 * WAITING_MILLISECONDS_MAX * 16),
            next: None,
            spare_ticks: 0,
            frame: Vec::with_capacity(FRAME_SAMPLES_MAX),
            ears: Vec::with_capacity(2),
            converted: None,
        }
    }

    /// It is heard at these rates from now on.
    pub(crate) fn is_heard_at(&mut self, rates: impl Iterator<Item = u32>) {
        self.ears.clear();
        self.ears.extend(rates);
        self.convert_for_ears();
    }

    /// A packet came, with these samples.
    pub(crate) fn push(&mut self, header: &Header, rate: u32, samples: &[i16], now: Moment) {
        self.speak_at(rate);
        let units = (samples.len() * 8_000 / rate as usize) as u32;
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
        self.next = Some((header.ssrc, header.timestamp.wrapping_add(units)));
        self.waiting.extend(samples);
        let per_millisecond = rate as usize / 1_000;
        if self.waiting.len() > WAITING_MILLISECONDS_MAX * per_millisecond {
            let kept = samples.len().max(WAIT_SPAN.as_millis() as usize * per_millisecond);
            self.waiting.drain(..self.waiting.len() - kept);
        }
        if let State::Silent = self.state {
            self.state = State::Begins(now + WAIT_SPAN);
        }
    }

    /// Says the next frame, if there is one.
    pub(crate) fn take(&mut self, at: Moment) {
        self.frame.clear();
        let misses = match self.state {
            State::Silent => return,
            State::Begins(from) if at < from => return,
            State::Begins(_) => 0,
            State::Speaks(misses) => misses,
        };
        let length = self.frame_samples();
        if self.waiting.len() < length {
            self.state = State::Speaks(misses + 1);
            if misses >= MISSES_MAX {
                self.waiting.clear();
                self.state = State::Silent;
            }
            return;
        }
        self.state = State::Speaks(0);
        self.say_some(length);
        let has_spare = self.waiting.len() * 1_000 >= SPARE_MILLISECONDS * self.rate as usize;
        self.spare_ticks = if has_spare { self.spare_ticks + 1 } else { 0 };
        if self.spare_ticks >= SPARE_TICKS {
            self.spare_ticks = 0;
            self.waiting.drain(..length);
        }
    }

    /// Says what waits without waiting: the mix ends.
    pub(crate) fn take_rest(&mut self) {
        self.frame.clear();
        self.say_some(self.frame_samples().min(self.waiting.len()));
    }

    /// Says samples of our own, which never wait.
    pub(crate) fn say(&mut self, rate: u32, fill: impl FnOnce(&mut Vec<i16>)) {
        self.speak_at(rate);
        self.frame.clear();
        fill(&mut self.frame);
        self.convert();
    }

    /// Whether something is said in this tick.
    pub(crate) fn speaks(&self) -> bool {
        !self.frame.is_empty()
    }

    /// What is said in this tick, at a rate at which it is heard; nothing in a silent one.
    pub(crate) fn frame_at(&self, rate: u32) -> &[i16] {
        match &self.converted {
            _ if rate == self.rate || self.frame.is_empty() => &self.frame,
            Some((_, samples)) => samples,
            None => &[],
        }
    }

    fn frame_samples(&self) -> usize {
        self.rate as usize / 50
    }

    fn say_some(&mut self, length: usize) {
        self.frame.extend(self.waiting.drain(..length));
        self.convert();
    }

    fn convert(&mut self) {
        if let Some((resampler, samples)) = self.converted.as_mut().filter(|_| !self.frame.is_empty()) {
            samples.clear();
            samples.extend_from_slice(&self.frame);
            resampler.convert(samples);
        }
    }

    /// Puts silence where packets are missing. What the ticks have left out already is not missed again.
    fn fill(&mut self, gap: u32) {
        let misses = match self.state {
            State::Silent | State::Begins(_) => 0,
            State::Speaks(misses) => misses,
        };
        if gap <= GAP_UNITS_MAX {
            let missing = gap.saturating_sub(u32::from(misses) * 160) as usize * self.rate as usize / 8_000;
            self.waiting.extend(core::iter::repeat_n(0, missing));
        }
    }

    /// Takes another rate: a phone has changed its codec.
    fn speak_at(&mut self, rate: u32) {
        if rate == self.rate {
            return;
        }
        let mut waiting: Vec<i16> = self.waiting.drain(..).collect();
        Resampler::new(Way::between(self.rate, rate)).convert(&mut waiting);
        self.waiting.extend(waiting);
        self.rate = rate;
        self.converted = None;
        self.convert_for_ears();
    }

    fn convert_for_ears(&mut self) {
        let other = self.ears.iter().find(|ear| **ear != self.rate);
        self.converted = match (other, self.converted.take()) {
            (None, _) => None,
            (Some(_), Some(converted)) => Some(converted),
            (Some(rate), None) => {
                let way = Way::between(self.rate, *rate);
                Some((Resampler::new(way), Vec::with_capacity(FRAME_SAMPLES_MAX)))
            }
        };
    }
}
