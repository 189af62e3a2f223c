//! Adds agents to a plan and removes them, each with the own seat.

use crate::id::SeatId;
use crate::plan::{AgentPlan, Plan, SeatPlan};

impl Plan {
    /// Adds an agent at this index, and the own seat at the end of all seats.
    pub fn insert_agent(&mut self, place: usize, agent: AgentPlan, seat: SeatPlan) {
        let own_seat = u32::try_from(self.seats.len()).ok().map(SeatId);
        self.seats.push(seat);
        self.agents.insert(place, AgentPlan { own_seat, ..agent });
    }

    /// Removes the agents for whom `stays` is false, with their own seats. Other seats stay.
    pub fn retain_agents(&mut self, stays: impl FnMut(&AgentPlan) -> bool) {
        let owned =
            |agents: &[AgentPlan]| agents.iter().filter_map(|agent| agent.own_seat).collect::<Vec<_>>();
        let before = owned(&self.agents);
        self.agents.retain(stays);
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
}
