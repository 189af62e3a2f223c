//! Which agents have other skills than the plan says, since commands changed them for a time.

use core::ops::RangeInclusive;
use core::time::Duration;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use turno_ground::{Change, Changeset, DecodeError, Moment, RowChange, TrackedMap};
use turno_model::{AgentId, Asker, Plan, QueueId, SkillId, Why};

/// The levels of a skill, from the best to the worst.
pub(crate) const LEVELS: RangeInclusive<u8> = 1..=16;

/// For how long a command may change a skill.
pub(crate) const SPANS: RangeInclusive<Duration> =
    Duration::from_secs(60)..=Duration::from_secs(366 * 86_400);

/// An agent's skill for a queue, and the command that changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillSeen {
    /// The agent.
    pub agent: AgentId,
    /// The queue.
    pub queue: QueueId,
    /// The level now; `None`: the agent does not have the skill.
    pub level: Option<u8>,
    /// The level in the plan.
    pub planned: Option<u8>,
    /// The command that changed it; `None`: it is as planned.
    pub changed: Option<SkillBy>,
}

/// How a command changed a skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillBy {
    /// Who asked.
    pub by: Asker,
    /// The reason that was given.
    pub why: Why,
    /// Since when.
    pub since: Moment,
    /// Until when.
    pub until: Moment,
}

/// One changed skill.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Changed {
    pub(crate) agent: AgentId,
    pub(crate) skill: SkillId,
    /// The queue that the command named.
    pub(crate) queue: QueueId,
    pub(crate) level: Option<u8>,
    pub(crate) by: SkillBy,
}

/// The plan as it was read, and one row for each skill that differs from it.
#[derive(Debug)]
pub(crate) struct SkillChanges {
    planned: Arc<Plan>,
    table: TrackedMap<u64, Changed>,
    by_end: BTreeSet<(Moment, u64)>,
}

impl SkillChanges {
    /// No changes of this plan.
    pub(crate) fn new(planned: Arc<Plan>) -> Self {
        Self { planned, table: TrackedMap::new(), by_end: BTreeSet::new() }
    }

    /// Applies a new plan. Returns the changes whose agent or queue it does not have any more.
    pub(crate) fn configure(&mut self, planned: &Arc<Plan>) -> Vec<Changed> {
        self.planned = planned.clone();
        let is_gone = |row: &Changed| {
            let agent = planned.agents.get(row.agent.index());
            agent.is_none_or(|agent| agent.is_retired)
                || planned.queues.get(row.queue.index()).is_none_or(|queue| queue.skill != row.skill)
        };
        let gone: Vec<u64> = self.table.iter().filter(|(_, row)| is_gone(row)).map(|(key, _)| *key).collect();
        gone.into_iter().filter_map(|key| self.take(key)).collect()
    }

    /// The plan with the changed skills.
    pub(crate) fn in_force(&self) -> Arc<Plan> {
        if self.table.is_empty() {
            return self.planned.clone();
        }
        let mut plan = (*self.planned).clone();
        self.table.values().for_each(|row| plan.set_skill(row.agent, row.skill, row.level));
        Arc::new(plan)
    }

    /// An agent has this skill until then.
    pub(crate) fn set(&mut self, changed: Changed) {
        let key = key(changed.agent, changed.skill);
        self.take(key);
        self.by_end.insert((changed.by.until, key));
        self.table.insert(key, changed);
    }

    /// An agent's skill is as planned. False if it was.
    pub(crate) fn take_back(&mut self, agent: AgentId, skill: SkillId) -> bool {
        self.take(key(agent, skill)).is_some()
    }

    /// Takes one change whose time is over.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<Changed> {
        let (_, key) = self.by_end.first().copied().filter(|(at, _)| *at <= now)?;
        self.take(key)
    }

    /// When the first change is over.
    pub(crate) fn next_deadline(&self) -> Option<Moment> {
        self.by_end.first().map(|(at, _)| *at)
    }

    /// The level of an agent's skill in the plan.
    pub(crate) fn planned(&self, agent: AgentId, skill: SkillId) -> Option<u8> {
        self.planned.skill_level(agent, skill)
    }

    /// The changes, by agent.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Changed> {
        self.table.values()
    }

    /// How many skills are changed.
    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    /// The skills of one agent, by queue, or all that are changed.
    pub(crate) fn list(&self, agent: Option<AgentId>) -> Vec<SkillSeen> {
        let Some(agent) = agent else { return self.iter().map(|row| self.seen(row)).collect() };
        let queues = (0..).map(QueueId).zip(&self.planned.queues);
        let of_queue = |(queue, plan): (QueueId, &turno_model::plan::QueuePlan)| {
            if let Some(row) = self.table.get(&key(agent, plan.skill)) {
                return Some(SkillSeen { queue, ..self.seen(row) });
            }
            let level = self.planned(agent, plan.skill)?;
            Some(SkillSeen { agent, queue, level: Some(level), planned: Some(level), changed: None })
        };
        queues.filter_map(of_queue).collect()
    }

    fn seen(&self, row: &Changed) -> SkillSeen {
        let planned = self.planned(row.agent, row.skill);
        let changed = Some(row.by.clone());
        SkillSeen { agent: row.agent, queue: row.queue, level: row.level, planned, changed }
    }

    fn take(&mut self, key: u64) -> Option<Changed> {
        let row = self.table.remove(&key)?;
        self.by_end.remove(&(row.by.until, key));
        Some(row)
    }

    /// Writes the changed rows into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|key, change| match change {
            Change::Is(row) => {
                changes.keep(table, key, row);
                true
            }
            Change::Gone => {
                changes.delete(table, key);
                false
            }
        });
    }

    /// Marks every row as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores one change from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row can't be read.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let row: Changed = line.read()?;
        self.by_end.insert((row.by.until, line.key));
        self.table.restore(line.key, row);
        Ok(())
    }
}

/// The key of an agent's skill.
const fn key(agent: AgentId, skill: SkillId) -> u64 {
    (agent.0 as u64) << 32 | skill.0 as u64
}
