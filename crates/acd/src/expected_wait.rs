//! How long a waiting contact will probably wait.
//!
//! The wait that is told is a quantile: four of five callers ([`SHARE`]) are answered within it. It follows from the
//! contact's place in line, the agents who work, how long each of them is still busy, and the callers who give up:
//!
//! 1. `contacts`: those ahead in all lines that the same agents serve, in proportion to the shared agents, and this one.
//! 2. `releases`: when the working agents will have taken so many, from each agent's mean remaining busy time.
//! 3. Callers ahead who give up shorten that time: with a rate of abandons `r`, from `t` to `ln(1 + r t) / r`.
//! 4. `margin`: times the quantile of a gamma distribution, times a correction that the queue learns from the waits of
//!    its callers.

use core::cmp::Reverse;
use core::time::Duration;

use turno_ground::Moment;
use turno_model::{AgentId, AgentState as S, AuxReason, Channels, ContactId, Fact, QueueId};

use crate::contact::ContactStage;
use crate::deadline::AgentDeadline;
use crate::expected_wait::told::Told;
use crate::line::Place;
use crate::room::Room;

pub(crate) mod learned;
mod margin;
mod releases;
mod remaining;
pub(crate) mod told;

pub use margin::SHARE;

/// The shortest wait that is told.
const WITHIN_MIN: Duration = Duration::from_secs(5);

/// The longest wait that is told.
const WITHIN_MAX: Duration = Duration::from_secs(4 * 60 * 60);

/// How long a waiting contact will probably still wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpectedWait {
    /// The place in the queue, from 1.
    pub position: u32,
    /// Four of five contacts are answered within this time; `None`: no agent works for the queue.
    pub within: Option<Duration>,
}

/// An estimate before the limits of what was told earlier.
struct Estimate {
    position: u32,
    contacts: f64,
    agents: u32,
    within: Option<Duration>,
}

impl Room {
    /// How long a contact that waits in line will probably still wait, as it may be told: not longer than it was told
    /// before, unless fewer agents work than then. `None` if it does not wait in line, or if the plan tells no waits.
    /// The fact `WaitTold` is recorded.
    pub fn tell_wait(&mut self, id: ContactId, now: Moment) -> Option<ExpectedWait> {
        if !self.plan.tells_waits() {
            return None;
        }
        let Estimate { position, contacts, agents, within } = self.estimate(id, now)?;
        let contact = self.contacts.get_mut(id)?;
        let within = within.map(|within| {
            let told =
                contact.told.get_or_insert(Told { since: now, within, contacts, last: within, agents });
            let within = if agents < told.agents { within } else { within.min(told.last) };
            (told.last, told.agents) = (within, agents);
            within
        });
        let (queue, waited) = (contact.queue, now.since(contact.entered));
        self.record(Fact::WaitTold { contact: id, queue, position, waited, within });
        Some(ExpectedWait { position, within })
    }

    /// Tells the wait of a contact that has just entered a line and was not offered to an agent at once. It counts for
    /// the share of waits that were kept, even if the caller does not hear it.
    pub(crate) fn tell_new(&mut self, id: ContactId, now: Moment) {
        if self.learned.is_some() {
            self.tell_wait(id, now);
        }
    }

    fn estimate(&self, id: ContactId, now: Moment) -> Option<Estimate> {
        let contact = self.contacts.get(&id)?;
        if !matches!(contact.stage, ContactStage::Waiting) {
            return None;
        }
        self.estimate_at(contact.queue, contact.place(id), |_| false, now)
    }

    /// The wait that a new caller of a queue would be told without the agents for whom `is_gone` holds; `None` if nobody
    /// knows: the queue is paused, or no agent works for it.
    pub(crate) fn newcomer_wait(
        &self,
        queue: QueueId,
        is_gone: impl Fn(AgentId) -> bool,
        now: Moment,
    ) -> Option<Duration> {
        let priority = Reverse(self.plan.queues[queue.index()].priority);
        let place = Place { priority, waiting_since: now, contact: ContactId(u64::MAX) };
        self.estimate_at(queue, place, is_gone, now)?.within
    }

    fn estimate_at(
        &self,
        queue: QueueId,
        place: Place,
        is_gone: impl Fn(AgentId) -> bool,
        now: Moment,
    ) -> Option<Estimate> {
        let learned = self.learned.as_deref()?;
        let position = self.lines[queue.index()].position(place);
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        let waits = learned.queues.get(queue.index())?;

        let mut shared = vec![0u32; self.lines.len()];
        let mut working = vec![0u32; self.lines.len()];
        let mut remaining = Vec::new();
        for agent in (0..self.agents.len()).map(|at| AgentId(u32::try_from(at).unwrap_or(u32::MAX))) {
            let Some(left) = self.remaining(agent, now).filter(|_| !is_gone(agent)) else { continue };
            let queues = self.staffing.queues(agent);
            let is_of_queue = queues.contains(&queue);
            for other in queues {
                working[other.index()] += 1;
                shared[other.index()] += u32::from(is_of_queue);
            }
            if is_of_queue {
                remaining.push(left);
            }
        }
        let ahead = self.lines.iter().zip(&shared).zip(&working);
        let ahead = ahead.filter(|((line, shared), _)| **shared > 0 && !line.is_paused()).map(
            |((line, shared), working)| {
                let ahead = line.ahead_of(place, Channels::RINGING);
                ahead as f64 * f64::from(*shared) / f64::from(*working)
            },
        );
        let contacts = ahead.sum::<f64>() + 1.0;
        let agents = u32::try_from(remaining.len()).unwrap_or(u32::MAX);
        let time = releases::time_of(contacts, &remaining, waits.remaining.mean());
        let rate = waits.abandon_rate();
        let time = if rate * time > 1e-6 { (rate * time).ln_1p() / rate } else { time };
        // Nobody knows when a supervisor lets a paused queue go on.
        let is_served = time.is_finite() && !self.lines[queue.index()].is_paused();
        let within = is_served.then(|| seconds(time * waits.margin.factor(contacts) + waits.ring));
        Some(Estimate { position, contacts, agents, within })
    }

    /// Whether an agent takes another contact without an act of their own.
    pub(crate) fn is_at_work(&self, id: AgentId) -> bool {
        let agent = &self.agents[id.index()];
        agent.pending_change.is_none()
            && match agent.state {
                S::Available | S::Ringing | S::Talking | S::Holding | S::Acw | S::OtherCall => true,
                S::Aux(reason) => reason == AuxReason::Rona,
                S::LoggedOut => false,
            }
    }

    /// The mean time in seconds until this agent takes the next contact; `None`: the agent takes none.
    fn remaining(&self, id: AgentId, now: Moment) -> Option<f64> {
        if !self.is_at_work(id) {
            return None;
        }
        match self.agents[id.index()].state {
            S::Available => Some(0.0),
            S::Ringing | S::Talking | S::Holding | S::Acw | S::OtherCall => {
                let learned = self.learned.as_deref()?;
                let of = |queue: QueueId| learned.queues.get(queue.index());
                match learned.busy(id, now).and_then(|(queue, age)| Some((of(queue)?, age))) {
                    Some((waits, age)) => Some(waits.remaining.at(age)),
                    None => Some(of(*self.staffing.queues(id).first()?)?.remaining.mean()),
                }
            }
            S::Aux(AuxReason::Rona) => {
                let over = self.agents.at(id.index(), AgentDeadline::CoolDownOver)?;
                Some(over.since(now).as_secs_f64())
            }
            S::LoggedOut | S::Aux(_) => None,
        }
    }
}

fn seconds(span: f64) -> Duration {
    Duration::try_from_secs_f64(span).unwrap_or(WITHIN_MAX).clamp(WITHIN_MIN, WITHIN_MAX)
}
