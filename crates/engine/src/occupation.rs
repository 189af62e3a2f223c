//! Occupies agents during calls outside the queues, so that they get no offers.

use turno_ground::Moment;
use turno_model::AgentId;

use crate::engine::Engine;

impl Engine {
    /// Occupies an agent with one more such call. If a contact ends meanwhile, the agent stays occupied.
    pub(crate) fn occupy(&mut self, agent: AgentId, now: Moment) {
        self.agent_calls.begin(agent);
        // A second own call beside the first changes nothing.
        let _ = self.room.other_call_begins(agent, now);
    }

    pub(crate) fn is_occupied(&self, agent: AgentId) -> bool {
        let state = self.room.state(agent);
        state.has_contact() || self.agent_calls.has(agent)
    }

    /// Ends a call of these agents outside the queues.
    pub(crate) fn agent_call_over(&mut self, caller: Option<AgentId>, callee: Option<AgentId>, now: Moment) {
        for agent in [caller, callee].into_iter().flatten() {
            if self.agent_calls.end(agent) {
                // The agent's first own call has begun the occupation here.
                let _ = self.room.other_call_ends(agent, now);
            }
        }
    }
}
