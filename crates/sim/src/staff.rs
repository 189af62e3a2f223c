//! The desks of a world: who owns them, who works here now, and who may be logged out.

use core::time::Duration;

use turno_model::plan::AgentPlan;
use turno_model::{AgentId, Plan, SeatId};

use crate::edit::Desk;

/// The span between one agent's log-in and the next.
pub(crate) const SHIFT_STEP: Duration = Duration::from_millis(20);

/// The desks and their owners.
#[derive(Debug)]
pub(crate) struct Staff {
    desks: Vec<Desk>,
    /// Which owners work here now.
    is_here: Vec<bool>,
    /// Which owners may be logged out: they asked for it since they joined the site, or a kill made it uncertain.
    may_be_out: Vec<bool>,
}

impl Staff {
    /// These desks; the owners of the first `working` work now.
    pub(crate) fn new(desks: Vec<Desk>, working: usize) -> Self {
        let is_here = (0..desks.len()).map(|place| place < working || desks[place].agent.is_none()).collect();
        Self { is_here, may_be_out: vec![false; desks.len()], desks }
    }

    /// Takes a new plan. Returns the desks of those who begin work with it.
    pub(crate) fn works_by(&mut self, plan: &Plan) -> Vec<usize> {
        let mut come = Vec::new();
        for place in 0..self.desks.len() {
            // A desk without an owner stays.
            let is_there = self.desks[place].agent.is_none()
                || self.plan_of(plan, place).is_some_and(|agent| !agent.is_retired);
            if is_there && !self.is_here[place] {
                come.push(place);
            }
            if !is_there {
                // An agent who comes back starts like a new one.
                self.may_be_out[place] = false;
            }
            self.is_here[place] = is_there;
        }
        come
    }

    /// The owner of this desk has asked to be logged out.
    pub(crate) fn asks_out(&mut self, place: usize) {
        self.may_be_out[place] = true;
    }

    /// It is uncertain whether anybody left the site and came back.
    pub(crate) fn may_all_be_out(&mut self) {
        self.may_be_out.fill(true);
    }

    pub(crate) fn may_be_out(&self, place: usize) -> bool {
        self.may_be_out[place]
    }

    /// Whether the owner of this desk works here now.
    pub(crate) fn works_at(&self, place: usize) -> bool {
        self.is_here[place]
    }

    /// How many desks there are.
    pub(crate) const fn len(&self) -> usize {
        self.desks.len()
    }

    /// The desk that an action's number means.
    pub(crate) fn place_of(&self, agent: usize) -> usize {
        agent % self.desks.len().max(1)
    }

    pub(crate) fn desks(&self) -> &[Desk] {
        &self.desks
    }

    /// The plan of the agent who owns this desk.
    pub(crate) fn plan_of<'a>(&self, plan: &'a Plan, place: usize) -> Option<&'a AgentPlan> {
        plan.agents.get(self.owner_of(plan, place)?.index())
    }

    /// The agent who owns this desk, if the plan has one.
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
