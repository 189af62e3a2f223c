//! Offers: accepted, missed, withdrawn.

use turno_ground::Moment;
use turno_model::{AgentId, ContactId, ContactOutcome, EndedBy, Fact, OfferOutcome};

use crate::after::Miss;
use crate::contact::{ContactStage, Ring, Segment};
use crate::deadline::ContactDeadline;
use crate::offer::Offer;
use crate::presence::Presence;
use crate::room::Room;

impl Room {
    /// The agent answered and media is joined: the contact talks. If the contact was to leave, the offer counts as
    /// withdrawn.
    pub fn accept(&mut self, offer: Offer, now: Moment) {
        let ring = self.ring_of(&offer);
        if ring.leaving.is_some() {
            self.settle(offer, OfferOutcome::CallerLeft, now);
            return;
        }
        let rang = now.since(ring.since);
        let Offer { contact: id, agent, queue, .. } = offer;
        self.stop_ringing(&offer, OfferOutcome::Accepted, now);
        let holder = &mut self.agents[agent.index()];
        holder.in_hand.connect(id, now);
        holder.last_contact = Some(id);
        self.show(agent, now);
        let contact = self.contacts.get_mut(id).expect("an offer's contact is in the room");
        contact.answered_after.get_or_insert(now.since(contact.waiting_since));
        if let Some(learned) = &mut self.learned {
            learned.accepted(queue, rang);
            if let Some(told) = contact.told.take() {
                learned.answered(queue, &told, now);
            }
        }
        contact.presence = Presence::Here;
        contact.stage = ContactStage::With(agent, Segment::new(now));
        let waited = now.since(contact.entered);
        self.record(Fact::Connected { contact: id, agent, queue, waited });
        self.start_handling(id, queue, now);
        if !self.agents[agent.index()].takes_beside.is_none() {
            self.pair_agent(agent, now);
        }
    }

    /// The offer was not accepted. An agent who missed or refused it cools down; after a withdrawal the agent is ready
    /// as before, with the same idle clock. The contact returns to its place in line, ahead of later contacts of its
    /// priority, and is offered to the next agent; with `CallerLeft` it leaves. For `Accepted` see [`Room::accept`].
    pub fn settle(&mut self, offer: Offer, outcome: OfferOutcome, now: Moment) {
        let miss = match outcome {
            OfferOutcome::Accepted => return self.accept(offer, now),
            OfferOutcome::Refused | OfferOutcome::NoAnswer | OfferOutcome::Unreachable => Some(Miss::ByAgent),
            OfferOutcome::Incompatible => Some(Miss::ByPhone),
            OfferOutcome::CallerLeft | OfferOutcome::Withdrawn => None,
        };
        let caller_left =
            (outcome == OfferOutcome::CallerLeft).then_some((ContactOutcome::Abandoned, EndedBy::Caller));
        let leaving = self.ring_of(&offer).leaving.or(caller_left);
        self.stop_ringing(&offer, outcome, now);
        let Offer { contact: id, agent, queue, .. } = offer;
        if let Some((outcome, by)) = leaving {
            self.after_offer(agent, (id, queue), miss, now);
            self.end(id, outcome, by, now);
            self.pair_agent(agent, now);
            return;
        }
        self.return_to_line(id, miss.map(|_| agent), now);
        self.after_offer(agent, (id, queue), miss, now);
        self.pair(Some(agent), id, now);
        // An agent of another queue has not taken it, and nobody works for its own.
        if self.queue_of_waiting(id) == Some(queue) && !self.staffing.is_staffed(queue) {
            self.treat(id, self.plan.queues[queue.index()].when_nobody, now);
        }
    }

    fn return_to_line(&mut self, id: ContactId, missed_by: Option<AgentId>, now: Moment) {
        if let Some(agent) = missed_by {
            self.contacts.get_mut(id).expect("an offer's contact is in the room").avoid(agent);
        }
        if self.put_off(id, now) {
            return;
        }
        self.join_line(id, now);
    }

    fn stop_ringing(&mut self, offer: &Offer, outcome: OfferOutcome, now: Moment) {
        self.contacts.cancel(offer.contact, ContactDeadline::RingOver);
        self.ringing[offer.queue.index()] -= 1;
        let rang = now.since(self.ring_of(offer).since);
        let Offer { id, contact, agent, queue, .. } = *offer;
        self.record(Fact::OfferSettled { offer: id, contact, agent, queue, outcome, rang });
    }

    fn ring_of(&self, offer: &Offer) -> &Ring {
        let contact = self.contacts.get(&offer.contact).expect("an offer's contact is in the room");
        match &contact.stage {
            ContactStage::Ringing(ring) if ring.offer == offer.id => ring,
            ContactStage::Ringing(_)
            | ContactStage::Waiting
            | ContactStage::PutOff
            | ContactStage::ToDial
            | ContactStage::Dialled
            | ContactStage::Speaking
            | ContactStage::With(..)
            | ContactStage::Sending(_) => {
                unreachable!("a token that is still there is its contact's offer")
            }
        }
    }
}
