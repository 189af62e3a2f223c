//! A step calls agents back from an AUX that may be interrupted.

use smallvec::SmallVec;
use turno_ground::Moment;
use turno_model::{AgentEvent, AgentId, ContactId, Fact, QueueState, StepDid, StepTaken};

use crate::room::Room;

impl Room {
    /// Makes agents ready who may take this contact and are in an AUX that may be interrupted, at most so many, those first
    /// who have been in it for longest. Nobody is called back to a paused queue, or while
    /// an agent is free.
    pub(crate) fn interrupt(&mut self, id: ContactId, most: u8, taken: StepTaken, now: Moment) {
        // Who is kept for one agent is let go first: the others can't take the contact before.
        let kept = self.contacts.get(&id).is_some_and(|contact| contact.reach.kept_for().is_some());
        if kept && !self.is_given(id) {
            self.joins_others(id, now);
        }
        let found = self.interruptible(id, most);
        self.record(Fact::Stepped(StepTaken { did: StepDid::Interrupted(found.clone()), ..taken }));
        for agent in found {
            self.agents[agent.index()].pending_change = None;
            self.turn(agent, AgentEvent::Ready, now);
            self.pair_agent(agent, now);
        }
        self.pair(None, id, now);
    }

    fn interruptible(&self, id: ContactId, most: u8) -> SmallVec<[AgentId; 2]> {
        let Some(contact) = self.contacts.get(&id) else { return SmallVec::new() };
        if contact.given.is_some() || self.queue_state(contact.queue) == QueueState::Paused {
            return SmallVec::new();
        }
        let line = self.line_of(contact);
        if self.staffing.free(line, contact.channel) > 0 {
            return SmallVec::new();
        }
        let mut agents: SmallVec<[AgentId; 8]> = self.staffing.interruptible(line).collect();
        agents.sort_unstable_by_key(|agent| (self.agents[agent.index()].clocks.since(), *agent));
        agents.dedup();
        agents.into_iter().take(usize::from(most)).collect()
    }
}
