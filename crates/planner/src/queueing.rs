//! Simulates the ACD alone, without phones: the same [`Room`] that routes real calls, at a million calls in seconds.
//!
//! It measures waits, service levels and abandons. All agents have the skill and answer at once, so that the result can
//! be compared with Erlang's formulas.

use core::cmp::Reverse;
use core::time::Duration;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use turno_acd::{Arrival, Room, RoomOutput};
use turno_ground::{Moment, Rng};
use turno_model::plan::AcwPlan;
use turno_model::{AgentId, Channel, ContactId, ContactOutcome, EndedBy, Fact, Plan, QueueId};

use crate::arrivals::Spans;

/// The settings of a simulation.
#[derive(Clone, Debug)]
pub struct QueueOrder {
    /// The seed of all random draws.
    pub seed: u64,
    /// How many agents; all are alike.
    pub agents: u32,
    /// The mean time between two calls; it is exponential.
    pub between: Duration,
    /// The handling time of a contact.
    pub handling: Spans,
    /// How long a caller waits before giving up; `None`: for ever.
    pub patience: Option<Spans>,
    /// The threshold of the service level.
    pub threshold: Duration,
    /// How many calls come before the measurement, to reach a steady state.
    pub warm_up: u64,
    /// How many calls are measured, in batches whose spread gives the error.
    pub calls: u64,
}

/// A measured number and its standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// The mean of the batches.
    pub value: f64,
    /// The standard error of that mean, from the spread of the batches.
    pub error: f64,
}

/// The measured figures; times in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct QueueFigures {
    /// The share of callers who waited at all.
    pub waits: Measured,
    /// The wait of all callers, answered or not.
    pub wait: Measured,
    /// The service level: the share of all callers who were answered within the threshold.
    pub in_time: Measured,
    /// The share of callers who gave up.
    pub gives_up: Measured,
    /// The share of the agents' time spent in talks.
    pub occupancy: Measured,
}

/// How many batches: enough to estimate the spread, and each long enough to be nearly independent of the next.
const BATCHES: u64 = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happens {
    Calls,
    GivesUp(ContactId),
    EndsTalk(ContactId),
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    callers: f64,
    waited: f64,
    wait: f64,
    in_time: f64,
    gave_up: f64,
    /// Seconds of the talks that began.
    talk: f64,
    began: Moment,
    ended: Moment,
}

/// Simulates a queue. The plan gives only the rule of choice: its first queue and its agents are changed to the
/// settings.
///
/// # Panics
/// If the plan has no queue.
pub fn measure(plan: &Plan, order: &QueueOrder) -> QueueFigures {
    let mut run = Run::new(one_queue(plan, order.agents), order);
    let per_batch = (order.calls / BATCHES).max(1);
    run.until(order.warm_up);
    let mut batches = Vec::new();
    for batch in 1..=BATCHES {
        run.sums = Sums { began: run.now, ..Sums::default() };
        run.until(order.warm_up + batch * per_batch);
        run.sums.ended = run.now;
        batches.push(run.sums);
    }
    let agents = f64::from(order.agents);
    QueueFigures {
        waits: measured(&batches, |it| it.waited / it.callers),
        wait: measured(&batches, |it| it.wait / it.callers),
        in_time: measured(&batches, |it| it.in_time / it.callers),
        gives_up: measured(&batches, |it| it.gave_up / it.callers),
        occupancy: measured(&batches, |it| it.talk / (it.ended.since(it.began).as_secs_f64() * agents)),
    }
}

/// The plan with its first queue, this many agents with its skill, no after-call work and no limits.
fn one_queue(plan: &Plan, agents: u32) -> Arc<Plan> {
    let mut plan = plan.clone();
    plan.queues.truncate(1);
    let queue = plan.queues.first_mut().expect("a plan has a queue");
    queue.acw = AcwPlan::Timed(Duration::ZERO);
    queue.wait_max = None;
    queue.length_max = u32::MAX;
    queue.handling_target = Duration::from_secs(1_000_000);
    let skill = queue.skill;
    let template = plan.agents.first().cloned().expect("a plan has an agent");
    plan.agents = (0..agents)
        .map(|place| {
            let mut agent = template.clone();
            agent.name = format!("agent {place}");
            agent.skills = vec![(skill, 1)];
            agent
        })
        .collect();
    Arc::new(plan)
}

struct Run<'o> {
    order: &'o QueueOrder,
    room: Room,
    rng: Rng,
    now: Moment,
    next: BinaryHeap<Reverse<(Moment, u64, Happens)>>,
    numbered: u64,
    last_contact: u64,
    /// The arrival of each caller who is still there.
    came: BTreeMap<ContactId, Moment>,
    /// How many callers have been answered or have given up, since the beginning.
    settled: u64,
    sums: Sums,
}

impl<'o> Run<'o> {
    fn new(plan: Arc<Plan>, order: &'o QueueOrder) -> Self {
        let begin = Moment::from_secs(1_000_000);
        let mut run = Self {
            order,
            room: Room::new(plan, begin),
            rng: Rng::new(order.seed),
            now: begin,
            next: BinaryHeap::new(),
            numbered: 0,
            last_contact: 0,
            came: BTreeMap::new(),
            settled: 0,
            sums: Sums::default(),
        };
        for agent in 0..order.agents {
            run.room.set_reachable(AgentId(agent), true, begin);
            // A plan with auto-login has logged the agent in already; a second log-in changes nothing.
            let _ = run.room.log_in(AgentId(agent), begin);
        }
        run.drain();
        run.plan_call();
        run
    }

    /// Runs until this many callers are settled.
    fn until(&mut self, settled: u64) {
        while self.settled < settled {
            let Some(Reverse((at, _, happens))) = self.next.pop() else { return };
            self.now = at;
            self.room.handle_deadlines(at);
            match happens {
                Happens::Calls => self.calls(),
                Happens::GivesUp(contact) => {
                    if self.came.contains_key(&contact) {
                        self.room.abandon(contact, at);
                    }
                }
                Happens::EndsTalk(contact) => self.room.release(contact, EndedBy::Caller, at),
            }
            self.drain();
        }
    }

    fn calls(&mut self) {
        self.last_contact += 1;
        let contact = ContactId(self.last_contact);
        self.came.insert(contact, self.now);
        let arrival = Arrival {
            contact,
            channel: Channel::Voice,
            queue: QueueId(0),
            priority: None,
            waiting_since: None,
        };
        self.room.enqueue(arrival, self.now);
        if let Some(patience) = self.order.patience {
            let span = patience.draw(&mut self.rng);
            self.plan_at(span, Happens::GivesUp(contact));
        }
        self.plan_call();
    }

    fn plan_call(&mut self) {
        let span = Spans::Exponential(self.order.between).draw(&mut self.rng);
        self.plan_at(span, Happens::Calls);
    }

    fn plan_at(&mut self, after: Duration, happens: Happens) {
        self.numbered += 1;
        self.next.push(Reverse((self.now + after, self.numbered, happens)));
    }

    /// Processes the room's outputs; every offer is accepted at once.
    #[expect(clippy::wildcard_enum_match_arm, reason = "a queue in numbers needs two facts of all")]
    fn drain(&mut self) {
        while let Some(output) = self.room.poll_output() {
            match output {
                RoomOutput::Offer(offer) => self.room.accept(offer, self.now),
                RoomOutput::Fact(Fact::Connected { contact, waited, .. }) => {
                    self.settle(contact, waited, false);
                    let span = self.order.handling.draw(&mut self.rng);
                    self.sums.talk += span.as_secs_f64();
                    self.plan_at(span, Happens::EndsTalk(contact));
                }
                RoomOutput::Fact(Fact::ContactEnded {
                    contact,
                    outcome: ContactOutcome::Abandoned,
                    waited,
                    ..
                }) => self.settle(contact, waited, true),
                _ => {}
            }
        }
    }

    fn settle(&mut self, contact: ContactId, waited: Duration, gave_up: bool) {
        self.came.remove(&contact);
        self.settled += 1;
        self.sums.callers += 1.0;
        self.sums.waited += f64::from(u8::from(!waited.is_zero()));
        self.sums.wait += waited.as_secs_f64();
        self.sums.in_time += f64::from(u8::from(!gave_up && waited <= self.order.threshold));
        self.sums.gave_up += f64::from(u8::from(gave_up));
    }
}

fn measured(batches: &[Sums], figure: impl Fn(&Sums) -> f64) -> Measured {
    let values: Vec<f64> = batches.iter().map(figure).collect();
    let many = values.len() as f64;
    let value = values.iter().sum::<f64>() / many;
    let spread = values.iter().map(|it| (it - value) * (it - value)).sum::<f64>() / (many - 1.0);
    Measured { value, error: (spread / many).sqrt() }
}

#[cfg(test)]
#[path = "queueing_tests.rs"]
mod tests;
