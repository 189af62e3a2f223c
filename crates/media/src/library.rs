//! All sounds that can be played, encoded once.

use std::path::PathBuf;

use turno_media_plan::{PromptId, Tone};

use crate::clip::{Clip, End, Sound};
use crate::refused::MediaRefused;
use crate::settings::PlaneSettings;
use crate::tone;

/// All sounds.
#[derive(Debug)]
pub struct Library {
    prompts: Vec<Clip>,
    music: Clip,
    ringback: Clip,
    tones: [ToneSound; 6],
}

/// A tone as a clip to play and as samples to mix in.
#[derive(Debug)]
struct ToneSound {
    clip: Clip,
    at_8_khz: Vec<i16>,
    at_16_khz: Vec<i16>,
}

impl Library {
    /// Reads every file that the settings name.
    ///
    /// # Errors
    /// The first file that is missing or can't be played.
    pub(crate) fn read(settings: &PlaneSettings) -> Result<Self, MediaRefused> {
        let prompt = |path: &PathBuf| {
            if path.as_os_str().is_empty() { Ok(Sound::new(8_000, Vec::new())) } else { Sound::read(path) }
        };
        let prompts = settings.prompts.iter().map(prompt).collect::<Result<Vec<_>, _>>()?;
        Ok(Self::new(&prompts, &Sound::read(&settings.music)?))
    }

    /// A library of these prompts and this music.
    pub fn new(prompts: &[Sound], music: &Sound) -> Self {
        Self {
            prompts: prompts.iter().map(|sound| Clip::new(sound, End::Silence)).collect(),
            music: Clip::new(music, End::Loop),
            ringback: Clip::new(&Sound::new(16_000, tone::ringback(16_000)), End::Loop),
            tones: [Tone::Warning, Tone::Breach, Tone::Confirm, Tone::Refuse, Tone::Observed, Tone::Speak]
                .map(ToneSound::new),
        }
    }

    /// A prompt.
    pub(crate) fn prompt(&self, prompt: PromptId) -> Option<&Clip> {
        self.prompts.get(usize::from(prompt.0))
    }

    /// The hold music.
    pub(crate) fn music(&self) -> &Clip {
        &self.music
    }

    /// One period of the ringing tone.
    pub(crate) fn ringback(&self) -> &Clip {
        &self.ringback
    }

    /// A tone as a clip to play.
    pub(crate) fn tone(&self, tone: Tone) -> &Clip {
        &self.tones[place_of(tone)].clip
    }

    /// A tone's samples at 8 or 16 kHz.
    pub(crate) fn tone_samples(&self, tone: Tone, rate: u32) -> &[i16] {
        let sound = &self.tones[place_of(tone)];
        if rate == 8_000 { &sound.at_8_khz } else { &sound.at_16_khz }
    }
}

impl ToneSound {
    fn new(tone: Tone) -> Self {
        let at_16_khz = tone::samples(tone, 16_000);
        let clip = Clip::new(&Sound::new(16_000, at_16_khz.clone()), End::Silence);
        Self { clip, at_8_khz: tone::samples(tone, 8_000), at_16_khz }
    }
}

const fn place_of(tone: Tone) -> usize {
    match tone {
        Tone::Warning => 0,
        Tone::Breach => 1,
        Tone::Confirm => 2,
        Tone::Refuse => 3,
        Tone::Observed => 4,
        Tone::Speak => 5,
    }
}
