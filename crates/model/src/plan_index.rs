//! The names behind a plan's places: what `AgentId(3)` meant when it was written, and what it is in another plan.

use serde::{Deserialize, Serialize};

use crate::agent_state::AuxReason;
use crate::id::{AgentId, QueueId, TrunkId};
use crate::plan::Plan;

/// Names in the order of a plan. It stands in journals: a new list goes last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanIndex {
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
    /// The extensions of seats.
    #[serde(default)]
    pub seats: Vec<String>,
}

/// From the places of one plan to those of another, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renumbering {
    queues: Vec<Option<u32>>,
    agents: Vec<Option<u32>>,
    trunks: Vec<Option<u32>>,
    aux_reasons: Vec<Option<u32>>,
}

impl PlanIndex {
    /// The names of a plan.
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

    /// Where each of these is in `there`.
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
    /// The queue's place in the other plan; `None` if it is not there.
    pub fn queue(&self, queue: QueueId) -> Option<QueueId> {
        self.queues.get(queue.index()).copied().flatten().map(QueueId)
    }

    /// The agent's place in the other plan; `None` if nobody of that name is there.
    pub fn agent(&self, agent: AgentId) -> Option<AgentId> {
        self.agents.get(agent.index()).copied().flatten().map(AgentId)
    }

    /// The trunk's place in the other plan; `None` if it is not there.
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
            AuxReason::Rona | AuxReason::Unreachable | AuxReason::LoggedIn | AuxReason::Incompatible => {
                Some(reason)
            }
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
