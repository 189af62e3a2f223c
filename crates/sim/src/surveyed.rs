//! Surveys by the facts: after the talk and without its agent, one answer to each question in turn, and one end.

use std::collections::{BTreeMap, BTreeSet};

use turno_model::plan::SURVEY_QUESTIONS_MAX;
use turno_model::{AgentId, ContactId, Fact, SurveyChange, SurveyEnd};

/// Surveys that have not ended.
#[derive(Debug, Default)]
pub(crate) struct Surveyed {
    /// Who has which contact in hand.
    talks: BTreeSet<(ContactId, AgentId)>,
    /// How many questions were answered.
    open: BTreeMap<ContactId, u8>,
    answers: u64,
}

impl Surveyed {
    /// Reads a fact and checks it.
    pub(crate) fn reads(&mut self, fact: &Fact) {
        if let Fact::Connected { contact, agent, .. } = fact {
            self.talks.insert((*contact, *agent));
        } else if let Fact::TakenOver { contact, to, .. } = fact {
            self.talks.insert((*contact, *to));
        } else if let Fact::Disconnected { contact, agent, .. } = fact {
            self.talks.remove(&(*contact, *agent));
        } else if let Fact::Survey(survey) = fact {
            let (contact, agent) = (survey.contact, survey.agent);
            // Wound: the agent waits until the caller has answered.
            assert!(!self.talks.contains(&(contact, agent)), "{contact:?} is asked while {agent:?} is there");
            self.changes(contact, survey.change);
        }
    }

    fn changes(&mut self, contact: ContactId, change: SurveyChange) {
        match change {
            SurveyChange::Offered => {
                assert!(self.open.insert(contact, 0).is_none(), "{contact:?} is asked twice");
            }
            SurveyChange::Answered { question, key } => {
                let answered = self.open.get_mut(&contact).expect("a caller answers what was asked");
                *answered += 1;
                self.answers += 1;
                // Wound: a question is counted twice after a restart.
                assert_eq!(*answered, question, "{contact:?} answers each question once");
                let many = u8::try_from(SURVEY_QUESTIONS_MAX).unwrap_or(u8::MAX);
                assert!((1..=5).contains(&key) && question <= many, "{contact:?} answers {key}");
            }
            SurveyChange::Ended(end) => {
                let answered = self.open.remove(&contact);
                assert!(answered.is_some(), "{contact:?} ends a survey that has not begun");
                assert!(end != SurveyEnd::Complete || answered > Some(0), "{contact:?} answered nothing");
            }
        }
    }

    /// How many answers there were.
    pub(crate) const fn answers(&self) -> u64 {
        self.answers
    }

    /// What must be true at the end.
    pub(crate) fn prove_closed(&self) {
        assert!(self.open.is_empty(), "asked on: {:?}", self.open);
    }
}
