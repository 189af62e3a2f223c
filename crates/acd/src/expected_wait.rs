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
use turno_model::{AgentId, AgentState as S, AuxReason, Channels, ContactId, Fact, QueueId, WaitTold};

use crate::contact::ContactStage;
use crate::deadline::{AgentDeadline, ContactDeadline};
use crate::expected_wait::told::Told;
use crate::line::Place;
use crate::lines::LineId;
use crate::room::Room;

pub(crate) mod learned;
mod margin;
pub(crate) mod releases;
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

/// What the agents of a line have to do until a place in it.
struct Load {
    /// The contacts that they take, the one at this place included.
    contacts: f64,
    /// The time in seconds for which each of them is still busy.
    remaining: Vec<f64>,
}

impl Room {
    /// The wait that a contact in line may be told, and the fact that it is.
    pub(crate) fn expect_wait(&mut self, id: ContactId, now: Moment) -> Option<ExpectedWait> {
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
        self.record(Fact::WaitTold(WaitTold { contact: id, queue, position, waited, within }));
        Some(ExpectedWait { position, within })
    }

    /// How long a contact that waits in line will probably still wait, told to nobody; `None` as for [`Room::tell_wait`],
    /// or if nobody works for the queue.
    pub fn expected_wait(&self, id: ContactId, now: Moment) -> Option<Duration> {
        self.estimate(id, now)?.within
    }

    fn estimate(&self, id: ContactId, now: Moment) -> Option<Estimate> {
        let contact = self.contacts.get(&id)?;
        // Nobody hears the wait of a contact that is called back.
        if !matches!(contact.stage, ContactStage::Waiting) || contact.presence.is_called_back() {
            return None;
        }
        let queue = contact.queue;
        let relaxed = contact.relaxed_at(&self.plan.queues[queue.index()]);
        // A contact that is kept for one agent goes to all at the latest when that is over.
        let kept = contact.reach.kept_for().and_then(|_| self.contacts.at(id, ContactDeadline::KeptOver));
        // From then on a step has let agents of all levels take it, or those of the line in which it stands without that.
        let later = if kept.is_some() && relaxed.is_none() {
            self.lines.find(queue, &contact.reach.for_others()).unwrap_or(LineId::of(queue))
        } else {
            LineId::of(queue)
        };
        let line = (queue, self.line_of(contact), relaxed.max(kept).map(|at| (at, later)));
        self.estimate_at(line, contact.place(id), |_| false, now)
    }

    /// The wait that a new caller of a queue would be told without the agents for whom `is_gone` holds; `None` if nobody
    /// knows: the queue is paused, or no agent works for it. Levels that come first are left out: all agents count.
    pub(crate) fn newcomer_wait(
        &self,
        queue: QueueId,
        is_gone: impl Fn(AgentId) -> bool,
        now: Moment,
    ) -> Option<Duration> {
        let priority = Reverse(self.plan.queues[queue.index()].priority);
        let place = Place { priority, due: now, contact: ContactId(u64::MAX), grace: Duration::ZERO };
        self.estimate_at((queue, LineId::of(queue), None), place, is_gone, now)?.within
    }

    /// The estimate for a place in a line of a queue, whose contacts go to the agents of another line from a moment on.
    fn estimate_at(
        &self,
        (queue, line, relaxed): (QueueId, LineId, Option<(Moment, LineId)>),
        place: Place,
        is_gone: impl Fn(AgentId) -> bool,
        now: Moment,
    ) -> Option<Estimate> {
        let learned = self.learned.as_deref()?;
        let position = self.lines.position(queue, place);
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        let waits = learned.queues.get(queue.index())?;
        let mean = waits.remaining.mean();
        // A contact that goes to some levels first is answered by them, or by all once a step lets them.
        let load = self.load_of(relaxed.map_or(line, |(_, later)| later), place, &is_gone, now);
        let time = releases::time_of(load.contacts, &load.remaining, mean);
        let time = relaxed.map_or(time, |(at, _)| {
            let first = self.load_of(line, place, &is_gone, now);
            let by_first = releases::time_of(first.contacts, &first.remaining, mean);
            by_first.min(time.max(at.since(now).as_secs_f64()))
        });
        let (contacts, agents) = (load.contacts, u32::try_from(load.remaining.len()).unwrap_or(u32::MAX));
        let rate = waits.abandon_rate();
        let time = if rate * time > 1e-6 { (rate * time).ln_1p() / rate } else { time };
        // Nobody knows when a supervisor lets a paused queue go on.
        let is_served = time.is_finite() && !self.lines[line].is_paused();
        let within = is_served.then(|| seconds(time * waits.margin.factor(contacts) + waits.ring));
        Some(Estimate { position, contacts, agents, within })
    }

    /// What the agents of a line have to do until a place in it.
    fn load_of(&self, own: LineId, place: Place, is_gone: impl Fn(AgentId) -> bool, now: Moment) -> Load {
        let mut shared = vec![0u32; self.lines.count()];
        let mut working = vec![0u32; self.lines.count()];
        let mut remaining = Vec::new();
        for agent in (0..self.agents.len()).map(|at| AgentId(u32::try_from(at).unwrap_or(u32::MAX))) {
            let Some(left) = self.remaining(agent, now).filter(|_| !is_gone(agent)) else { continue };
            let lines = self.staffing.lines(agent);
            let is_of_line = lines.contains(&own);
            for other in lines {
                working[other.index()] += 1;
                shared[other.index()] += u32::from(is_of_line);
            }
            if is_of_line {
                remaining.push(left);
            }
        }
        // Those who are kept for one agent go to all agents of their queue in the end.
        for queue in (0..self.plan.queues.len()).map(|at| QueueId(u32::try_from(at).unwrap_or(u32::MAX))) {
            if let Some(kept) = self.lines.kept(queue) {
                let plain = LineId::of(queue).index();
                (shared[kept.index()], working[kept.index()]) = (shared[plain], working[plain]);
            }
        }
        let ahead = self.lines.iter().zip(&shared).zip(&working);
        let ahead = ahead.filter(|(((_, line), shared), _)| **shared > 0 && !line.is_paused()).map(
            |(((_, line), shared), working)| {
                let ahead = line.ahead_of(place, Channels::RINGING);
                ahead as f64 * f64::from(*shared) / f64::from(*working)
            },
        );
        // Who is to be dialled stands in no line, and will be in that of the queue.
        let to_dial = self.ahead.before(place, |line| match working[line.index()] {
            0 => 0.0,
            working => f64::from(shared[line.index()]) / f64::from(working),
        });
        Load { contacts: ahead.sum::<f64>() + to_dial + 1.0, remaining }
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
    pub(crate) fn remaining(&self, id: AgentId, now: Moment) -> Option<f64> {
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
