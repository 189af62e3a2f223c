//! The names behind the indexes of facts, and the targets of queues, by the plan of these facts.

use core::time::Duration;
use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use turno_ground::Moment;
use turno_model::{AgentId, AuxReason, Plan, PlanIndex, QueueId, TrunkId};

use crate::calendar::{date_of, zone_of};

/// What the figures of a queue depend on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Targets {
    pub(crate) wait: Duration,
    pub(crate) short_abandon: Duration,
    pub(crate) handling: Duration,
}

/// The names of a batch of facts.
#[derive(Clone, Debug)]
pub struct Names {
    index: PlanIndex,
    targets: BTreeMap<String, Targets>,
    zone: TimeZone,
}

impl Names {
    /// The names of facts that were recorded under the index `then`, or under the present plan. Targets and the time zone
    /// are those of the present plan.
    pub fn new(plan: &Plan, then: Option<&PlanIndex>) -> Self {
        let targets = plan.queues.iter().map(|queue| {
            let targets = Targets {
                wait: queue.wait_target,
                short_abandon: queue.short_abandon,
                handling: queue.handling_target,
            };
            (queue.name.clone(), targets)
        });
        Self {
            index: then.cloned().unwrap_or_else(|| PlanIndex::of(plan)),
            targets: targets.collect(),
            zone: zone_of(plan),
        }
    }

    /// The site's name.
    pub(crate) fn site(&self) -> &str {
        &self.index.site
    }

    pub(crate) fn queue(&self, queue: QueueId) -> String {
        self.index.queues.get(queue.index()).cloned().unwrap_or_else(|| format!("queue {}", queue.0))
    }

    pub(crate) fn agent(&self, agent: AgentId) -> String {
        self.index.agents.get(agent.index()).cloned().unwrap_or_else(|| format!("agent {}", agent.0))
    }

    /// Whether an agent of the plan has this name.
    pub(crate) fn has_agent(&self, name: &str) -> bool {
        self.index.agents.iter().any(|known| known == name) || name.starts_with("agent ")
    }

    pub(crate) fn trunk(&self, trunk: TrunkId) -> String {
        self.index.trunks.get(trunk.index()).cloned().unwrap_or_else(|| format!("trunk {}", trunk.0))
    }

    /// The name of an AUX reason.
    pub(crate) fn reason(&self, reason: AuxReason) -> String {
        let planned = |place: u8| self.index.aux_reasons.get(usize::from(place)).cloned();
        match reason {
            AuxReason::Planned(place) => planned(place).unwrap_or_else(|| format!("reason {place}")),
            AuxReason::Rona => "rona".to_owned(),
            AuxReason::Unreachable => "unreachable".to_owned(),
            AuxReason::LoggedIn => "logged_in".to_owned(),
            AuxReason::Incompatible => "incompatible".to_owned(),
            AuxReason::Microphone => "microphone".to_owned(),
        }
    }

    /// The targets of a queue, if the plan has it.
    pub(crate) fn targets(&self, queue: &str) -> Option<Targets> {
        self.targets.get(queue).copied()
    }

    /// The site's date of a moment.
    pub(crate) fn day(&self, at: Moment) -> String {
        date_of(at, &self.zone).to_string()
    }
}
