//! What is played to a peer, and its next frame.

use std::sync::Arc;

use turno_media_plan::{Audio, Codec, PromptId, SoundId, StreamId, Tone};

use crate::clip::{Clip, FRAME_BYTES, silence};
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
    /// Silence.
    Silence,
    /// A sound that was lent; `None`: it was not there.
    Sound {
        /// The sound.
        clip: Option<Arc<Clip>>,
        /// Its next frame.
        frame: usize,
    },
    /// What the peer of this stream says; the music while it does not speak.
    Live(StreamId),
}

impl Player {
    /// Starts at the beginning. `lent` takes a sound that was lent.
    pub(crate) fn new(audio: Audio, lent: impl FnOnce(SoundId) -> Option<Arc<Clip>>) -> Self {
        match audio {
            Audio::Silence => Self::Silence,
            Audio::Sound(sound) => Self::Sound { clip: lent(sound), frame: 0 },
            Audio::Music => Self::Music,
            Audio::Ringback => Self::Ringback { frame: 0 },
            Audio::Prompts(mut prompts) => {
                prompts.truncate(PROMPTS_MAX);
                Self::Prompts { prompts, place: 0, frame: 0 }
            }
            Audio::Tone(tone) => Self::Tone { tone, frame: 0 },
            Audio::Live(speaker) => Self::Live(speaker),
        }
    }

    /// The stream whose peer is heard live.
    pub(crate) const fn speaker(&self) -> Option<StreamId> {
        match self {
            Self::Live(speaker) => Some(*speaker),
            Self::Music | Self::Ringback { .. } | Self::Prompts { .. } => None,
            Self::Tone { .. } | Self::Silence | Self::Sound { .. } => None,
        }
    }

    /// The next frame in a codec; `None` at the end. `music_frame` is the position in the music, common to all
    /// listeners.
    pub(crate) fn next_frame(
        &mut self,
        library: &Library,
        codec: Codec,
        music_frame: u64,
    ) -> Option<[u8; FRAME_BYTES]> {
        self.next_octets(library, codec, music_frame)?.try_into().ok()
    }

    fn next_octets<'a>(
        &'a mut self,
        library: &'a Library,
        codec: Codec,
        music_frame: u64,
    ) -> Option<&'a [u8]> {
        match self {
            Self::Silence => Some(quiet(codec)),
            Self::Sound { clip, frame } => {
                *frame += 1;
                clip.as_ref()?.frame(codec, *frame - 1)
            }
            Self::Music | Self::Live(_) => {
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

/// A frame of silence.
pub(crate) const fn quiet(codec: Codec) -> &'static [u8; FRAME_BYTES] {
    const A_LAW: [u8; FRAME_BYTES] = [silence(Codec::Pcma); FRAME_BYTES];
    const OTHERS: [u8; FRAME_BYTES] = [silence(Codec::Pcmu); FRAME_BYTES];
    match codec {
        Codec::Pcma => &A_LAW,
        Codec::Pcmu | Codec::G722 => &OTHERS,
    }
}
