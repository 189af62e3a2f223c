//! Puts contacts in line, and treats those that can't or should not wait.

use turno_ground::Moment;
use turno_model::plan::Treatment;
use turno_model::{AgentId, CallbackChange, Channel, ContactId, ContactOutcome, EndedBy, Fact, QueueId};

use crate::contact::ContactStage;
use crate::deadline::ContactDeadline;
use crate::line::Place;
use crate::output::RoomOutput;
use crate::room::Room;

impl Room {
    /// Puts a contact into a queue's line. The calling method must match it afterwards.
    pub(crate) fn stand_in_line(&mut self, id: ContactId, queue: QueueId, entered: Moment, now: Moment) {
        let plan = &self.plan.queues[queue.index()];
        let mut contact = self.contacts.entry(id).expect("a contact in line is in the room");
        contact.queue = queue;
        contact.priority = contact.stated_priority.unwrap_or(plan.priority);
        contact.entered = entered;
        contact.free_since = now;
        let is_called_back = contact.presence.is_called_back();
        contact.wait_until = plan.wait_max.filter(|_| !is_called_back).map(|span| entered + span);
        contact.stage = ContactStage::Waiting;
        let (place, priority, channel) = (contact.place(id), contact.priority, contact.channel);
        if let Some(at) = contact.wait_until {
            contact.set(ContactDeadline::WaitOver, at);
        }
        let line = &mut self.lines[queue.index()];
        line.insert(channel, place);
        let position = u32::try_from(line.position(place)).unwrap_or(u32::MAX);
        self.record(Fact::Queued { contact: id, queue, priority, position });
        if !self.staffing.is_staffed(queue) {
            self.treat(id, self.plan.queues[queue.index()].when_nobody, now);
        }
    }

    /// Keeps a contact that is in no line out of it until it may be offered. False if it may be offered now.
    pub(crate) fn put_off(&mut self, id: ContactId, now: Moment) -> bool {
        let Some(mut contact) = self.contacts.entry(id) else { return false };
        let Some(span) = contact.presence.put_off(now) else { return false };
        contact.stage = ContactStage::PutOff;
        contact.set(ContactDeadline::CallbackDue, now + span);
        self.record(Fact::Callback(id, CallbackChange::PutOff { span }));
        true
    }

    /// Treats a contact that has just arrived, found no agent, and exceeds the line's limit. Offered contacts are not
    /// in line.
    pub(crate) fn limit_length(&mut self, id: ContactId, now: Moment) {
        let Some(contact) = self.contacts.get(&id) else { return };
        let plan = &self.plan.queues[contact.queue.index()];
        let length_max = usize::try_from(plan.length_max).unwrap_or(usize::MAX);
        if matches!(contact.stage, ContactStage::Waiting)
            && self.lines[contact.queue.index()].len() > length_max
        {
            let is_asked = plan.callback.as_ref().is_some_and(|callback| callback.when_full);
            if is_asked && contact.channel == Channel::Voice {
                self.outbox.push_back(RoomOutput::Full { contact: id });
            } else {
                self.treat(id, plan.when_full, now);
            }
        }
    }

    /// The caller who found the line full does not want to be called back.
    pub fn treat_as_full(&mut self, id: ContactId, now: Moment) {
        if let Some(contact) = self.contacts.get(&id)
            && matches!(contact.stage, ContactStage::Waiting)
        {
            self.treat(id, self.plan.queues[contact.queue.index()].when_full, now);
        }
    }

    /// The longest wait has passed.
    pub(crate) fn on_wait_over(&mut self, id: ContactId, now: Moment) {
        let contact = self.contacts.get(&id).expect("a contact with a deadline is in the room");
        self.treat(id, self.plan.queues[contact.queue.index()].when_waited, now);
    }

    /// Treats all contacts that wait for a skill that nobody has any more, since this agent left.
    pub(crate) fn treat_unserved(&mut self, agent: AgentId, now: Moment) {
        for at in 0..self.staffing.queues(agent).len() {
            let queue = self.staffing.queues(agent)[at];
            let treatment = self.plan.queues[queue.index()].when_nobody;
            if self.staffing.is_staffed(queue) || treatment == Treatment::Wait {
                continue;
            }
            self.treat_line(queue, treatment, now);
        }
    }

    /// Treats all contacts of a line.
    pub(crate) fn treat_line(&mut self, queue: QueueId, treatment: Treatment, now: Moment) {
        let mut places: Vec<Place> = self.lines[queue.index()].iter().collect();
        places.sort_unstable();
        for place in places {
            self.treat(place.contact, treatment, now);
        }
    }

    /// Applies a treatment to a waiting contact. One that is called back keeps waiting: nobody hears a prompt.
    pub(crate) fn treat(&mut self, id: ContactId, treatment: Treatment, now: Moment) {
        let Treatment::PromptAndEnd(prompt) = treatment else { return };
        let contact = self.contacts.get(&id).expect("a treated contact is in the room");
        if contact.presence.is_called_back() {
            return;
        }
        let place = contact.place(id);
        self.lines[contact.queue.index()].remove(contact.channel, place);
        self.end(id, ContactOutcome::Outflowed, EndedBy::System, now);
        self.outbox.push_back(RoomOutput::Treat { contact: id, treatment: prompt });
    }

    /// Removes a contact that is in no line and has no agent, and records its end.
    pub(crate) fn end(&mut self, id: ContactId, outcome: ContactOutcome, by: EndedBy, now: Moment) {
        let contact = self.contacts.remove(id).expect("a contact that ends is in the room");
        if let (Some(learned), Some(told)) = (&mut self.learned, contact.told)
            && outcome == ContactOutcome::Abandoned
        {
            learned.gave_up(contact.queue, &told, now);
        }
        let outcome = contact.outcome(outcome);
        let waited = contact.answered_after.unwrap_or_else(|| now.since(contact.waiting_since));
        self.record(Fact::ContactEnded { contact: id, queue: contact.queue, outcome, by, waited });
    }
}
