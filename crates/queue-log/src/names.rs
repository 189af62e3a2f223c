//! The names behind the indexes of facts, and in which queues an agent is.

use std::collections::BTreeMap;

use turno_model::{AgentId, AuxReason, Plan, PlanIndex, QueueId, SkillId};

/// The names of a batch of facts.
#[derive(Clone, Debug)]
pub struct LogNames {
    index: PlanIndex,
    /// The queues of each agent, by name.
    members: BTreeMap<String, Vec<String>>,
}

impl LogNames {
    /// The names of facts that were recorded under the index `then`, or under the present plan. In which queues an agent is
    /// says the present plan.
    pub fn new(plan: &Plan, then: Option<&PlanIndex>) -> Self {
        let queues_of = |skills: &mut dyn Iterator<Item = SkillId>| {
            let known: Vec<SkillId> = skills.collect();
            let queues = plan.queues.iter().filter(|queue| known.contains(&queue.skill));
            queues.map(|queue| queue.name.clone()).collect()
        };
        let members = plan.agents.iter().map(|agent| {
            let mut skills = agent.skills.iter().map(|(skill, _)| *skill);
            (agent.name.clone(), queues_of(&mut skills))
        });
        let index = then.cloned().unwrap_or_else(|| PlanIndex::of(plan));
        Self { index, members: members.collect() }
    }

    pub(crate) fn queue(&self, queue: QueueId) -> String {
        self.index.queues.get(queue.index()).cloned().unwrap_or_else(|| format!("queue {}", queue.0))
    }

    pub(crate) fn agent(&self, agent: AgentId) -> String {
        self.index.agents.get(agent.index()).cloned().unwrap_or_else(|| format!("agent {}", agent.0))
    }

    /// The queues of an agent.
    pub(crate) fn queues_of(&self, agent: &str) -> &[String] {
        self.members.get(agent).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn reason(&self, reason: AuxReason) -> String {
        match reason {
            AuxReason::Planned(place) => {
                self.index.aux_reasons.get(usize::from(place)).cloned().unwrap_or_default()
            }
            AuxReason::Rona => "rona".to_owned(),
            AuxReason::Unreachable => "unreachable".to_owned(),
            AuxReason::LoggedIn => "logged_in".to_owned(),
            AuxReason::Incompatible => "incompatible".to_owned(),
            AuxReason::Microphone => "microphone".to_owned(),
        }
    }
}
