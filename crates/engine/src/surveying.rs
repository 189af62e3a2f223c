//! A caller whose agent has left is asked some questions.
//!
//! The contact has ended and the agent is in after-call work before the first question: a survey is only a call.

use core::time::Duration;

use turno_calls::{CallId, TransferAsked};
use turno_ground::Moment;
use turno_media_plan::Audio;
use turno_model::plan::{SurveyPlan, SurveyPrompt};
use turno_model::{AgentId, ContactId, EndedBy, Fact, QueueId, Survey, SurveyChange, SurveyEnd};

use crate::call_purpose::{CallStage, Purpose};
use crate::calls::CallDeadline;
use crate::engine::Engine;
use crate::prompts::prompt_id;
use crate::survey_stage::{SurveyCall, SurveyEvent, SurveyMove, SurveyStage};

/// Longest prompts of a question, if the media plane does not report their end.
const PROMPTS_SPAN_MAX: Duration = Duration::from_secs(60);

impl Engine {
    /// The agent of a talk has hung up: the contact ends, and some callers are asked.
    pub(crate) fn agent_hung_up(&mut self, call: CallId, talk: (ContactId, QueueId, AgentId), now: Moment) {
        self.room.release(talk.0, EndedBy::Agent, now);
        let chance = self.survey_of(talk.1).map_or(0, |plan| u64::from(plan.chance));
        let is_asked = match chance {
            0 => false,
            100.. => true,
            _ => self.rng.below(100) < chance,
        };
        if is_asked && self.may_be_asked(call) {
            self.is_to_be_asked(call, talk.1, talk.2, now);
        } else {
            self.end_call(call, now);
        }
    }

    /// The agent transfers the caller to the survey; false if this is no such transfer.
    pub(crate) fn transferred_to_survey(
        &mut self,
        call: CallId,
        asked: &TransferAsked,
        target: &str,
        now: Moment,
    ) -> bool {
        if self.plan.feature_codes.survey != target {
            return false;
        }
        match (self.calls.purpose(call), self.contacts.of(call)) {
            (Some(&Purpose::Contact(CallStage::Connected(queue, agent))), Some(contact))
                if self.survey_of(queue).is_some() && self.may_be_asked(call) =>
            {
                self.switchboard.finish_transfer(&mut self.stack, call, asked, now);
                self.room.release(contact, EndedBy::Agent, now);
                self.is_to_be_asked(call, queue, agent, now);
            }
            (Some(_) | None, _) => self.switchboard.refuse_transfer(&mut self.stack, asked, 403, now),
        }
        true
    }

    /// The survey begins in this step, when the contact has ended.
    fn is_to_be_asked(&mut self, call: CallId, queue: QueueId, agent: AgentId, now: Moment) {
        self.switchboard.stop_ringing(&mut self.stack, call, now);
        self.calls.cancel(call, CallDeadline::RecallAgain);
        let survey = SurveyCall { queue, agent, stage: SurveyStage::Begins };
        self.calls.is_for(call, Purpose::Survey(survey));
    }

    /// The talk of a call is over and its contact has ended: the caller is asked the first question.
    pub(crate) fn survey_begins(&mut self, call: CallId, now: Moment) {
        let (Some(&Purpose::Survey(survey)), Some(contact)) =
            (self.calls.purpose(call), self.contacts.of(call))
        else {
            return;
        };
        if survey.stage == SurveyStage::Begins {
            self.survey_changes(contact, survey, SurveyChange::Offered, now);
            let survey = SurveyCall { stage: SurveyStage::Asks(0), ..survey };
            self.ask(call, survey, Some(SurveyPrompt::Introduction), now);
        }
    }

    /// The caller pressed a key.
    pub(crate) fn survey_keyed(&mut self, call: CallId, digit: char, now: Moment) {
        self.survey_goes_on(call, SurveyEvent::Key(digit), now);
    }

    /// The caller pressed no key in time.
    pub(crate) fn survey_silence(&mut self, call: CallId, now: Moment) {
        self.survey_goes_on(call, SurveyEvent::Silence, now);
    }

    /// The question has been played: the caller may think.
    pub(crate) fn survey_played_out(&mut self, call: CallId, queue: QueueId, now: Moment) {
        let wait = self.survey_of(queue).map_or(Duration::ZERO, |plan| plan.wait);
        self.calls.set(call, CallDeadline::SurveySilence, now + wait);
    }

    fn survey_goes_on(&mut self, call: CallId, event: SurveyEvent, now: Moment) {
        let (Some(&Purpose::Survey(survey)), Some(contact)) =
            (self.calls.purpose(call), self.contacts.of(call))
        else {
            return;
        };
        let questions = self.survey_of(survey.queue).map_or(0, |plan| plan.questions.len());
        match survey.stage.after(event, questions) {
            SurveyMove::Answered { question, key, next } => {
                let change = SurveyChange::Answered { question: question + 1, key };
                self.survey_changes(contact, survey, change, now);
                match next {
                    Some(stage) => self.ask(call, SurveyCall { stage, ..survey }, None, now),
                    None => self.end_survey((call, contact), survey, SurveyEnd::Complete, now),
                }
            }
            SurveyMove::Again(stage) => {
                self.ask(call, SurveyCall { stage, ..survey }, Some(SurveyPrompt::Again), now);
            }
            SurveyMove::Over(end) => self.end_survey((call, contact), survey, end, now),
        }
    }

    /// Plays a question, after the prompt before it. A plan that has been changed may have no such question any more.
    fn ask(&mut self, call: CallId, survey: SurveyCall, before: Option<SurveyPrompt>, now: Moment) {
        let plan = self.survey_of(survey.queue);
        let question =
            plan.and_then(|plan| plan.questions.get(usize::from(survey.stage.question()))).copied();
        let before = plan.zip(before).and_then(|(plan, before)| plan.prompt(before));
        let prompts: Vec<_> = before.into_iter().chain(question).map(prompt_id).collect();
        self.calls.is_for(call, Purpose::Survey(survey));
        self.calls.set(call, CallDeadline::SurveySilence, now + PROMPTS_SPAN_MAX);
        self.switchboard.play(call, Audio::Prompts(prompts));
    }

    /// The survey is over: thanks, and the call ends.
    fn end_survey(
        &mut self,
        (call, contact): (CallId, ContactId),
        survey: SurveyCall,
        end: SurveyEnd,
        now: Moment,
    ) {
        self.survey_changes(contact, survey, SurveyChange::Ended(end), now);
        self.calls.cancel(call, CallDeadline::SurveySilence);
        match self.survey_of(survey.queue).and_then(|plan| plan.prompt(SurveyPrompt::Thanks)) {
            Some(thanks) => self.announce_and_end(call, Audio::Prompts(vec![prompt_id(thanks)]), now),
            None => self.end_call(call, now),
        }
    }

    fn survey_changes(&mut self, contact: ContactId, survey: SurveyCall, change: SurveyChange, now: Moment) {
        let SurveyCall { queue, agent, stage: _ } = survey;
        self.outbox.record(Fact::Survey(Survey { contact, queue, agent, change }), now);
    }

    /// Agents who try one of our numbers are not asked, and nobody is while turno stops.
    fn may_be_asked(&self, call: CallId) -> bool {
        self.service.is_open() && self.calls.get(call).is_some_and(|record| record.tried_by.is_none())
    }

    fn survey_of(&self, queue: QueueId) -> Option<&SurveyPlan> {
        self.plan.queues.get(queue.index())?.survey.as_ref()
    }
}
