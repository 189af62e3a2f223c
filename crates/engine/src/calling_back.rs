//! A waiting contact without a call is called back: the agent who gets it is rung and held, then the person is dialled.

use turno_acd::Offer;
use turno_calls::{CallId, Ringing};
use turno_ground::Moment;
use turno_media_plan::Audio;
use turno_model::{CallbackChange, CallbackFailure, ContactId, Fact, OfferOutcome, Party, QueueId};

use crate::call_purpose::{CallStage, Purpose};
use crate::callback_stage::{CallbackEvent, CallbackStage};
use crate::callbacks::CallbackDeadline;
use crate::engine::Engine;

/// A callback whose time is over while it is dialled ends after this.
const LAST_DIAL_SPAN: core::time::Duration = core::time::Duration::from_secs(90);

impl Engine {
    /// Rings the agent who got a contact that is called back.
    pub(crate) fn ring_agent_first(&mut self, offer: Offer, now: Moment) {
        let (contact, agent, queue) = (offer.contact(), offer.agent(), offer.queue());
        // The goodbye may still play: the agent talks to the person in a new call.
        if let Some(call) = self.contacts.call_of(contact) {
            self.end_call(call, now);
        }
        let Some(number) = self.callbacks.get(contact).map(|callback| callback.number.clone()) else {
            self.room.lose(contact, now);
            self.room.settle(offer, OfferOutcome::Withdrawn, now);
            return;
        };
        let way = self.way_to(&number, 0).filter(|_| self.service.is_open());
        if way.and_then(|way| self.trunks.target(&way, &self.plan)).is_none() {
            // Nothing is dialled: no agent is disturbed, and this is no try.
            self.contacts.put_offer(offer);
            self.put_off_without_trunk(contact, now);
            return;
        }
        let display = format!("CALLBACK {}", self.plan.queues[queue.index()].display);
        let targets = self.agent_targets_for(agent, &number, &display);
        if targets.is_empty() {
            self.room.settle(offer, OfferOutcome::Unreachable, now);
            return;
        }
        self.contacts.put_offer(offer);
        let rung = self.switchboard.call_out(&mut self.stack, targets, now);
        self.ports_were_taken();
        let Ok(call) = rung else {
            // As with a caller: an earlier offer took the last port.
            if let Some(offer) = self.contacts.take_offer(contact) {
                self.room.settle(offer, OfferOutcome::Withdrawn, now);
            }
            return;
        };
        self.calls.begin(call);
        self.contacts.begin_with(call);
        self.calls.is_by(call, number);
        self.calls.is_for(call, Purpose::CallingBack(contact));
        self.callbacks.turn(contact, CallbackEvent::AgentRung(call));
        self.legs_rung(contact, call, Party::Agent(agent), now);
    }

    /// The first leg of a call for a callback has answered: the agent, or the person who is dialled ahead.
    pub(crate) fn callback_answered(&mut self, call: CallId, contact: ContactId, now: Moment) {
        let stage = self.callbacks.get(contact).map(|callback| &callback.stage);
        if matches!(stage, Some(CallbackStage::RingsAhead { .. })) {
            self.picked_up(call, contact, now);
        } else {
            self.agent_is_held(call, contact, now);
        }
    }

    /// The agent has answered, and is held while the person is dialled.
    fn agent_is_held(&mut self, call: CallId, contact: ContactId, now: Moment) {
        if let Some(offer) = self.contacts.take_offer(contact) {
            self.room.hold_offer(&offer);
            self.contacts.put_offer(offer);
        }
        self.switchboard.play(call, Audio::Ringback);
        let ring = self.callback_plan(contact).map_or(core::time::Duration::from_secs(30), |plan| plan.ring);
        let attempt = self.callbacks.dials(contact, now + ring);
        self.outbox.record(Fact::Callback(contact, CallbackChange::Dialled { attempt }), now);
        self.dial_person(call, contact, 0, now);
    }

    /// Dials the person by an address of the trunk.
    fn dial_person(&mut self, call: CallId, contact: ContactId, tried: usize, now: Moment) {
        let number = self.callbacks.get(contact).map(|callback| callback.number.clone());
        let way = number.and_then(|number| self.way_to(&number, tried));
        let Some(target) = way.and_then(|way| self.trunks.target(&way, &self.plan)) else {
            self.dial_failed(call, contact, CallbackFailure::NoTrunk, now);
            return;
        };
        self.callbacks.turn(contact, CallbackEvent::Dialled(call, tried));
        let rung = self.switchboard.ring(&mut self.stack, call, Ringing::Direct, vec![target], now);
        self.ports_were_taken();
        if rung.is_err() {
            self.dial_failed(call, contact, CallbackFailure::NoTrunk, now);
        } else {
            self.switchboard.are_callers(call);
            self.legs_rung(contact, call, Party::Outside, now);
        }
    }

    /// The person answered: the talk begins.
    pub(crate) fn person_answered(&mut self, call: CallId, contact: ContactId, now: Moment) {
        let Some(offer) = self.contacts.take_offer(contact) else {
            self.end_call(call, now);
            return;
        };
        self.outbox.record(Fact::Callback(contact, CallbackChange::Reached), now);
        self.callbacks.end(contact);
        self.contacts.takes_call(contact, call);
        // The person is the A leg, as every caller is.
        self.switchboard.turn_round(call);
        let stage = CallStage::Connected(offer.queue(), offer.agent());
        self.calls.is_for(call, Purpose::Contact(stage));
        self.room.accept(offer, now);
    }

    /// A leg of the call for a callback did not answer.
    pub(crate) fn callback_ring_failed(
        &mut self,
        (call, contact): (CallId, ContactId),
        status: u16,
        now: Moment,
    ) {
        match self.callbacks.get(contact).map(|callback| callback.stage.clone()) {
            Some(CallbackStage::AgentRings(_)) => {
                let outcome = self.refused_offer(self.contacts.offered_to(contact), status);
                self.agent_rung_no_more(contact, outcome, now);
            }
            Some(CallbackStage::PersonRings { tried, .. }) if matches!(status, 408 | 503) => {
                let number = self.callbacks.get(contact).map(|callback| callback.number.clone());
                let next = number.and_then(|number| self.way_to(&number, tried + 1));
                if next.and_then(|next| self.trunks.target(&next, &self.plan)).is_some() {
                    self.dial_person(call, contact, tried + 1, now);
                } else {
                    self.dial_failed(call, contact, CallbackFailure::of(status), now);
                }
            }
            Some(CallbackStage::RingsAhead { tried, .. })
                if matches!(status, 408 | 503) && self.dials_ahead_again((call, contact), tried + 1, now) => {
            }
            Some(CallbackStage::PersonRings { .. } | CallbackStage::RingsAhead { .. }) => {
                self.dial_failed(call, contact, CallbackFailure::of(status), now);
            }
            Some(
                CallbackStage::Confirms
                | CallbackStage::Keys(_)
                | CallbackStage::Chooses
                | CallbackStage::Waits
                | CallbackStage::Greeted(_)
                | CallbackStage::InLine,
            )
            | None => self.end_call(call, now),
        }
    }

    /// The agent's phone stops ringing for a callback: nobody was dialled, so the contact keeps its place in line.
    pub(crate) fn agent_rung_no_more(&mut self, contact: ContactId, outcome: OfferOutcome, now: Moment) {
        if let Some(&CallbackStage::RingsAhead { call, .. }) =
            self.callbacks.get(contact).map(|callback| &callback.stage)
        {
            // No agent rings: our own leg to the person has no port.
            self.dial_failed(call, contact, CallbackFailure::NoTrunk, now);
            return;
        }
        self.end_callback_call(contact, now);
        if let Some(offer) = self.contacts.take_offer(contact) {
            self.room.settle(offer, outcome, now);
        }
    }

    /// A deadline of a callback that waits or is dialled is due.
    pub(crate) fn on_callback_deadline(&mut self, contact: ContactId, due: CallbackDeadline, now: Moment) {
        let Some(callback) = self.callbacks.get(contact) else { return };
        match (due, &callback.stage) {
            (
                CallbackDeadline::RungTooLong,
                &(CallbackStage::PersonRings { call, .. } | CallbackStage::RingsAhead { call, .. }),
            ) => {
                self.dial_failed(call, contact, CallbackFailure::NoAnswer, now);
            }
            (CallbackDeadline::Over, CallbackStage::Waits) => {
                self.outbox.record(Fact::Callback(contact, CallbackChange::GivenUp), now);
                self.room.give_up(contact, now);
            }
            (
                CallbackDeadline::Over,
                CallbackStage::AgentRings(_)
                | CallbackStage::PersonRings { .. }
                | CallbackStage::RingsAhead { .. }
                | CallbackStage::Greeted(_),
            ) => {
                self.callbacks.over_at(contact, now + LAST_DIAL_SPAN);
            }
            (CallbackDeadline::Unjudged, &CallbackStage::Greeted(call)) => {
                self.person_stands(call, contact, now)
            }
            (CallbackDeadline::Silence, stage) if stage.is_dialogue() => self.dialogue_over(contact, now),
            (CallbackDeadline::Silence | CallbackDeadline::RungTooLong | CallbackDeadline::Over, _)
            | (CallbackDeadline::Unjudged, _) => {}
        }
    }

    /// The person called again and waits in this one's place, or withdrew: the callback ends without a further dial.
    pub(crate) fn callback_replaced(&mut self, contact: ContactId, now: Moment) {
        self.room.dequeue(contact, now);
        self.end_callback_call(contact, now);
        if let Some(offer) = self.contacts.take_offer(contact) {
            self.room.settle(offer, OfferOutcome::Withdrawn, now);
        }
    }

    fn dial_failed(&mut self, call: CallId, contact: ContactId, why: CallbackFailure, now: Moment) {
        self.end_call(call, now);
        self.not_reached(contact, why, now);
    }

    /// No trunk is there now: the contact waits for the pause without an agent.
    fn put_off_without_trunk(&mut self, contact: ContactId, now: Moment) {
        let pause = self.callback_plan(contact).map_or(LAST_DIAL_SPAN, |plan| plan.pause);
        let failed = CallbackChange::Failed(CallbackFailure::NoTrunk);
        self.outbox.record(Fact::Callback(contact, failed), now);
        if let Some(offer) = self.contacts.take_offer(contact) {
            self.room.settle_later(offer, OfferOutcome::Withdrawn, now + pause, now);
        }
    }

    fn end_callback_call(&mut self, contact: ContactId, now: Moment) {
        let call = self.callbacks.get(contact).and_then(|callback| callback.stage.call());
        self.callbacks.waits(contact);
        if let Some(call) = call {
            self.end_call(call, now);
        }
    }

    /// The callback that a caller of this queue waits for already.
    pub(crate) fn callback_of_caller(&self, call: CallId, queue: QueueId) -> Option<ContactId> {
        let number = self.calls.get(call)?.caller.as_deref()?;
        let trunk = self.plan.trunks.get(self.plan.dial_out.trunk?.index())?;
        if self.callbacks.is_empty() {
            return None;
        }
        let contact = self.callbacks.of_number(&crate::dial_rules::national(number, trunk))?;
        // Who is on the phone already is somebody else with the same number.
        let is_due = self.room.queue_of(contact) == Some(queue) && !self.callbacks.is_in_line(contact);
        is_due.then_some(contact)
    }
}
