//! Answers to accepted commands.

use serde::{Deserialize, Serialize};

use crate::id::ContactId;

/// The command was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Done {
    /// It has taken effect.
    Now,
    /// It takes effect when the present contact or call has left, or when the phone is back.
    Afterwards,
    /// This contact now waits in line.
    Queued(ContactId),
    /// The agent's turn for a break comes at this minute of the day, by the clock of its hours.
    TurnAt(u16),
}
