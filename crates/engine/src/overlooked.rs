//! What a watch of the room sees: contacts that wait beside an agent who is free for them, by name; and why an agent gets none.

use core::time::Duration;

use turno_acd::Reasons;
use turno_ground::Moment;
use turno_model::{AgentId, ContactId};

use crate::engine::Engine;

/// A contact that waits although an agent is free for it, and nothing speaks against the offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverlookedSeen {
    /// The contact.
    pub contact: ContactId,
    /// The name of its queue.
    pub queue: String,
    /// The agent's extension.
    pub agent: String,
    /// For how long both have been free.
    pub span: Duration,
}

impl Engine {
    /// The contacts that wait beside an agent who should have them. There are none unless turno has a fault. It costs a look at
    /// the first of each line, so call it a few times in a second at most.
    pub fn overlooked(&self, now: Moment) -> Vec<OverlookedSeen> {
        let seen = self.room.overlooked(now).into_iter().map(|it| OverlookedSeen {
            contact: it.contact,
            queue: self.plan.queues[it.queue.index()].name.clone(),
            agent: self.plan.agents[it.agent.index()].extension.clone(),
            span: it.span,
        });
        seen.collect()
    }

    /// Why an agent does not get a contact now; empty only inside a step.
    ///
    /// # Panics
    /// If the plan has no such agent.
    pub fn why_not(&self, agent: AgentId, contact: ContactId) -> Reasons {
        self.room.why_not(agent, contact)
    }
}
