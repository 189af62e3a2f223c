//! Which agents have an ordinary telephone, and whether the trunk to it is in service.

use turno_model::{AgentId, Plan};

/// The agents with an ordinary telephone. Nothing of it is durable: it follows from the plan and the trunk.
#[derive(Debug)]
pub(crate) struct OutsidePhones {
    agents: Vec<AgentId>,
    /// Whether the trunk was in service when last looked at; `None`: not looked at since the last plan.
    is_up: Option<bool>,
}

impl OutsidePhones {
    /// Those of a plan.
    pub(crate) fn of(plan: &Plan) -> Self {
        let all = (0..).map(AgentId).zip(&plan.agents);
        let theirs = all.filter(|(_, agent)| agent.outside.is_some() && !agent.is_retired);
        Self { agents: theirs.map(|(id, _)| id).collect(), is_up: None }
    }

    /// Whether nobody has one.
    pub(crate) const fn is_empty(&self) -> bool {
        self.agents.is_empty()
    }

    /// The agents who must be looked at, since the trunk is or is not in service any more.
    pub(crate) fn turn(&mut self, is_up: bool) -> Vec<AgentId> {
        if self.is_up.replace(is_up) == Some(is_up) { Vec::new() } else { self.agents.clone() }
    }
}
