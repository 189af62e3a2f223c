//! Offers, surveys, callbacks, recordings and wrap-up codes: each fact sets columns of one row.

use turno_model::{
    AgentId, CallbackChange, ContactId, Decision, Fact, RecordingChange, RecordingId, RecordingOutcome,
    Survey, SurveyChange,
};

use crate::book::{Book, Now};
use crate::open::OpenContact;
use crate::tables::{Callback as CallbackColumn, Contact, Offer, Recording, Survey as SurveyColumn, WrapUp};
use crate::words;

impl Book {
    /// The row of an offer, at its begin or end.
    pub(crate) fn offer(&mut self, now: Now<'_>, fact: &Fact) {
        if let Fact::Offered { offer, contact, agent, queue, delay, decision } = fact {
            let Decision { rule, waited, idle, passed_over, others, .. } = &**decision;
            self.changes
                .row::<Offer>(vec![offer.0.into()])
                .set(Offer::Contact, contact.0)
                .set(Offer::Queue, now.names.queue(*queue))
                .set(Offer::Agent, now.names.agent(*agent))
                .set(Offer::Day, now.names.day(now.at))
                .set(Offer::Offered, now.at)
                .set(Offer::Rule, words::rule(*rule))
                .set(Offer::Waited, *waited)
                .set(Offer::Idle, *idle)
                .set(Offer::Delay, *delay)
                .set(Offer::Others, passed_over.len() as u64 + u64::from(*others));
        }
        if let Fact::OfferSettled { offer, contact, agent, queue, outcome, rang } = fact {
            self.changes
                .row::<Offer>(vec![offer.0.into()])
                .set(Offer::Contact, contact.0)
                .set(Offer::Queue, now.names.queue(*queue))
                .set(Offer::Agent, now.names.agent(*agent))
                .set(Offer::Settled, now.at)
                .set(Offer::Outcome, words::offer(*outcome))
                .set(Offer::Rang, *rang);
        }
    }

    pub(crate) fn wrapped_up(&mut self, now: Now<'_>, contact: ContactId, agent: AgentId, code: &str) {
        self.changes.row::<Contact>(vec![contact.0.into()]).set(Contact::WrapUp, code);
        self.changes
            .row::<WrapUp>(vec![contact.0.into(), now.names.agent(agent).into(), now.at.into()])
            .set(WrapUp::Day, now.names.day(now.at))
            .set(WrapUp::Code, code);
    }

    pub(crate) fn survey(&mut self, now: Now<'_>, survey: &Survey) {
        use SurveyColumn as Column;
        let row = self
            .changes
            .row::<Column>(vec![survey.contact.0.into()])
            .set(Column::Queue, now.names.queue(survey.queue))
            .set(Column::Agent, now.names.agent(survey.agent));
        let _row = match survey.change {
            SurveyChange::Offered => row.set(Column::Day, now.names.day(now.at)).set(Column::Offered, now.at),
            SurveyChange::Answered { question: 1, key } => row.set(Column::Answer1, key),
            SurveyChange::Answered { question: 2, key } => row.set(Column::Answer2, key),
            SurveyChange::Answered { question: 3, key } => row.set(Column::Answer3, key),
            SurveyChange::Answered { .. } => row,
            SurveyChange::Ended(end) => row.set(Column::Ended, now.at).set(Column::Outcome, end.word()),
        };
    }

    pub(crate) fn callback(&mut self, now: Now<'_>, contact: ContactId, change: &CallbackChange) {
        use CallbackColumn as Column;
        let queue = self.contacts.get(&contact).and_then(OpenContact::queue).map(str::to_owned);
        let mut row = self.changes.row::<Column>(vec![contact.0.into()]);
        if let Some(queue) = queue {
            row = row.set(Column::Queue, queue);
        }
        let _row = match change {
            CallbackChange::Offered(why) => row
                .set(Column::Day, now.names.day(now.at))
                .set(Column::Offered, now.at)
                .set(Column::OfferedWhy, words::callback_offer(*why)),
            CallbackChange::Asked { number, after } => row
                .set(Column::Day, now.names.day(now.at))
                .set(Column::Number, number.0.as_str())
                .set(Column::Asked, now.at)
                .set(Column::After, *after),
            CallbackChange::Refused(why) => row.set(Column::Refusal, words::callback_refusal(*why)),
            CallbackChange::Dialled { attempt } => row.set(Column::Dials, *attempt),
            CallbackChange::Failed(failure) => row.set(Column::LastFailure, failure.word()),
            CallbackChange::Reached => row.set(Column::Ended, now.at).set(Column::Outcome, "reached"),
            CallbackChange::GivenUp => row.set(Column::Ended, now.at).set(Column::Outcome, "given_up"),
            CallbackChange::CancelledByCall { .. } => {
                row.set(Column::Ended, now.at).set(Column::Outcome, "cancelled_by_call")
            }
            CallbackChange::LeftInLine => row.set(Column::Ended, now.at).set(Column::Outcome, "left_in_line"),
            CallbackChange::LeftMessage => {
                row.set(Column::Ended, now.at).set(Column::Outcome, "left_message")
            }
            CallbackChange::PutOff { .. } | CallbackChange::Due | CallbackChange::PickedUp => row,
        };
    }

    pub(crate) fn recording(
        &mut self,
        now: Now<'_>,
        contact: ContactId,
        recording: RecordingId,
        change: &RecordingChange,
    ) {
        let row = self.changes.row::<Recording>(vec![recording.0.into()]).set(Recording::Contact, contact.0);
        let _row = match change {
            RecordingChange::Began { agent, queue, why, class } => row
                .set(Recording::Queue, now.names.queue(*queue))
                .set(Recording::Agent, now.names.agent(*agent))
                .set(Recording::Day, now.names.day(now.at))
                .set(Recording::Began, now.at)
                .set(Recording::Why, words::recorded_why(*why))
                .set(Recording::Class, class.as_str()),
            RecordingChange::MessageBegan { queue, class } => row
                .set(Recording::Queue, now.names.queue(*queue))
                .set(Recording::Day, now.names.day(now.at))
                .set(Recording::Began, now.at)
                .set(Recording::Why, "message")
                .set(Recording::Class, class.as_str()),
            RecordingChange::Paused(_) => row.add(Recording::Pauses, 1_i64),
            RecordingChange::Resumed(_) => row,
            RecordingChange::Ended { length, missing, outcome } => {
                let hash = match outcome {
                    RecordingOutcome::Kept(hash) => Some(hash.as_str()),
                    RecordingOutcome::Lost(_) => None,
                };
                row.set(Recording::Ended, now.at)
                    .set(Recording::Length, *length)
                    .set(Recording::Missing, *missing)
                    .set(Recording::Outcome, words::recording(outcome))
                    .set(Recording::Hash, hash)
            }
            RecordingChange::Purged => row.set(Recording::Purged, now.at),
        };
    }
}
