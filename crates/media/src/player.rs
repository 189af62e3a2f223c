//! What is played to a peer, and its next frame.

use turno_media_plan::{Audio, Codec, PromptId, Tone};

use crate::library::Library;

/// Most prompts of one announcement; more are not played.
const PROMPTS_MAX: usize = 64;

/// The audio and the position in it.
#[derive(Clone, Debug)]
pub(crate) enum Player {
    /// The music has no position of its own: all listeners hear the same part of it.
    Music,
    /// The ringing tone, from its first ring.
    Ringback {
        /// The next frame.
        frame: usize,
    },
    /// Prompts one after the other.
    Prompts {
        /// All of them.
        prompts: Vec<PromptId>,
        /// The index of the present one.
        place: usize,
        /// Its next frame.
        frame: usize,
    },
    /// A tone.
    Tone {
        /// Which one.
        tone: Tone,
        /// Its next frame.
        frame: usize,
    },
}

impl Player {
    /// Starts at the beginning.
    pub(crate) fn new(audio: Audio) -> Self {
        match audio {
            Audio::Music => Self::Music,
            Audio::Ringback => Self::Ringback { frame: 0 },
            Audio::Prompts(mut prompts) => {
                prompts.truncate(PROMPTS_MAX);
                Self::Prompts { prompts, place: 0, frame: 0 }
            }
            Audio::Tone(tone) => Self::Tone { tone, frame: 0 },
        }
    }

    /// The next frame in a codec; `None` at the end. `music_frame` is the position in the music, common to all
    /// listeners.
    pub(crate) fn next_frame<'a>(
        &mut self,
        library: &'a Library,
        codec: Codec,
        music_frame: u64,
    ) -> Option<&'a [u8]> {
        match self {
            Self::Music => {
                let music = library.music();
                music.frame(codec, (music_frame % music.frames().max(1) as u64) as usize)
            }
            Self::Ringback { frame } => {
                let ringback = library.ringback();
                let place = *frame % ringback.frames().max(1);
                *frame = place + 1;
                ringback.frame(codec, place)
            }
            Self::Prompts { prompts, place, frame } => loop {
                // A prompt that is not in the list has no frames.
                let clip = library.prompt(*prompts.get(*place)?);
                if let Some(octets) = clip.and_then(|clip| clip.frame(codec, *frame)) {
                    *frame += 1;
                    return Some(octets);
                }
                *place += 1;
                *frame = 0;
            },
            Self::Tone { tone, frame } => {
                *frame += 1;
                library.tone(*tone).frame(codec, *frame - 1)
            }
        }
    }
}
