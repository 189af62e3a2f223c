//! The site is edited, and the engine works by it from then on.

use std::sync::Arc;

use turno_engine::Input;
use turno_model::plan::AgentPlan;
use turno_model::{AgentId, Plan, Roster};

use crate::edit::{self, Edit};
use crate::errand::Errand;
use crate::letters::Letter;
use crate::life::Life;
use crate::world::World;

impl World {
    /// Somebody edits the site and says so.
    pub(crate) fn is_edited(&mut self, edit: Edit) {
        edit::apply(edit, &mut self.site, &self.desks);
        self.was_edited = true;
        if self.is_kept_back(|| Letter::Plan) {
            return;
        }
        // Who is started again reads the site anyway.
        if !matches!(self.life, Life::Dead(_)) {
            self.reloads();
        }
    }

    /// The engine gets the site as it is.
    pub(crate) fn reloads(&mut self) {
        let plan = Arc::new(Roster::of(&self.plan).align(self.site.clone()));
        self.chronicle.bytes(b'p', self.now, &[]);
        self.edits += 1;
        let (talking, voices) = (self.witness.outcomes.talking().clone(), self.media.voices());
        self.works_by(plan.clone());
        self.lets(|engine, now| engine.replan(plan, now).expect("an aligned plan is taken"));
        if self.life == Life::Lives {
            assert_eq!(talking, *self.witness.outcomes.talking(), "whoever talks is disturbed by a reload");
            let after = self.media.voices();
            for (port, voice) in voices.iter().filter(|(_, (partner, ..))| partner.is_some()) {
                assert_eq!(after.get(port), Some(voice), "who hears whom at {port} is disturbed by a reload");
            }
            self.tell(Input::Wake);
        }
    }

    /// Everybody who judges goes by this plan from now on, and whoever is new comes to work.
    pub(crate) fn works_by(&mut self, plan: Arc<Plan>) {
        self.witness.works_by(&plan, self.clocks.told(self.now));
        self.plan = plan;
        for place in 0..self.desks.len() {
            let is_there = self.plan_of(place).is_some_and(|agent| !agent.is_retired);
            if is_there && !self.is_staff[place] {
                self.means_to(self.now + crate::living::SHIFT_STEP, Errand::BeginsShift(place));
            }
            if !is_there {
                // Whoever comes back comes like somebody new.
                self.may_be_out[place] = false;
            }
            self.is_staff[place] = is_there;
        }
    }

    /// What the plan has of whoever sits at this desk.
    pub(crate) fn plan_of(&self, place: usize) -> Option<&AgentPlan> {
        let desk = self.desks.get(place)?;
        self.plan.agents.iter().find(|agent| agent.extension == desk.extension)
    }

    /// Who sits at this desk, if the plan knows anybody there.
    pub(crate) fn who_sits_at(&self, place: usize) -> Option<AgentId> {
        let desk = self.desks.get(place % self.agents.max(1))?;
        let at = self.plan.agents.iter().position(|agent| agent.extension == desk.extension)?;
        u32::try_from(at).ok().map(AgentId)
    }

    /// At which desk somebody sits.
    pub(crate) fn desk_of(&self, agent: AgentId) -> Option<usize> {
        let extension = &self.plan.agents.get(agent.index())?.extension;
        self.desks.iter().position(|desk| desk.extension == *extension)
    }
}
