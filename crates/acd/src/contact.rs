//! What a room keeps of one contact.

use core::cmp::Reverse;
use core::time::Duration;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_ground::Moment;
use turno_model::{AgentId, Channel, ContactId, ContactOutcome, EndedBy, OfferId, QueueId};

use crate::line::Place;

/// How many agents who missed a contact are remembered; the oldest is forgotten first.
const TRIED_MAX: usize = 8;

/// How far a contact has come.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum ContactStage {
    /// Stands in line.
    Waiting,
    /// Is held out to an agent.
    Ringing(Ring),
    /// Is connected to an agent.
    With(AgentId, Segment),
}

/// An offer from the contact's side.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ring {
    pub(crate) offer: OfferId,
    pub(crate) agent: AgentId,
    pub(crate) since: Moment,
    /// The contact is to leave as soon as the offer is settled.
    pub(crate) leaving: Option<(ContactOutcome, EndedBy)>,
}

/// The time with one agent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Segment {
    since: Moment,
    held: Duration,
    held_since: Option<Moment>,
}

impl Segment {
    /// Begins talking.
    pub(crate) const fn new(now: Moment) -> Self {
        Self { since: now, held: Duration::ZERO, held_since: None }
    }

    /// A hold begins, if there is none.
    pub(crate) const fn hold(&mut self, now: Moment) -> bool {
        let begins = self.held_since.is_none();
        if begins {
            self.held_since = Some(now);
        }
        begins
    }

    /// The hold ends, if there is one.
    pub(crate) fn resume(&mut self, now: Moment) -> bool {
        let Some(since) = self.held_since.take() else { return false };
        self.held += now.since(since);
        true
    }

    /// Time talking and time on hold, the hold being over.
    pub(crate) fn sums(&self, now: Moment) -> (Duration, Duration) {
        (now.since(self.since) - self.held, self.held)
    }
}

/// One contact.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub(crate) channel: Channel,
    pub(crate) queue: QueueId,
    /// As the arrival stated it; `None`: each queue's own.
    pub(crate) stated_priority: Option<u8>,
    pub(crate) priority: u8,
    /// Its place in line, for as long as it is in the room.
    pub(crate) waiting_since: Moment,
    /// When it entered this queue, or came back to it from an agent.
    pub(crate) entered: Moment,
    /// From when it could have been offered.
    pub(crate) free_since: Moment,
    /// When the wait becomes too long.
    pub(crate) wait_until: Option<Moment>,
    /// From entering the first queue to the first answer, once there is one.
    pub(crate) answered_after: Option<Duration>,
    pub(crate) tried: SmallVec<[AgentId; 2]>,
    pub(crate) stage: ContactStage,
}

impl Contact {
    /// The contact's place in its queue's line.
    pub(crate) const fn place(&self, contact: ContactId) -> Place {
        Place { priority: Reverse(self.priority), waiting_since: self.waiting_since, contact }
    }

    /// The one outcome, `otherwise` if no agent ever talked to it.
    pub(crate) const fn outcome(&self, otherwise: ContactOutcome) -> ContactOutcome {
        if self.answered_after.is_some() { ContactOutcome::Answered } else { otherwise }
    }

    /// Remembers an agent who should not get this contact again while there is another.
    pub(crate) fn avoid(&mut self, agent: AgentId) {
        self.tried.retain(|tried| *tried != agent);
        if self.tried.len() == TRIED_MAX {
            self.tried.remove(0);
        }
        self.tried.push(agent);
    }
}
