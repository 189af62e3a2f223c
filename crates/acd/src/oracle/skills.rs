//! Skills that differ from the plan, by the facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use turno_ground::Moment;
use turno_model::{AgentId, Plan, SkillChange, SkillChanged, SkillId};

use super::Oracle;

/// A level that differs from the plan, and how long.
#[derive(Debug)]
struct Changed {
    level: Option<u8>,
    until: Moment,
}

/// The plan as it was read, and the levels that differ from it.
#[derive(Debug)]
pub(super) struct Skills {
    planned: Arc<Plan>,
    changed: BTreeMap<(AgentId, SkillId), Changed>,
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
        self.changed.iter().for_each(|((agent, skill), it)| changed.set_skill(*agent, *skill, it.level));
        Arc::new(changed)
    }

    /// Reads a change of this skill. Returns the plan as it was read, which is to be used anew.
    pub(super) fn reads(&mut self, changed: &SkillChanged, skill: SkillId, now: Moment) -> Arc<Plan> {
        let SkillChanged { agent, level, change, .. } = changed;
        match change {
            SkillChange::Set { until, .. } => {
                assert!(*until >= now, "{agent:?} has the skill until {until:?}");
                self.changed.insert((*agent, skill), Changed { level: *level, until: *until });
            }
            SkillChange::Back { .. } | SkillChange::Ended | SkillChange::Gone => {
                let before = self.changed.remove(&(*agent, skill));
                let before = before.unwrap_or_else(|| panic!("{agent:?} has no other skill than planned"));
                let is_over = *change != SkillChange::Ended || before.until <= now;
                assert!(is_over, "the skill of {agent:?} ends before {:?}", before.until);
                let planned = self.planned.skill_level(*agent, skill);
                assert_eq!(*level, planned, "{agent:?} has the skill that the plan says");
            }
        }
        self.planned.clone()
    }
}

impl Oracle {
    /// Wound: who takes over a queue for an hour has it for the rest of the week.
    ///
    /// # Panics
    /// If a skill has been changed for longer than was asked.
    pub fn check_skills(&self, now: Moment) {
        for ((agent, _), changed) in &self.skills.changed {
            let is_over = changed.until + self.delay_max < now;
            assert!(!is_over, "{agent:?} has had a skill for longer than until {:?}", changed.until);
        }
    }

    /// Whether a command has changed the skill of the agent of this index for the queue of that one.
    pub fn has_changed_skill(&self, agent: usize, queue: usize) -> bool {
        let Some(skill) = self.plan.queues.get(queue).map(|queue| queue.skill) else { return false };
        u32::try_from(agent).is_ok_and(|agent| self.skills.changed.contains_key(&(AgentId(agent), skill)))
    }
}
