//! Checks each dial ahead: nobody who came earlier waits for the same agents, a queue dials one person at a time, and there
//! are as many agents as dials.

use turno_model::{AgentId, ContactId};

use super::Oracle;
use super::caller::{At, Caller, need};
use super::told_wait::works;

impl Oracle {
    /// A contact is dialled that no agent has.
    pub(super) fn check_dial(&self, id: ContactId) {
        let caller = &self.callers[&id];
        // Who is about to leave takes nobody any more.
        let stays = |agent: &AgentId| works(self.state(*agent)) && !self.turns.asked.contains(agent);
        let serving: Vec<AgentId> =
            self.agents().filter(|agent| stays(agent) && self.serves(*agent, caller)).collect();
        let is_shared = |other: &Caller| serving.iter().any(|agent| self.serves(*agent, other));
        let key = need(id, caller);
        // A step that is due may let all agents of its queue take it.
        let may = |agent: &AgentId| self.serves(*agent, caller) || self.level(*agent, caller.queue).is_some();
        // Those who wait are not for the free agents, or they would have them.
        let free: Vec<AgentId> =
            self.agents().filter(|agent| may(agent) && self.takes(*agent, caller.channel)).collect();
        let for_free = |other: &&Caller| other.is_dialled && free.iter().any(|it| self.serves(*it, other));
        let is_free = free.len() > self.callers.values().filter(for_free).count();
        for (other_id, other) in &self.callers {
            // Wound: who waits on the phone is overtaken by somebody who is called.
            let is_kept = other.kept_for.is_some() || other.pulled_to.is_some();
            let waits = other.at == At::Line && other.channel.rings() && !is_kept;
            let is_earlier = waits && need(*other_id, other) < key && !self.paused.contains(&other.queue);
            let is_overtaken = is_earlier && is_shared(other) && !is_free;
            assert!(!is_overtaken, "{id:?} is dialled, and {other_id:?} came earlier");
            let is_beside = other.is_dialled && other.queue == caller.queue;
            assert!(!is_beside, "{id:?} is dialled beside {other_id:?} of the same queue");
        }
        // Wound: more people are called than agents can take, and answer a silent phone.
        let at_work = |agent: &AgentId| works(self.state(*agent));
        let dials = self.callers.values().filter(|other| other.is_dialled && is_shared(other)).count();
        let agents = self.agents().filter(|agent| at_work(agent) && may(agent)).count();
        assert!(dials < agents, "{id:?} is dialled beside {dials} others for {agents} agents");
    }

    fn serves(&self, agent: AgentId, caller: &Caller) -> bool {
        self.level_for(agent, caller).is_some()
    }
}
