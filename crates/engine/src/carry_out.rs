//! Carries out the distributor's decisions on calls: the only file that uses both acd and calls.

use turno_acd::{Offer, RoomOutput};
use turno_calls::{CallId, Ringing, Side};
use turno_ground::Moment;
use turno_media_plan::Tone;
use turno_model::{
    AgentId, AgentState, CallbackChange, ContactId, Fact, OfferId, OfferOutcome, Party, QueueId,
};

use crate::call_purpose::{CallStage, Purpose};
use crate::calls::CallDeadline;
use crate::carrier::Carrier;
use crate::engine::Engine;

/// Time between two recalls of an agent who keeps a caller on hold.
const RECALL_SPAN: core::time::Duration = core::time::Duration::from_secs(30);

impl Engine {
    pub(crate) fn carry_out(&mut self, output: RoomOutput, now: Moment) {
        match output {
            RoomOutput::Fact(fact) => {
                self.lamps_notice(&fact);
                if let Fact::ContactEnded { contact, .. } = fact {
                    self.contacts.end(contact);
                    self.callbacks.end(contact);
                    self.messages.end(contact);
                } else if let Fact::Connected { contact, .. } = fact {
                    if self.callbacks.is_in_line(contact) {
                        self.outbox.record(Fact::Callback(contact, CallbackChange::Reached), now);
                    }
                    self.callbacks.end(contact);
                }
                self.outbox.record(fact, now);
            }
            RoomOutput::Offer(offer) => self.offer_contact(offer, now),
            RoomOutput::RingOver { contact, offer } => self.take_back(contact, offer, now),
            RoomOutput::Treat { contact, treatment } => match self.contacts.carrier_of(contact) {
                Some(Carrier::Call(call)) => {
                    self.announce_and_end(call, self.speech(call, [treatment]), now);
                }
                Some(Carrier::Callback | Carrier::Message | Carrier::Nothing) | None => {}
            },
            RoomOutput::Moved { contact, queue } => self.has_moved(contact, queue, now),
            RoomOutput::SendTo { contact, number: _ } => self.send_outside(contact, now),
            RoomOutput::OfferCallback { contact } => match self.contacts.carrier_of(contact) {
                Some(Carrier::Call(call)) => self.callback_offer_due(call, now),
                Some(Carrier::Callback | Carrier::Message | Carrier::Nothing) | None => {}
            },
            RoomOutput::DialAhead { contact } => self.dial_ahead(contact, now),
            RoomOutput::Voicemail { contact } => self.voicemail_step(contact, now),
            RoomOutput::Full { contact } => self.callback_when_full(contact, now),
            RoomOutput::Warn { contact, agent: _ } => self.sound_for_agent(contact, Tone::Warning),
            RoomOutput::Breach { contact, agent: _ } => self.sound_for_agent(contact, Tone::Breach),
            // The caller may leave in the same step in which the hold ends: after the engine was down for a while, both
            // are due at once.
            RoomOutput::HoldOver { contact, agent: _ } => match self.contacts.carrier_of(contact) {
                Some(Carrier::Call(call)) => self.recall_again(call, now),
                Some(Carrier::Callback | Carrier::Message | Carrier::Nothing) | None => {}
            },
        }
    }

    /// A step has moved a contact to another queue; it may be offered there in this step.
    fn has_moved(&mut self, contact: ContactId, queue: QueueId, now: Moment) {
        match self.contacts.carrier_of(contact) {
            Some(Carrier::Call(call)) => {
                self.calls.is_for(call, Purpose::Contact(CallStage::Queued(queue)));
                self.begin_announcing(call, queue, now);
            }
            Some(Carrier::Message) => self.messages.moves_to(contact, queue),
            Some(Carrier::Callback | Carrier::Nothing) | None => {}
        }
    }

    /// Offers a contact to an agent, by call or by command.
    fn offer_contact(&mut self, offer: Offer, now: Moment) {
        match self.contacts.carrier_of(offer.contact()) {
            Some(Carrier::Call(call)) => self.ring_agent(call, offer, now),
            Some(Carrier::Callback) => self.ring_agent_first(offer, now),
            Some(Carrier::Message) => self.ring_for_message(offer, now),
            Some(Carrier::Nothing) | None => self.offer_without_call(offer),
        }
    }

    /// The offer timed out: withdraws it from the call.
    fn take_back(&mut self, contact: ContactId, offer: OfferId, now: Moment) {
        if self.contacts.carrier_of(contact) == Some(Carrier::Callback) {
            self.agent_rung_no_more(contact, OfferOutcome::NoAnswer, now);
            return;
        }
        if self.contacts.carrier_of(contact) == Some(Carrier::Message) {
            self.message_rung_no_more(contact, OfferOutcome::NoAnswer, now);
            return;
        }
        let Some(offer) = self.contacts.take_offer(contact).filter(|out| out.id() == offer) else { return };
        match self.contacts.carrier_of(contact) {
            Some(Carrier::Call(call)) => {
                self.switchboard.stop_ringing(&mut self.stack, call, now);
                self.calls.is_for(call, Purpose::Contact(CallStage::Queued(offer.queue())));
            }
            Some(Carrier::Callback | Carrier::Message | Carrier::Nothing) | None => {}
        }
        self.room.settle(offer, OfferOutcome::NoAnswer, now);
    }

    fn sound_for_agent(&mut self, contact: ContactId, tone: Tone) {
        match self.contacts.carrier_of(contact) {
            Some(Carrier::Call(call)) => self.switchboard.tone(call, Side::B, tone),
            Some(Carrier::Callback | Carrier::Message | Carrier::Nothing) | None => {}
        }
    }

    /// Rings the agent's phones for a contact that has a call.
    fn ring_agent(&mut self, call: CallId, offer: Offer, now: Moment) {
        let (agent, queue) = (offer.agent(), offer.queue());
        let mut display = self.plan.queues[queue.index()].display.clone();
        if let Some(language) = self.contacts.language_of(call) {
            display = format!("{display} [{}]", language.code());
        }
        if let Some(heard) = self.contacts.about(call) {
            display = format!("{display} {}", heard.procedure);
        }
        let targets = self.agent_targets(agent, call, &display);
        if targets.is_empty() {
            self.room.settle(offer, OfferOutcome::Unreachable, now);
            return;
        }
        self.calls.is_for(call, Purpose::Contact(CallStage::Offered(queue, agent)));
        let contact = offer.contact();
        self.contacts.put_offer(offer);
        let rung = self.switchboard.ring(&mut self.stack, call, Ringing::Offer, targets, now);
        self.ports_were_taken();
        if rung.is_err() {
            // An earlier offer, to an agent with two phones, took the last port. Nobody is to blame, and the room
            // already knows that no port is free.
            self.settle_offer(call, OfferOutcome::Withdrawn, now);
        } else {
            self.legs_rung(contact, call, Party::Agent(agent), now);
        }
    }

    /// The agent did not take the contact. The contact stays in its queue.
    pub(crate) fn settle_offer(&mut self, call: CallId, outcome: OfferOutcome, now: Moment) {
        let Some(offer) = self.take_offer(call) else { return };
        self.calls.is_for(call, Purpose::Contact(CallStage::Queued(offer.queue())));
        self.room.settle(offer, outcome, now);
    }

    pub(crate) fn take_offer(&mut self, call: CallId) -> Option<Offer> {
        self.contacts.take_offer(self.contacts.of(call)?)
    }

    /// The longest hold is over: the agent's phones ring for the same caller.
    fn recall(&mut self, contact: ContactId, call: CallId, agent: AgentId, now: Moment) {
        let targets = self.agent_targets(agent, call, "RECALL");
        // A caller who is being transferred is about to talk to somebody.
        if targets.is_empty()
            || self.calls.is_passed_on(call)
            || self.switchboard.ring(&mut self.stack, call, Ringing::Recall, targets, now).is_err()
        {
            self.recall_later(call, now);
        } else {
            self.legs_rung(contact, call, Party::Agent(agent), now);
        }
        self.ports_were_taken();
    }

    /// The agent did not answer the recall, or could not be rung: tries again later.
    pub(crate) fn recall_later(&mut self, call: CallId, now: Moment) {
        self.calls.set(call, CallDeadline::RecallAgain, now + RECALL_SPAN);
    }

    pub(crate) fn recall_again(&mut self, call: CallId, now: Moment) {
        if let Some(&Purpose::Contact(CallStage::Connected(_, agent))) = self.calls.purpose(call)
            && self.room.state(agent) == AgentState::Holding
            && let Some(contact) = self.contacts.of(call)
        {
            self.recall(contact, call, agent, now);
        }
    }
}
