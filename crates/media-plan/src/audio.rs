//! What can be played.

use serde::{Deserialize, Serialize};

/// A prompt by its place in the list that the media plane was started with (names and languages are the plan's).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PromptId(pub u16);

/// A soft tone, heard by one side only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tone {
    /// The handling target comes near.
    Warning,
    /// The handling target is passed.
    Breach,
    /// A feature code was accepted.
    Confirm,
    /// A feature code was refused.
    Refuse,
}

/// Something that can be played to a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audio {
    /// The hold music, endless: every listener hears the same place of it.
    Music,
    /// Prompts one after the other, once; then [`crate::MediaEvent::PlayedOut`].
    Prompts(Vec<PromptId>),
    /// A tone once over silence; then [`crate::MediaEvent::PlayedOut`].
    Tone(Tone),
    /// Ringing tone, endless (425 Hz, 1 s on, 4 s off).
    Ringback,
}
