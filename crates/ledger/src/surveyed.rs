//! Books surveys, which come after the contact's end: by the queue and the agent that each fact names.

use turno_model::Survey;

use crate::ledger::Ledger;

impl Ledger {
    pub(crate) fn on_survey(&mut self, survey: &Survey) {
        self.book(survey.queue, |figures| figures.surveys.count(survey.change));
        self.count(survey.agent, |counts| counts.surveys.count(survey.change));
    }
}
