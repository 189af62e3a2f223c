//! The survey after the talks of a queue: its questions, and how many callers are asked.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::PromptName;
use crate::language::Language;

/// Most questions of a survey.
pub const SURVEY_QUESTIONS_MAX: usize = 3;

/// What callers are asked after a talk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyPlan {
    /// The prompts of the questions, each answered by a key from 1 to 5.
    pub questions: Vec<PromptName>,
    /// How many of a hundred callers are asked by chance.
    pub chance: u8,
    /// How long the caller may think after a question.
    pub wait: Duration,
    /// The language of the introduction and the thanks.
    pub language: Language,
    /// The other prompts, in the order of [`SurveyPrompt::ALL`].
    pub prompts: Vec<PromptName>,
}

impl SurveyPlan {
    /// The prompt of this kind.
    pub fn prompt(&self, which: SurveyPrompt) -> Option<PromptName> {
        self.prompts.get(which as usize).copied()
    }
}

/// What a caller hears of a survey besides its questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurveyPrompt {
    /// Please stay on the line for some questions.
    Introduction,
    /// A key from 1 to 5, please: before a question that is asked again.
    Again,
    /// Thanks; the call ends.
    Thanks,
}

impl SurveyPrompt {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Introduction, Self::Again, Self::Thanks];

    /// The name of its recording in the folder of a language.
    pub const fn recording(self) -> &'static str {
        match self {
            Self::Introduction => "survey/introduction",
            Self::Again => "survey/again",
            Self::Thanks => "survey/thanks",
        }
    }
}
