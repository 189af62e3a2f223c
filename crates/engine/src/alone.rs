//! Contacts without a call, such as callback requests and messages, which agents handle by command.

use compact_str::CompactString;
use turno_acd::{Arrival, Offer};
use turno_ground::{Moment, Pii};
use turno_model::{
    AgentId, ContactId, Done, EndedBy, Fact, Newcomer, OfferOutcome, QueueState, Refusal, WAITED_BEFORE_MAX,
};

use crate::carrier::Carrier;
use crate::contacts::ContactDeadline;
use crate::engine::Engine;

impl Engine {
    /// Queues a contact that comes without a call. One that is known by its key is the same contact.
    ///
    /// # Errors
    /// [`Refusal::NeedsCall`], [`Refusal::Ending`], [`Refusal::NoSuchQueue`].
    pub(crate) fn on_newcomer(&mut self, newcomer: Newcomer, now: Moment) -> Result<Done, Refusal> {
        let Newcomer { channel, queue, from, since, prefer, is_theirs, key } = newcomer;
        if channel.rings() {
            return Err(Refusal::NeedsCall);
        }
        // The answer to the first may have been lost.
        if let Some(known) = key.as_ref().and_then(|key| self.contacts.named(key)) {
            return Ok(Done::Queued(known));
        }
        if !self.service.is_open() {
            return Err(Refusal::Ending);
        }
        let Some(plan) = self.plan.queues.get(queue.index()) else {
            return Err(Refusal::NoSuchQueue);
        };
        if self.room.queue_state(queue) == QueueState::Closed {
            return Err(Refusal::QueueClosed);
        }
        let dialled = CompactString::from(&plan.name);
        let contact = self.contacts.begin_alone(channel, key, now);
        let waiting_since = since.map(|since| since.min(now).max(now - WAITED_BEFORE_MAX));
        self.outbox
            .record(Fact::ContactArrived { contact, channel, from: Pii(from.0), dialled, trunk: None }, now);
        let arrival = Arrival { contact, channel, queue, priority: None, waiting_since };
        let wanted = if is_theirs { (None, prefer) } else { (prefer, None) };
        self.room.enqueue_for(arrival, wanted, now);
        Ok(Done::Queued(contact))
    }

    /// Offers a contact without a call to an agent, who accepts by command. The room's deadline ends the offer.
    pub(crate) fn offer_without_call(&mut self, offer: Offer) {
        self.contacts.put_offer(offer);
    }

    /// The agent accepts the offered contact that has no call.
    ///
    /// # Errors
    /// [`Refusal::NoOffer`].
    pub(crate) fn on_take(&mut self, agent: AgentId, now: Moment) -> Result<Done, Refusal> {
        let offer = self.offer_alone(agent)?;
        self.room.accept(offer, now);
        Ok(Done::Now)
    }

    /// The agent declines the offered contact that has no call.
    ///
    /// # Errors
    /// [`Refusal::NoOffer`].
    pub(crate) fn on_decline(&mut self, agent: AgentId, now: Moment) -> Result<Done, Refusal> {
        let offer = self.offer_alone(agent)?;
        self.room.settle(offer, OfferOutcome::Refused, now);
        Ok(Done::Now)
    }

    /// The agent finishes a contact that has no call.
    ///
    /// # Errors
    /// [`Refusal::NotInHand`] if the agent does not handle this contact.
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
            // A voice contact ends when the phone hangs up.
            Some(Carrier::Call(_) | Carrier::Callback | Carrier::Message) | None => Err(Refusal::NotInHand),
        }
    }

    /// The person who wrote, or asked for a callback, withdraws the contact.
    ///
    /// # Errors
    /// [`Refusal::NoSuchContact`].
    pub(crate) fn on_withdraw(&mut self, contact: ContactId, now: Moment) -> Result<Done, Refusal> {
        match self.contacts.carrier_of(contact) {
            // The caller is gone already, and the recorder closes the message.
            Some(Carrier::Nothing) if self.voicemails.get(contact).is_some() => Err(Refusal::NoSuchContact),
            Some(Carrier::Nothing) => {
                match self.contacts.take_offer(contact) {
                    Some(offer) => self.room.settle(offer, OfferOutcome::CallerLeft, now),
                    None => self.room.release(contact, EndedBy::Caller, now),
                }
                Ok(Done::Now)
            }
            Some(Carrier::Callback) => {
                self.callback_replaced(contact, now);
                Ok(Done::Now)
            }
            Some(Carrier::Message) => {
                self.message_expires(contact, now);
                Ok(Done::Now)
            }
            // A caller withdraws by hanging up.
            Some(Carrier::Call(_)) | None => Err(Refusal::NoSuchContact),
        }
    }

    /// Handles a due deadline of a contact.
    pub(crate) fn on_contact_deadline(&mut self, contact: ContactId, deadline: ContactDeadline, now: Moment) {
        match deadline {
            ContactDeadline::Forgotten if self.messages.get(contact).is_some() => {
                self.message_expires(contact, now);
            }
            ContactDeadline::Forgotten => {
                self.room.lose(contact, now);
                if let Some(offer) = self.contacts.take_offer(contact) {
                    self.room.settle(offer, OfferOutcome::Withdrawn, now);
                }
            }
        }
    }

    fn offer_alone(&mut self, agent: AgentId) -> Result<Offer, Refusal> {
        let contact = self.room.offered_to(agent).ok_or(Refusal::NoOffer)?;
        match self.contacts.carrier_of(contact) {
            Some(Carrier::Nothing) => self.contacts.take_offer(contact).ok_or(Refusal::NoOffer),
            // An offer with a call is answered at the phone.
            Some(Carrier::Call(_) | Carrier::Callback | Carrier::Message) | None => Err(Refusal::NoOffer),
        }
    }
}
