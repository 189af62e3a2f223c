//! A contact with an agent: talk, hold, handling target, and the ways in which it ends.

use compact_str::CompactString;
use turno_ground::Moment;
use turno_model::{
    AgentId, ContactId, ContactOutcome, EndedBy, Fact, Passing, PassingChange, QueueId, TransferKind,
};

use crate::contact::ContactStage;
use crate::deadline::ContactDeadline;
use crate::output::RoomOutput;
use crate::room::Room;

/// Deadlines that end with the segment.
const SEGMENT_DEADLINES: [ContactDeadline; 4] = [
    ContactDeadline::HoldOver,
    ContactDeadline::HandlingWarning,
    ContactDeadline::HandlingBreach,
    ContactDeadline::HandlingMark,
];

impl Room {
    /// The agent puts the contact on hold. No effect if no agent has it, or if it is held already.
    pub fn hold(&mut self, id: ContactId, now: Moment) {
        let Some(mut contact) = self.contacts.entry(id) else { return };
        let hold_max = self.plan.queues[contact.queue.index()].hold_max;
        let ContactStage::With(agent, segment) = &mut contact.stage else { return };
        let agent = *agent;
        if !segment.hold(now) {
            return;
        }
        contact.set(ContactDeadline::HoldOver, now + hold_max);
        self.record(Fact::Held { contact: id, agent });
        self.agents[agent.index()].in_hand.hold(id);
        self.show(agent, now);
    }

    /// The agent resumes the contact. No effect if it is not held.
    pub fn resume(&mut self, id: ContactId, now: Moment) {
        let Some(mut contact) = self.contacts.entry(id) else { return };
        let ContactStage::With(agent, segment) = &mut contact.stage else { return };
        let agent = *agent;
        if !segment.resume(now) {
            return;
        }
        contact.cancel(ContactDeadline::HoldOver);
        self.record(Fact::Resumed { contact: id, agent });
        self.agents[agent.index()].in_hand.resume(id);
        self.show(agent, now);
    }

    /// The agent talks with somebody else about the contact: a hold that recalls nobody, however long it lasts.
    pub fn hold_for_a_word(&mut self, id: ContactId, now: Moment) {
        self.hold(id, now);
        self.contacts.cancel(id, ContactDeadline::HoldOver);
    }

    /// That is over. If the agent's phone holds the contact, the hold goes on, and recalls the agent.
    pub fn resume_after_a_word(&mut self, id: ContactId, is_held: bool, now: Moment) {
        if !is_held {
            self.resume(id, now);
        } else if let Some(contact) = self.contacts.get(&id)
            && matches!(contact.stage, ContactStage::With(..))
        {
            let hold_max = self.plan.queues[contact.queue.index()].hold_max;
            self.contacts.set(id, ContactDeadline::HoldOver, now + hold_max);
        }
    }

    /// The contact leaves its agent and the room. No effect if no agent has it.
    pub(crate) fn let_go(&mut self, id: ContactId, by: EndedBy, now: Moment) {
        let Some(agent) = self.part(id, None, now) else { return };
        self.end(id, ContactOutcome::Answered, by, now);
        self.pair_agent(agent, now);
    }

    /// The agent's leg was lost and the caller stays: the segment ends, and the contact returns to its queue with its
    /// original wait, so ahead of later contacts of its priority. Another agent is preferred. The wait limit of the
    /// queue starts anew. No effect if no agent has it.
    pub fn agent_lost(&mut self, id: ContactId, now: Moment) {
        let Some(queue) = self.contacts.get(&id).map(|contact| contact.queue) else { return };
        let Some(agent) = self.part(id, None, now) else { return };
        self.come_back(id, agent, queue, now);
    }

    /// The agent gives the contact back: the segment ends, and the contact waits in its queue again, in the place of its
    /// arrival. Another agent is preferred. False, and nothing changes, if no agent has it.
    pub fn give_back(&mut self, id: ContactId, now: Moment) -> bool {
        let Some(agent) = self.agent_with(id) else { return false };
        self.record(Fact::Passing(Passing { contact: id, agent, change: PassingChange::Returned }));
        self.agent_lost(id, now);
        true
    }

    /// The agent transfers the contact to a queue: the segment ends, and the contact enters that line with its original
    /// wait, or with a new one if the queue says so. Another agent is preferred. No effect if no agent has it.
    pub fn transfer_to_queue(&mut self, id: ContactId, queue: QueueId, kind: TransferKind, now: Moment) {
        let to = CompactString::from(&self.plan.queues[queue.index()].name);
        let Some(agent) = self.part(id, Some((kind, to)), now) else { return };
        if !self.plan.queues[queue.index()].transfer_keeps_wait {
            self.contacts.get_mut(id).expect("a contact that returns is in the room").waiting_since = now;
        }
        self.enter_from(agent, id, queue, now);
    }

    /// The agent transfers the contact to an extension or number: it leaves the room. No effect if no agent has it.
    pub fn transfer_away(&mut self, id: ContactId, kind: TransferKind, to: &str, now: Moment) {
        let Some(agent) = self.part(id, Some((kind, CompactString::from(to))), now) else { return };
        self.end(id, ContactOutcome::Answered, EndedBy::Transfer, now);
        self.pair_agent(agent, now);
    }

    /// The longest hold has passed.
    pub(crate) fn on_hold_over(&mut self, id: ContactId, now: Moment) {
        let agent = self.agent_with(id).expect("a hold ends with the segment");
        // Sets the deadline again, so that an unanswered recall is repeated and the caller is not forgotten.
        let contact = self.contacts.get(&id).expect("a contact with an agent is in the room");
        let hold_max = self.plan.queues[contact.queue.index()].hold_max;
        if !hold_max.is_zero() {
            self.contacts.set(id, ContactDeadline::HoldOver, now + hold_max);
        }
        self.record(Fact::HoldRecalled { contact: id, agent });
        self.outbox.push_back(RoomOutput::HoldOver { contact: id, agent });
    }

    /// Ends a contact's segment and moves its agent on: if it returns to a line, another agent is preferred. The caller of this
    /// method decides what happens to the contact.
    pub(crate) fn part(
        &mut self,
        id: ContactId,
        transfer: Option<(TransferKind, CompactString)>,
        now: Moment,
    ) -> Option<AgentId> {
        let mut contact = self.contacts.entry(id)?;
        let queue = contact.queue;
        let ContactStage::With(agent, segment) = &mut contact.stage else { return None };
        let agent = *agent;
        segment.resume(now);
        let (talked, held) = segment.sums(now);
        for over in SEGMENT_DEADLINES {
            contact.cancel(over);
        }
        contact.avoid(agent);
        if let Some((kind, to)) = transfer {
            self.record(Fact::Transferred { contact: id, agent, kind, to });
        }
        self.record(Fact::Disconnected { contact: id, agent, queue, talked, held });
        self.after_contact(agent, id, queue, now);
        Some(agent)
    }

    pub(crate) fn agent_with(&self, id: ContactId) -> Option<AgentId> {
        match self.contacts.get(&id)?.stage {
            ContactStage::With(agent, _) => Some(agent),
            ContactStage::Waiting
            | ContactStage::PutOff
            | ContactStage::ToDial
            | ContactStage::Dialled
            | ContactStage::Speaking
            | ContactStage::Ringing(_)
            | ContactStage::Sending(_) => None,
        }
    }
}
