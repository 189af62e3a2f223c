//! The visit of a caller to the voicemail as a table: greeting, tone, speech, and what becomes of the recording.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::RecordingId;

/// Stage of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum VoicemailStage {
    /// Hears the greeting.
    Greeted,
    /// Hears the tone.
    Toned,
    /// Speaks, and is recorded.
    Speaks(RecordingId),
    /// Has spoken, and the recorder closes the file.
    Closes(RecordingId),
    /// Decides what becomes of the recording.
    Chooses(Recorded),
    /// Has heard the question for the second time.
    ChoosesAgain(Recorded),
}

/// A recording that is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recorded {
    pub(crate) recording: RecordingId,
    /// When it began, by which its files are found.
    pub(crate) began: Moment,
    pub(crate) length: Duration,
    /// How long a voice was heard in it.
    pub(crate) voiced: Duration,
}

/// What happens in a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VoicemailEvent {
    /// The greeting is over.
    Welcomed,
    /// The tone is over, and this recording begins.
    Begun(RecordingId),
    /// The message is over.
    Spoken,
    /// The file is closed, and holds a message.
    Closed(Recorded),
    /// The caller has not decided in time.
    Asked,
    /// The caller records the message again.
    Again,
}

impl VoicemailStage {
    /// The stage after an event; `None`: the event does not happen in this stage.
    pub(crate) fn after(self, event: VoicemailEvent) -> Option<Self> {
        use VoicemailEvent as E;
        match (self, event) {
            (Self::Greeted, E::Welcomed) => Some(Self::Toned),
            (Self::Toned, E::Begun(recording)) => Some(Self::Speaks(recording)),
            (Self::Speaks(recording), E::Spoken) => Some(Self::Closes(recording)),
            (Self::Closes(recording), E::Closed(closed)) if closed.recording == recording => {
                Some(Self::Chooses(closed))
            }
            (Self::Chooses(closed), E::Asked) => Some(Self::ChoosesAgain(closed)),
            (Self::Chooses(_) | Self::ChoosesAgain(_), E::Again) => Some(Self::Toned),
            (Self::Greeted, E::Begun(_) | E::Spoken | E::Closed(_) | E::Asked | E::Again)
            | (Self::Toned, E::Welcomed | E::Spoken | E::Closed(_) | E::Asked | E::Again)
            | (Self::Speaks(_), E::Welcomed | E::Begun(_) | E::Closed(_) | E::Asked | E::Again)
            | (Self::Closes(_), E::Welcomed | E::Begun(_) | E::Spoken | E::Closed(_) | E::Asked | E::Again)
            | (Self::Chooses(_), E::Welcomed | E::Begun(_) | E::Spoken | E::Closed(_))
            | (Self::ChoosesAgain(_), E::Welcomed | E::Begun(_) | E::Spoken | E::Closed(_) | E::Asked) => {
                None
            }
        }
    }

    /// The recording that is written, or being closed.
    pub(crate) const fn writes(self) -> Option<RecordingId> {
        match self {
            Self::Speaks(recording) | Self::Closes(recording) => Some(recording),
            Self::Greeted | Self::Toned | Self::Chooses(_) | Self::ChoosesAgain(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_recorded_before_the_tone_and_a_second_time_only_after_a_choice() {
        let (one, other) = (RecordingId(1), RecordingId(2));
        let began = Moment::default();
        let closed = Recorded { recording: one, began, length: Duration::ZERO, voiced: Duration::ZERO };
        assert_eq!(VoicemailStage::Greeted.after(VoicemailEvent::Begun(one)), None);
        for stage in [VoicemailStage::Speaks(one), VoicemailStage::Closes(one)] {
            assert_eq!(stage.after(VoicemailEvent::Begun(other)), None);
            assert_eq!(stage.after(VoicemailEvent::Again), None);
        }
        let wrong = Recorded { recording: other, ..closed };
        assert_eq!(VoicemailStage::Closes(one).after(VoicemailEvent::Closed(wrong)), None);
        let again = VoicemailStage::Chooses(closed).after(VoicemailEvent::Again);
        assert_eq!(again, Some(VoicemailStage::Toned));
    }
}
