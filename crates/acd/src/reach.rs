//! Which agents of its queue, and of other queues, may take a waiting contact.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_model::plan::QueuePlan;
use turno_model::{AgentId, QueueId};

/// The agents who may take a contact: those of its queue up to a skill level, and those with whom other queues begin.
/// Steps only ever widen it; a contact may be kept for one of them for a time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reach {
    /// The worst skill level; `None`: every level.
    level_max: Option<u8>,
    /// Queues whose agents may take it too.
    also: SmallVec<[QueueId; 2]>,
    /// The one agent for whom the contact is kept at present; then nobody else may take it.
    kept_for: Option<AgentId>,
}

impl Reach {
    /// The agents with whom a queue begins.
    pub(crate) fn of(plan: &QueuePlan) -> Self {
        Self { level_max: plan.level_max, also: SmallVec::new(), kept_for: None }
    }

    /// Whether it is all agents of the queue and no others.
    pub(crate) fn is_plain(&self) -> bool {
        self.level_max.is_none() && self.also.is_empty() && self.kept_for.is_none()
    }

    /// Whether agents up to this level are more than those who may take the contact.
    pub(crate) fn is_widened_by(&self, level_max: Option<u8>) -> bool {
        self.level_max.is_some_and(|before| level_max.is_none_or(|now| now > before))
    }

    /// Lets agents up to this level take the contact. False if they might before.
    pub(crate) fn relax(&mut self, level_max: Option<u8>) -> bool {
        let is_wider = self.is_widened_by(level_max);
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

    /// Keeps the contact for one agent, or for nobody in particular.
    pub(crate) const fn keep_for(&mut self, agent: Option<AgentId>) {
        self.kept_for = agent;
    }

    /// The same for a contact that is kept for nobody.
    pub(crate) fn for_others(&self) -> Self {
        Self { kept_for: None, ..self.clone() }
    }

    /// The agent for whom the contact is kept.
    pub(crate) const fn kept_for(&self) -> Option<AgentId> {
        self.kept_for
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
