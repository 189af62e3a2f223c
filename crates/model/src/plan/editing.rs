//! Adds agents to a plan and removes them, each with the own seat, and changes their skills.

use crate::id::{AgentId, SeatId, SkillId};
use crate::plan::{AgentPlan, Entry, Plan, SeatPlan};

impl Plan {
    /// Adds an agent at this index, and the own seat at the end of all seats.
    pub fn insert_agent(&mut self, place: usize, agent: AgentPlan, seat: SeatPlan) {
        let own_seat = u32::try_from(self.seats.len()).ok().map(SeatId);
        self.seats.push(seat);
        self.agents.insert(place, AgentPlan { own_seat, ..agent });
        self.move_own_numbers(|agent| {
            let moved = u32::from(agent.index() >= place);
            Some(AgentId(agent.0 + moved))
        });
    }

    /// Own numbers lead to the agents at their new places, and to the queue alone if the agent is gone.
    fn move_own_numbers(&mut self, to: impl Fn(AgentId) -> Option<AgentId>) {
        for number in &mut self.numbers {
            if let Entry::Agent(agent, queue) = number.entry {
                number.entry = to(agent).map_or(Entry::Queue(queue), |agent| Entry::Agent(agent, queue));
            }
        }
    }

    /// Removes the agents for whom `stays` is false, with their own seats. Other seats stay. Their own numbers lead to the queue
    /// alone.
    pub fn retain_agents(&mut self, mut stays: impl FnMut(&AgentPlan) -> bool) {
        let owned =
            |agents: &[AgentPlan]| agents.iter().filter_map(|agent| agent.own_seat).collect::<Vec<_>>();
        let before = owned(&self.agents);
        let mut moved = Vec::with_capacity(self.agents.len());
        let mut next = 0;
        self.agents.retain(|agent| {
            let stays = stays(agent);
            moved.push(stays.then_some(AgentId(next)));
            next += u32::from(stays);
            stays
        });
        self.move_own_numbers(|agent| moved.get(agent.index()).copied().flatten());
        let after = owned(&self.agents);
        let mut goes = vec![false; self.seats.len()];
        before.iter().for_each(|seat| goes[seat.index()] = true);
        after.iter().for_each(|seat| goes[seat.index()] = false);
        let mut places = Vec::with_capacity(goes.len());
        let mut next = 0;
        for &goes in &goes {
            places.push(SeatId(next));
            next += u32::from(!goes);
        }
        let mut each = goes.iter();
        self.seats.retain(|_| each.next() != Some(&true));
        for agent in &mut self.agents {
            agent.own_seat = agent.own_seat.map(|seat| places[seat.index()]);
        }
    }

    /// The level of an agent's skill; `None`: the agent does not have it.
    pub fn skill_level(&self, agent: AgentId, skill: SkillId) -> Option<u8> {
        let skills = &self.agents.get(agent.index())?.skills;
        skills.iter().find(|(known, _)| *known == skill).map(|(_, level)| *level)
    }

    /// Gives an agent this level of a skill, or takes the skill away.
    pub fn set_skill(&mut self, agent: AgentId, skill: SkillId, level: Option<u8>) {
        let Some(agent) = self.agents.get_mut(agent.index()) else { return };
        match (agent.skills.iter().position(|(known, _)| *known == skill), level) {
            (Some(at), Some(level)) => agent.skills[at].1 = level,
            (Some(at), None) => drop(agent.skills.remove(at)),
            (None, Some(level)) => agent.skills.push((skill, level)),
            (None, None) => {}
        }
    }
}
