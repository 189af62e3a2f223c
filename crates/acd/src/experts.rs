//! Experts: who can be rung into a talk for help.

use turno_model::{AgentId, AgentState, QueueId};

use crate::room::Room;

impl Room {
    /// The best available agent who helps in this queue: the best level first, then the longest idle. Scans all agents.
    ///
    /// # Panics
    /// If the plan has no such queue.
    pub fn free_expert(&self, queue: QueueId, is_possible: impl Fn(AgentId) -> bool) -> Option<AgentId> {
        self.free_colleague(queue, |id| self.plan.agents[id.index()].helps && is_possible(id))
    }

    /// The best available agent of this queue: the best level first, then the longest idle. Scans all agents.
    ///
    /// # Panics
    /// If the plan has no such queue.
    pub fn free_colleague(&self, queue: QueueId, is_possible: impl Fn(AgentId) -> bool) -> Option<AgentId> {
        let skill = self.plan.queues[queue.index()].skill;
        let agents = (0u32..).map(AgentId).zip(&self.plan.agents);
        let free = agents.filter_map(|(id, plan)| {
            let &(_, level) = plan.skills.iter().find(|(known, _)| *known == skill)?;
            let is_free = self.state(id) == AgentState::Available && is_possible(id);
            let idle_since = self.staffing.standing(id)?.idle_since;
            is_free.then_some((level, idle_since, id))
        });
        free.min().map(|(_, _, id)| id)
    }
}
