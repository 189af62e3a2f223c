//! A supervisor's live speech to a queue, and how far it has come.

use serde::{Deserialize, Serialize};
use turno_model::{AgentId, Asker, QueueId, Why};

/// A supervisor who speaks to those who wait in a queue, or is about to. It is part of the purpose of the speaker's call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Speech {
    /// The queue.
    pub(crate) queue: QueueId,
    /// Who speaks.
    pub(crate) agent: AgentId,
    /// Who asked for it.
    pub(crate) by: Asker,
    /// The reason that was given.
    pub(crate) why: Why,
    /// How far the speaker has come.
    pub(crate) stage: SpeechStage,
    /// How many callers have heard it.
    pub(crate) heard: u32,
}

/// Progress of a speaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SpeechStage {
    /// The speaker's phones ring.
    Rings,
    /// The speaker hears the tone after which the callers listen.
    Tone,
    /// The callers listen.
    Live,
}
