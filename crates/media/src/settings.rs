//! What the media plane is started with.

use core::time::Duration;
use std::path::PathBuf;

/// What the plane is started with.
#[derive(Clone, Debug, Default)]
pub struct PlaneSettings {
    /// Report a stream whose peer should send and does not for this long; `None` never does.
    pub inactivity: Option<Duration>,
    /// The prompts' WAV files: a place in this list is a [`turno_media_plan::PromptId`], and an empty path a
    /// prompt of no length.
    pub prompts: Vec<PathBuf>,
    /// The hold music's WAV file, played round and round.
    pub music: PathBuf,
    /// Most pairs of ports that may be open at a time, those that rest included: there are descriptors for no more.
    /// `None`: as many as are wanted.
    pub pairs_max: Option<usize>,
}
