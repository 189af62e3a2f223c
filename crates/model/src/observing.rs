//! Ways in which a supervisor observes a talk.

use serde::{Deserialize, Serialize};

/// What an observer does in an agent's talk with a contact. The observer always hears both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Observing {
    /// Nobody hears the observer.
    Listen,
    /// Only the agent hears the observer.
    Whisper,
    /// Both hear the observer.
    Barge,
}
