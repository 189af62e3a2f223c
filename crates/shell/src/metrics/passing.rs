//! Metrics of talks that agents pass on.

use std::collections::BTreeSet;

use prometheus::{IntCounter, IntCounterVec, Registry};
use turno_model::{ConsultEnd, ContactId, Passing, PassingChange, Plan};

use crate::metrics::{counter, counters};

/// What came of a transfer to a dependency.
const RESULTS: [&str; 2] = ["answered", "failed"];

/// The metrics that facts update.
pub(crate) struct PassingMeters {
    returned: IntCounter,
    dependencies: IntCounterVec,
    consulted: IntCounterVec,
    /// Contacts that were given back and have not entered their queue again yet.
    returning: BTreeSet<ContactId>,
}

impl PassingMeters {
    pub(crate) fn new(registry: &Registry, plan: &Plan) -> Self {
        let meters = Self {
            returned: counter(
                registry,
                "turno_contacts_returned_total",
                "Callers whom agents gave back to the queue, where they keep the place of their arrival.",
            ),
            dependencies: counters(
                registry,
                "turno_dependency_transfers_total",
                "Callers whom agents transferred to a dependency, and whether it answered.",
                &["dependency", "result"],
            ),
            consulted: counters(
                registry,
                "turno_consultations_total",
                "Consultations that ended, by how they did: `completed`, `back`, `left`, `not_reached`, `talk_over`.",
                &["how"],
            ),
            returning: BTreeSet::new(),
        };
        for end in ConsultEnd::ALL {
            meters.consulted.with_label_values(&[end_word(end)]);
        }
        meters.move_to(plan);
        meters
    }

    /// Shows the plan's dependencies from 0 on.
    pub(crate) fn move_to(&self, plan: &Plan) {
        for dependency in &plan.dependencies {
            for result in RESULTS {
                self.dependencies.with_label_values(&[&*dependency.name, result]);
            }
        }
    }

    /// Counts what happened.
    pub(crate) fn apply(&mut self, passing: &Passing) {
        match &passing.change {
            PassingChange::Returned => {
                self.returned.inc();
                self.returning.insert(passing.contact);
            }
            PassingChange::DependencyReached { dependency, .. } => {
                self.dependencies.with_label_values(&[&**dependency, RESULTS[0]]).inc();
            }
            PassingChange::DependencyNotReached { dependency, .. } => {
                self.dependencies.with_label_values(&[&**dependency, RESULTS[1]]).inc();
            }
            PassingChange::DependencyRung { .. }
            | PassingChange::Consults(_)
            | PassingChange::ConsultBegan(_)
            | PassingChange::Conferenced(_) => {}
            PassingChange::ConsultEnded(_, end) => {
                self.consulted.with_label_values(&[end_word(*end)]).inc();
            }
        }
    }

    /// Whether a contact that enters a queue was given back by an agent, which is no new entry.
    pub(crate) fn is_back(&mut self, contact: ContactId) -> bool {
        self.returning.remove(&contact)
    }
}

const fn end_word(end: ConsultEnd) -> &'static str {
    match end {
        ConsultEnd::Completed => "completed",
        ConsultEnd::Back => "back",
        ConsultEnd::Left => "left",
        ConsultEnd::NotReached { .. } => "not_reached",
        ConsultEnd::TalkOver => "talk_over",
    }
}
