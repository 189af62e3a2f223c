//! A tone that is mixed into what one peer hears.

use turno_media_plan::Tone;

use crate::library::Library;

/// A tone and its progress.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mix {
    tone: Tone,
    /// How much of it was heard, in 8 kHz samples: the peer's codec may change in between.
    heard: usize,
}

impl Mix {
    /// The tone from its start.
    pub(crate) fn new(tone: Tone) -> Self {
        Self { tone, heard: 0 }
    }

    /// Adds the tone's next piece to samples at `rate` (8 or 16 kHz).
    pub(crate) fn add(&mut self, samples: &mut [i16], rate: u32, library: &Library) {
        let factor = (rate / 8_000) as usize;
        let tone = library.tone_samples(self.tone, rate);
        let piece = tone.get(self.heard * factor..).unwrap_or_default();
        for (sample, added) in samples.iter_mut().zip(piece) {
            *sample = sample.saturating_add(*added);
        }
        self.heard += samples.len() / factor.max(1);
    }

    /// Advances by a frame of 20 ms that is not heard.
    pub(crate) fn skip_frame(&mut self) {
        self.heard += 160;
    }

    /// Whether the whole tone was heard.
    pub(crate) fn is_over(&self, library: &Library) -> bool {
        self.heard >= library.tone_samples(self.tone, 8_000).len()
    }
}
