//! Contacts that wait although an agent is free for them: there are none, unless the room has forgotten one.
//!
//! The look costs one comparison for each line and for each agent for whom a contact is kept, however long the lines are. It
//! knows nothing of how offers come about, and asks [`Room::why_not`] whether anything speaks against the offer.

use core::time::Duration;

use smallvec::SmallVec;
use turno_ground::Moment;
use turno_model::{AgentId, Channels, ContactId, QueueId};

use crate::lines::LineId;
use crate::room::Room;

/// A contact and an agent who fit each other, while neither has the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlooked {
    /// The contact.
    pub contact: ContactId,
    /// Its queue.
    pub queue: QueueId,
    /// The agent who should have it.
    pub agent: AgentId,
    /// For how long both have been free.
    pub span: Duration,
}

impl Room {
    /// The contacts that wait beside an agent who should have them: the first of each line at most.
    pub fn overlooked(&self, now: Moment) -> SmallVec<[Overlooked; 1]> {
        let mut found = SmallVec::new();
        for (line, waiting) in self.lines.iter() {
            if waiting.len() > 0
                && let Some((contact, agent)) = self.head_and_agent(line)
            {
                found.extend(self.overlooks(contact, agent, now));
            }
        }
        for agent in self.kept.agents() {
            let kept = self.given_to(agent, Channels::ALL).or_else(|| self.kept_first(agent, None));
            if let Some(contact) = kept {
                found.extend(self.overlooks(contact, agent, now));
            }
        }
        found
    }

    /// The first contact of a line for which anybody is free, and the agent whom the queue's rule chooses.
    fn head_and_agent(&self, line: LineId) -> Option<(ContactId, AgentId)> {
        let (place, channel) = self.lines[line].first(self.staffing.channels_free(line))?;
        let contact = self.contacts.get(&place.contact)?;
        let known = contact.last_agent.filter(|agent| !contact.tried.contains(agent));
        let known = known.and_then(|agent| self.staffing.idle_place(line, agent));
        let chosen = known.or_else(|| self.staffing.choose(line, channel, &contact.tried))?;
        Some((place.contact, chosen.agent()))
    }

    fn overlooks(&self, id: ContactId, agent: AgentId, now: Moment) -> Option<Overlooked> {
        let contact = self.contacts.get(&id)?;
        if !self.why_not(agent, id).is_empty() {
            return None;
        }
        let since = contact.free_since.max(self.agents.get(agent.index())?.free_since);
        Some(Overlooked { contact: id, queue: contact.queue, agent, span: now.since(since) })
    }
}

#[cfg(test)]
#[path = "overlooked_tests.rs"]
mod tests;
