//! Checks each dial ahead: nobody who came earlier waits for the same agents, a queue dials one person at a time, and there
//! are as many agents as dials.

use turno_model::{AgentId, ContactId};

use super::Oracle;
use super::caller::{At, Caller, need};
use super::told_wait::works;

impl Oracle {
    /// A contact is dialled. With an agent the offer is judged already.
    pub(super) fn is_dialled(&mut self, id: ContactId) {
        let caller = &self.callers[&id];
        if caller.at != At::PutOff {
            return;
        }
        let serving: Vec<AgentId> =
            self.agents().filter(|agent| works(self.state(*agent)) && self.serves(*agent, caller)).collect();
        let is_shared = |other: &Caller| serving.iter().any(|agent| self.serves(*agent, other));
        let key = need(id, caller);
        for (other_id, other) in &self.callers {
            // Wound: who waits on the phone is overtaken by somebody who is called.
            let is_kept = other.kept_for.is_some() || other.pulled_to.is_some();
            let waits = other.at == At::Line && other.channel.rings() && !is_kept;
            let is_earlier = waits && need(*other_id, other) < key && !self.paused.contains(&other.queue);
            assert!(!is_earlier || !is_shared(other), "{id:?} is dialled, and {other_id:?} came earlier");
            let is_beside = other.is_dialled && other.queue == caller.queue;
            assert!(!is_beside, "{id:?} is dialled beside {other_id:?} of the same queue");
        }
        // Wound: more people are called than agents can take, and answer a silent phone.
        let dials = self.callers.values().filter(|other| other.is_dialled && is_shared(other)).count();
        assert!(dials < serving.len(), "{id:?} is dialled beside {dials} others for {serving:?}");
        self.caller(id).is_dialled = true;
    }

    fn serves(&self, agent: AgentId, caller: &Caller) -> bool {
        self.level_for(agent, caller).is_some()
    }
}
