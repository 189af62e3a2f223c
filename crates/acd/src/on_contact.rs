//! What callers do: come, wait, leave, and the treatments of those who can't or shouldn't wait.

use smallvec::SmallVec;
use turno_ground::Moment;
use turno_model::plan::Treatment;
use turno_model::{AgentId, ContactId, ContactOutcome, EndedBy, Fact, OfferOutcome, QueueId};

use crate::contact::{Contact, Stage};
use crate::deadline::ContactDeadline;
use crate::output::{Arrival, RoomOutput};
use crate::room::Room;

impl Room {
    /// A contact comes to a queue. In the same step it is offered if an agent is free, or treated if nobody with the
    /// skill is logged in or too many wait already; otherwise it waits.
    ///
    /// # Panics
    /// If it is in the room already.
    pub fn enqueue(&mut self, arrival: Arrival, now: Moment) {
        let waiting_since = arrival.waiting_since.unwrap_or(now);
        let contact = Contact {
            channel: arrival.channel,
            queue: arrival.queue,
            stated_priority: arrival.priority,
            priority: 0,
            waiting_since,
            entered: waiting_since,
            free_since: now,
            wait_until: None,
            answered_after: None,
            tried: SmallVec::new(),
            stage: Stage::Waiting,
        };
        let before = self.contacts.insert(arrival.contact, contact);
        assert!(before.is_none(), "a contact comes to the room once");
        self.stand_in_line(arrival.contact, arrival.queue, waiting_since, now);
        self.pair(None, arrival.contact, now);
        self.limit_length(arrival.contact, now);
    }

    /// The caller has left while waiting. If an offer is out, the contact leaves when that is settled, however it is;
    /// settling it as `CallerLeft` has the same effect without this. Of a contact that has left it means nothing.
    pub fn abandon(&mut self, contact: ContactId, now: Moment) {
        self.leave(contact, ContactOutcome::Abandoned, EndedBy::Caller, now);
    }

    /// The caller is gone before an answer, and did not go by themselves: nothing is heard of them any more. If an offer is
    /// out, say this first and then settle that (`Withdrawn`).
    pub fn lose(&mut self, contact: ContactId, now: Moment) {
        self.leave(contact, ContactOutcome::Abandoned, EndedBy::System, now);
    }

    /// The contact is served elsewhere, before an answer. If an offer is out, say this first and then settle that
    /// (`Withdrawn`), or the contact would be offered anew in between.
    pub fn dequeue(&mut self, contact: ContactId, now: Moment) {
        self.leave(contact, ContactOutcome::Dequeued, EndedBy::System, now);
    }

    /// Takes a contact that has no agent yet out of the room, now or when its offer is settled.
    pub(crate) fn leave(&mut self, id: ContactId, outcome: ContactOutcome, by: EndedBy, now: Moment) {
        let Some(contact) = self.contacts.get_mut(id) else { return };
        match &mut contact.stage {
            Stage::Waiting => {
                let place = contact.place(id);
                self.lines[contact.queue.index()].remove(place);
                self.end(id, outcome, by, now);
            }
            Stage::Ringing(ring) => {
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
            Stage::With(..) => self.release(id, by, now),
        }
    }

    /// Puts a contact into a queue's line. Whoever calls this pairs it.
    pub(crate) fn stand_in_line(&mut self, id: ContactId, queue: QueueId, entered: Moment, now: Moment) {
        let plan = &self.plan.queues[queue.index()];
        let mut contact = self.contacts.entry(id).expect("who stands in line is in the room");
        contact.queue = queue;
        contact.priority = contact.stated_priority.unwrap_or(plan.priority);
        contact.entered = entered;
        contact.free_since = now;
        contact.wait_until = plan.wait_max.map(|span| entered + span);
        contact.stage = Stage::Waiting;
        let (place, priority) = (contact.place(id), contact.priority);
        if let Some(at) = contact.wait_until {
            contact.set(ContactDeadline::WaitOver, at);
        }
        let line = &mut self.lines[queue.index()];
        line.insert(place);
        let position = u32::try_from(line.position(place)).unwrap_or(u32::MAX);
        self.record(Fact::Queued { contact: id, queue, priority, position });
        if !self.staffing.is_staffed(queue) {
            self.treat(id, self.plan.queues[queue.index()].when_nobody, now);
        }
    }

    /// Treats a contact that has just come and found no agent and too long a line. Those that ring are not in line.
    pub(crate) fn limit_length(&mut self, id: ContactId, now: Moment) {
        let Some(contact) = self.contacts.get(&id) else { return };
        let plan = &self.plan.queues[contact.queue.index()];
        let length_max = usize::try_from(plan.length_max).unwrap_or(usize::MAX);
        if matches!(contact.stage, Stage::Waiting) && self.lines[contact.queue.index()].len() > length_max {
            self.treat(id, plan.when_full, now);
        }
    }

    /// The longest wait has passed.
    pub(crate) fn on_wait_over(&mut self, id: ContactId, now: Moment) {
        let contact = self.contacts.get(&id).expect("a deadline goes with its contact");
        self.treat(id, self.plan.queues[contact.queue.index()].when_waited, now);
    }

    /// Treats all who wait for a skill that this agent, now gone, was the last to have.
    pub(crate) fn treat_the_forsaken(&mut self, agent: AgentId, now: Moment) {
        for at in 0..self.staffing.queues(agent).len() {
            let queue = self.staffing.queues(agent)[at];
            let treatment = self.plan.queues[queue.index()].when_nobody;
            if self.staffing.is_staffed(queue) || treatment == Treatment::Wait {
                continue;
            }
            while let Some(place) = self.lines[queue.index()].first() {
                self.treat(place.contact, treatment, now);
            }
        }
    }

    /// Gives a waiting contact its queue's treatment.
    pub(crate) fn treat(&mut self, id: ContactId, treatment: Treatment, now: Moment) {
        let Treatment::PromptAndEnd(prompt) = treatment else { return };
        let contact = self.contacts.get(&id).expect("who is treated is in the room");
        let place = contact.place(id);
        self.lines[contact.queue.index()].remove(place);
        self.end(id, ContactOutcome::Outflowed, EndedBy::System, now);
        self.outbox.push_back(RoomOutput::Treat { contact: id, treatment: prompt });
    }

    /// Forgets a contact that is in no line and has no agent.
    pub(crate) fn end(&mut self, id: ContactId, outcome: ContactOutcome, by: EndedBy, now: Moment) {
        let contact = self.contacts.remove(id).expect("who leaves is in the room");
        let outcome = contact.outcome(outcome);
        let waited = contact.answered_after.unwrap_or_else(|| now.since(contact.waiting_since));
        self.record(Fact::ContactEnded { contact: id, queue: contact.queue, outcome, by, waited });
    }
}
