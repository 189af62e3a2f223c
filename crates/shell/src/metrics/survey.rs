//! Metrics of surveys after talks.

use prometheus::{IntCounterVec, Registry};
use turno_model::{Plan, Survey, SurveyChange, SurveyEnd};

use crate::metrics::counters;

/// The keys that answer, and how long a survey can be.
const KEYS: [&str; 5] = ["1", "2", "3", "4", "5"];
const QUESTIONS: [&str; 3] = ["1", "2", "3"];

/// What callers were asked and answered, by queue.
pub(crate) struct SurveyMeters {
    offered: IntCounterVec,
    answers: IntCounterVec,
    ended: IntCounterVec,
    names: Vec<String>,
}

impl SurveyMeters {
    pub(crate) fn new(registry: &Registry, plan: &Plan) -> Self {
        let mut meters = Self {
            offered: counters(
                registry,
                "turno_surveys_offered_total",
                "Callers who were asked some questions after a talk.",
                &["queue"],
            ),
            answers: counters(
                registry,
                "turno_survey_answers_total",
                "Answers to the questions of surveys, by key.",
                &["queue", "question", "key"],
            ),
            ended: counters(
                registry,
                "turno_surveys_ended_total",
                "Surveys that ended, by how they did. The answers before count.",
                &["queue", "how"],
            ),
            names: Vec::new(),
        };
        meters.move_to(plan);
        meters
    }

    /// Uses another plan, and begins the series of every queue with a survey at 0.
    pub(crate) fn move_to(&mut self, plan: &Plan) {
        self.names = plan.queues.iter().map(|queue| queue.name.clone()).collect();
        for queue in plan.queues.iter().filter(|queue| queue.survey.is_some()) {
            let name = &*queue.name;
            self.offered.with_label_values(&[name]);
            SurveyEnd::ALL.iter().for_each(|end| drop(self.ended.with_label_values(&[name, end.word()])));
            let many = queue.survey.as_ref().map_or(0, |survey| survey.questions.len());
            for question in QUESTIONS.iter().take(many) {
                KEYS.iter().for_each(|key| drop(self.answers.with_label_values(&[name, question, key])));
            }
        }
    }

    /// Counts what happened in a survey.
    pub(crate) fn apply(&self, survey: &Survey) {
        let Some(name) = self.names.get(survey.queue.index()) else { return };
        match survey.change {
            SurveyChange::Offered => self.offered.with_label_values(&[name]).inc(),
            SurveyChange::Answered { question, key } => {
                let word =
                    |words: &[&'static str], at: u8| words.get(usize::from(at).wrapping_sub(1)).copied();
                if let Some((question, key)) = word(&QUESTIONS, question).zip(word(&KEYS, key)) {
                    self.answers.with_label_values(&[name, question, key]).inc();
                }
            }
            SurveyChange::Ended(end) => self.ended.with_label_values(&[name, end.word()]).inc(),
        }
    }
}
