//! The names behind a plan's indexes, to translate `AgentId(3)` of one plan into the index of another.

use serde::{Deserialize, Serialize};

use crate::agent_state::AuxReason;
use crate::id::{AgentId, QueueId, TrunkId};
use crate::plan::Plan;

/// Names in the order of a plan. Journals contain it: a new list goes last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanIndex {
    /// The site's name.
    pub site: String,
    /// Names of queues.
    pub queues: Vec<String>,
    /// Names of agents.
    pub agents: Vec<String>,
    /// Names of trunks.
    pub trunks: Vec<String>,
    /// Names of AUX reasons.
    pub aux_reasons: Vec<String>,
    /// Extensions of seats.
    #[serde(default)]
    pub seats: Vec<String>,
}

/// Translates indexes of one plan into those of another, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renumbering {
    queues: Vec<Option<u32>>,
    agents: Vec<Option<u32>>,
    trunks: Vec<Option<u32>>,
    aux_reasons: Vec<Option<u32>>,
}

impl PlanIndex {
    /// The index of a plan.
    pub fn of(plan: &Plan) -> Self {
        Self {
            site: plan.site.clone(),
            queues: plan.queues.iter().map(|queue| queue.name.clone()).collect(),
            agents: plan.agents.iter().map(|agent| agent.name.clone()).collect(),
            trunks: plan.trunks.iter().map(|trunk| trunk.name.clone()).collect(),
            aux_reasons: plan.aux_reasons.iter().map(|reason| reason.name.clone()).collect(),
            seats: plan.seats.iter().map(|seat| seat.extension.clone()).collect(),
        }
    }

    /// The renumbering from this plan to `there`.
    pub fn to(&self, there: &Self) -> Renumbering {
        let places = |here: &[String], there: &[String]| {
            let place = |name: &String| there.iter().position(|other| other == name);
            here.iter().map(|name| place(name).and_then(|place| u32::try_from(place).ok())).collect()
        };
        Renumbering {
            queues: places(&self.queues, &there.queues),
            agents: places(&self.agents, &there.agents),
            trunks: places(&self.trunks, &there.trunks),
            aux_reasons: places(&self.aux_reasons, &there.aux_reasons),
        }
    }
}

impl Renumbering {
    /// The queue's index in the other plan; `None` if it is not there.
    pub fn queue(&self, queue: QueueId) -> Option<QueueId> {
        self.queues.get(queue.index()).copied().flatten().map(QueueId)
    }

    /// The agent's index in the other plan; `None` if it is not there.
    pub fn agent(&self, agent: AgentId) -> Option<AgentId> {
        self.agents.get(agent.index()).copied().flatten().map(AgentId)
    }

    /// The trunk's index in the other plan; `None` if it is not there.
    pub fn trunk(&self, trunk: TrunkId) -> Option<TrunkId> {
        self.trunks.get(trunk.index()).copied().flatten().map(TrunkId)
    }

    /// The reason in the other plan; `None` if it is not there.
    pub fn aux(&self, reason: AuxReason) -> Option<AuxReason> {
        match reason {
            AuxReason::Planned(place) => {
                let there = self.aux_reasons.get(usize::from(place)).copied().flatten()?;
                u8::try_from(there).ok().map(AuxReason::Planned)
            }
            AuxReason::Rona
            | AuxReason::Unreachable
            | AuxReason::LoggedIn
            | AuxReason::Incompatible
            | AuxReason::Microphone => Some(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_that_was_put_before_others_takes_nobodys_figures() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let here = PlanIndex { agents: names(&["ana", "luis", "rosa"]), ..PlanIndex::default() };
        let there = PlanIndex { agents: names(&["maria", "ana", "rosa"]), ..PlanIndex::default() };
        let renumbering = here.to(&there);
        let found: Vec<_> = (0..4).map(|agent| renumbering.agent(AgentId(agent))).collect();
        assert_eq!(found, [Some(AgentId(1)), None, Some(AgentId(2)), None]);
        assert_eq!(renumbering.aux(AuxReason::Rona), Some(AuxReason::Rona));
        assert_eq!(renumbering.aux(AuxReason::Planned(0)), None);
    }
}
