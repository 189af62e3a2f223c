//! Voicemail: what a waiting caller did at the box, and what became of the message.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::{AgentId, ContactId, QueueId, RecordingId};

/// A step of a caller who leaves a message, or of a message that waits for an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voicemail {
    /// The caller's contact, or that of the message.
    pub contact: ContactId,
    /// The queue.
    pub queue: QueueId,
    /// What happened.
    pub change: VoicemailChange,
}

/// What happened. Facts contain it and are kept for years: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VoicemailChange {
    /// The caller has left the line for the box, and hears the greeting.
    Began(VoicemailWhy),
    /// No message can be taken.
    Refused(VoicemailRefusal),
    /// The caller has spoken.
    Recorded {
        /// The length of the recording.
        length: Duration,
        /// How long a voice was heard in it.
        voiced: Duration,
        /// What ended it.
        end: MessageEnd,
    },
    /// The recording is deleted.
    Discarded(MessageDiscarded),
    /// The caller is back in line without a message.
    WaitsOn,
    /// The caller's message is a contact of its own, and the caller's contact ends.
    Kept {
        /// The contact of the message.
        message: ContactId,
    },
    /// The message comes to the queue, in the caller's place.
    Left {
        /// The contact of the caller.
        caller: ContactId,
        /// The recording of the message.
        recording: RecordingId,
        /// Its length.
        length: Duration,
    },
    /// The message is played to an agent from its beginning.
    Played {
        /// The agent.
        agent: AgentId,
    },
    /// The agent has heard the message to its end, so it is handled when the agent hangs up.
    Heard {
        /// The agent.
        agent: AgentId,
    },
    /// The message could not be played to an agent.
    NotPlayed {
        /// The agent.
        agent: AgentId,
    },
    /// The message was deleted, since it had been kept for as long as its class says.
    Expired,
    /// The message is in no line, and offered to nobody, for this long: turno drains. Then it returns to its place.
    PutOff {
        /// For how long.
        span: Duration,
    },
    /// The message is in its line again.
    Due,
}

/// Why a caller came to the box. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VoicemailWhy {
    /// A step of the queue.
    Step,
    /// The caller pressed the key.
    Key,
}

/// Why no message is taken. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VoicemailRefusal {
    /// As many messages wait as the plan allows.
    Full,
    /// The recorder or its disk takes nothing.
    NoRecorder,
    /// The caller's phone can't be answered, or the bridge is full.
    NoVoice,
}

/// What ended a message. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageEnd {
    /// The caller's key.
    Key,
    /// Silence.
    Silence,
    /// The longest message allowed.
    TooLong,
    /// The caller hung up.
    HungUp,
    /// The caller's phone was lost.
    Lost,
}

/// Why a recording is deleted. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageDiscarded {
    /// Nobody spoke, or for too short a time.
    Empty,
    /// The caller records it again.
    Again,
    /// The caller does not want to leave it.
    Unwanted,
}

impl VoicemailRefusal {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Full, Self::NoRecorder, Self::NoVoice];

    /// Its word in metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::NoRecorder => "no_recorder",
            Self::NoVoice => "no_voice",
        }
    }
}

impl VoicemailChange {
    /// The agent who hears the message.
    pub const fn agent(self) -> Option<AgentId> {
        match self {
            Self::Played { agent } | Self::Heard { agent } | Self::NotPlayed { agent } => Some(agent),
            Self::Began(_)
            | Self::Refused(_)
            | Self::Recorded { .. }
            | Self::Discarded(_)
            | Self::WaitsOn
            | Self::Kept { .. }
            | Self::Left { .. }
            | Self::Expired
            | Self::PutOff { .. }
            | Self::Due => None,
        }
    }
}
