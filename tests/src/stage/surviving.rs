//! Kills the engine and starts it again from its journal, and replaces the plan while it runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use core::time::Duration;
use turno_engine::{Engine, Input, Output};
use turno_ground::Moment;
use turno_model::{AgentState, IdMap, Plan, RowKey, Step};

use crate::stage::Stage;

/// The last image of each row.
pub type Images = BTreeMap<RowKey, Bytes>;

/// How much of a damaged journal could be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenUp {
    /// Everything.
    Whole,
    /// Only phones and trunks.
    InPart,
}

impl Stage {
    /// As [`Stage::keeps_journal`], and every step is kept as well.
    pub fn keeps_steps(&mut self) {
        self.steps = Some(Vec::new());
        self.keeps_journal();
    }

    /// All steps.
    pub fn steps(&self) -> &[Step] {
        self.steps.as_deref().unwrap_or_default()
    }

    /// Recovers an engine from these images, beside the running one, and runs it alone for two minutes.
    ///
    /// # Panics
    /// If nothing can be recovered, or the recovered engine fails.
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

    /// Keeps everything that the engine writes from now on.
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

    /// Kills the engine and starts it again after `down`. Messages sent by phones in between are lost.
    ///
    /// # Panics
    /// If the written data can't be read or is incomplete.
    pub fn crashes(&mut self, down: Duration) {
        let written = self.images.clone().expect("what keeps no journal does not survive");
        let lives: Images = self.engine.images().into_iter().map(|kept| (kept.name, kept.form)).collect();
        for (name, form) in &lives {
            assert_eq!(written.get(name), Some(form), "{name:?} is not written down as it is");
        }
        assert_eq!(lives.len(), written.len(), "something is written down that is gone");
        self.is_down = true;
        self.forget_wake();
        self.media = self.media.renewed(self.now);
        self.network.was_bad_once();
        self.run_for(down);
        self.is_down = false;
        let engine = Engine::recover(self.plan.clone(), self.rng.number(), written, self.now);
        self.engine = engine.expect("what was written can be read");
        self.engine.keep_journal(self.now);
        self.drain();
        self.tell(Input::Wake);
    }

    /// Sets the wall clock: the engine's time continues unchanged.
    pub fn wall_is(&mut self, wall: Moment) {
        self.engine.wall_is(wall, self.now);
    }

    /// Edits the site without telling the engine: the next one reads it.
    pub fn edits_while_down(&mut self, plan: Plan) {
        self.plan = Arc::new(IdMap::of(&self.plan).align(plan));
    }

    /// Edits the site while the engine runs; phones and ledger continue.
    ///
    /// # Panics
    /// If the engine refuses the plan.
    pub fn replans(&mut self, plan: Plan) {
        let plan = Arc::new(IdMap::of(&self.plan).align(plan));
        self.states.resize(plan.agents.len(), AgentState::LoggedOut);
        self.plan = plan.clone();
        self.engine.replan(plan, self.now).expect("an aligned plan is taken");
        self.drain();
        self.tell(Input::Wake);
    }
}
