//! Skills of agents change while turno runs: the plan in force is the plan that was read, with these skills.
//!
//! A change goes the way of a reload through the room: lines, reach and expected waits follow in the same step.

use std::sync::Arc;

use turno_ground::Moment;
use turno_model::{
    AgentId, Asker, Done, Fact, Hours, Plan, QueueId, Refusal, SkillChange, SkillChanged, SkillOrder,
    SkillTo, Why,
};

use crate::engine::Engine;
use crate::skill_changes::{Changed, LEVELS, SPANS, SkillBy, SkillSeen};

impl Engine {
    /// Changes an agent's skill for a time, or lets it be as planned.
    ///
    /// # Errors
    /// [`Refusal::NoSuchQueue`], [`Refusal::SkillLevel`], [`Refusal::SkillSpan`], [`Refusal::SkillAsPlanned`].
    pub(crate) fn on_set_skill(
        &mut self,
        (agent, queue): (AgentId, QueueId),
        order: SkillOrder,
        (by, why): (Asker, Why),
        now: Moment,
    ) -> Result<Done, Refusal> {
        let skill = self.plan.queues.get(queue.index()).ok_or(Refusal::NoSuchQueue)?.skill;
        let level = match order.to {
            SkillTo::Plan => {
                if !self.skill_changes.take_back(agent, skill) {
                    return Err(Refusal::SkillAsPlanned);
                }
                let level = self.skill_changes.planned(agent, skill);
                let change = SkillChange::Back { by, why };
                self.tell_skill(SkillChanged { agent, queue, level, change }, now);
                self.skills_apply(now);
                return Ok(Done::Now);
            }
            SkillTo::Level(level) if !LEVELS.contains(&level) => return Err(Refusal::SkillLevel),
            SkillTo::Level(level) => Some(level),
            SkillTo::None => None,
        };
        if order.span.is_some_and(|span| !SPANS.contains(&span)) {
            return Err(Refusal::SkillSpan);
        }
        let until = order.span.map_or_else(|| self.day_end(now), |span| now + span);
        let by = SkillBy { by, why, since: now, until };
        self.skill_changes.set(Changed { agent, skill, queue, level, by: by.clone() });
        self.tell_skill(set(agent, queue, level, by), now);
        self.skills_apply(now);
        Ok(Done::Now)
    }

    /// Skills whose time is over are as planned again.
    pub(crate) fn end_skill_changes(&mut self, now: Moment) {
        if self.skills_end(now) {
            self.skills_apply(now);
        }
    }

    /// Takes the changes whose time is over. False if there are none.
    fn skills_end(&mut self, now: Moment) -> bool {
        let mut has_ended = false;
        while let Some(Changed { agent, skill, queue, .. }) = self.skill_changes.pop_due(now) {
            let level = self.skill_changes.planned(agent, skill);
            self.tell_skill(SkillChanged { agent, queue, level, change: SkillChange::Ended }, now);
            has_ended = true;
        }
        has_ended
    }

    /// Another plan has been read: the changes of agents and queues that it has stay, and are told again. Returns the plan in
    /// force.
    pub(crate) fn skills_follow_plan(&mut self, planned: &Arc<Plan>, now: Moment) -> Arc<Plan> {
        for Changed { agent, queue, skill, .. } in self.skill_changes.configure(planned) {
            let level = self.skill_changes.planned(agent, skill);
            self.tell_skill(SkillChanged { agent, queue, level, change: SkillChange::Gone }, now);
        }
        // Some may have ended while turno was away.
        self.skills_end(now);
        let stay: Vec<SkillChanged> = self
            .skill_changes
            .iter()
            .map(|row| set(row.agent, row.queue, row.level, row.by.clone()))
            .collect();
        stay.into_iter().for_each(|changed| self.tell_skill(changed, now));
        self.skill_changes.in_force()
    }

    /// The skills of one agent, or all that commands changed.
    pub fn skills_seen(&self, agent: Option<AgentId>) -> Vec<SkillSeen> {
        self.skill_changes.list(agent)
    }

    /// How many skills differ from the plan.
    pub fn skills_changed(&self) -> usize {
        self.skill_changes.len()
    }

    fn skills_apply(&mut self, now: Moment) {
        self.plan = self.skill_changes.in_force();
        self.room.replan(self.plan.clone(), now);
        self.check_lamps(now);
    }

    fn tell_skill(&mut self, changed: SkillChanged, now: Moment) {
        self.outbox.record(Fact::SkillChanged(changed), now);
    }

    /// When the site's day ends, by the time zone of its first hours.
    fn day_end(&self, now: Moment) -> Moment {
        let wall = self.wall.at(now);
        let end =
            self.plan.hours.first().map_or_else(|| Hours::always("").day_end(wall), |it| it.day_end(wall));
        self.wall.when(end)
    }
}

fn set(agent: AgentId, queue: QueueId, level: Option<u8>, by: SkillBy) -> SkillChanged {
    let change = SkillChange::Set { by: by.by, why: by.why, until: by.until };
    SkillChanged { agent, queue, level, change }
}
