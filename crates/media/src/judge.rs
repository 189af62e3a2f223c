//! Judges by the voice of a leg whether a person or a machine has answered.
//!
//! A person says a word or two and waits for an answer, a machine talks on without a pause, and a dead line says nothing. The
//! spans are those that Asterisk documents as defaults of its application AMD (word 100 ms, pause 800 ms), except two that it
//! sets so short that people are taken for machines: its longest greeting of 1.5 s, and its longest silence of 2.5 s. A machine
//! that is taken for a person costs an agent some seconds, a person who is taken for a machine is hung up on.

use core::time::Duration;

use turno_ground::Moment;
use turno_media_plan::{Answerer, Codec};

use crate::transcode::{Decoder, PAYLOAD_BYTES_MAX};

/// A voice that lasts for less is a click or a cough.
const WORD_SPAN: Duration = Duration::from_millis(100);

/// After a word, silence for so long is the pause in which a person waits for an answer.
const PAUSE_SPAN: Duration = Duration::from_millis(800);

/// Who talks for so long without such a pause is a machine.
const GREETING_SPAN: Duration = Duration::from_millis(3_500);

/// Who says no word for so long is nobody.
const SILENCE_SPAN: Duration = Duration::from_secs(8);

/// A gap within a word, such as before a hard consonant.
const GAP_SPAN: Duration = Duration::from_millis(120);

/// Of somebody who has spoken, a voice of so long counts.
const SOUND_SPAN: Duration = Duration::from_millis(40);

/// The mean amplitude of a frame with which a voice begins, of 32,767: -36 dB. Our own prompt may come back as an echo.
const VOICE_LEVEL: u32 = 500;

/// The same for a voice that has begun; Asterisk's.
const LASTING_LEVEL: u32 = 256;

/// What is so many times softer than the speaker's loudest frame (18 dB) is an echo of our own prompt, or somebody behind.
const BEHIND: u32 = 8;

/// A voice is so many times louder than the quietest frame of the last second or half second: speech dips between its
/// sounds, a street and a tone do not.
const OVER_NOISE: u32 = 2;

/// The frames of half a second.
const NOISE_FRAMES: u8 = 25;

/// The audio of which one level is measured.
const FRAME_SPAN: Duration = Duration::from_millis(20);

/// Listens to one leg until it has judged.
pub(crate) struct Judge {
    began: Moment,
    spoken: Spoken,
    /// Since when the present voice lasts, and when it was heard last.
    voice: Option<(Moment, Moment)>,
    noise: Noise,
    /// The loudest frame of a voice so far.
    loudest: u32,
    codec: Codec,
    decoder: Decoder,
    samples: Vec<i16>,
}

/// What was said until now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spoken {
    Nothing,
    /// Words from the first of these moments to the second, without a pause.
    Words(Moment, Moment),
}

/// The quietest frame of the present half second and of the one before; nothing at first.
#[derive(Debug, Default)]
struct Noise {
    frames: u8,
    quietest: Option<u32>,
    before: u32,
}

impl Noise {
    fn hears(&mut self, level: u32) {
        self.quietest = Some(self.quietest.map_or(level, |quietest| quietest.min(level)));
        self.frames += 1;
        if self.frames == NOISE_FRAMES {
            (self.frames, self.before) = (0, self.quietest.take().unwrap_or(0));
        }
    }

    fn level(&self) -> u32 {
        self.quietest.map_or(self.before, |quietest| quietest.min(self.before))
    }
}

impl Judge {
    /// Begins to listen. Later packets are judged without an allocation, as long as the peer keeps its codec.
    pub(crate) fn new(codec: Codec, now: Moment) -> Self {
        Self {
            began: now,
            spoken: Spoken::Nothing,
            voice: None,
            noise: Noise::default(),
            loudest: 0,
            codec,
            decoder: Decoder::new(codec),
            samples: Vec::with_capacity(2 * PAYLOAD_BYTES_MAX),
        }
    }

    /// A packet of the peer's voice came. Returns the judgement once it is clear.
    pub(crate) fn hears(&mut self, codec: Codec, payload: &[u8], now: Moment) -> Option<Answerer> {
        if codec != self.codec {
            (self.codec, self.decoder) = (codec, Decoder::new(codec));
        }
        let mut samples = core::mem::take(&mut self.samples);
        self.decoder.decode(payload, &mut samples);
        let frame = codec.sample_rate() as usize / 50;
        let frames = u32::try_from(samples.len().div_ceil(frame)).unwrap_or(0);
        let mut judged = None;
        for (later, piece) in (0..frames).rev().zip(samples.chunks(frame)) {
            judged = judged.or_else(|| self.hears_frame(level(piece), now - FRAME_SPAN * later));
        }
        self.samples = samples;
        judged
    }

    /// Time has passed, perhaps without a packet.
    pub(crate) fn waits(&self, now: Moment) -> Option<Answerer> {
        match self.spoken {
            Spoken::Words(_, last) if now.since(last) >= PAUSE_SPAN => Some(Answerer::Person),
            Spoken::Nothing if now.since(self.began) >= SILENCE_SPAN && self.voice.is_none() => {
                Some(Answerer::Silence)
            }
            Spoken::Words(..) | Spoken::Nothing => None,
        }
    }

    fn hears_frame(&mut self, level: u32, at: Moment) -> Option<Answerer> {
        let (least, span) = match self.spoken {
            Spoken::Nothing => (VOICE_LEVEL, WORD_SPAN),
            Spoken::Words(..) => (LASTING_LEVEL.max(self.loudest / BEHIND), SOUND_SPAN),
        };
        let is_voice = level >= least.max(self.noise.level() * OVER_NOISE);
        self.noise.hears(level);
        if is_voice {
            self.loudest = self.loudest.max(level);
            let began = self.voice.map_or(at, |(began, _)| began);
            self.voice = Some((began, at));
            if at.since(began) + FRAME_SPAN >= span {
                let first = match self.spoken {
                    Spoken::Words(first, _) => first,
                    Spoken::Nothing => began,
                };
                self.spoken = Spoken::Words(first, at);
                if at.since(first) >= GREETING_SPAN {
                    return Some(Answerer::Machine);
                }
            }
        } else if self.voice.is_some_and(|(_, last)| at.since(last) > GAP_SPAN) {
            self.voice = None;
        }
        self.waits(at)
    }
}

/// The mean amplitude of samples.
fn level(samples: &[i16]) -> u32 {
    let sum: u64 = samples.iter().map(|sample| u64::from(sample.unsigned_abs())).sum();
    u32::try_from(sum / samples.len().max(1) as u64).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
