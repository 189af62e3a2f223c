//! Audio that can be played.

use serde::{Deserialize, Serialize};

use crate::stream::StreamId;

/// A prompt, by its index in the list that the media plane was started with. The plan keeps names and languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PromptId(pub u16);

/// A sound that is lent to the media plane once, such as a message. Its number is the lender's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SoundId(pub u64);

/// A soft tone that only one side hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tone {
    /// The handling target is near.
    Warning,
    /// The handling target has passed.
    Breach,
    /// A feature code was accepted.
    Confirm,
    /// A feature code was refused.
    Refuse,
    /// Somebody begins to observe the talk.
    Observed,
    /// A caller may speak now, and is recorded.
    Speak,
}

/// Audio to play to a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audio {
    /// The hold music, endless; all listeners hear the same position.
    Music,
    /// Prompts one after the other, once; [`crate::MediaEvent::PlayedOut`] follows.
    Prompts(Vec<PromptId>),
    /// A tone once, over silence; [`crate::MediaEvent::PlayedOut`] follows.
    Tone(Tone),
    /// Ringing tone, endless (425 Hz, 1 s on, 4 s off).
    Ringback,
    /// Silence, endless.
    Silence,
    /// A sound that was lent before, once; [`crate::MediaEvent::PlayedOut`] follows. One that is not there is over at once.
    Sound(SoundId),
    /// What the peer of another stream says, live, for as long as [`crate::MediaCommand::Speak`] lets it; the hold music otherwise.
    Live(StreamId),
}
