//! A survey as a table: each question is asked once, and once more after silence or a wrong key.

use serde::{Deserialize, Serialize};
use turno_model::{AgentId, QueueId, SurveyEnd};

/// The survey of a call whose agent has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SurveyCall {
    pub(crate) queue: QueueId,
    pub(crate) agent: AgentId,
    pub(crate) stage: SurveyStage,
}

/// Which question the caller hears or answers; questions are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SurveyStage {
    /// The agent leaves in this step.
    Begins,
    /// For the first time.
    Asks(u8),
    /// For the second and last time.
    AsksAgain(u8),
}

/// What the caller does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SurveyEvent {
    Key(char),
    Silence,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SurveyMove {
    /// A question was answered with this key; the next one is asked, or there is none.
    Answered { question: u8, key: u8, next: Option<SurveyStage> },
    /// The same question is asked again.
    Again(SurveyStage),
    /// The survey is over without an answer.
    Over(SurveyEnd),
}

impl SurveyStage {
    /// What follows on an event in a survey of so many questions.
    pub(crate) const fn after(self, event: SurveyEvent, questions: usize) -> SurveyMove {
        let (question, is_last) = match self {
            Self::Begins => return SurveyMove::Again(Self::Asks(0)),
            Self::Asks(question) => (question, false),
            Self::AsksAgain(question) => (question, true),
        };
        match event {
            SurveyEvent::Key(key @ '1'..='5') => {
                let next = (question as usize) + 1 < questions;
                let next = if next { Some(Self::Asks(question + 1)) } else { None };
                SurveyMove::Answered { question, key: key as u8 - b'0', next }
            }
            SurveyEvent::Key(_) | SurveyEvent::Silence if !is_last => {
                SurveyMove::Again(Self::AsksAgain(question))
            }
            SurveyEvent::Key(_) => SurveyMove::Over(SurveyEnd::WrongKey),
            SurveyEvent::Silence => SurveyMove::Over(SurveyEnd::Silence),
        }
    }

    /// The question, from 0.
    pub(crate) const fn question(self) -> u8 {
        match self {
            Self::Begins => 0,
            Self::Asks(question) | Self::AsksAgain(question) => question,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_question_has_one_answer_and_is_asked_twice_at_most() {
        let (first, again) = (SurveyStage::Asks(0), SurveyStage::AsksAgain(0));
        for stage in [first, again] {
            let next = Some(SurveyStage::Asks(1));
            let answered = SurveyMove::Answered { question: 0, key: 5, next };
            assert_eq!(stage.after(SurveyEvent::Key('5'), 2), answered);
            let last = SurveyMove::Answered { question: 0, key: 1, next: None };
            assert_eq!(stage.after(SurveyEvent::Key('1'), 1), last);
        }
        for wrong in ['0', '6', '9', '*', '#', 'A'] {
            assert_eq!(first.after(SurveyEvent::Key(wrong), 3), SurveyMove::Again(again));
            assert_eq!(again.after(SurveyEvent::Key(wrong), 3), SurveyMove::Over(SurveyEnd::WrongKey));
        }
        assert_eq!(first.after(SurveyEvent::Silence, 3), SurveyMove::Again(again));
        assert_eq!(again.after(SurveyEvent::Silence, 3), SurveyMove::Over(SurveyEnd::Silence));
    }
}
