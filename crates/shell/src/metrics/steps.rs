//! Metrics of the steps of queues.

use prometheus::{IntCounterVec, Registry};
use turno_model::plan::{QueuePlan, StepAction};
use turno_model::{Plan, StepTaken};

use crate::metrics::counters;

/// Steps that were taken, by queue and by what they did.
pub(crate) struct StepMeters {
    taken: IntCounterVec,
    names: Vec<String>,
}

impl StepMeters {
    pub(crate) fn new(registry: &Registry, plan: &Plan) -> Self {
        let help = "Steps of queues that contacts took, by what they did.";
        let mut meters = Self {
            taken: counters(registry, "turno_steps_total", help, &["queue", "did"]),
            names: Vec::new(),
        };
        meters.move_to(plan);
        meters
    }

    /// Uses another plan, and begins every series that its steps may count at 0.
    pub(crate) fn move_to(&mut self, plan: &Plan) {
        self.names = plan.queues.iter().map(|queue| queue.name.clone()).collect();
        for queue in &plan.queues {
            words(queue).for_each(|word| drop(self.taken.with_label_values(&[&queue.name, word])));
        }
    }

    /// Counts a step.
    pub(crate) fn apply(&self, step: &StepTaken) {
        if let Some(queue) = self.names.get(step.queue.index()) {
            self.taken.with_label_values(&[queue, step.did.word()]).inc();
        }
    }
}

/// What the steps of a queue may do.
fn words(queue: &QueuePlan) -> impl Iterator<Item = &'static str> {
    queue.steps.iter().flat_map(|step| {
        let words: &[&str] = match step.action {
            StepAction::LevelMax(_) => &["level"],
            StepAction::Also(_) => &["also"],
            StepAction::Raise(_) => &["priority"],
            StepAction::MoveTo(_) => &["moved", "target_closed"],
            StepAction::SendTo(_) => &["sending", "sent", "not_sent"],
            StepAction::PromptAndEnd(_) => &["ended"],
            StepAction::OfferCallback => &["callback"],
            StepAction::Interrupt(_) => &["interrupted"],
            StepAction::Voicemail => &["voicemail"],
        };
        words.iter().copied()
    })
}
