//! The end of a dial for a callback: the agent is free, and the contact waits for its next try or is given up.

use turno_acd::Offer;
use turno_ground::Moment;
use turno_model::plan::CallbackPlan;
use turno_model::{CallbackChange, CallbackFailure, CallbackOffer, ContactId, EndedBy, Fact, OfferOutcome};

use crate::call_purpose::Outside;
use crate::callback_stage::CallbackStage;
use crate::engine::Engine;

impl Engine {
    /// The person was not reached. The call is gone, or its owner ends it.
    pub(crate) fn not_reached(&mut self, contact: ContactId, why: CallbackFailure, now: Moment) {
        // An agent who was rung for it was disturbed: that is a try.
        if why == CallbackFailure::NoTrunk && self.contacts.offered_to(contact).is_none() {
            self.callbacks.takes_dial_back(contact);
        }
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
        let Some(offer) = offer else {
            self.room.dial_later(contact, now + pause, now);
            return;
        };
        let outcome = match why {
            CallbackFailure::AgentLeft => OfferOutcome::Refused,
            CallbackFailure::Busy
            | CallbackFailure::NoAnswer
            | CallbackFailure::Refused
            | CallbackFailure::Unreachable
            | CallbackFailure::NoTrunk
            | CallbackFailure::Machine
            | CallbackFailure::Silence => OfferOutcome::Withdrawn,
        };
        self.room.settle_later(offer, outcome, now + pause, now);
    }

    /// The leg of a call for a callback is gone, and it was not told why.
    pub(crate) fn callback_leg_gone(&mut self, contact: ContactId, by: EndedBy, now: Moment) {
        match self.callbacks.get(contact).map(|callback| &callback.stage) {
            // The call was lost by no act of the person: they are dialled again.
            Some(CallbackStage::Greeted(_)) if by == EndedBy::System => {
                self.not_reached(contact, CallbackFailure::Unreachable, now);
            }
            Some(CallbackStage::Greeted(_)) => self.left_after_dial((contact, None), by, now),
            Some(CallbackStage::RingsAhead { .. }) => {
                self.not_reached(contact, CallbackFailure::Unreachable, now);
            }
            Some(
                CallbackStage::Confirms
                | CallbackStage::Keys(_)
                | CallbackStage::Chooses
                | CallbackStage::Waits
                | CallbackStage::AgentRings(_)
                | CallbackStage::PersonRings { .. }
                | CallbackStage::InLine,
            )
            | None => self.not_reached(contact, CallbackFailure::AgentLeft, now),
        }
    }

    /// The person who was dialled ahead has hung up, or was lost, before an agent answered. The call is gone.
    pub(crate) fn left_after_dial(
        &mut self,
        (contact, offer): (ContactId, Option<Offer>),
        by: EndedBy,
        now: Moment,
    ) {
        self.outbox.record(Fact::Callback(contact, CallbackChange::LeftInLine), now);
        self.room.leaves_after_dial(contact, by, now);
        if let Some(offer) = offer {
            let outcome =
                if by == EndedBy::Caller { OfferOutcome::CallerLeft } else { OfferOutcome::Withdrawn };
            self.room.settle(offer, outcome, now);
        }
    }

    /// The way to a number that is called back.
    pub(crate) fn way_to(&self, number: &str, tried: usize) -> Option<Outside> {
        let trunk = self.plan.dial_out.trunk?;
        Some(Outside { trunk, number: number.to_owned(), tried })
    }

    /// The caller does not want to be called back, or can't be. One who found the line full is sent away then.
    pub(crate) fn dialogue_over(&mut self, contact: ContactId, now: Moment) {
        let why = self.callbacks.get(contact).map(|callback| callback.why);
        self.callbacks.end(contact);
        match why {
            Some(CallbackOffer::Full) => self.room.treat_as_full(contact, now),
            Some(CallbackOffer::Waited | CallbackOffer::LongWait | CallbackOffer::Key) | None => {
                if let Some(call) = self.contacts.call_of(contact) {
                    self.follow_speech(call, now);
                }
            }
        }
    }

    /// The plan of a waiting contact's callbacks.
    pub(crate) fn callback_plan(&self, contact: ContactId) -> Option<&CallbackPlan> {
        self.plan.queues.get(self.room.queue_of(contact)?.index())?.callback.as_ref()
    }
}
