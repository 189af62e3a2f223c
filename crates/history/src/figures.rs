//! Figures of half hours that one fact adds to.

use core::time::Duration;

use turno_model::{
    AgentId, BreakChange, CallbackChange, ContactId, Decision, Handled, HandlingChange, OfferOutcome,
    Passing, PassingChange, QueueId, Rule, StepDid, StepTaken, Survey, SurveyChange, SurveyEnd, TransferKind,
    Voicemail, VoicemailChange,
};

use crate::book::{Book, Now};
use crate::interval_tables::{AgentInterval, QueueInterval};
use crate::tables::Contact;

impl Book {
    pub(crate) fn offered(&mut self, now: Now<'_>, decision: &Decision) {
        let queue = now.names.queue(decision.queue);
        self.figure(now, &queue, QueueInterval::OffersMade, 1_i64);
        if decision.rule == Rule::LastAgent {
            self.figure(now, &queue, QueueInterval::OffersToLastAgent, 1_i64);
        }
        self.count(now, decision.winner, AgentInterval::Offered);
        self.agent_figure(now, &now.names.agent(decision.winner), AgentInterval::OfferIdle, decision.idle);
    }

    pub(crate) fn settled(
        &mut self,
        now: Now<'_>,
        (agent, queue): (AgentId, QueueId),
        (outcome, rang): (OfferOutcome, Duration),
    ) {
        if outcome == OfferOutcome::Accepted {
            self.figure(now, &now.names.queue(queue), QueueInterval::Ring, rang);
        }
        let (figure, count) = match outcome {
            OfferOutcome::Accepted => (QueueInterval::OffersAccepted, None),
            OfferOutcome::Refused => (QueueInterval::OffersRefused, Some(AgentInterval::Refused)),
            OfferOutcome::NoAnswer => (QueueInterval::OffersNoAnswer, Some(AgentInterval::Missed)),
            OfferOutcome::Unreachable | OfferOutcome::Incompatible => {
                (QueueInterval::OffersUnreachable, Some(AgentInterval::Unreachable))
            }
            OfferOutcome::CallerLeft => (QueueInterval::OffersCallerLeft, None),
            OfferOutcome::Withdrawn => (QueueInterval::OffersWithdrawn, None),
        };
        self.figure(now, &now.names.queue(queue), figure, 1_i64);
        if let Some(count) = count {
            self.count(now, agent, count);
        }
    }

    pub(crate) fn handling(&mut self, now: Now<'_>, handled: &Handled) {
        let contact = handled.contact;
        match handled.change {
            HandlingChange::Marked { .. } => self.mark(now, contact, QueueInterval::Marked),
            HandlingChange::Retargeted { .. } | HandlingChange::HelpRings { .. } => {}
            HandlingChange::CodeOwed => self.count(now, handled.agent, AgentInterval::CodesOwed),
            HandlingChange::Extended { .. } => self.count(now, handled.agent, AgentInterval::Extended),
            HandlingChange::HelpAsked => {
                self.count(now, handled.agent, AgentInterval::HelpAsked);
                self.count_contact(contact, Contact::HelpAsked);
            }
            HandlingChange::HelpCame { expert } => {
                self.count(now, expert, AgentInterval::Helped);
                self.mark(now, contact, QueueInterval::Helped);
                self.count_contact(contact, Contact::Helped);
            }
            HandlingChange::NoHelp => self.mark(now, contact, QueueInterval::Unhelped),
        }
    }

    pub(crate) fn passing(&mut self, now: Now<'_>, passing: &Passing) {
        match &passing.change {
            PassingChange::Returned => {
                self.count(now, passing.agent, AgentInterval::Returned);
                self.count_contact(passing.contact, Contact::Returns);
            }
            PassingChange::DependencyReached { dependency, .. } => {
                self.count(now, passing.agent, AgentInterval::ToDependencies);
                if self.contacts.contains_key(&passing.contact) {
                    self.changes
                        .row::<Contact>(vec![passing.contact.0.into()])
                        .set(Contact::Dependency, dependency.as_str());
                }
            }
            PassingChange::ConsultBegan(_) => self.count(now, passing.agent, AgentInterval::Consulted),
            PassingChange::DependencyRung { .. }
            | PassingChange::DependencyNotReached { .. }
            | PassingChange::Consults(_)
            | PassingChange::Conferenced(_)
            | PassingChange::ConsultEnded(..) => {}
        }
    }

    pub(crate) fn transferred(
        &mut self,
        now: Now<'_>,
        contact: ContactId,
        agent: AgentId,
        kind: TransferKind,
    ) {
        let (of_queue, of_agent) = match kind {
            TransferKind::Blind => (QueueInterval::TransfersBlind, AgentInterval::TransfersBlind),
            TransferKind::Attended => (QueueInterval::TransfersAttended, AgentInterval::TransfersAttended),
        };
        self.mark(now, contact, of_queue);
        self.count(now, agent, AgentInterval::Transferred);
        self.count(now, agent, of_agent);
        self.count_contact(contact, Contact::Transfers);
    }

    pub(crate) fn stepped(&mut self, now: Now<'_>, step: &StepTaken) {
        let column = match step.did {
            StepDid::LevelMax(_) | StepDid::Also(_) | StepDid::Raised(_) => QueueInterval::StepsEased,
            StepDid::Moved(_) => QueueInterval::StepsMoved,
            StepDid::Sent(_) => QueueInterval::StepsSent,
            StepDid::NotSent(_) | StepDid::TargetClosed(_) => QueueInterval::StepsInVain,
            StepDid::Ended(_) => QueueInterval::StepsEnded,
            StepDid::Sending(_) | StepDid::OfferedCallback | StepDid::Interrupted(_) | StepDid::Voicemail => {
                return;
            }
        };
        self.figure(now, &now.names.queue(step.queue), column, 1_i64);
    }

    pub(crate) fn took_break(&mut self, now: Now<'_>, agent: AgentId, change: BreakChange) {
        match change {
            BreakChange::Began => self.count(now, agent, AgentInterval::Breaks),
            BreakChange::TakenBack => self.count(now, agent, AgentInterval::TurnsTakenBack),
            BreakChange::Overstays => self.count(now, agent, AgentInterval::Overstays),
            BreakChange::Asked
            | BreakChange::Promised { .. }
            | BreakChange::Granted { .. }
            | BreakChange::Ended { .. }
            | BreakChange::Withdrawn => {}
        }
    }

    pub(crate) fn called_back(&mut self, now: Now<'_>, contact: ContactId, change: &CallbackChange) {
        let column = match change {
            CallbackChange::Offered(_) => QueueInterval::CallbacksOffered,
            CallbackChange::Asked { .. } => QueueInterval::CallbacksAsked,
            CallbackChange::Dialled { .. } => QueueInterval::CallbackDials,
            CallbackChange::Reached => QueueInterval::CallbacksReached,
            CallbackChange::GivenUp => QueueInterval::CallbacksGivenUp,
            CallbackChange::CancelledByCall { .. } => QueueInterval::CallbacksCancelled,
            CallbackChange::LeftInLine => QueueInterval::CallbacksLeftInLine,
            CallbackChange::Refused(_)
            | CallbackChange::PutOff { .. }
            | CallbackChange::Due
            | CallbackChange::PickedUp
            | CallbackChange::LeftMessage
            | CallbackChange::Failed(_) => return,
        };
        self.mark(now, contact, column);
    }

    pub(crate) fn surveyed(&mut self, now: Now<'_>, survey: &Survey) {
        use {AgentInterval as Agent, QueueInterval as Queue};
        let (queue, agent) = (now.names.queue(survey.queue), now.names.agent(survey.agent));
        let mut add = |of_queue, of_agent, number: i64| {
            self.figure(now, &queue, of_queue, number);
            self.agent_figure(now, &agent, of_agent, number);
        };
        match survey.change {
            SurveyChange::Offered => add(Queue::SurveysOffered, Agent::SurveysOffered, 1),
            SurveyChange::Ended(SurveyEnd::Complete) => {
                add(Queue::SurveysComplete, Agent::SurveysComplete, 1);
            }
            SurveyChange::Ended(_) => {}
            SurveyChange::Answered { question: 1, key } => {
                add(Queue::SurveyAnswers1, Agent::SurveyAnswers1, 1);
                if let Some((of_queue, of_agent)) = answers_of(key) {
                    add(of_queue, of_agent, 1);
                }
                add(Queue::SurveyPoints1, Agent::SurveyPoints1, key.into());
            }
            SurveyChange::Answered { question: 2, key } => {
                add(Queue::SurveyAnswers2, Agent::SurveyAnswers2, 1);
                add(Queue::SurveyPoints2, Agent::SurveyPoints2, key.into());
            }
            SurveyChange::Answered { question: 3, key } => {
                add(Queue::SurveyAnswers3, Agent::SurveyAnswers3, 1);
                add(Queue::SurveyPoints3, Agent::SurveyPoints3, key.into());
            }
            SurveyChange::Answered { .. } => {}
        }
    }

    pub(crate) fn left_message(&mut self, now: Now<'_>, voicemail: &Voicemail) {
        let column = match voicemail.change {
            VoicemailChange::Began(_) => QueueInterval::VoicemailsBegun,
            VoicemailChange::Refused(_) => QueueInterval::VoicemailsRefused,
            VoicemailChange::Left { .. } => QueueInterval::VoicemailsLeft,
            VoicemailChange::Heard { .. } => QueueInterval::VoicemailsHeard,
            VoicemailChange::Expired => QueueInterval::VoicemailsExpired,
            VoicemailChange::Recorded { .. }
            | VoicemailChange::Discarded(_)
            | VoicemailChange::WaitsOn
            | VoicemailChange::Kept { .. }
            | VoicemailChange::Played { .. }
            | VoicemailChange::NotPlayed { .. }
            | VoicemailChange::PutOff { .. }
            | VoicemailChange::Due => return,
        };
        self.figure(now, &now.names.queue(voicemail.queue), column, 1_i64);
    }
}

/// The columns of an answer to the first question.
const fn answers_of(key: u8) -> Option<(QueueInterval, AgentInterval)> {
    Some(match key {
        1 => (QueueInterval::SurveyKeys1, AgentInterval::SurveyKeys1),
        2 => (QueueInterval::SurveyKeys2, AgentInterval::SurveyKeys2),
        3 => (QueueInterval::SurveyKeys3, AgentInterval::SurveyKeys3),
        4 => (QueueInterval::SurveyKeys4, AgentInterval::SurveyKeys4),
        5 => (QueueInterval::SurveyKeys5, AgentInterval::SurveyKeys5),
        _ => return None,
    })
}
