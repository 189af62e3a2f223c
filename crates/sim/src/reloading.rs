//! Edits the site and reloads the engine's plan.

use std::sync::Arc;

use turno_engine::Input;
use turno_model::{IdMap, Plan};

use crate::edit;
use crate::edit::Edit;
use crate::held_inputs::HeldInput;
use crate::life::Life;
use crate::scheduled_action::ScheduledAction;
use crate::staff::SHIFT_STEP;
use crate::world::World;

impl World {
    /// The site is edited, and the engine is told.
    pub(crate) fn is_edited(&mut self, edit: Edit) {
        edit::apply(edit, &mut self.site, self.staff.desks());
        self.was_edited = true;
        if self.is_kept_back(|| HeldInput::Plan) {
            return;
        }
        // An engine that restarts reads the site anyway.
        if !matches!(self.life, Life::Dead(_)) {
            self.reloads();
        }
    }

    /// The engine reloads the site: nobody in a talk may be disturbed.
    pub(crate) fn reloads(&mut self) {
        let plan = Arc::new(IdMap::of(&self.plan).align(self.site.clone()));
        self.chronicle.bytes(b'p', self.now, &[]);
        self.edits += 1;
        let (talking, voices) = (self.invariants.outcomes.talking().clone(), self.media.voices());
        self.works_by(plan.clone());
        self.lets(|engine, now| engine.replan(plan, now).expect("an aligned plan is taken"));
        if self.life == Life::Lives {
            assert_eq!(talking, *self.invariants.outcomes.talking(), "a reload disturbs those who talk");
            let after = self.media.voices();
            for (port, voice) in voices.iter().filter(|(_, (partner, ..))| partner.is_some()) {
                assert_eq!(after.get(port), Some(voice), "who hears whom at {port} is disturbed by a reload");
            }
            self.tell(Input::Wake);
        }
    }

    /// The checks use this plan from now on, and new agents begin work.
    pub(crate) fn works_by(&mut self, plan: Arc<Plan>) {
        self.invariants.works_by(&plan, self.clocks.told(self.now));
        self.plan = plan;
        for place in self.staff.works_by(&self.plan) {
            self.means_to(self.now + SHIFT_STEP, ScheduledAction::BeginsShift(place));
        }
    }
}
