//! Lunch days: the same calls and agents, with lunch in turns and with lunch that nobody plans.

use core::cmp::Reverse;
use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::Arc;

use turno_acd::{Arrival, BreakAnswer, Offer, Room, RoomOutput};
use turno_ground::{Moment, Rng, WallClock};
use turno_model::plan::BreakTurns;
use turno_model::{
    AgentId, AgentState, AuxReason, BreakChange, Channel, ContactId, EndedBy, Fact, OfferOutcome, Plan,
};

use super::made::telling;
use super::{DayCall, DayLoad, made_day};

/// When agents go to lunch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LunchRule {
    /// Each at a random moment of the lunch hours that leaves time for the whole break; after the call under way.
    Unplanned,
    /// The same, but most want to go near the middle of the lunch hours.
    Together,
    /// Each asks at a random moment in the first half of that time, and goes when turno says.
    InTurns,
}

impl LunchRule {
    /// All rules.
    pub const ALL: [Self; 3] = [Self::Unplanned, Self::Together, Self::InTurns];
}

/// What came of the lunch hours of some days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LunchFigures {
    /// Callers who came in the lunch hours.
    pub callers: u64,
    /// Those who were answered.
    pub answered: u64,
    /// Those who were answered within the wait target.
    pub in_target: u64,
    /// The sum of the waits of those who were answered, in seconds.
    pub waited: f64,
    /// Agents who work on these days.
    pub agents: u64,
    /// Lunches that began in the lunch hours, and whose span ended in them.
    pub inside: u64,
    /// Agents who went at once when they asked.
    pub at_once: u64,
    /// Overstays that turno told: one lunch of ten is a few minutes longer.
    pub overstays: u64,
    /// The most agents who were at lunch at once on any of the days.
    pub away_most: u64,
}

impl LunchFigures {
    /// Adds another day's.
    pub fn add(&mut self, other: &Self) {
        self.callers += other.callers;
        self.answered += other.answered;
        self.in_target += other.in_target;
        self.waited += other.waited;
        self.agents += other.agents;
        self.inside += other.inside;
        self.at_once += other.at_once;
        self.overstays += other.overstays;
        self.away_most = self.away_most.max(other.away_most);
    }
}

/// A made day with a lunch.
#[derive(Clone, Debug)]
pub struct LunchDay {
    plan: Arc<Plan>,
    reason: u8,
    turns: BreakTurns,
    /// The wall clock at the beginning of the day.
    wall: Moment,
    /// The lunch hours, from the beginning of the day.
    hours: (Duration, Duration),
    agents: Vec<AgentId>,
    calls: Vec<DayCall>,
    ring: Duration,
    seed: u64,
}

/// An office day begins at 07:50.
const OPENS: u16 = 470;

/// The Monday from which days are counted, 2026-11-23, at midnight UTC.
const MONDAY: Moment = Moment::from_secs(1_795_392_000);

const MINUTE: Duration = Duration::from_secs(60);

/// An agent takes up a turn after so long.
const TAKES_UP: Duration = Duration::from_secs(5);

/// A normal day of a plan whose agents take turns for an AUX reason.
///
/// # Errors
/// A sentence if the plan has no such reason, or it is never open on the days that are made.
pub fn lunch_day(plan: &Plan, calls: usize, seed: u64) -> Result<LunchDay, String> {
    let known = (0u8..).zip(&plan.aux_reasons).find_map(|(at, reason)| Some((at, reason.turns?)));
    let (reason, turns) = known.ok_or("no [[aux_reason]] of the plan has `hours`, so nobody takes turns")?;
    let hours = &plan.hours[turns.hours.index()];
    let midnight = MONDAY + 24 * 60 * MINUTE * u32::try_from(seed % 5).unwrap_or(0);
    let minutes = |from: Moment| (0..24 * 60u32).map(move |minute| from + MINUTE * minute);
    let opens = minutes(midnight).find(|at| hours.day_and_minute(*at).1 == OPENS).unwrap_or(midnight);
    let open = minutes(opens).find_map(|at| hours.open_span(at)).ok_or("its hours are never open")?;
    let made = made_day(plan, DayLoad::Normal, calls, seed);
    let mut agents: Vec<_> = made.shifts.iter().map(|shift| shift.agent).collect();
    agents.sort_unstable();
    agents.dedup();
    Ok(LunchDay {
        plan: Arc::new(telling(plan)),
        reason,
        turns,
        wall: opens,
        hours: (open.0.since(opens), open.1.since(opens)),
        agents,
        calls: made.calls,
        ring: made.ring,
        seed,
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happens {
    EndsTalk(ContactId),
    Answers(ContactId),
    Returns(AgentId),
    Wants(AgentId),
    GivesUp(ContactId),
    Calls(usize),
}

/// Lives through a day. Pure: the same day and rule give the same figures.
pub fn live_lunch(day: &LunchDay, rule: LunchRule) -> LunchFigures {
    let mut run = Run::new(day, rule);
    while let Some(Reverse((at, _, happens))) = run.next.pop() {
        run.step(at, happens);
    }
    run.figures
}

struct Run<'d> {
    day: &'d LunchDay,
    rule: LunchRule,
    room: Room,
    begin: Moment,
    now: Moment,
    next: BinaryHeap<Reverse<(Moment, u64, Happens)>>,
    numbered: u64,
    offers: BTreeMap<ContactId, Offer>,
    waiting: BTreeSet<ContactId>,
    /// How much longer than its span each lunch is.
    longer: BTreeMap<AgentId, Duration>,
    away: u64,
    figures: LunchFigures,
}

impl<'d> Run<'d> {
    fn new(day: &'d LunchDay, rule: LunchRule) -> Self {
        let begin = Moment::from_secs(1_000_000);
        let mut run = Self {
            day,
            rule,
            room: Room::new(day.plan.clone(), begin),
            begin,
            now: begin,
            next: BinaryHeap::new(),
            numbered: 0,
            offers: BTreeMap::new(),
            waiting: BTreeSet::new(),
            longer: BTreeMap::new(),
            away: 0,
            figures: LunchFigures { agents: day.agents.len() as u64, ..LunchFigures::default() },
        };
        run.room.wall_is(WallClock::says(day.wall, begin));
        let (opens, closes) = day.hours;
        let free = closes.saturating_sub(opens).saturating_sub(day.turns.span);
        let mut rng = Rng::new(day.seed ^ 0x6c75_6e63);
        for agent in (0..day.plan.agents.len()).map(|at| AgentId(u32::try_from(at).unwrap_or(u32::MAX))) {
            run.room.set_reachable(agent, true, begin);
            // Those who work do so whether or not the plan logs them in.
            let works = day.agents.contains(&agent);
            let _ = if works { run.room.log_in(agent, begin) } else { run.room.log_out(agent, begin) };
            let [first, second] = [rng.fraction(), rng.fraction()];
            let long = Duration::from_secs(if rng.below(10) == 0 { 60 + rng.below(240) } else { 0 });
            if works {
                let share = match rule {
                    LunchRule::Unplanned => first,
                    LunchRule::Together => f64::midpoint(first, second),
                    LunchRule::InTurns => first / 2.0,
                };
                run.longer.insert(agent, long);
                run.plan_after(opens + free.mul_f64(share), Happens::Wants(agent));
            }
        }
        for (place, call) in day.calls.iter().enumerate() {
            run.plan_after(call.at, Happens::Calls(place));
        }
        run
    }

    fn step(&mut self, at: Moment, happens: Happens) {
        while let Some(due) = self.room.next_deadline().filter(|due| *due < at) {
            self.now = due;
            self.room.handle_deadlines(due);
            self.drain();
        }
        self.now = at;
        match happens {
            Happens::EndsTalk(contact) => self.room.release(contact, EndedBy::Caller, at),
            Happens::Answers(contact) => {
                if let Some(offer) = self.offers.remove(&contact) {
                    self.room.accept(offer, at);
                }
            }
            // An agent who is not away any more is not ready by this.
            Happens::Returns(agent) => drop(self.room.ready(agent, at)),
            Happens::Wants(agent) => self.wants(agent),
            Happens::GivesUp(contact) => match self.offers.remove(&contact) {
                Some(offer) => self.room.settle(offer, OfferOutcome::CallerLeft, at),
                None if self.waiting.contains(&contact) => self.room.abandon(contact, at),
                None => {}
            },
            Happens::Calls(place) => self.calls(place),
        }
        self.drain();
    }

    fn wants(&mut self, agent: AgentId) {
        match self.rule {
            LunchRule::Unplanned | LunchRule::Together => {
                let asked = self.room.aux(agent, self.day.reason, self.now);
                debug_assert!(asked.is_ok(), "those who work are logged in");
            }
            LunchRule::InTurns => match self.room.ask_break(agent, self.day.reason, self.now) {
                Ok(BreakAnswer::Goes(_)) => self.figures.at_once += 1,
                // At the promised time the agent asks again; a turn that came during a call needs no asking.
                Ok(BreakAnswer::Promised(at)) => {
                    let again = at.max(self.now) + TAKES_UP;
                    self.plan_after(again.since(self.begin), Happens::Wants(agent));
                }
                Err(_) => {}
            },
        }
    }

    fn calls(&mut self, place: usize) {
        let call = self.day.calls[place];
        let contact = ContactId(place as u64 + 1);
        self.figures.callers += u64::from(self.is_lunch(call.at));
        let arrival = Arrival {
            contact,
            channel: Channel::Voice,
            queue: call.queue,
            priority: None,
            waiting_since: None,
        };
        self.waiting.insert(contact);
        self.room.enqueue(arrival, self.now);
        let after = self.now.since(self.begin) + call.patience;
        self.plan_after(after, Happens::GivesUp(contact));
    }

    /// Processes the room's outputs.
    #[expect(clippy::wildcard_enum_match_arm, reason = "a day in numbers needs a few facts of all")]
    fn drain(&mut self) {
        while let Some(output) = self.room.poll_output() {
            match output {
                RoomOutput::Offer(offer) => {
                    let contact = offer.contact();
                    self.offers.insert(contact, offer);
                    let after = self.now.since(self.begin) + self.day.ring;
                    self.plan_after(after, Happens::Answers(contact));
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
        let lunch = AgentState::Aux(AuxReason::Planned(self.day.reason));
        let passed = self.now.since(self.begin);
        match *fact {
            Fact::Connected { contact, queue, waited, .. } => {
                self.waiting.remove(&contact);
                let call = self.day.calls[contact.0 as usize - 1];
                if self.is_lunch(call.at) {
                    self.figures.answered += 1;
                    self.figures.waited += waited.as_secs_f64();
                    let target = self.day.plan.queues[queue.index()].wait_target;
                    self.figures.in_target += u64::from(waited <= target);
                }
                self.plan_after(passed + call.talk, Happens::EndsTalk(contact));
            }
            Fact::ContactEnded { contact, .. } => drop(self.waiting.remove(&contact)),
            Fact::AgentChanged { agent, to, .. } if to == lunch => {
                self.away += 1;
                self.figures.away_most = self.figures.away_most.max(self.away);
                let ends = passed + self.day.turns.span;
                let (opens, closes) = self.day.hours;
                self.figures.inside += u64::from(opens <= passed && ends <= closes);
                let longer = self.longer.get(&agent).copied().unwrap_or_default();
                self.plan_after(ends + longer, Happens::Returns(agent));
            }
            Fact::AgentChanged { from, .. } if from == lunch => self.away -= 1,
            Fact::Break(step) if step.change == BreakChange::Overstays => self.figures.overstays += 1,
            _ => {}
        }
    }

    fn is_lunch(&self, at: Duration) -> bool {
        self.day.hours.0 <= at && at < self.day.hours.1
    }

    fn plan_after(&mut self, after: Duration, happens: Happens) {
        self.numbered += 1;
        self.next.push(Reverse((self.begin + after, self.numbered, happens)));
    }
}

#[cfg(test)]
#[path = "lunch_tests.rs"]
mod tests;
