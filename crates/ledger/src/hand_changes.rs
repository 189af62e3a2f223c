//! What changes in what agents have at hand.

use turno_model::{AgentId, PassingChange, RecordingChange, RecordingId};

use crate::at_hand::{ConsultNow, ConsultStage, RecordingNow};
use crate::ledger::Ledger;

impl Ledger {
    pub(crate) fn on_consulting(&mut self, agent: AgentId, change: &PassingChange) {
        let consult = match change {
            PassingChange::Consults(whom) => Some((whom, ConsultStage::Ringing)),
            PassingChange::ConsultBegan(whom) => Some((whom, ConsultStage::Private)),
            PassingChange::Conferenced(whom) => Some((whom, ConsultStage::Three)),
            PassingChange::ConsultEnded(..) => None,
            PassingChange::Returned
            | PassingChange::DependencyRung { .. }
            | PassingChange::DependencyReached { .. }
            | PassingChange::DependencyNotReached { .. } => return,
        };
        if let Some(book) = self.agent(agent) {
            book.consult = consult.map(|(whom, stage)| ConsultNow { whom: whom.clone(), stage });
        }
    }

    pub(crate) fn on_recording(&mut self, recording: RecordingId, change: &RecordingChange) {
        let is_paused = match change {
            RecordingChange::Began { agent, .. } => {
                if let Some(book) = self.agent(*agent) {
                    book.recording = Some(RecordingNow { recording, is_paused: false });
                }
                return;
            }
            RecordingChange::Paused(_) => Some(true),
            RecordingChange::Resumed(_) => Some(false),
            RecordingChange::Ended { .. } => None,
            RecordingChange::Purged | RecordingChange::MessageBegan { .. } => return,
        };
        let mut books = self.agents.iter_mut();
        if let Some(book) = books.find(|book| book.recording.is_some_and(|now| now.recording == recording)) {
            book.recording = is_paused.map(|is_paused| RecordingNow { recording, is_paused });
        }
    }
}
