//! What a room has learned about the waits of its queues.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::{Moment, TrackedRow};
use turno_model::plan::{AcwPlan, QueuePlan};
use turno_model::{AgentId, QueueId};

use crate::expected_wait::margin::Margin;
use crate::expected_wait::remaining::Remaining;
use crate::expected_wait::told::Told;

/// A queue without a handling target begins with this mean busy time.
const BUSY_FIRST: Duration = Duration::from_secs(180);

/// The ringing time in seconds that a queue begins with, and the weight of a new one.
const RING_FIRST: f64 = 3.0;
const RING_WEIGHT: f64 = 0.05;

/// Waiting time in seconds, over which the rate of abandons is averaged.
const PATIENCE_MEMORY: f64 = 20_000.0;

/// What is learned about one queue. It is durable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct QueueWaits {
    pub(crate) remaining: Remaining,
    pub(crate) margin: Margin,
    /// Mean ringing time of accepted offers, in seconds.
    pub(crate) ring: f64,
    /// Abandons, and the seconds that callers waited in which they happened.
    gave_up: f64,
    waited: f64,
}

impl QueueWaits {
    fn new(plan: &QueuePlan) -> Self {
        let acw = match plan.acw {
            AcwPlan::Timed(span) => span,
            AcwPlan::Manual => Duration::ZERO,
        };
        let target = if plan.handling_target.is_zero() { BUSY_FIRST } else { plan.handling_target };
        Self {
            remaining: Remaining::new(target + acw),
            margin: Margin::default(),
            ring: RING_FIRST,
            gave_up: 0.0,
            waited: 0.0,
        }
    }

    /// Abandons for each second that a caller waits.
    pub(crate) fn abandon_rate(&self) -> f64 {
        // Until callers have waited for a thousand seconds, one abandon says little.
        self.gave_up / self.waited.max(1_000.0)
    }

    fn waited(&mut self, span: Duration, gave_up: bool) {
        self.waited += span.as_secs_f64();
        self.gave_up += f64::from(u8::from(gave_up));
        if self.waited > PATIENCE_MEMORY {
            let keep = PATIENCE_MEMORY / self.waited;
            self.waited *= keep;
            self.gave_up *= keep;
        }
    }
}

/// What is learned about all queues, and since when agents are busy.
#[derive(Debug)]
pub(crate) struct Learned {
    pub(crate) queues: TrackedRow<QueueWaits>,
    /// By agent: the queue and moment of the offer that the agent is busy with.
    busy: Vec<Option<(QueueId, Moment)>>,
}

impl Learned {
    /// Nothing is learned yet.
    pub(crate) fn new(queues: &[QueuePlan], agents: usize) -> Self {
        let queues = TrackedRow::new(queues.iter().map(QueueWaits::new));
        Self { queues, busy: vec![None; agents] }
    }

    /// Follows a plan with more queues or agents.
    pub(crate) fn grow(&mut self, queues: &[QueuePlan], agents: usize) {
        for plan in queues.iter().skip(self.queues.len()) {
            self.queues.push(QueueWaits::new(plan));
        }
        self.busy.resize(agents.max(self.busy.len()), None);
    }

    /// An agent gets an offer. Another contact that the agent has already counts on.
    pub(crate) fn offered(&mut self, agent: AgentId, queue: QueueId, now: Moment) {
        self.busy[agent.index()].get_or_insert((queue, now));
    }

    /// An agent is busy no longer. `handled`: a contact was handled, and not only offered.
    pub(crate) fn is_ready(&mut self, agent: AgentId, handled: bool, now: Moment) {
        let Some((queue, since)) = self.busy[agent.index()].take() else { return };
        if handled && let Some(waits) = self.queues.get_mut(queue.index()) {
            waits.remaining.learn(now.since(since));
        }
    }

    /// The queue of the contact that an agent is busy with, and for how long.
    pub(crate) fn busy(&self, agent: AgentId, now: Moment) -> Option<(QueueId, Duration)> {
        let (queue, since) = (*self.busy.get(agent.index())?)?;
        Some((queue, now.since(since)))
    }

    /// An agent accepted an offer that had rung for this long.
    pub(crate) fn accepted(&mut self, queue: QueueId, rang: Duration) {
        if let Some(waits) = self.queues.get_mut(queue.index()) {
            waits.ring += RING_WEIGHT * (rang.as_secs_f64() - waits.ring);
        }
    }

    /// A caller was answered who had been told a wait.
    pub(crate) fn answered(&mut self, queue: QueueId, told: &Told, now: Moment) {
        let Some(waits) = self.queues.get_mut(queue.index()) else { return };
        let waited = now.since(told.since);
        waits.waited(waited, false);
        waits.margin.learn(told.contacts, waited <= told.within);
    }

    /// A caller gave up who had been told a wait. Before the end of that wait nobody knows how long it would have been.
    pub(crate) fn gave_up(&mut self, queue: QueueId, told: &Told, now: Moment) {
        let Some(waits) = self.queues.get_mut(queue.index()) else { return };
        let waited = now.since(told.since);
        waits.waited(waited, true);
        if waited > told.within {
            waits.margin.learn(told.contacts, false);
        }
    }
}
