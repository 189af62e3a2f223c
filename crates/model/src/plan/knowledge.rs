//! The knowledge part of a plan: where the procedures are, and how long they hold without a look.

use std::path::PathBuf;

/// Where the procedures are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnowledgePlan {
    /// The folder with one Markdown file for each procedure; `None`: there are none.
    pub procedures: Option<PathBuf>,
    /// After how many days without a comparison with its sources a procedure is told of.
    pub checked_days: u32,
    /// The program that speaks cards, with its arguments: text on its input, a WAV file on its output.
    pub voice: String,
}

impl KnowledgePlan {
    /// The voice unless the plan names another.
    pub const VOICE: &str = "espeak-ng -v es-419 -p 42 -s 150 --stdin --stdout";
}

impl Default for KnowledgePlan {
    fn default() -> Self {
        Self { procedures: None, checked_days: 365, voice: Self::VOICE.to_owned() }
    }
}
