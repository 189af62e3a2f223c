//! A contact without a call: a wish to be called back, a message. It waits, is offered and handled by commands alone.

use compact_str::CompactString;
use turno_acd::{Arrival, Offer};
use turno_ground::{Moment, Pii};
use turno_model::{AgentId, Channel, ContactId, Done, EndedBy, Fact, Newcomer, OfferOutcome, Refusal};

use crate::carrier::Carrier;
use crate::contacts::ContactDeadline;
use crate::engine::Engine;

impl Engine {
    /// A contact comes to a queue without a call.
    ///
    /// # Errors
    /// [`Refusal::NeedsCall`], [`Refusal::Ending`], [`Refusal::NoSuchQueue`].
    pub(crate) fn on_newcomer(&mut self, newcomer: Newcomer, now: Moment) -> Result<Done, Refusal> {
        let Newcomer { channel, queue, from } = newcomer;
        if channel == Channel::Voice {
            return Err(Refusal::NeedsCall);
        }
        if !self.service.is_open() {
            return Err(Refusal::Ending);
        }
        let Some(plan) = self.plan.queues.get(queue.index()) else {
            return Err(Refusal::NoSuchQueue);
        };
        let dialled = CompactString::from(&plan.name);
        let contact = self.contacts.begin_alone(channel, now);
        self.outbox
            .record(Fact::ContactArrived { contact, channel, from: Pii(from.0), dialled, trunk: None }, now);
        self.room.enqueue(Arrival { contact, channel, queue, priority: None, waiting_since: None }, now);
        Ok(Done::Queued(contact))
    }

    /// Holds a contact without a call out to an agent, who takes it by a command; the room's deadline ends the offer.
    pub(crate) fn hold_out_alone(&mut self, offer: Offer) {
        self.contacts.put_offer(offer);
    }

    /// The agent takes what is held out without a call.
    ///
    /// # Errors
    /// [`Refusal::NothingHeldOut`].
    pub(crate) fn on_take(&mut self, agent: AgentId, now: Moment) -> Result<Done, Refusal> {
        let offer = self.offer_alone(agent)?;
        self.room.accept(offer, now);
        Ok(Done::Now)
    }

    /// The agent does not take it.
    ///
    /// # Errors
    /// [`Refusal::NothingHeldOut`].
    pub(crate) fn on_decline(&mut self, agent: AgentId, now: Moment) -> Result<Done, Refusal> {
        let offer = self.offer_alone(agent)?;
        self.room.settle(offer, OfferOutcome::Refused, now);
        Ok(Done::Now)
    }

    /// The agent is done with a contact that has no call.
    ///
    /// # Errors
    /// [`Refusal::NothingInHand`], if the agent does not have it.
    pub(crate) fn on_finish(
        &mut self,
        agent: AgentId,
        contact: ContactId,
        now: Moment,
    ) -> Result<Done, Refusal> {
        match self.contacts.carrier_of(contact).filter(|_| self.room.is_with(contact, agent)) {
            Some(Carrier::Nothing) => {
                self.room.release(contact, EndedBy::Agent, now);
                Ok(Done::Now)
            }
            // A talk is ended at the phone.
            Some(Carrier::Call(_)) | None => Err(Refusal::NothingInHand),
        }
    }

    /// The person who wrote or asked to be called back has withdrawn.
    ///
    /// # Errors
    /// [`Refusal::NoSuchContact`].
    pub(crate) fn on_withdraw(&mut self, contact: ContactId, now: Moment) -> Result<Done, Refusal> {
        match self.contacts.carrier_of(contact) {
            Some(Carrier::Nothing) => {
                match self.contacts.take_offer(contact) {
                    Some(offer) => self.room.settle(offer, OfferOutcome::CallerLeft, now),
                    None => self.room.release(contact, EndedBy::Caller, now),
                }
                Ok(Done::Now)
            }
            // A caller hangs up.
            Some(Carrier::Call(_)) | None => Err(Refusal::NoSuchContact),
        }
    }

    /// Acts on what is due of a contact.
    pub(crate) fn on_contact_deadline(&mut self, contact: ContactId, deadline: ContactDeadline, now: Moment) {
        match deadline {
            ContactDeadline::Forgotten => {
                self.room.lose(contact, now);
                if let Some(offer) = self.contacts.take_offer(contact) {
                    self.room.settle(offer, OfferOutcome::Withdrawn, now);
                }
            }
        }
    }

    fn offer_alone(&mut self, agent: AgentId) -> Result<Offer, Refusal> {
        let contact = self.room.offered_to(agent).ok_or(Refusal::NothingHeldOut)?;
        match self.contacts.carrier_of(contact) {
            Some(Carrier::Nothing) => self.contacts.take_offer(contact).ok_or(Refusal::NothingHeldOut),
            // It is answered at the phone.
            Some(Carrier::Call(_)) | None => Err(Refusal::NothingHeldOut),
        }
    }
}
