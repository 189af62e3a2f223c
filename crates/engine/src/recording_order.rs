//! What the engine asks of the recorder, and what the recorder answers.

use core::time::Duration;

use turno_ground::{Moment, Pii};
use turno_media_plan::StreamId;
use turno_model::{ContactId, RecordingId, RecordingLoss};

/// An order for the recorder. Each may come twice: after a restart the engine gives them again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordingOrder {
    /// Write this recording: begin it, go on with it, or pause it.
    Write(Box<RecordingSheet>),
    /// Close this recording; [`RecordingEvent::Closed`] or [`RecordingEvent::Lost`] answers.
    Close {
        /// The recording.
        recording: RecordingId,
        /// When it began.
        began: Moment,
    },
    /// Delete the recordings that have been kept for as long as their class says. [`RecordingEvent::Purged`] answers for
    /// each.
    Purge,
    /// Delete the files of this recording, which is closed; [`RecordingEvent::Purged`] answers.
    Discard {
        /// The recording.
        recording: RecordingId,
        /// The contact.
        contact: ContactId,
        /// When it began.
        began: Moment,
    },
    /// Read this message and lend its sound to the media plane as [`turno_media_plan::SoundId`] of the same number;
    /// [`RecordingEvent::Loaded`] or [`RecordingEvent::NotLoaded`] answers.
    Load {
        /// The recording.
        recording: RecordingId,
        /// When it began.
        began: Moment,
    },
}

/// What is listened for while a message is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageSheet {
    /// A silence of this length is told by [`RecordingEvent::Silent`].
    pub silence: Duration,
}

/// What a recording is of, and whose sound goes into it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingSheet {
    /// The recording.
    pub recording: RecordingId,
    /// The contact.
    pub contact: ContactId,
    /// The agent's name in the plan; empty for a message.
    pub agent: String,
    /// The queue's name in the plan.
    pub queue: String,
    /// The class of retention.
    pub class: String,
    /// When it began.
    pub began: Moment,
    /// The caller's number, as agents see it.
    pub caller: Pii<String>,
    /// The sound; `None` while the recording is paused.
    pub sound: Option<RecordedSound>,
    /// For the message of a caller.
    pub message: Option<MessageSheet>,
}

/// Where the sound of a recording comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedSound {
    /// The recorder in the bridge.
    pub recorder: StreamId,
    /// The caller's stream; every other speaker is on the agent's side.
    pub caller: StreamId,
}

/// An answer of the recorder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordingEvent {
    /// A recording is closed.
    Closed {
        /// The recording.
        recording: RecordingId,
        /// Its length.
        length: Duration,
        /// How much of it is missing, as far as it is known.
        missing: Duration,
        /// How long the caller's voice was heard; only of messages.
        voiced: Duration,
        /// The last hash of its chain.
        hash: [u8; 32],
    },
    /// A recording can't be written any more.
    Lost {
        /// The recording.
        recording: RecordingId,
        /// How much of it was written.
        length: Duration,
        /// Why.
        loss: RecordingLoss,
    },
    /// The files of a recording were deleted.
    Purged {
        /// The recording.
        recording: RecordingId,
        /// The contact.
        contact: ContactId,
    },
    /// Nobody has spoken into this message for as long as its sheet says.
    Silent {
        /// The recording.
        recording: RecordingId,
    },
    /// The sound of this message is with the media plane.
    Loaded {
        /// The recording.
        recording: RecordingId,
    },
    /// The files of this message can't be read.
    NotLoaded {
        /// The recording.
        recording: RecordingId,
    },
}
