//! Days on which the told waits are compared with the waits that callers really had.
//!
//! [`live`] runs a day with the ACD alone, without phones: the [`Room`] tells each waiting caller a wait, as it does for
//! real calls. The same callers are told by three other rules, and [`Score`] counts how often each was kept.

use core::cmp::Reverse;
use core::time::Duration;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use turno_acd::{Arrival, Offer, Room, RoomOutput};
use turno_ground::Moment;
use turno_model::{
    AgentId, Channel, ContactId, ContactOutcome, EndedBy, Fact, OfferOutcome, Plan, QueueId, WaitTold,
};

pub use self::bank::{BankDay, bank_days};
pub use self::lunch::{LunchDay, LunchFigures, LunchRule, live_lunch, lunch_day};
pub use self::made::{DayLoad, made_day};
pub use self::rules::{Rule, Score};
use self::rules::{Rules, Waiter};

mod bank;
mod lunch;
mod made;
mod rules;

/// A caller of the day; times from its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCall {
    /// When the caller enters the queue.
    pub at: Duration,
    /// The queue.
    pub queue: QueueId,
    /// How long an agent talks with the caller.
    pub talk: Duration,
    /// How long the caller waits before giving up.
    pub patience: Duration,
}

/// A time in which an agent works; times from the beginning of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// The agent.
    pub agent: AgentId,
    /// When the agent logs in.
    pub from: Duration,
    /// When the agent logs out, after the contact that is under way then.
    pub to: Duration,
}

/// A day to live through.
#[derive(Clone, Debug)]
pub struct WaitDay {
    /// Queues, skills and rules; it must tell waits.
    pub plan: Arc<Plan>,
    /// The callers, in any order.
    pub calls: Vec<DayCall>,
    /// When agents work.
    pub shifts: Vec<Shift>,
    /// How long an offer rings before the agent answers.
    pub ring: Duration,
}

/// What came of a day.
#[derive(Clone, Debug, Default)]
pub struct WaitDayFigures {
    /// All callers.
    pub callers: u64,
    /// Those who were answered.
    pub answered: u64,
    /// The sum of the waits of those who were answered, in seconds.
    pub waited: f64,
    /// What each rule told, and how well it was kept; in the order of [`Rule::ALL`].
    pub scores: [Score; Rule::ALL.len()],
}

impl WaitDayFigures {
    /// Adds another day.
    pub fn add(&mut self, other: &Self) {
        self.callers += other.callers;
        self.answered += other.answered;
        self.waited += other.waited;
        for (score, other) in self.scores.iter_mut().zip(&other.scores) {
            score.add(other);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happens {
    LogsIn(AgentId),
    EndsTalk(ContactId),
    Answers(ContactId),
    LogsOut(AgentId),
    GivesUp(ContactId),
    Calls(usize),
}

/// Lives through a day. Pure: the same day gives the same figures.
///
/// # Panics
/// If the plan tells no waits, or lacks a queue or agent of the day.
pub fn live(day: &WaitDay) -> WaitDayFigures {
    assert!(day.plan.tells_waits(), "a plan for this trial tells waits");
    let mut run = Run::new(day);
    while let Some(Reverse((at, _, happens))) = run.next.pop() {
        run.step(at, happens);
    }
    run.figures.scores = run.rules.scores();
    run.figures
}

struct Run<'d> {
    day: &'d WaitDay,
    room: Room,
    now: Moment,
    next: BinaryHeap<Reverse<(Moment, u64, Happens)>>,
    numbered: u64,
    offers: BTreeMap<ContactId, Offer>,
    rules: Rules,
    figures: WaitDayFigures,
}

impl<'d> Run<'d> {
    fn new(day: &'d WaitDay) -> Self {
        let now = Moment::from_secs(1_000_000);
        let mut run = Self {
            day,
            room: Room::new(day.plan.clone(), now),
            now,
            next: BinaryHeap::new(),
            numbered: 0,
            offers: BTreeMap::new(),
            rules: Rules::new(day.plan.queues.len()),
            figures: WaitDayFigures::default(),
        };
        for agent in (0u32..).zip(&day.plan.agents).map(|(at, _)| AgentId(at)) {
            run.room.set_reachable(agent, true, now);
            // Agents work by the day's shifts, whether or not the plan logs them in.
            let _ = run.room.log_out(agent, now);
        }
        for shift in &day.shifts {
            run.plan_at(shift.from, Happens::LogsIn(shift.agent));
            run.plan_at(shift.to, Happens::LogsOut(shift.agent));
        }
        for (place, call) in day.calls.iter().enumerate() {
            run.plan_at(call.at, Happens::Calls(place));
        }
        run
    }

    fn step(&mut self, at: Moment, happens: Happens) {
        // After-call work ends before what happens later; each end may lead to an offer at its own moment.
        while let Some(due) = self.room.next_deadline().filter(|due| *due < at) {
            self.now = due;
            self.room.handle_deadlines(due);
            self.drain();
        }
        self.now = at;
        match happens {
            // A log-in or log-out in vain changes nothing.
            Happens::LogsIn(agent) => drop(self.room.log_in(agent, at)),
            Happens::LogsOut(agent) => drop(self.room.log_out(agent, at)),
            Happens::EndsTalk(contact) => self.room.release(contact, EndedBy::Caller, at),
            Happens::GivesUp(contact) => self.gives_up(contact),
            Happens::Answers(contact) => {
                if let Some(offer) = self.offers.remove(&contact) {
                    self.room.accept(offer, at);
                }
            }
            Happens::Calls(place) => self.calls(place),
        }
        self.drain();
    }

    fn calls(&mut self, place: usize) {
        let call = self.day.calls[place];
        let contact = ContactId(place as u64 + 1);
        self.figures.callers += 1;
        self.rules.comes(contact, Waiter { queue: call.queue, since: self.now });
        let arrival = Arrival {
            contact,
            channel: Channel::Voice,
            queue: call.queue,
            priority: None,
            waiting_since: None,
        };
        self.room.enqueue(arrival, self.now);
        self.plan_from_now(call.patience, Happens::GivesUp(contact));
    }

    fn gives_up(&mut self, contact: ContactId) {
        if !self.rules.waits(contact) {
            return;
        }
        match self.offers.remove(&contact) {
            Some(offer) => self.room.settle(offer, OfferOutcome::CallerLeft, self.now),
            None => self.room.abandon(contact, self.now),
        }
    }

    /// Processes the room's outputs.
    #[expect(clippy::wildcard_enum_match_arm, reason = "a day in numbers needs a few facts of all")]
    fn drain(&mut self) {
        while let Some(output) = self.room.poll_output() {
            match output {
                RoomOutput::Offer(offer) => {
                    let contact = offer.contact();
                    self.offers.insert(contact, offer);
                    self.plan_from_now(self.day.ring, Happens::Answers(contact));
                }
                RoomOutput::RingOver { contact, .. } => {
                    if let Some(offer) = self.offers.remove(&contact) {
                        self.room.settle(offer, OfferOutcome::NoAnswer, self.now);
                    }
                }
                RoomOutput::Fact(fact) => self.on_fact(&fact),
                _ => {}
            }
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a day in numbers needs a few facts of all")]
    fn on_fact(&mut self, fact: &Fact) {
        match *fact {
            Fact::WaitTold(WaitTold { contact, within: Some(within), .. }) => {
                let staffed = self.room.census().2;
                self.rules.tells(contact, within, staffed);
            }
            Fact::Connected { contact, waited, .. } => {
                self.figures.answered += 1;
                self.figures.waited += waited.as_secs_f64();
                self.rules.answered(contact, self.now);
                let talk = self.day.calls[contact.0 as usize - 1].talk;
                self.plan_from_now(talk, Happens::EndsTalk(contact));
            }
            Fact::Disconnected { queue, talked, .. } => self.rules.talked(queue, talked),
            Fact::ContactEnded { contact, outcome: ContactOutcome::Abandoned, .. } => {
                self.rules.gave_up(contact, self.now);
            }
            Fact::ContactEnded { contact, .. } => self.rules.leaves(contact),
            _ => {}
        }
    }

    fn plan_from_now(&mut self, after: Duration, happens: Happens) {
        self.numbered += 1;
        self.next.push(Reverse((self.now + after, self.numbered, happens)));
    }

    fn plan_at(&mut self, at: Duration, happens: Happens) {
        self.numbered += 1;
        self.next.push(Reverse((self.now + at, self.numbered, happens)));
    }
}

#[cfg(test)]
mod tests;
