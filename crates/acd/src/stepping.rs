//! The steps of a queue: a contact takes each of them once, when its condition holds.
//!
//! On entry the order is: closed, nobody, an offer if an agent is free, length, the limit of the length, expected wait. While
//! the contact waits, a deadline in its row is that of the next step by its wait. What was due while an agent's phone rang is
//! taken when the contact is back in line.

use core::time::Duration;

use compact_str::CompactString;
use smallvec::SmallVec;
use turno_ground::Moment;
use turno_model::plan::{STEPS_MAX, StepAction, StepPlan, StepWhen, Treatment};
use turno_model::{
    AgentId, Channel, ContactId, ContactOutcome, EndedBy, Fact, QueueId, QueueState, StepDid, StepTaken,
    StepWhy, Voicemail, VoicemailChange, VoicemailWhy,
};

use crate::contact::ContactStage;
use crate::deadline::ContactDeadline;
use crate::expected_wait::ExpectedWait;
use crate::output::RoomOutput;
use crate::reach::Reach;
use crate::room::Room;

impl Room {
    /// A contact enters a queue.
    pub(crate) fn enter(&mut self, id: ContactId, queue: QueueId, entered: Moment, now: Moment) {
        self.stand_in_line(id, queue, entered, now);
        self.meet_the_queue(id, queue, now);
        self.pair(None, id, now);
        self.settle_in(id, queue, now);
    }

    /// A contact enters a queue from an agent, who may be free for another one.
    pub(crate) fn enter_from(&mut self, agent: AgentId, id: ContactId, queue: QueueId, now: Moment) {
        self.stand_in_line(id, queue, now, now);
        self.meet_the_queue(id, queue, now);
        self.pair(Some(agent), id, now);
        self.settle_in(id, queue, now);
    }

    /// A contact returns to its queue from an agent who was lost. It is not sent away for the length of the queue.
    pub(crate) fn come_back(&mut self, id: ContactId, agent: AgentId, queue: QueueId, now: Moment) {
        self.stand_in_line(id, queue, now, now);
        self.meet_the_queue(id, queue, now);
        self.pair(Some(agent), id, now);
        if self.queue_of_waiting(id) == Some(queue) {
            self.tell_new(id, now);
        }
    }

    /// A waiting contact changes to another queue, with its wait.
    pub(crate) fn change_queue(&mut self, id: ContactId, queue: QueueId, now: Moment) {
        self.stop_waiting(id);
        if let Some(contact) = self.contacts.get_mut(id) {
            contact.told = None;
        }
        self.enter(id, queue, now, now);
    }

    /// What a contact finds on entry: a closed queue, or one for which nobody works.
    fn meet_the_queue(&mut self, id: ContactId, queue: QueueId, now: Moment) {
        if !self.plan.queues[queue.index()].steps.is_empty() && self.queue_state(queue) == QueueState::Closed
        {
            self.step(id, queue, now, |when| (when == StepWhen::Closed).then_some(StepWhy::Closed));
        }
        if !self.staffing.is_staffed(queue) {
            self.on_nobody(id, queue, now);
        }
    }

    /// A contact has entered a queue and found no agent: the length of the queue, and the wait that is expected.
    fn settle_in(&mut self, id: ContactId, queue: QueueId, now: Moment) {
        if !self.plan.queues[queue.index()].steps.is_empty() {
            if self.queue_of_waiting(id) != Some(queue) {
                return;
            }
            let length = u32::try_from(self.lines.len(queue)).unwrap_or(u32::MAX);
            self.step(id, queue, now, |when| match when {
                StepWhen::LongerThan(than) if length > than => Some(StepWhy::Longer { than, length }),
                StepWhen::LongerThan(_)
                | StepWhen::Waited(_)
                | StepWhen::ToldOver(_)
                | StepWhen::Nobody
                | StepWhen::Closed => None,
            });
            // A step may have led it elsewhere.
            if self.queue_of_waiting(id) != Some(queue) {
                return;
            }
        }
        self.limit_length(id, now);
        self.tell_new(id, now);
    }

    /// Tells the wait of a contact that has just entered a line and was not offered to an agent at once. It counts for
    /// the share of waits that were kept, even if the caller does not hear it.
    fn tell_new(&mut self, id: ContactId, now: Moment) {
        if self.learned.is_some() {
            self.tell_wait(id, now);
        }
    }

    /// How long a contact that waits in line will probably still wait, as it may be told: not longer than it was told
    /// before, unless fewer agents work than then. `None` if it does not wait in line, if the plan tells no waits, or if a
    /// step for such a wait has led the contact elsewhere. The fact `WaitTold` is recorded.
    pub fn tell_wait(&mut self, id: ContactId, now: Moment) -> Option<ExpectedWait> {
        if !self.plan.tells_waits() {
            return None;
        }
        let queue = self.queue_of_waiting(id)?;
        if self.contacts.get(&id)?.channel == Channel::Voicemail {
            return None;
        }
        let expected = self.expect_wait(id, now)?;
        if !self.plan.queues[queue.index()].steps.is_empty() {
            let within = expected.within;
            self.step(id, queue, now, |when| match when {
                StepWhen::ToldOver(over) if within.is_none_or(|within| within > over) => {
                    Some(StepWhy::Told { over, within })
                }
                StepWhen::ToldOver(_)
                | StepWhen::Waited(_)
                | StepWhen::LongerThan(_)
                | StepWhen::Nobody
                | StepWhen::Closed => None,
            });
        }
        (self.queue_of_waiting(id) == Some(queue)).then_some(expected)
    }

    /// The next steps by the wait are due.
    pub(crate) fn on_step_due(&mut self, id: ContactId, now: Moment) {
        let Some(queue) = self.queue_of_waiting(id) else { return };
        let Some(entered) = self.contacts.get(&id).map(|contact| contact.entered) else { return };
        let waited = now.since(entered);
        self.step(id, queue, now, |when| match when {
            StepWhen::Waited(after) if waited >= after => Some(StepWhy::Waited { after, waited }),
            StepWhen::Waited(_)
            | StepWhen::ToldOver(_)
            | StepWhen::LongerThan(_)
            | StepWhen::Nobody
            | StepWhen::Closed => None,
        });
        if self.queue_of_waiting(id) == Some(queue)
            && let Some(mut contact) = self.contacts.entry(id)
            && let Some(at) = contact.next_step(&self.plan.queues[queue.index()])
        {
            contact.set(ContactDeadline::StepDue, at);
        }
    }

    /// Leads all contacts elsewhere that wait for a skill that nobody has any more, since this agent left.
    pub(crate) fn treat_unserved(&mut self, agent: AgentId, now: Moment) {
        for at in 0..self.staffing.queues(agent).len() {
            self.treat_if_unserved(self.staffing.queues(agent)[at], now);
        }
    }

    /// Leads all contacts of a queue elsewhere if nobody works for it.
    pub(crate) fn treat_if_unserved(&mut self, queue: QueueId, now: Moment) {
        let plan = &self.plan.queues[queue.index()];
        let is_left_alone = plan.when_nobody == Treatment::Wait && plan.steps.is_empty();
        if is_left_alone || self.staffing.is_staffed(queue) {
            return;
        }
        for place in self.lines.places(queue) {
            self.on_nobody(place.contact, queue, now);
        }
    }

    fn on_nobody(&mut self, id: ContactId, queue: QueueId, now: Moment) {
        // The agent to whom it was given works, perhaps for other queues.
        if self.is_given(id) {
            return;
        }
        if !self.plan.queues[queue.index()].steps.is_empty() {
            self.step(id, queue, now, |when| (when == StepWhen::Nobody).then_some(StepWhy::Nobody));
        }
        if self.queue_of_waiting(id) == Some(queue) {
            self.treat(id, self.plan.queues[queue.index()].when_nobody, now);
        }
    }

    /// Takes the steps whose condition holds, in the order of their waits and then of the plan, as long as the contact waits in
    /// this queue.
    fn step(
        &mut self,
        id: ContactId,
        queue: QueueId,
        now: Moment,
        holds: impl Fn(StepWhen) -> Option<StepWhy>,
    ) {
        let plan = self.plan.clone();
        let steps = plan.queues[queue.index()].steps.iter().enumerate().take(STEPS_MAX);
        let mut due: Vec<(Duration, usize, &StepPlan, StepWhy)> =
            steps.filter_map(|(at, step)| Some((wait_of(step.when), at, step, holds(step.when)?))).collect();
        due.sort_by_key(|(after, at, ..)| (*after, *at));
        for (_, at, step, why) in due {
            // What would do nothing is not taken: under another plan this number may be another step.
            let is_due =
                self.contacts.get(&id).is_some_and(|it| !it.has_taken(at) && it.admits(&step.action));
            if !is_due || self.queue_of_waiting(id) != Some(queue) {
                continue;
            }
            if let Some(contact) = self.contacts.get_mut(id) {
                contact.steps_taken |= 1 << at;
            }
            let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
            self.take((id, queue), number, why, &step.action, now);
        }
    }

    /// Does what a step says.
    fn take(
        &mut self,
        (id, queue): (ContactId, QueueId),
        number: u32,
        why: StepWhy,
        action: &StepAction,
        now: Moment,
    ) {
        let taken = |did| StepTaken { contact: id, queue, number, why, did };
        match action {
            StepAction::LevelMax(level) => {
                self.widen(id, now, taken(StepDid::LevelMax(*level)), |reach| reach.relax(*level));
            }
            StepAction::Also(other) => {
                self.widen(id, now, taken(StepDid::Also(*other)), |reach| reach.add(*other));
            }
            StepAction::Raise(by) => {
                let Some(contact) = self.contacts.get(&id) else { return };
                let priority = contact.priority.saturating_add(*by);
                self.record(Fact::Stepped(taken(StepDid::Raised(priority))));
                self.reprioritise(id, priority);
            }
            StepAction::MoveTo(to) if !self.takes_in(*to) => {
                self.record(Fact::Stepped(taken(StepDid::TargetClosed(*to))));
            }
            StepAction::MoveTo(to) => {
                self.record(Fact::Stepped(taken(StepDid::Moved(*to))));
                self.outbox.push_back(RoomOutput::Moved { contact: id, queue: *to });
                self.change_queue(id, *to, now);
            }
            StepAction::SendTo(number) => {
                let number = CompactString::from(number);
                let sending = taken(StepDid::Sending(number.clone()));
                self.stop_waiting(id);
                if let Some(contact) = self.contacts.get_mut(id) {
                    contact.stage = ContactStage::Sending(Box::new(sending.clone()));
                }
                self.record(Fact::Stepped(sending));
                self.outbox.push_back(RoomOutput::SendTo { contact: id, number });
            }
            StepAction::OfferCallback => {
                self.record(Fact::Stepped(taken(StepDid::OfferedCallback)));
                self.outbox.push_back(RoomOutput::OfferCallback { contact: id });
            }
            // What it does is known only when the agents are found.
            StepAction::Interrupt(most) => {
                self.interrupt(id, *most, taken(StepDid::Interrupted(SmallVec::new())), now);
            }
            StepAction::Voicemail => {
                self.stop_waiting(id);
                self.speaks(id);
                self.record(Fact::Stepped(taken(StepDid::Voicemail)));
                let change = VoicemailChange::Began(VoicemailWhy::Step);
                self.record(Fact::Voicemail(Voicemail { contact: id, queue, change }));
                self.outbox.push_back(RoomOutput::Voicemail { contact: id });
            }
            StepAction::PromptAndEnd(prompt) => {
                let name = self.plan.prompts.get(prompt.index()).map_or("", |prompt| &prompt.name);
                let ended = StepDid::Ended(CompactString::from(name));
                self.record(Fact::Stepped(taken(ended)));
                self.prompt_and_end(id, *prompt, now);
            }
        }
    }

    /// Lets more agents take a waiting contact, and offers it if one of them is free. Nothing happens if they might before.
    fn widen(
        &mut self,
        id: ContactId,
        now: Moment,
        taken: StepTaken,
        change: impl FnOnce(&mut Reach) -> bool,
    ) {
        let Some(mut reach) = self.contacts.get(&id).map(|contact| contact.reach.clone()) else { return };
        if !change(&mut reach) {
            return;
        }
        self.leave_line(id);
        if let Some(contact) = self.contacts.get_mut(id) {
            contact.reach = reach;
        }
        self.join_line(id, now);
        self.record(Fact::Stepped(taken));
        self.pair(None, id, now);
    }

    /// Whether contacts may come to this queue: it is not closed, or has a step for those who come while it is.
    ///
    /// # Panics
    /// If the plan has no such queue.
    pub fn takes_in(&self, queue: QueueId) -> bool {
        let steps = &self.plan.queues[queue.index()].steps;
        self.queue_state(queue) != QueueState::Closed
            || steps.iter().any(|step| step.when == StepWhen::Closed)
    }

    /// The outside number answered: the contact is served there. No effect unless it was called for this contact.
    pub fn sent(&mut self, id: ContactId, now: Moment) {
        let Some(step) = self.sending(id) else { return };
        self.record(Fact::Stepped(StepTaken { did: StepDid::Sent(number_of(&step.did)), ..step }));
        self.end(id, ContactOutcome::Outflowed, EndedBy::System, now);
    }

    /// The outside number did not answer: the contact is back at its place in line. No effect unless it was called for this
    /// contact.
    pub fn not_sent(&mut self, id: ContactId, now: Moment) {
        let Some(step) = self.sending(id) else { return };
        let queue = step.queue;
        self.record(Fact::Stepped(StepTaken { did: StepDid::NotSent(number_of(&step.did)), ..step }));
        self.join_line(id, now);
        self.treat_if_alone(id, queue, now);
        self.pair(None, id, now);
    }

    /// Leads a contact that is back in line elsewhere if nobody works for the queue.
    pub(crate) fn treat_if_alone(&mut self, id: ContactId, queue: QueueId, now: Moment) {
        if !self.staffing.is_staffed(queue) {
            self.on_nobody(id, queue, now);
        }
    }

    /// A contact that has just left its line leaves a message.
    pub(crate) fn speaks(&mut self, id: ContactId) {
        if let Some(contact) = self.contacts.get_mut(id) {
            contact.stage = ContactStage::Speaking;
        }
    }

    /// The outside number that is called for a contact.
    pub fn sending_to(&self, id: ContactId) -> Option<CompactString> {
        Some(number_of(&self.sending(id)?.did))
    }

    fn sending(&self, id: ContactId) -> Option<StepTaken> {
        match &self.contacts.get(&id)?.stage {
            ContactStage::Sending(step) => Some((**step).clone()),
            ContactStage::Waiting
            | ContactStage::PutOff
            | ContactStage::ToDial
            | ContactStage::Dialled
            | ContactStage::Speaking
            | ContactStage::Ringing(_)
            | ContactStage::With(..) => None,
        }
    }
}

/// The wait after which a step is due.
const fn wait_of(when: StepWhen) -> Duration {
    match when {
        StepWhen::Waited(after) => after,
        StepWhen::ToldOver(_) | StepWhen::LongerThan(_) | StepWhen::Nobody | StepWhen::Closed => {
            Duration::ZERO
        }
    }
}

fn number_of(did: &StepDid) -> CompactString {
    match did {
        StepDid::Sending(number) | StepDid::Sent(number) | StepDid::NotSent(number) => number.clone(),
        StepDid::LevelMax(_)
        | StepDid::Also(_)
        | StepDid::Raised(_)
        | StepDid::Moved(_)
        | StepDid::Ended(_)
        | StepDid::TargetClosed(_)
        | StepDid::Voicemail
        | StepDid::OfferedCallback
        | StepDid::Interrupted(_) => CompactString::default(),
    }
}
