//! The end of a dial for a callback: the agent is free, and the contact waits for its next try or is given up.

use turno_ground::Moment;
use turno_model::plan::CallbackPlan;
use turno_model::{CallbackChange, CallbackFailure, CallbackOffer, ContactId, Fact, OfferOutcome};

use crate::engine::Engine;

impl Engine {
    /// The person was not reached. The call is gone, or its owner ends it.
    pub(crate) fn not_reached(&mut self, contact: ContactId, why: CallbackFailure, now: Moment) {
        let Some(callback) = self.callbacks.get(contact) else { return };
        let attempts = callback.attempts;
        self.outbox.record(Fact::Callback(contact, CallbackChange::Failed(why)), now);
        self.callbacks.waits(contact);
        let offer = self.contacts.take_offer(contact);
        let plan = self.callback_plan(contact);
        let (tries, pause) = plan.map_or((0, core::time::Duration::ZERO), |plan| (plan.tries, plan.pause));
        if attempts >= tries {
            self.outbox.record(Fact::Callback(contact, CallbackChange::GivenUp), now);
            self.room.give_up(contact, now);
            if let Some(offer) = offer {
                self.room.settle(offer, OfferOutcome::Withdrawn, now);
            }
            return;
        }
        let Some(offer) = offer else { return };
        let outcome = match why {
            CallbackFailure::AgentLeft => OfferOutcome::Refused,
            CallbackFailure::Busy
            | CallbackFailure::NoAnswer
            | CallbackFailure::Refused
            | CallbackFailure::Unreachable
            | CallbackFailure::NoTrunk => OfferOutcome::Withdrawn,
        };
        self.room.settle_later(offer, outcome, now + pause, now);
    }

    /// The caller does not want to be called back, or can't be. One who found the line full is sent away then.
    pub(crate) fn dialogue_over(&mut self, contact: ContactId, now: Moment) {
        let why = self.callbacks.get(contact).map(|callback| callback.why);
        self.callbacks.end(contact);
        match why {
            Some(CallbackOffer::Full) => self.room.treat_as_full(contact, now),
            Some(CallbackOffer::Waited | CallbackOffer::LongWait | CallbackOffer::Key) | None => {}
        }
    }

    /// The plan of a waiting contact's callbacks.
    pub(crate) fn callback_plan(&self, contact: ContactId) -> Option<&CallbackPlan> {
        self.plan.queues.get(self.room.queue_of(contact)?.index())?.callback.as_ref()
    }
}
