//! A supervisor speaks live to the callers who wait in a queue.

use serde::{Deserialize, Serialize};

use crate::command::Why;
use crate::command::asker::Asker;
use crate::id::{AgentId, ContactId, QueueId};

/// Something about a supervisor who speaks live to a queue. Facts contain it and are kept for years: a new field goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveSpeech {
    /// The queue.
    pub queue: QueueId,
    /// Who speaks.
    pub speaker: AgentId,
    /// What happened.
    pub change: SpeechChange,
}

/// What happened while a supervisor speaks. Facts contain it: a new variant goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpeechChange {
    /// The speaker can be heard from now on.
    Began {
        /// Who asked for it.
        by: Asker,
        /// The reason that was given.
        why: Why,
    },
    /// This caller begins to hear the speaker; once for each caller.
    Heard {
        /// The contact.
        contact: ContactId,
    },
    /// The speaker is heard no more.
    Ended {
        /// How many callers heard it, or a part of it.
        heard: u32,
    },
}

impl LiveSpeech {
    /// The contact, if it is about one.
    pub const fn contact(&self) -> Option<ContactId> {
        match self.change {
            SpeechChange::Heard { contact } => Some(contact),
            SpeechChange::Began { .. } | SpeechChange::Ended { .. } => None,
        }
    }
}
