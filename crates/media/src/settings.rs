//! The settings of the media plane.

use core::time::Duration;
use std::path::PathBuf;

/// What the plane is started with.
#[derive(Clone, Debug, Default)]
pub struct PlaneSettings {
    /// A stream is reported as inactive when its peer should send and does not for this long; `None`: never.
    pub inactivity: Option<Duration>,
    /// The prompts' WAV files. The index in this list is the [`turno_media_plan::PromptId`]; an empty path is a prompt
    /// of length 0.
    pub prompts: Vec<PathBuf>,
    /// The hold music's WAV file, played in a loop.
    pub music: PathBuf,
    /// Limit of open port pairs, including resting ones: the descriptors allow no more. `None`: no limit.
    pub pairs_max: Option<usize>,
}
