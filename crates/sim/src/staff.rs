//! The desks of a world: whose own they are, who works here now, and who may be logged out.

use core::time::Duration;

use turno_model::plan::AgentPlan;
use turno_model::{AgentId, Plan, SeatId};

use crate::edit::Desk;

/// Between one agent's log-in and the next.
pub(crate) const SHIFT_STEP: Duration = Duration::from_millis(20);

/// Whose the desks are.
#[derive(Debug)]
pub(crate) struct Staff {
    desks: Vec<Desk>,
    /// Who of them works here now.
    is_here: Vec<bool>,
    /// Who of them may be logged out: they asked for it since they came to the site, or a death has left it unsure.
    may_be_out: Vec<bool>,
}

impl Staff {
    /// These desks, at the first of which `working` people work.
    pub(crate) fn new(desks: Vec<Desk>, working: usize) -> Self {
        let is_here = (0..desks.len()).map(|place| place < working || desks[place].agent.is_none()).collect();
        Self { is_here, may_be_out: vec![false; desks.len()], desks }
    }

    /// Goes by this plan from now on: the desks of those who come to work by it.
    pub(crate) fn works_by(&mut self, plan: &Plan) -> Vec<usize> {
        let mut come = Vec::new();
        for place in 0..self.desks.len() {
            // A desk that is nobody's own stays.
            let is_there = self.desks[place].agent.is_none()
                || self.plan_of(plan, place).is_some_and(|agent| !agent.is_retired);
            if is_there && !self.is_here[place] {
                come.push(place);
            }
            if !is_there {
                // Whoever comes back comes like somebody new.
                self.may_be_out[place] = false;
            }
            self.is_here[place] = is_there;
        }
        come
    }

    /// Whose desk this is has asked to be logged out.
    pub(crate) fn asks_out(&mut self, place: usize) {
        self.may_be_out[place] = true;
    }

    /// Whether somebody left the site and came back may be forgotten.
    pub(crate) fn may_all_be_out(&mut self) {
        self.may_be_out.fill(true);
    }

    pub(crate) fn may_be_out(&self, place: usize) -> bool {
        self.may_be_out[place]
    }

    /// Whether whose desk this is works here now.
    pub(crate) fn works_at(&self, place: usize) -> bool {
        self.is_here[place]
    }

    /// How many desks there are.
    pub(crate) const fn len(&self) -> usize {
        self.desks.len()
    }

    /// The desk that a scenario's number means.
    pub(crate) fn place_of(&self, agent: usize) -> usize {
        agent % self.desks.len().max(1)
    }

    pub(crate) fn desks(&self) -> &[Desk] {
        &self.desks
    }

    /// What the plan has of the agent whose own desk this is.
    pub(crate) fn plan_of<'a>(&self, plan: &'a Plan, place: usize) -> Option<&'a AgentPlan> {
        plan.agents.get(self.owner_of(plan, place)?.index())
    }

    /// The agent whose own desk this is, if the plan knows anybody of that name.
    pub(crate) fn owner_of(&self, plan: &Plan, place: usize) -> Option<AgentId> {
        let owner = self.desks.get(self.place_of(place))?.agent.as_ref()?;
        plan.agent_by_extension(&owner.extension)
    }

    /// The own desk of an agent.
    pub(crate) fn home_of(&self, plan: &Plan, agent: AgentId) -> Option<usize> {
        let extension = &plan.agents.get(agent.index())?.extension;
        let is_theirs = |desk: &Desk| desk.agent.as_ref().is_some_and(|owner| owner.extension == *extension);
        self.desks.iter().position(is_theirs)
    }

    /// The seat of this desk, if the plan has it.
    pub(crate) fn seat_at(&self, plan: &Plan, place: usize) -> Option<SeatId> {
        plan.seat_by_extension(&self.desks.get(place)?.seat.extension)
    }

    /// The desk of this seat.
    pub(crate) fn desk_at(&self, plan: &Plan, seat: SeatId) -> Option<usize> {
        let extension = &plan.seats.get(seat.index())?.extension;
        self.desks.iter().position(|desk| desk.seat.extension == *extension)
    }
}
