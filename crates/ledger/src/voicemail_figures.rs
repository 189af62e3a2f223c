//! Figures of voicemail.

use serde::{Deserialize, Serialize};
use turno_model::VoicemailChange;

/// Voicemail of one queue. A caller who leaves a message is outflowed, and the message is a contact of its own: answered when
/// an agent takes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoicemailFigures {
    /// Callers who left the line for the voicemail.
    pub begun: u64,
    /// Callers of whom no message could be taken.
    pub refused: u64,
    /// Messages that were left.
    pub left: u64,
    /// Messages that an agent heard to the end.
    pub heard: u64,
    /// Messages that nobody heard before their files were deleted.
    pub expired: u64,
}

impl VoicemailFigures {
    /// Counts what happened at a voicemail.
    pub(crate) const fn count(&mut self, change: VoicemailChange) {
        match change {
            VoicemailChange::Began(_) => self.begun += 1,
            VoicemailChange::Refused(_) => self.refused += 1,
            VoicemailChange::Left { .. } => self.left += 1,
            VoicemailChange::Heard { .. } => self.heard += 1,
            VoicemailChange::Expired => self.expired += 1,
            VoicemailChange::Recorded { .. }
            | VoicemailChange::Discarded(_)
            | VoicemailChange::WaitsOn
            | VoicemailChange::Kept { .. }
            | VoicemailChange::Played { .. }
            | VoicemailChange::NotPlayed { .. }
            | VoicemailChange::PutOff { .. }
            | VoicemailChange::Due => {}
        }
    }

    /// Adds the figures of another period or queue.
    pub(crate) const fn add(&mut self, other: &Self) {
        self.begun += other.begun;
        self.refused += other.refused;
        self.left += other.left;
        self.heard += other.heard;
        self.expired += other.expired;
    }
}
