//! The sounds that a voice sends: a tone, or a babble that looks like speech to a person and to a meter.

use core::f32::consts::TAU;

use turno_ground::Rng;

/// Samples per second.
pub(crate) const RATE: usize = 8_000;

/// The peak of a tone: about 12 dB below the loudest sample.
const PEAK: f32 = 8_000.0;

/// What a voice sends, repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// Silence, sent as packets.
    Silence,
    /// A sine of this frequency in hertz (1 to 3999).
    Tone(u16),
    /// Syllables and pauses; the number chooses the speaker.
    Babble(u64),
}

impl Sound {
    /// The sound as linear samples. They are whole periods, so that repeating them makes no click.
    pub(crate) fn samples(self) -> Vec<i16> {
        match self {
            Self::Silence => vec![0; RATE / 50],
            Self::Tone(hertz) => (0..RATE).map(|at| (PEAK * sine(f32::from(hertz), at)) as i16).collect(),
            Self::Babble(speaker) => babble(speaker),
        }
    }
}

fn sine(hertz: f32, at: usize) -> f32 {
    (TAU * hertz * (at % RATE) as f32 / RATE as f32).sin()
}

/// Twelve syllables of a glottal pitch with three weaker harmonics, and pauses between words.
fn babble(speaker: u64) -> Vec<i16> {
    let mut rng = Rng::new(speaker);
    let pitch = 95.0 + rng.fraction() as f32 * 120.0;
    let mut samples = Vec::new();
    for syllable in 0..12 {
        let length = RATE / 8 + rng.below(RATE as u64 / 8) as usize;
        let hertz = pitch * (0.9 + rng.fraction() as f32 * 0.25);
        let formant = 2.0 + rng.below(4) as f32;
        for at in 0..length {
            let envelope = (TAU / 2.0 * at as f32 / length as f32).sin();
            let wave =
                0.5 * sine(hertz, at) + 0.35 * sine(hertz * formant, at) + 0.15 * sine(hertz * 7.0, at);
            samples.push((PEAK * 1.4 * envelope * wave) as i16);
        }
        let pause = if syllable % 4 == 3 { RATE / 3 } else { RATE / 50 };
        samples.extend(core::iter::repeat_n(0, pause));
    }
    samples
}
