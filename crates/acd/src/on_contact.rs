//! Contacts that arrive and leave.

use smallvec::SmallVec;
use turno_ground::Moment;
use turno_model::{AgentId, ContactId, ContactOutcome, EndedBy, OfferOutcome};

use crate::contact::{Contact, ContactStage};
use crate::output::{Arrival, RoomOutput};
use crate::presence::Presence;
use crate::reach::Reach;
use crate::room::Room;

impl Room {
    /// A contact enters a queue. In the same step it is offered if an agent is free, or treated if nobody with the
    /// skill is logged in or the line is full; if neither, it waits.
    ///
    /// # Panics
    /// If it is in the room already.
    pub fn enqueue(&mut self, arrival: Arrival, now: Moment) {
        self.enqueue_again(arrival, None, now);
    }

    /// The same for a caller whom `last_agent` served before: if this agent is free when the contact is offered, in this or a
    /// later queue, the agent gets it.
    ///
    /// # Panics
    /// If it is in the room already.
    pub fn enqueue_again(&mut self, arrival: Arrival, last_agent: Option<AgentId>, now: Moment) {
        self.enqueue_for(arrival, (last_agent, None), now);
    }

    /// The same for a caller who dialled the own number of the second agent: waits for that agent first, if the agent works.
    ///
    /// # Panics
    /// If it is in the room already.
    pub fn enqueue_for(
        &mut self,
        arrival: Arrival,
        (last_agent, dialled): (Option<AgentId>, Option<AgentId>),
        now: Moment,
    ) {
        let waiting_since = arrival.waiting_since.unwrap_or(now);
        let contact = Contact {
            channel: arrival.channel,
            queue: arrival.queue,
            stated_priority: None,
            at_least: arrival.priority.unwrap_or(0),
            priority: 0,
            reach: Reach::default(),
            steps_taken: 0,
            waiting_since,
            entered: waiting_since,
            free_since: now,
            wait_until: None,
            answered_after: None,
            last_agent,
            was_kept: false,
            tried: SmallVec::new(),
            stage: ContactStage::Waiting,
            told: None,
            presence: Presence::Here,
            given: None,
            dialled,
            grace: self.plan.room.answer_within.of(arrival.channel),
        };
        let before = self.contacts.insert(arrival.contact, contact);
        assert!(before.is_none(), "a contact comes to the room once");
        self.enter(arrival.contact, arrival.queue, waiting_since, now);
    }

    /// The caller left while waiting. If an offer is pending, the contact leaves when it is settled, with any outcome;
    /// settling it as `CallerLeft` has the same effect without this call. No effect on a contact that has left.
    pub fn abandon(&mut self, contact: ContactId, now: Moment) {
        self.leave(contact, ContactOutcome::Abandoned, EndedBy::Caller, now);
    }

    /// The caller was lost before an answer, without hanging up. If an offer is pending, call this first and settle the
    /// offer (`Withdrawn`) afterwards.
    pub fn lose(&mut self, contact: ContactId, now: Moment) {
        self.leave(contact, ContactOutcome::Abandoned, EndedBy::System, now);
    }

    /// The contact is served elsewhere, before an answer. If an offer is pending, call this first and settle the offer
    /// (`Withdrawn`) afterwards, or the contact would be offered again in between.
    pub fn dequeue(&mut self, contact: ContactId, now: Moment) {
        self.leave(contact, ContactOutcome::Dequeued, EndedBy::System, now);
    }

    /// The person could not be called back: the contact ends, and counts as sent away. If an offer is pending, call this
    /// first and settle the offer (`Withdrawn`) afterwards.
    pub fn give_up(&mut self, contact: ContactId, now: Moment) {
        self.leave(contact, ContactOutcome::Outflowed, EndedBy::System, now);
    }

    /// The person who was dialled ahead has hung up, or was lost, before an agent answered: the contact ends, and counts as
    /// sent away. If an offer is pending, the contact leaves when it is settled.
    pub fn leaves_after_dial(&mut self, contact: ContactId, by: EndedBy, now: Moment) {
        self.leave(contact, ContactOutcome::Outflowed, by, now);
    }

    /// The contact has ended. If no agent has it, it leaves the line.
    pub fn release(&mut self, id: ContactId, by: EndedBy, now: Moment) {
        self.leave(id, ContactOutcome::Abandoned, by, now);
    }

    /// Removes a contact from the room, now or when its offer is settled; `outcome` applies if no agent has it.
    fn leave(&mut self, id: ContactId, outcome: ContactOutcome, by: EndedBy, now: Moment) {
        let Some(contact) = self.contacts.get_mut(id) else { return };
        match &mut contact.stage {
            ContactStage::Waiting => {
                self.leave_line(id);
                self.end(id, outcome, by, now);
            }
            ContactStage::PutOff | ContactStage::Sending(_) | ContactStage::Speaking => {
                self.end(id, outcome, by, now);
            }
            ContactStage::ToDial | ContactStage::Dialled => {
                self.leave_ahead(id);
                // A dial that was not polled yet is not made.
                let is_dial = |output: &RoomOutput| matches!(output, RoomOutput::DialAhead { contact } if *contact == id);
                self.outbox.retain(|output| !is_dial(output));
                self.end(id, outcome, by, now);
            }
            ContactStage::Ringing(ring) => {
                ring.leaving = Some((outcome, by));
                let offer = ring.offer;
                if let Some(offer) = self.unpolled_offer(offer) {
                    let outcome = match by {
                        EndedBy::Caller => OfferOutcome::CallerLeft,
                        EndedBy::Agent | EndedBy::Transfer | EndedBy::System => OfferOutcome::Withdrawn,
                    };
                    self.settle(offer, outcome, now);
                }
            }
            ContactStage::With(..) => self.let_go(id, by, now),
        }
    }
}
