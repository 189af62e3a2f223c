//! Metrics of handling: marks after the target, help, wrap-up codes, after-call work that is made longer.

use core::time::Duration;
use std::collections::BTreeMap;

use prometheus::{IntCounter, IntCounterVec, Registry};
use turno_model::{ContactId, Handled, HandlingChange, Plan};

use crate::metrics::{counter, counters};

/// The metrics that facts update.
pub(crate) struct HandlingMeters {
    marked: IntCounterVec,
    help_asked: IntCounter,
    help_came: IntCounter,
    help_missing: IntCounter,
    codes_owed: IntCounter,
    extended: IntCounter,
    /// The handling targets of talks whose wrap-up code has one of its own.
    targets: BTreeMap<ContactId, Duration>,
}

impl HandlingMeters {
    pub(crate) fn new(registry: &Registry, plan: &Plan) -> Self {
        let meters = Self {
            marked: counters(
                registry,
                "turno_handling_marks_total",
                "Talks that reached a mark after the handling target, in per cent of it.",
                &["percent"],
            ),
            help_asked: counter(registry, "turno_help_asked_total", "Agents in a talk who asked for help."),
            help_came: counter(registry, "turno_help_came_total", "Experts who joined a talk to help."),
            help_missing: counter(
                registry,
                "turno_help_missing_total",
                "Requests for help for which no expert was free, or none answered.",
            ),
            codes_owed: counter(
                registry,
                "turno_wrap_up_codes_owed_total",
                "After-call work that began without the wrap-up code that its queue asks for.",
            ),
            extended: counter(registry, "turno_acw_extended_total", "After-call work that was made longer."),
            targets: BTreeMap::new(),
        };
        meters.move_to(plan);
        meters
    }

    /// Shows the plan's marks from 0 on, so that the first talk that reaches one is a change.
    pub(crate) fn move_to(&self, plan: &Plan) {
        for percent in plan.queues.iter().flat_map(|queue| &queue.handling_marks) {
            self.marked.with_label_values(&[percent.to_string().as_str()]);
        }
    }

    /// Counts what happened.
    pub(crate) fn apply(&mut self, handled: &Handled) {
        match handled.change {
            HandlingChange::Marked { percent } => {
                self.marked.with_label_values(&[percent.to_string().as_str()]).inc();
            }
            HandlingChange::Retargeted { target } => {
                self.targets.insert(handled.contact, target);
            }
            HandlingChange::CodeOwed => self.codes_owed.inc(),
            HandlingChange::Extended { .. } => self.extended.inc(),
            HandlingChange::HelpAsked => self.help_asked.inc(),
            HandlingChange::HelpRings { .. } => {}
            HandlingChange::HelpCame { .. } => self.help_came.inc(),
            HandlingChange::NoHelp => self.help_missing.inc(),
        }
    }

    /// The target of a talk that ends, if its wrap-up code has one.
    pub(crate) fn take_target(&mut self, contact: ContactId) -> Option<Duration> {
        self.targets.remove(&contact)
    }
}
