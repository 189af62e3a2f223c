//! Figures of a queue's steps.

use serde::{Deserialize, Serialize};
use turno_model::StepDid;

/// Steps of a queue that its contacts took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepFigures {
    /// More agents may take the contact, or its priority was raised.
    pub eased: u64,
    /// Moved to another queue.
    pub moved: u64,
    /// Answered at an outside number.
    pub sent: u64,
    /// Not answered at an outside number, or not moved to a closed queue.
    pub in_vain: u64,
    /// Heard a prompt and was ended.
    pub ended: u64,
}

impl StepFigures {
    /// Counts a step. A call to an outside number counts when its outcome is known.
    pub(crate) const fn count(&mut self, did: &StepDid) {
        match did {
            StepDid::LevelMax(_) | StepDid::Also(_) | StepDid::Raised(_) => self.eased += 1,
            StepDid::Moved(_) => self.moved += 1,
            StepDid::Sending(_) | StepDid::OfferedCallback => {}
            StepDid::Interrupted(_) | StepDid::Voicemail => {}
            StepDid::Sent(_) => self.sent += 1,
            StepDid::NotSent(_) | StepDid::TargetClosed(_) => self.in_vain += 1,
            StepDid::Ended(_) => self.ended += 1,
        }
    }

    pub(crate) const fn add(&mut self, other: &Self) {
        self.eased += other.eased;
        self.moved += other.moved;
        self.sent += other.sent;
        self.in_vain += other.in_vain;
        self.ended += other.ended;
    }
}
