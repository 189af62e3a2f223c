//! A plan with other agents: each comes and goes with the seat of their own.

use crate::id::SeatId;
use crate::plan::{AgentPlan, Plan, SeatPlan};

impl Plan {
    /// An agent comes, at this place among the others, with a seat of their own behind all seats.
    pub fn insert_agent(&mut self, place: usize, agent: AgentPlan, seat: SeatPlan) {
        let own_seat = u32::try_from(self.seats.len()).ok().map(SeatId);
        self.seats.push(seat);
        self.agents.insert(place, AgentPlan { own_seat, ..agent });
    }

    /// Agents for whom this does not hold leave, and their own seats with them. Seats that belong to nobody stay.
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
