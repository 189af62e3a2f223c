//! The desks of a world: who sits there, who works here now, and who may be logged out.

use core::time::Duration;

use turno_model::plan::AgentPlan;
use turno_model::{AgentId, Plan};

use crate::edit::Desk;

/// Between one agent's log-in and the next.
pub(crate) const SHIFT_STEP: Duration = Duration::from_millis(20);

/// Who sits at the desks, or may come.
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
        let is_here = (0..desks.len()).map(|place| place < working).collect();
        Self { is_here, may_be_out: vec![false; desks.len()], desks }
    }

    /// Goes by this plan from now on: the desks of those who come to work by it.
    pub(crate) fn works_by(&mut self, plan: &Plan) -> Vec<usize> {
        let mut come = Vec::new();
        for place in 0..self.desks.len() {
            let is_there = self.plan_of(plan, place).is_some_and(|agent| !agent.is_retired);
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

    /// Whoever sits there has asked to be logged out.
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

    /// Whether whoever sits there works here now.
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

    /// What the plan has of whoever sits at this desk.
    pub(crate) fn plan_of<'a>(&self, plan: &'a Plan, place: usize) -> Option<&'a AgentPlan> {
        let desk = self.desks.get(place)?;
        plan.agents.iter().find(|agent| agent.extension == desk.agent.extension)
    }

    /// Who sits at this desk, if the plan knows anybody there.
    pub(crate) fn who_sits_at(&self, plan: &Plan, place: usize) -> Option<AgentId> {
        let desk = self.desks.get(self.place_of(place))?;
        let at = plan.agents.iter().position(|agent| agent.extension == desk.agent.extension)?;
        u32::try_from(at).ok().map(AgentId)
    }

    /// At which desk somebody sits.
    pub(crate) fn desk_of(&self, plan: &Plan, agent: AgentId) -> Option<usize> {
        let extension = &plan.agents.get(agent.index())?.extension;
        self.desks.iter().position(|desk| desk.agent.extension == *extension)
    }
}
