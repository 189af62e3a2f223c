//! How a supervisor observes a talk.

use serde::{Deserialize, Serialize};

/// What an observer does in a contact's talk with an agent. The observer hears both in each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Observing {
    /// Heard by nobody.
    Listen,
    /// Heard by the agent alone.
    Whisper,
    /// Heard by both.
    Barge,
}
