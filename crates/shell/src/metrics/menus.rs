//! Metrics of menus.

use prometheus::{IntCounterVec, Registry};
use turno_model::{MenuChange, MenuStep, Plan};

use crate::metrics::counters;

/// What callers did in menus, by menu.
pub(crate) struct MenuMeters {
    steps: IntCounterVec,
}

impl MenuMeters {
    pub(crate) fn new(registry: &Registry, plan: &Plan) -> Self {
        let help = "Steps of callers in menus, by menu and by what they did.";
        let meters = Self { steps: counters(registry, "turno_menu_steps_total", help, &["menu", "did"]) };
        meters.move_to(plan);
        meters
    }

    /// Begins every series of another plan at 0.
    pub(crate) fn move_to(&self, plan: &Plan) {
        for menu in &plan.menus {
            for word in MenuChange::WORDS {
                self.steps.with_label_values(&[menu.name.as_str(), word]);
            }
        }
    }

    /// Counts a step.
    pub(crate) fn apply(&self, step: &MenuStep) {
        self.steps.with_label_values(&[step.menu.as_str(), step.change.word()]).inc();
    }
}
