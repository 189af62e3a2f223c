//! The names behind the plan's places: what `AgentId(3)` meant when it was written.

use serde::{Deserialize, Serialize};
use turno_model::Plan;

/// Names in the order of the plan, written at the beginning of each segment. A new list goes last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// The site.
    pub site: String,
    /// Queues.
    pub queues: Vec<String>,
    /// Agents.
    pub agents: Vec<String>,
    /// Trunks.
    pub trunks: Vec<String>,
    /// Reasons for not being ready.
    pub aux_reasons: Vec<String>,
}

impl Places {
    /// The names of a plan.
    pub fn of(plan: &Plan) -> Self {
        Self {
            site: plan.site.clone(),
            queues: plan.queues.iter().map(|queue| queue.name.clone()).collect(),
            agents: plan.agents.iter().map(|agent| agent.name.clone()).collect(),
            trunks: plan.trunks.iter().map(|trunk| trunk.name.clone()).collect(),
            aux_reasons: plan.aux_reasons.iter().map(|reason| reason.name.clone()).collect(),
        }
    }

    /// As it is written down.
    pub fn form(&self) -> Vec<u8> {
        rmp_serde::to_vec(self).expect("names can be written")
    }

    /// From what was written down; `None` if it can't be read.
    pub fn of_form(form: &[u8]) -> Option<Self> {
        rmp_serde::from_slice(form).ok()
    }
}
