//! Puts contacts in line and takes them out, and treats those that can't or should not wait.

use core::cmp::Reverse;

use turno_ground::{Moment, TimedEntry};
use turno_model::plan::{QueuePlan, Treatment};
use turno_model::{
    AgentId, CallbackChange, Channel, ContactId, ContactOutcome, EndedBy, Fact, PromptName, QueueId,
    Voicemail, VoicemailChange,
};

use crate::contact::{Contact, ContactStage, Given};
use crate::deadline::ContactDeadline;
use crate::line::Place;
use crate::lines::{LineId, Lines};
use crate::output::RoomOutput;
use crate::reach::Reach;
use crate::room::Room;

/// A contact on its way into a line.
struct Joining {
    queue: QueueId,
    channel: Channel,
    place: Place,
    /// The line, or the reach for which there is none yet.
    line: Result<LineId, Reach>,
    kept_for: Option<AgentId>,
}

impl Joining {
    /// The contact waits from now on, and its deadlines run.
    fn of(
        id: ContactId,
        mut contact: TimedEntry<'_, ContactId, ContactDeadline, Contact>,
        plan: &QueuePlan,
        (lines, now): (&Lines, Moment),
    ) -> Self {
        contact.free_since = now;
        contact.stage = ContactStage::Waiting;
        if let Some(at) = contact.wait_until {
            contact.set(ContactDeadline::WaitOver, at);
        }
        if !plan.steps.is_empty()
            && let Some(at) = contact.next_step(plan)
        {
            contact.set(ContactDeadline::StepDue, at);
        }
        let queue = contact.queue;
        let line = lines.find(queue, &contact.reach).ok_or_else(|| contact.reach.clone());
        let kept_for = contact.reach.kept_for();
        Self { queue, channel: contact.channel, place: contact.place(id), line, kept_for }
    }
}

impl Room {
    /// Puts a contact into a queue's line. The calling method must match it afterwards.
    pub(crate) fn stand_in_line(&mut self, id: ContactId, queue: QueueId, entered: Moment, now: Moment) {
        let direct = self.dialled_agent(id);
        let keeper = direct.or_else(|| self.keeper(id, queue));
        let plan = &self.plan.queues[queue.index()];
        let mut contact = self.contacts.entry(id).expect("a contact in line is in the room");
        contact.queue = queue;
        contact.priority = contact.stated_priority.unwrap_or(plan.priority.max(contact.at_least));
        contact.reach = Reach::of(plan);
        contact.reach.keep_for(keeper);
        contact.was_kept |= keeper.is_some();
        contact.given = direct.map(|_| Given::Direct);
        contact.dialled = None;
        contact.steps_taken = 0;
        contact.entered = entered;
        let is_patient = contact.is_patient();
        contact.wait_until = plan.wait_max.filter(|_| !is_patient).map(|span| entered + span);
        let joining = Joining::of(id, contact, plan, (&self.lines, now));
        let place = joining.place;
        self.join(joining);
        let (position, Reverse(priority)) = (self.lines.position(queue, place), place.priority);
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        self.record(Fact::Queued { contact: id, queue, priority, position });
        if let Some(agent) = keeper {
            // The line to which it goes afterwards, whose wait may be told before.
            let later = Reach::of(&self.plan.queues[queue.index()]);
            self.line_for(queue, &later);
            self.keeps(id, agent, queue, now);
        }
    }

    /// A contact waits in the line for its reach, at its place, and its deadlines run.
    pub(crate) fn join_line(&mut self, id: ContactId, now: Moment) {
        let contact = self.contacts.entry(id).expect("a contact in line is in the room");
        let plan = &self.plan.queues[contact.queue.index()];
        let joining = Joining::of(id, contact, plan, (&self.lines, now));
        self.join(joining);
    }

    fn join(&mut self, joining: Joining) {
        let Joining { queue, channel, place, line, kept_for } = joining;
        let line = line.unwrap_or_else(|reach| self.line_for(queue, &reach));
        self.lines[line].insert(channel, place);
        if let Some(agent) = kept_for {
            self.kept.insert(agent, queue, place);
        }
    }

    /// Takes a waiting contact out of its line. Its deadlines go on.
    pub(crate) fn leave_line(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get(&id) else { return };
        let line = self.line_of(contact);
        let (channel, place, kept_for) = (contact.channel, contact.place(id), contact.reach.kept_for());
        self.lines[line].remove(channel, place);
        if let Some(agent) = kept_for {
            self.kept.remove(agent, place);
        }
    }

    /// A waiting contact waits no longer: it leaves its line, and its deadlines stop.
    pub(crate) fn stop_waiting(&mut self, id: ContactId) {
        self.leave_line(id);
        self.keeps_no_more(id);
        self.contacts.cancel(id, ContactDeadline::WaitOver);
        self.contacts.cancel(id, ContactDeadline::StepDue);
    }

    /// A waiting contact is kept for nobody any more: it joins the others, at its place.
    pub(crate) fn joins_others(&mut self, id: ContactId, now: Moment) {
        self.leave_line(id);
        self.keeps_no_more(id);
        self.join_line(id, now);
    }

    /// The line of a queue for contacts of this reach; a new one if none has needed it yet.
    pub(crate) fn line_for(&mut self, queue: QueueId, reach: &Reach) -> LineId {
        self.lines.find(queue, reach).unwrap_or_else(|| {
            self.staffing.add_line(&self.plan, queue, reach);
            self.lines.add(queue, reach.clone())
        })
    }

    /// Gives a waiting contact another priority, here and in every later queue.
    pub(crate) fn reprioritise(&mut self, id: ContactId, priority: u8) {
        let Some(contact) = self.contacts.get_mut(id) else { return };
        let (queue, channel, before) = (contact.queue, contact.channel, contact.place(id));
        (contact.stated_priority, contact.priority) = (Some(priority), priority);
        let (place, kept_for) = (contact.place(id), contact.reach.kept_for());
        let Some(line) = self.contacts.get(&id).map(|contact| self.line_of(contact)) else { return };
        self.lines[line].remove(channel, before);
        self.lines[line].insert(channel, place);
        if let Some(agent) = kept_for {
            self.kept.remove(agent, before);
            self.kept.insert(agent, queue, place);
        }
        let position = u32::try_from(self.lines.position(queue, place)).unwrap_or(u32::MAX);
        self.record(Fact::Reprioritised { contact: id, queue, priority, position });
    }

    /// Keeps a contact that is in no line out of it until it may be offered. False if it may be offered now.
    pub(crate) fn put_off(&mut self, id: ContactId, now: Moment) -> bool {
        let Some(mut contact) = self.contacts.entry(id) else { return false };
        let Some(span) = contact.presence.put_off(now) else { return false };
        contact.stage = ContactStage::PutOff;
        contact.set(ContactDeadline::CallbackDue, now + span);
        let (channel, queue) = (contact.channel, contact.queue);
        self.record(if channel == Channel::Voicemail {
            let change = VoicemailChange::PutOff { span };
            Fact::Voicemail(Voicemail { contact: id, queue, change })
        } else {
            Fact::Callback(id, CallbackChange::PutOff { span })
        });
        true
    }

    /// Treats a contact that has just arrived, found no agent, and exceeds the line's limit. Offered contacts are not
    /// in line.
    pub(crate) fn limit_length(&mut self, id: ContactId, now: Moment) {
        let Some(queue) = self.queue_of_waiting(id) else { return };
        let plan = &self.plan.queues[queue.index()];
        let length_max = usize::try_from(plan.length_max).unwrap_or(usize::MAX);
        if self.lines.len(queue) > length_max {
            let is_asked = plan.callback.as_ref().is_some_and(|callback| callback.when_full);
            let contact = self.contacts.get(&id);
            let may_ask = contact.is_some_and(|it| it.channel == Channel::Voice && !it.is_patient());
            if is_asked && may_ask {
                self.outbox.push_back(RoomOutput::Full { contact: id });
            } else {
                self.treat(id, plan.when_full, now);
            }
        }
    }

    /// The caller who found the line full does not want to be called back.
    pub fn treat_as_full(&mut self, id: ContactId, now: Moment) {
        if let Some(queue) = self.queue_of_waiting(id) {
            self.treat(id, self.plan.queues[queue.index()].when_full, now);
        }
    }

    /// The longest wait has passed.
    pub(crate) fn on_wait_over(&mut self, id: ContactId, now: Moment) {
        let contact = self.contacts.get(&id).expect("a contact with a deadline is in the room");
        self.treat(id, self.plan.queues[contact.queue.index()].when_waited, now);
    }

    /// Applies a treatment to a waiting contact. One that is called back, and a message, keep waiting: nobody hears a prompt.
    pub(crate) fn treat(&mut self, id: ContactId, treatment: Treatment, now: Moment) {
        // Who writes hears nothing either, and finds the answer whenever it comes.
        let is_patient = self
            .contacts
            .get(&id)
            .is_some_and(|contact| contact.is_patient() || contact.channel.is_written());
        match treatment {
            Treatment::PromptAndEnd(prompt) if !is_patient => self.prompt_and_end(id, prompt, now),
            Treatment::PromptAndEnd(_) | Treatment::Wait => {}
        }
    }

    /// A waiting contact hears a prompt and ends.
    pub(crate) fn prompt_and_end(&mut self, id: ContactId, prompt: PromptName, now: Moment) {
        self.leave_line(id);
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
