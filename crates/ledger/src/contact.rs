//! An open contact and its figures.

use core::time::Duration;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use turno_ground::{Moment, Pii};
use turno_model::{AgentId, Channel, ContactId, QueueId, Renumbering};

use crate::figures::QueueFigures;

/// The stage of an open contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactStage {
    /// In the greeting or the menu.
    Arrived,
    /// Waiting in a queue.
    Waiting,
    /// Offered to an agent.
    Ringing(AgentId),
    /// Talking to an agent.
    Talking(AgentId),
    /// On hold at an agent.
    Holding(AgentId),
    /// After an agent, before a queue, another agent or the end.
    Leaving,
}

/// What a contact is about, as far as its caller's way through the menus says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The procedure whose card the caller heard last.
    pub procedure: CompactString,
    /// The wrap-up code of contacts about it.
    pub code: Option<CompactString>,
}

/// One stay in a queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Visit {
    pub(crate) queue: QueueId,
    pub(crate) since: Moment,
    /// When an agent first answered, if one did.
    pub(crate) answered: Option<Moment>,
    /// Talk and hold time of the segments that have ended.
    pub(crate) handling: Duration,
    /// The wait that the caller was told first, from entering the queue.
    #[serde(default)]
    pub(crate) told: Option<Duration>,
    /// The handling target of its wrap-up code, if that has one.
    #[serde(default)]
    pub(crate) target: Option<Duration>,
}

impl Visit {
    pub(crate) const fn new(queue: QueueId, at: Moment) -> Self {
        Self { queue, since: at, answered: None, handling: Duration::ZERO, told: None, target: None }
    }
}

/// One agent's part of a contact.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Segment {
    pub(crate) agent: AgentId,
    pub(crate) is_held: bool,
    pub(crate) talked: Duration,
    pub(crate) held: Duration,
    /// Until when `talked` and `held` are booked.
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
    /// Whether an agent gave it back and it waits in the same visit again.
    #[serde(default)]
    pub(crate) waits_again: bool,
    pub(crate) warned: bool,
    pub(crate) breached: bool,
    /// Figures for the interval in which the contact ends, one entry for each queue.
    pub(crate) due: Vec<(QueueId, QueueFigures)>,
    /// 0 is normal, higher is served first.
    #[serde(default)]
    pub(crate) priority: u8,
    /// The procedure whose card its caller heard last.
    #[serde(default)]
    pub(crate) about: Option<About>,
}

impl Segment {
    pub(crate) const fn new(agent: AgentId, at: Moment) -> Self {
        Self { agent, is_held: false, talked: Duration::ZERO, held: Duration::ZERO, mark: at }
    }

    /// Puts the contact on hold, or takes it back.
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
            waits_again: false,
            warned: false,
            breached: false,
            due: Vec::new(),
            priority: 0,
            about: None,
        }
    }

    /// Renumbers for another plan; false if the queue or an agent is not in it.
    pub(crate) fn renumber(&mut self, to: &Renumbering) -> bool {
        let queues = self.visit.iter_mut().map(|visit| &mut visit.queue);
        let agents = self.segments.iter_mut().map(|segment| &mut segment.agent);
        self.ringing = self.ringing.and_then(|agent| to.agent(agent));
        self.due.retain_mut(|(queue, _)| to.queue(*queue).map(|there| *queue = there).is_some());
        queues.into_iter().all(|queue| to.queue(*queue).map(|there| *queue = there).is_some()) && { agents }
            .all(|agent| to.agent(*agent).map(|there| *agent = there).is_some())
    }

    /// Whether the contact is in a queue and not answered.
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
            (None, Some(visit)) if visit.answered.is_none() || self.waits_again => ContactStage::Waiting,
            (None, Some(_)) => ContactStage::Leaving,
            (None, None) => ContactStage::Arrived,
        }
    }

    /// The wait in its queue until now, or until it was answered.
    pub(crate) fn waited(&self, now: Moment) -> Duration {
        self.visit.as_ref().map_or(Duration::ZERO, |visit| visit.answered.unwrap_or(now).since(visit.since))
    }

    /// Handling time: talk and hold since the answer in this queue.
    pub(crate) fn handling(&self, now: Moment) -> Option<Duration> {
        let visit = self.visit.as_ref()?;
        visit.answered?;
        Some(visit.handling + self.segments.iter().map(|segment| segment.handling(now)).sum::<Duration>())
    }

    /// This contact's figures for a queue's interval.
    pub(crate) fn due_to(&mut self, queue: QueueId) -> &mut QueueFigures {
        let at = self.due.iter().position(|(known, _)| *known == queue).unwrap_or_else(|| {
            self.due.push((queue, QueueFigures::default()));
            self.due.len() - 1
        });
        &mut self.due[at].1
    }
}

/// The key of a contact in its line: the longest wait sorts first.
pub(crate) type InLine = (Moment, ContactId);
