//! An open contact: what has happened to it so far.

use core::time::Duration;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use turno_ground::{Moment, Pii};
use turno_model::{AgentId, Channel, ContactId, QueueId, Renumbering};

use crate::figures::QueueFigures;

/// Where an open contact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactStage {
    /// In the greeting or the menu.
    Arrived,
    /// In a queue.
    Waiting,
    /// Held out to an agent.
    Ringing(AgentId),
    /// Talking to an agent.
    Talking(AgentId),
    /// On hold.
    Holding(AgentId),
    /// Between an agent and what comes next.
    Leaving,
}

/// A stay in a queue and what came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Visit {
    pub(crate) queue: QueueId,
    pub(crate) since: Moment,
    /// When the first agent answered, if one did.
    pub(crate) answered: Option<Moment>,
    /// Talk and hold of the segments that are over.
    pub(crate) handling: Duration,
}

/// One agent's part of a contact.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Segment {
    pub(crate) agent: AgentId,
    pub(crate) is_held: bool,
    pub(crate) talked: Duration,
    pub(crate) held: Duration,
    /// Since when neither `talked` nor `held` has grown.
    pub(crate) mark: Moment,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OpenContact {
    pub(crate) channel: Channel,
    pub(crate) from: Pii<CompactString>,
    pub(crate) arrived: Moment,
    pub(crate) visit: Option<Visit>,
    pub(crate) segments: Vec<Segment>,
    pub(crate) ringing: Option<AgentId>,
    pub(crate) was_answered: bool,
    pub(crate) warned: bool,
    pub(crate) breached: bool,
    /// Figures that are booked in the interval where the contact ends; one entry a queue.
    pub(crate) due: Vec<(QueueId, QueueFigures)>,
}

impl Segment {
    pub(crate) const fn new(agent: AgentId, at: Moment) -> Self {
        Self { agent, is_held: false, talked: Duration::ZERO, held: Duration::ZERO, mark: at }
    }

    /// Puts on hold, or takes back.
    pub(crate) fn set_held(&mut self, is_held: bool, at: Moment) {
        self.settle(at);
        self.is_held = is_held;
    }

    pub(crate) fn settle(&mut self, at: Moment) {
        let span = at.since(self.mark);
        if self.is_held {
            self.held += span
        } else {
            self.talked += span
        }
        self.mark = self.mark.max(at);
    }

    fn handling(&self, now: Moment) -> Duration {
        self.talked + self.held + now.since(self.mark)
    }
}

impl OpenContact {
    pub(crate) const fn new(channel: Channel, from: Pii<CompactString>, at: Moment) -> Self {
        Self {
            channel,
            from,
            arrived: at,
            visit: None,
            segments: Vec::new(),
            ringing: None,
            was_answered: false,
            warned: false,
            breached: false,
            due: Vec::new(),
        }
    }

    /// Moves to the places of another plan; false if its queue or its agent is not there.
    pub(crate) fn renumber(&mut self, to: &Renumbering) -> bool {
        let queues = self.visit.iter_mut().map(|visit| &mut visit.queue);
        let agents = self.segments.iter_mut().map(|segment| &mut segment.agent);
        self.ringing = self.ringing.and_then(|agent| to.agent(agent));
        self.due.retain_mut(|(queue, _)| to.queue(*queue).map(|there| *queue = there).is_some());
        queues.into_iter().all(|queue| to.queue(*queue).map(|there| *queue = there).is_some()) && { agents }
            .all(|agent| to.agent(*agent).map(|there| *agent = there).is_some())
    }

    /// Whether it stands in a queue and nobody has answered.
    pub(crate) fn is_waiting(&self) -> bool {
        self.visit.as_ref().is_some_and(|visit| visit.answered.is_none())
    }

    pub(crate) fn stage(&self) -> ContactStage {
        if let Some(segment) = self.segments.last() {
            return if segment.is_held {
                ContactStage::Holding(segment.agent)
            } else {
                ContactStage::Talking(segment.agent)
            };
        }
        match (self.ringing, &self.visit) {
            (Some(agent), _) => ContactStage::Ringing(agent),
            (None, Some(visit)) if visit.answered.is_none() => ContactStage::Waiting,
            (None, Some(_)) => ContactStage::Leaving,
            (None, None) => ContactStage::Arrived,
        }
    }

    /// How long it has waited in its queue, or had waited when it was answered.
    pub(crate) fn waited(&self, now: Moment) -> Duration {
        self.visit.as_ref().map_or(Duration::ZERO, |visit| visit.answered.unwrap_or(now).since(visit.since))
    }

    /// The handling clock: talk and hold since the answer in this queue.
    pub(crate) fn handling(&self, now: Moment) -> Option<Duration> {
        let visit = self.visit.as_ref()?;
        visit.answered?;
        Some(visit.handling + self.segments.iter().map(|segment| segment.handling(now)).sum::<Duration>())
    }

    /// Figures that this contact owes to a queue's interval.
    pub(crate) fn due_to(&mut self, queue: QueueId) -> &mut QueueFigures {
        let at = self.due.iter().position(|(known, _)| *known == queue).unwrap_or_else(|| {
            self.due.push((queue, QueueFigures::default()));
            self.due.len() - 1
        });
        &mut self.due[at].1
    }
}

/// What a contact is called by in what is waiting: the longest wait first.
pub(crate) type InLine = (Moment, ContactId);
