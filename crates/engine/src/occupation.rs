//! Calls of an agent's own: the agent is occupied by them, and gets no offer meanwhile.

use turno_ground::Moment;
use turno_model::AgentId;

use crate::engine::Engine;

impl Engine {
    /// Occupied meanwhile, and after a contact that ends sooner.
    pub(crate) fn occupy(&mut self, agent: AgentId, now: Moment) {
        self.agent_calls.begin(agent);
        // A second call of their own beside the first changes nothing.
        let _ = self.room.other_call_begins(agent, now);
    }

    pub(crate) fn is_occupied(&self, agent: AgentId) -> bool {
        let state = self.room.state(agent);
        state.has_contact() || self.agent_calls.has(agent)
    }

    /// Calls of these agents' own are over.
    pub(crate) fn own_call_over(&mut self, caller: Option<AgentId>, callee: Option<AgentId>, now: Moment) {
        for agent in [caller, callee].into_iter().flatten() {
            if self.agent_calls.end(agent) {
                // Each agent's first own call has begun one here.
                let _ = self.room.other_call_ends(agent, now);
            }
        }
    }
}
