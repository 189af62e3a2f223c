//! The recording part of a plan: where recordings are kept, in what form and for how long, and which talks.

use core::time::Duration;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use turno_ground::Secret;

/// The settings of recording. Without them nothing is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingPlan {
    /// The folder with a folder for each day.
    pub folder: PathBuf,
    /// The form of the sound.
    pub form: SoundForm,
    /// The key file.
    pub key_file: PathBuf,
    /// Its text.
    pub keys: Secret,
    /// After the caller's last digit, how long the recording stays paused; zero: digits pause nothing.
    pub digits_pause: Duration,
    /// The key on the agent's phone that pauses the recording, and lets it go on; `None`: none.
    pub pause_key: Option<char>,
    /// The classes of retention, at least one.
    pub classes: Vec<RetentionClass>,
}

/// How long recordings of a class are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionClass {
    /// The name.
    pub name: String,
    /// For how long.
    pub kept: Duration,
}

/// The form of recorded sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundForm {
    /// Opus, exported as Ogg.
    Opus,
    /// A-law at 8 kHz, exported as WAV.
    Wav,
}

/// Which talks of a queue are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum QueueRecording {
    /// None, even if somebody asks.
    #[default]
    Never,
    /// Those of agents who are recorded, and those that somebody asks for.
    Demand,
    /// So many in a hundred, 1 to 100, besides.
    Percent(u8),
}

impl RecordingPlan {
    /// How long recordings of a class are kept. Of a class that the plan no longer has: as long as of the class that is
    /// kept longest.
    pub fn kept(&self, class: &str) -> Duration {
        let named = self.classes.iter().find(|it| it.name == class).map(|it| it.kept);
        named.or_else(|| self.classes.iter().map(|it| it.kept).max()).unwrap_or(Duration::MAX)
    }
}
