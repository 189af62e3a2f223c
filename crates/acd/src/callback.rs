//! Contacts whose person is called back: they keep their place, and are offered to nobody before their moment.

use turno_ground::Moment;
use turno_model::{
    CallbackChange, Channel, ContactId, Fact, OfferOutcome, QueueId, Voicemail, VoicemailChange,
};

use crate::contact::ContactStage;
use crate::deadline::ContactDeadline;
use crate::offer::Offer;
use crate::presence::Presence;
use crate::room::Room;

impl Room {
    /// The person of a contact without an agent hangs up and is called back, not before `not_before`. The contact keeps its
    /// place; it is not sent away for its wait, for a full line or because nobody works, but ends by [`Room::give_up`]. A
    /// pending offer must be settled next. False, and nothing changes, if an agent has the contact.
    pub fn call_back(&mut self, id: ContactId, not_before: Moment, now: Moment) -> bool {
        let Some(mut contact) = self.contacts.entry(id) else { return false };
        if matches!(contact.stage, ContactStage::With(..)) {
            return false;
        }
        contact.presence = Presence::CalledBack { not_before };
        contact.wait_until = None;
        contact.told = None;
        contact.cancel(ContactDeadline::WaitOver);
        self.put_off_in_line(id, now);
        true
    }

    /// The agent of an offer has answered and waits for the person, who is dialled: the offer no longer ends by itself. The
    /// owner accepts or settles it.
    pub fn hold_offer(&mut self, offer: &Offer) {
        self.contacts.cancel(offer.contact, ContactDeadline::RingOver);
    }

    /// The person was not reached: settles the offer, and the contact is offered again from `not_before` on.
    pub fn settle_later(&mut self, offer: Offer, outcome: OfferOutcome, not_before: Moment, now: Moment) {
        if let Some(contact) = self.contacts.get_mut(offer.contact) {
            contact.presence = Presence::CalledBack { not_before };
        }
        self.settle(offer, outcome, now);
    }

    /// When a contact's wait began, which decides its place.
    pub fn waiting_since(&self, id: ContactId) -> Option<Moment> {
        Some(self.contacts.get(&id)?.waiting_since)
    }

    /// The moment before which nobody is offered a contact whose person is called back.
    pub fn not_before(&self, id: ContactId) -> Option<Moment> {
        match self.contacts.get(&id)?.presence {
            Presence::CalledBack { not_before } => Some(not_before),
            Presence::Here | Presence::Reached => None,
        }
    }

    /// The queue of a contact.
    pub fn queue_of(&self, id: ContactId) -> Option<QueueId> {
        Some(self.contacts.get(&id)?.queue)
    }

    /// Whether this person must be called back.
    pub fn is_called_back(&self, id: ContactId) -> bool {
        self.contacts.get(&id).is_some_and(|contact| contact.presence.is_called_back())
    }

    /// Takes a waiting contact out of its line if it may not be offered yet.
    fn put_off_in_line(&mut self, id: ContactId, now: Moment) {
        let Some(contact) = self.contacts.get(&id) else { return };
        if contact.presence.put_off(now).is_some() && matches!(contact.stage, ContactStage::Waiting) {
            self.stop_waiting(id);
            self.put_off(id, now);
        }
    }

    /// The contact may be offered from now on: it returns to its place.
    pub(crate) fn on_callback_due(&mut self, id: ContactId, now: Moment) {
        let put_off = self.contacts.get(&id).filter(|contact| matches!(contact.stage, ContactStage::PutOff));
        let Some((channel, queue)) = put_off.map(|contact| (contact.channel, contact.queue)) else { return };
        if self.dials_ahead(queue, channel) {
            self.stand_ahead(id, now);
            return;
        }
        self.join_line(id, now);
        self.record(if channel == Channel::Voicemail {
            Fact::Voicemail(Voicemail { contact: id, queue, change: VoicemailChange::Due })
        } else {
            Fact::Callback(id, CallbackChange::Due)
        });
        self.pair(None, id, now);
    }
}
