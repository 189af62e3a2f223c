//! Recordings of talks: why one begins, who pauses it, and how it ends.

use core::time::Duration;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::command::asker::Asker;
use crate::id::{AgentId, QueueId};

/// What happened to a recording. Facts contain it and are kept for years: a new variant goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordingChange {
    /// It began.
    Began {
        /// The agent of the talk.
        agent: AgentId,
        /// The queue.
        queue: QueueId,
        /// Why the talk is recorded.
        why: RecordedWhy,
        /// The class of retention.
        class: CompactString,
    },
    /// It was paused: nothing of the talk reaches the recorder.
    Paused(PausedBy),
    /// It goes on.
    Resumed(PausedBy),
    /// It ended, and its files are closed or lost.
    Ended {
        /// Its length, pauses included.
        length: Duration,
        /// How much of it is missing, as far as it is known: a restart, a full queue or a slow disk lost it.
        missing: Duration,
        /// Whether it is kept.
        outcome: RecordingOutcome,
    },
    /// Its files were deleted, because it had been kept for as long as its class says.
    Purged,
    /// The recording of a caller's message began.
    MessageBegan {
        /// The queue.
        queue: QueueId,
        /// The class of retention.
        class: CompactString,
    },
}

/// Why a talk is recorded. Facts contain it and are kept for years: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordedWhy {
    /// The queue records every talk.
    Queue,
    /// The queue records some talks, and chance took this one.
    Chance,
    /// Every talk of this agent is recorded.
    Agent,
    /// Somebody asked for it.
    Demand(Asker),
}

/// Who paused a recording, or let it go on. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PausedBy {
    /// Somebody, by a command or a key.
    Asked(Asker),
    /// turno, because the caller keyed digits, or has keyed none for a while.
    Keys,
}

/// How a recording ended. Facts contain it: a new variant goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordingOutcome {
    /// It is kept. The last hash of its chain, in hexadecimal digits, proves what is in its files.
    Kept(CompactString),
    /// It is lost from some moment on; what was written before is still there.
    Lost(RecordingLoss),
}

/// Why a recording is lost. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordingLoss {
    /// The disk is full.
    DiskFull,
    /// The disk takes nothing for another reason.
    Disk,
    /// The recorder did not answer.
    NoAnswer,
    /// This turno has no recorder: the plan has no `[recording]`.
    NoRecorder,
    /// The sound could not be encoded.
    Encoder,
}

impl RecordingLoss {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::DiskFull, Self::Disk, Self::NoAnswer, Self::NoRecorder, Self::Encoder];

    /// Its word in metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::DiskFull => "disk_full",
            Self::Disk => "disk",
            Self::NoAnswer => "no_answer",
            Self::NoRecorder => "no_recorder",
            Self::Encoder => "encoder",
        }
    }
}
