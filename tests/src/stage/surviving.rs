//! The engine killed and picked up again, and another plan while it works.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use core::time::Duration;
use turno_engine::{Engine, Input, Output};
use turno_ground::Moment;
use turno_model::{AgentState, IdMap, Plan, RowKey, Step};
use turno_sim::Recorder;

use crate::stage::Stage;

/// The last image of each thing.
pub type Images = BTreeMap<RowKey, Bytes>;

/// How much of a damaged journal could be taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenUp {
    /// All that it says fits together.
    Whole,
    /// Phones and trunks alone.
    InPart,
}

impl Stage {
    /// As [`Stage::keeps_journal`], and every step is kept as it came.
    pub fn keeps_steps(&mut self) {
        self.steps = Some(Vec::new());
        self.keeps_journal();
    }

    /// Every step so far.
    pub fn steps(&self) -> &[Step] {
        self.steps.as_deref().unwrap_or_default()
    }

    /// Picks an engine up from these images, beside the one that works, and lets it live alone for two minutes.
    ///
    /// # Panics
    /// If nothing can be picked up, or what was picked up breaks.
    pub fn picked_up_from(&mut self, images: Images) -> TakenUp {
        let (plan, now) = (self.plan.clone(), self.now);
        let (mut engine, how) = match Engine::recover(plan.clone(), 1, images.clone(), now) {
            Ok(engine) => (engine, TakenUp::Whole),
            Err(_) => {
                let known = Engine::recover_without_calls(plan, 1, images, now);
                (known.expect("phones and trunks can be read"), TakenUp::InPart)
            }
        };
        let end = now + Duration::from_secs(120);
        let mut at = now;
        while at < end {
            engine.handle(Input::Wake, at);
            engine.check_invariants();
            let next = loop {
                if let Output::Idle(next) = engine.poll_output() {
                    break next;
                }
            };
            at = next.unwrap_or(end).max(at + Duration::from_micros(1));
        }
        how
    }

    /// Everything that the engine does is written down from now on.
    pub fn keeps_journal(&mut self) {
        self.images = Some(Images::new());
        self.engine.keep_journal(self.now);
        self.drain();
    }

    pub(crate) fn writes(&mut self, step: &Step) {
        if let Some(steps) = &mut self.steps {
            steps.push(step.clone());
        }
        if let Some(images) = &mut self.images {
            for name in &step.gone {
                images.remove(name);
            }
            images.extend(step.kept.iter().map(|kept| (kept.name, kept.form.clone())));
        }
    }

    /// The engine is killed, and started again after `down`. What the phones send meanwhile is lost.
    ///
    /// # Panics
    /// If what was written can't be read, or was not all.
    pub fn crashes(&mut self, down: Duration) {
        let written = self.images.clone().expect("what keeps no journal does not survive");
        let lives: Images = self.engine.images().into_iter().map(|kept| (kept.name, kept.form)).collect();
        for (name, form) in &lives {
            assert_eq!(written.get(name), Some(form), "{name:?} is not written down as it is");
        }
        assert_eq!(lives.len(), written.len(), "something is written down that is gone");
        self.is_down = true;
        self.forget_wake();
        self.media = Recorder::default();
        self.network.was_bad_once();
        self.run_for(down);
        self.is_down = false;
        let engine = Engine::recover(self.plan.clone(), self.rng.number(), written, self.now);
        self.engine = engine.expect("what was written can be read");
        self.engine.keep_journal(self.now);
        self.drain();
        self.tell(Input::Wake);
    }

    /// Somebody sets the clock on the wall: the engine's time goes on.
    pub fn wall_is(&mut self, wall: Moment) {
        self.engine.wall_is(wall, self.now);
    }

    /// The site is edited, and nobody has told the engine: the next one reads it.
    pub fn edits_while_down(&mut self, plan: Plan) {
        self.plan = Arc::new(IdMap::of(&self.plan).align(plan));
    }

    /// The site is edited while it works; the phones and the books go on.
    ///
    /// # Panics
    /// If the engine does not take the plan.
    pub fn replans(&mut self, plan: Plan) {
        let plan = Arc::new(IdMap::of(&self.plan).align(plan));
        self.states.resize(plan.agents.len(), AgentState::LoggedOut);
        self.plan = plan.clone();
        self.engine.replan(plan, self.now).expect("an aligned plan is taken");
        self.drain();
        self.tell(Input::Wake);
    }
}
