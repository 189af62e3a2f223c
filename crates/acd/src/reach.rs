//! Which agents of its queue, and of other queues, may take a waiting contact.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_model::QueueId;
use turno_model::plan::QueuePlan;

/// The agents who may take a contact: those of its queue up to a skill level, and those with whom other queues begin.
/// Steps only ever widen it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reach {
    /// The worst skill level; `None`: every level.
    level_max: Option<u8>,
    /// Queues whose agents may take it too.
    also: SmallVec<[QueueId; 2]>,
}

impl Reach {
    /// The agents with whom a queue begins.
    pub(crate) fn of(plan: &QueuePlan) -> Self {
        Self { level_max: plan.level_max, also: SmallVec::new() }
    }

    /// Whether it is all agents of the queue and no others.
    pub(crate) fn is_plain(&self) -> bool {
        self.level_max.is_none() && self.also.is_empty()
    }

    /// Lets agents up to this level take the contact. False if they might before.
    pub(crate) fn relax(&mut self, level_max: Option<u8>) -> bool {
        let is_wider = match (self.level_max, level_max) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(before), Some(now)) => now > before,
        };
        if is_wider {
            self.level_max = level_max;
        }
        is_wider
    }

    /// Lets agents of another queue take the contact. False if they might before.
    pub(crate) fn add(&mut self, queue: QueueId) -> bool {
        let is_new = !self.also.contains(&queue);
        if is_new {
            self.also.push(queue);
        }
        is_new
    }

    /// The worst skill level of the contact's own queue; `None`: every level.
    pub(crate) const fn level_max(&self) -> Option<u8> {
        self.level_max
    }

    /// Queues whose agents may take it too.
    pub(crate) fn also(&self) -> &[QueueId] {
        &self.also
    }
}
