//! Contacts that are kept for the agent who served their callers last: an index by agent.

use std::collections::BTreeMap;

use turno_model::{AgentId, QueueId};

use crate::line::Place;

/// The contacts in line that are kept for an agent, by agent. What it says is in the contacts too.
#[derive(Debug, Default)]
pub(crate) struct Kept(BTreeMap<AgentId, BTreeMap<Place, QueueId>>);

impl Kept {
    /// A contact at this place is kept for this agent.
    pub(crate) fn insert(&mut self, agent: AgentId, queue: QueueId, place: Place) {
        self.0.entry(agent).or_default().insert(place, queue);
    }

    /// It is kept no more.
    pub(crate) fn remove(&mut self, agent: AgentId, place: Place) {
        if let Some(places) = self.0.get_mut(&agent) {
            places.remove(&place);
            if places.is_empty() {
                self.0.remove(&agent);
            }
        }
    }

    /// Nothing is kept.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether nothing is kept.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The agents for whom contacts are kept.
    pub(crate) fn agents(&self) -> impl Iterator<Item = AgentId> {
        self.0.keys().copied()
    }

    /// The contacts that are kept for an agent, with their queues.
    pub(crate) fn of(&self, agent: AgentId) -> impl Iterator<Item = (Place, QueueId)> {
        self.0.get(&agent).into_iter().flatten().map(|(place, queue)| (*place, *queue))
    }
}
