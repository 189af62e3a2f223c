//! The day's figures, from the facts alone.

use std::sync::Arc;

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{AgentState, ContactOutcome, Fact, Plan};

/// Counters of one queue.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct QueueDay {
    /// Contacts that entered and ended.
    pub(crate) offered: u32,
    /// Answered.
    pub(crate) answered: u32,
    /// Answered within the wait target.
    pub(crate) in_time: u32,
    /// Left before an answer.
    pub(crate) abandoned: u32,
    /// The sum of the waits of those answered.
    pub(crate) waited: Duration,
    /// Segments ended.
    pub(crate) handled: u32,
    /// Those within the handling target.
    pub(crate) within_target: u32,
    /// The sum of their talk.
    pub(crate) talked: Duration,
    /// The sum of their hold.
    pub(crate) held: Duration,
}

impl QueueDay {
    fn add(&mut self, other: &Self) {
        self.offered += other.offered;
        self.answered += other.answered;
        self.in_time += other.in_time;
        self.abandoned += other.abandoned;
        self.waited += other.waited;
        self.handled += other.handled;
        self.within_target += other.within_target;
        self.talked += other.talked;
        self.held += other.held;
    }

    /// Answered within the wait target, of those offered, in per cent (Avaya's service level).
    pub(crate) fn service_level(&self) -> Option<u32> {
        percent(self.in_time, self.offered)
    }

    /// Handled within the target, in per cent.
    pub(crate) fn target_kept(&self) -> Option<u32> {
        percent(self.within_target, self.handled)
    }

    /// Average speed of answer.
    pub(crate) fn speed_of_answer(&self) -> Duration {
        self.waited.checked_div(self.answered).unwrap_or_default()
    }

    /// Average talk and hold.
    pub(crate) fn handling(&self) -> Duration {
        (self.talked + self.held).checked_div(self.handled).unwrap_or_default()
    }
}

/// The day.
#[derive(Debug)]
pub(crate) struct Day {
    plan: Arc<Plan>,
    /// When it began.
    pub(crate) began: Moment,
    /// Per queue, in the plan's order.
    pub(crate) queues: Vec<QueueDay>,
    /// Contacts that arrived.
    pub(crate) arrived: u32,
    /// Contacts that never entered a queue.
    pub(crate) turned_away: u32,
    /// Offers that were let ring.
    pub(crate) missed: u32,
    /// Agents' time ringing, talking, holding or in ACW; and staffed time without AUX.
    occupied: Duration,
    ready: Duration,
    agents: Vec<(AgentState, Moment)>,
}

impl Day {
    /// A day that begins now.
    pub(crate) fn new(plan: Arc<Plan>, now: Moment) -> Self {
        Self {
            queues: vec![QueueDay::default(); plan.queues.len()],
            agents: vec![(AgentState::LoggedOut, now); plan.agents.len()],
            plan,
            began: now,
            arrived: 0,
            turned_away: 0,
            missed: 0,
            occupied: Duration::ZERO,
            ready: Duration::ZERO,
        }
    }

    /// Takes one fact.
    pub(crate) fn take(&mut self, at: Moment, fact: &Fact) {
        match fact {
            Fact::ContactArrived { .. } => self.arrived += 1,
            Fact::TurnedAway { .. } => self.turned_away += 1,
            Fact::Connected { queue, waited, .. } => {
                let target = self.plan.queues.get(queue.index()).map(|queue| queue.wait_target);
                if let Some(day) = self.queues.get_mut(queue.index()) {
                    day.waited += *waited;
                    day.in_time += u32::from(target.is_some_and(|target| *waited <= target));
                }
            }
            Fact::Disconnected { queue, talked, held, .. } => {
                let target = self.plan.queues.get(queue.index()).map(|queue| queue.handling_target);
                if let Some(day) = self.queues.get_mut(queue.index()) {
                    day.handled += 1;
                    day.within_target += u32::from(target.is_some_and(|target| *talked + *held <= target));
                    day.talked += *talked;
                    day.held += *held;
                }
            }
            Fact::ContactEnded { queue, outcome, .. } => {
                if let Some(day) = self.queues.get_mut(queue.index()) {
                    day.offered += 1;
                    day.answered += u32::from(*outcome == ContactOutcome::Answered);
                    day.abandoned += u32::from(*outcome == ContactOutcome::Abandoned);
                }
            }
            Fact::OfferSettled { outcome, .. } => {
                self.missed += u32::from(*outcome == turno_model::OfferOutcome::NoAnswer);
            }
            Fact::AgentChanged { agent, to, .. } => self.change(agent.index(), *to, at),
            Fact::Started
            | Fact::MenuChosen { .. }
            | Fact::Queued { .. }
            | Fact::Offered { .. }
            | Fact::Held { .. }
            | Fact::Resumed { .. }
            | Fact::HoldRecalled { .. }
            | Fact::TargetWarned { .. }
            | Fact::TargetBreached { .. }
            | Fact::Transferred { .. }
            | Fact::AgentAsked { .. }
            | Fact::WrapUp { .. }
            | Fact::Registered { .. }
            | Fact::TrunkChanged { .. }
            | Fact::MediaReported { .. }
            | Fact::Alarm { .. } => {}
        }
    }

    /// All queues together.
    pub(crate) fn total(&self) -> QueueDay {
        let mut total = QueueDay::default();
        self.queues.iter().for_each(|queue| total.add(queue));
        total
    }

    /// Occupied time of staffed time without AUX, in per cent.
    pub(crate) fn occupancy(&self) -> Option<u32> {
        (!self.ready.is_zero())
            .then(|| (100.0 * self.occupied.as_secs_f64() / self.ready.as_secs_f64()) as u32)
    }

    fn change(&mut self, agent: usize, to: AgentState, at: Moment) {
        let Some((state, since)) = self.agents.get_mut(agent) else { return };
        let span = at.since(*since);
        let occupied = state.has_contact() || *state == AgentState::Acw;
        if occupied {
            self.occupied += span;
        }
        if occupied || matches!(state, AgentState::Available | AgentState::OtherCall) {
            self.ready += span;
        }
        (*state, *since) = (to, at);
    }
}

fn percent(part: u32, whole: u32) -> Option<u32> {
    (part * 100).checked_div(whole)
}
