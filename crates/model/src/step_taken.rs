//! A step of a queue as it was taken: why, and what it did.

use core::time::Duration;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::id::{AgentId, ContactId, QueueId};

/// A step that was taken for a contact. Facts contain it and are kept for years.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTaken {
    /// The contact.
    pub contact: ContactId,
    /// The queue.
    pub queue: QueueId,
    /// The number of the step among those of its queue, from 1.
    pub number: u32,
    /// Its condition, with the value that was measured.
    pub why: StepWhy,
    /// What it did.
    pub did: StepDid,
}

/// Why a step was taken. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepWhy {
    /// The contact waited in the queue for this long.
    Waited {
        /// The wait of the plan.
        after: Duration,
        /// The measured wait.
        waited: Duration,
    },
    /// A longer wait is expected.
    Told {
        /// The limit of the plan.
        over: Duration,
        /// The expected wait; `None`: nobody works for the queue.
        within: Option<Duration>,
    },
    /// More contacts waited on entry.
    Longer {
        /// The limit of the plan.
        than: u32,
        /// The length of the queue, this contact included.
        length: u32,
    },
    /// Nobody with the queue's skill was logged in.
    Nobody,
    /// The queue was closed on entry.
    Closed,
}

/// What a step did. Facts contain it: a new variant goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepDid {
    /// Agents up to this skill level may take the contact; `None`: agents of every level.
    LevelMax(Option<u8>),
    /// Agents of this queue may take it too.
    Also(QueueId),
    /// It has this priority now.
    Raised(u8),
    /// It moved to this queue.
    Moved(QueueId),
    /// This outside number is called for it.
    Sending(CompactString),
    /// The outside number answered: the contact has left the queue.
    Sent(CompactString),
    /// The outside number did not answer: the contact waits on.
    NotSent(CompactString),
    /// It heard this prompt and was ended.
    Ended(CompactString),
    /// The queue to which it would have moved is closed: the contact waits on.
    TargetClosed(QueueId),
    /// The caller is offered a callback, and waits on.
    OfferedCallback,
    /// These agents were called back from an AUX that may be interrupted; perhaps none was in one.
    Interrupted(SmallVec<[AgentId; 2]>),
    /// The caller may leave a message, and waits in no line meanwhile.
    Voicemail,
}

impl StepWhy {
    /// Its word in metrics and reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waited { .. } => "waited",
            Self::Told { .. } => "told",
            Self::Longer { .. } => "longer",
            Self::Nobody => "nobody",
            Self::Closed => "closed",
        }
    }
}

impl StepDid {
    /// All words of [`Self::word`].
    pub const WORDS: [&'static str; 12] = [
        "level",
        "also",
        "priority",
        "moved",
        "sending",
        "sent",
        "not_sent",
        "ended",
        "target_closed",
        "callback",
        "interrupted",
        "voicemail",
    ];

    /// Its word in metrics and reports.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::LevelMax(_) => "level",
            Self::Also(_) => "also",
            Self::Raised(_) => "priority",
            Self::Moved(_) => "moved",
            Self::Sending(_) => "sending",
            Self::Sent(_) => "sent",
            Self::NotSent(_) => "not_sent",
            Self::Ended(_) => "ended",
            Self::TargetClosed(_) => "target_closed",
            Self::OfferedCallback => "callback",
            Self::Interrupted(_) => "interrupted",
            Self::Voicemail => "voicemail",
        }
    }
}
