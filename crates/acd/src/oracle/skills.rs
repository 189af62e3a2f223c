//! Skills that differ from the plan, by the facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use turno_ground::Moment;
use turno_model::{AgentId, Plan, SkillChange, SkillChanged, SkillId};

use super::Oracle;

/// The plan as it was read, and the levels that differ from it.
#[derive(Debug)]
pub(super) struct Skills {
    planned: Arc<Plan>,
    changed: BTreeMap<(AgentId, SkillId), Option<u8>>,
}

impl Skills {
    /// All as planned.
    pub(super) fn of(plan: &Arc<Plan>) -> Self {
        Self { planned: plan.clone(), changed: BTreeMap::new() }
    }

    /// Another plan, with the present changes.
    pub(super) fn over(&mut self, plan: Arc<Plan>) -> Arc<Plan> {
        self.planned = plan.clone();
        let mut changed = (*plan).clone();
        self.changed.iter().for_each(|((agent, skill), level)| changed.set_skill(*agent, *skill, *level));
        Arc::new(changed)
    }
}

impl Oracle {
    /// Whether a command has changed the skill of the agent of this index for the queue of that one.
    pub fn has_changed_skill(&self, agent: usize, queue: usize) -> bool {
        let Some(skill) = self.plan.queues.get(queue).map(|queue| queue.skill) else { return false };
        u32::try_from(agent).is_ok_and(|agent| self.skills.changed.contains_key(&(AgentId(agent), skill)))
    }

    /// Reads a change of a skill. Nobody waits for the skill as it was any more.
    pub(super) fn on_skill_changed(&mut self, changed: &SkillChanged, now: Moment) {
        let SkillChanged { agent, queue, level, change } = changed;
        let skill = self.plan.queues[queue.index()].skill;
        match change {
            SkillChange::Set { until, .. } => {
                assert!(*until >= now, "{agent:?} has the skill until {until:?}");
                self.skills.changed.insert((*agent, skill), *level);
            }
            SkillChange::Back { .. } | SkillChange::Ended | SkillChange::Gone => {
                let before = self.skills.changed.remove(&(*agent, skill));
                assert!(before.is_some(), "{agent:?} had another skill than planned");
                let planned = self.skills.planned.skill_level(*agent, skill);
                assert_eq!(*level, planned, "{agent:?} has the skill that the plan says");
            }
        }
        let planned = self.skills.planned.clone();
        self.works_by(planned, now);
    }
}
