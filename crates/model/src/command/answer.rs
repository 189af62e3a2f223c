//! What comes of a command that is not refused.

use serde::{Deserialize, Serialize};

use crate::id::ContactId;

/// The command is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Done {
    /// It has taken effect.
    Now,
    /// It takes effect when the contact or call under way has left, or the line is back.
    Afterwards,
    /// This contact waits now.
    Queued(ContactId),
}
