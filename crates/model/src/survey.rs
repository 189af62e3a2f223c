//! Surveys after a talk: what callers were asked, which keys they pressed, and how a survey ended.

use serde::{Deserialize, Serialize};

use crate::id::{AgentId, ContactId, QueueId};

/// A step of the survey that a caller answers after the talk. The contact has ended before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// The contact.
    pub contact: ContactId,
    /// The queue whose questions are asked.
    pub queue: QueueId,
    /// The agent who had the talk.
    pub agent: AgentId,
    /// What happened.
    pub change: SurveyChange,
}

/// What happened in a survey. Facts contain it and are kept for years: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SurveyChange {
    /// The agent has left, and the caller hears the introduction.
    Offered,
    /// The caller answered a question.
    Answered {
        /// Which question, from 1.
        question: u8,
        /// The key, from 1 to 5.
        key: u8,
    },
    /// The survey has ended. The answers before count.
    Ended(SurveyEnd),
}

/// How a survey ended. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SurveyEnd {
    /// Every question was answered.
    Complete,
    /// The caller hung up.
    HungUp,
    /// A question was asked twice, and the caller pressed no key the second time.
    Silence,
    /// A question was asked twice, and the second key was none of 1 to 5 either.
    WrongKey,
    /// The caller's phone was lost.
    Lost,
}

impl SurveyEnd {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Complete, Self::HungUp, Self::Silence, Self::WrongKey, Self::Lost];

    /// Its word in metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::HungUp => "hung_up",
            Self::Silence => "silence",
            Self::WrongKey => "wrong_key",
            Self::Lost => "lost",
        }
    }
}
