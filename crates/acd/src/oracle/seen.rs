//! What the facts say now of agents and contacts, found by full scans.

use turno_ground::Moment;
use turno_model::{AgentId, AgentState as S, Channel, ContactId, QueueId, Rule};

use super::Oracle;
use super::caller::{At, Caller};

impl Oracle {
    /// The state of an agent by the facts.
    ///
    /// # Panics
    /// If the plan has no such agent.
    pub fn state(&self, agent: AgentId) -> S {
        self.lives[agent.index()].state()
    }

    /// Whether somebody stands in the line of a queue.
    pub fn waits_in(&self, queue: QueueId) -> bool {
        self.callers.values().any(|caller| caller.queue == queue && caller.at == At::Line)
    }

    /// The queue of a contact, if it is in the room.
    pub fn queue_of(&self, contact: ContactId) -> Option<QueueId> {
        self.callers.get(&contact).map(|caller| caller.queue)
    }

    /// Whether an agent has the skill of a queue now.
    pub fn may_take(&self, agent: AgentId, queue: QueueId) -> bool {
        self.level(agent, queue).is_some()
    }

    /// Whether an agent can take a contact of this channel now.
    pub(super) fn takes(&self, agent: AgentId, channel: Channel) -> bool {
        self.state(agent) == S::Available || self.takes_beside[agent.index()].has(channel)
    }

    /// Whether an agent is free for callers, and serves a queue that has any.
    pub(super) fn is_for_callers(&self, agent: AgentId) -> bool {
        let queues = (0u32..).map(QueueId).take(self.plan.queues.len());
        let mut own = queues.filter(|queue| self.may_take(agent, *queue));
        self.takes(agent, Channel::Voice) && own.any(|queue| self.plan.has_callers(queue))
    }

    /// Whether so few agents who may take this contact are free for callers that it goes to another one rather.
    pub(super) fn keeps_callers_agents(&self, caller: &Caller) -> bool {
        let free = self.agents().filter(|agent| self.is_for_callers(*agent));
        let free = free.filter(|agent| self.level_for(*agent, caller).is_some()).count();
        let keeps = self.plan.room.keep_for_calls as usize;
        matches!(caller.channel, Channel::Chat | Channel::WhatsApp) && keeps > 0 && free <= keeps
    }

    /// The contacts of an agent: channel, and whether it is only offered.
    pub(super) fn in_hand(&self, agent: AgentId) -> Vec<(Channel, bool)> {
        let of = |caller: &Caller| match caller.at {
            At::Ringing(_, by) if by == agent => Some((caller.channel, true)),
            At::With(by) if by == agent => Some((caller.channel, false)),
            At::Line | At::PutOff | At::Speaks | At::Ringing(..) | At::With(_) | At::Sent => None,
        };
        self.callers.values().filter_map(of).collect()
    }

    pub(super) fn agents(&self) -> impl Iterator<Item = AgentId> + use<> {
        (0..u32::try_from(self.lives.len()).expect("a small room")).map(AgentId)
    }

    pub(super) fn level(&self, agent: AgentId, queue: QueueId) -> Option<u8> {
        let skill = self.plan.queues[queue.index()].skill;
        let skills = &self.plan.agents[agent.index()].skills;
        skills.iter().find(|(has, _)| *has == skill).map(|(_, level)| *level)
    }

    /// The level of an agent for a caller; behind 16 that of an agent who came by another queue. `None`: the caller may not go
    /// to this agent.
    pub(super) fn level_for(&self, agent: AgentId, caller: &Caller) -> Option<u8> {
        if caller.kept_for.is_some_and(|(keeper, _)| keeper != agent) || caller.pulled_to.is_some() {
            return None;
        }
        let fits = |queue: QueueId, level_max: Option<u8>| {
            self.level(agent, queue).filter(|level| level_max.is_none_or(|max| *level <= max))
        };
        let other = |queue: &QueueId| fits(*queue, self.plan.queues[queue.index()].level_max);
        fits(caller.queue, caller.level_max)
            .or_else(|| caller.also.iter().find_map(other).map(|level| level + 16))
    }

    pub(super) fn rank(&self, agent: AgentId, caller: &Caller) -> (u8, u128, Moment, AgentId) {
        let level = self.level_for(agent, caller).expect("the agent has the skill");
        let (level, occupancy) = match self.plan.queues[caller.queue.index()].rule {
            Rule::UcdMia | Rule::GreatestNeed | Rule::LastAgent | Rule::Pulled | Rule::Direct => (0, 0),
            Rule::EadMia => (level, 0),
            Rule::UcdLoa => (0, self.lives[agent.index()].occupancy()),
            Rule::EadLoa => (level, self.lives[agent.index()].occupancy()),
        };
        (level, occupancy, self.idle_since(agent), agent)
    }

    /// Since when an agent has been idle, or has had the present contacts unchanged.
    pub(super) fn idle_since(&self, agent: AgentId) -> Moment {
        match self.state(agent) {
            S::Available => self.lives[agent.index()].idle_since(&self.plan.room),
            _ => self.touched[agent.index()],
        }
    }
}
