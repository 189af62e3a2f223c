//! What must be true after every step, seen from the facts and from the phones alone.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other facts begin and end nothing that has a deadline"
)]

use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;

use turno_acd::Oracle;
use turno_engine::Engine;
use turno_ground::Moment;
use turno_ledger::Ledger;
use turno_model::plan::{AcwPlan, Treatment};
use turno_model::{AgentId, AgentState as S, AuxReason, ContactId, Fact, Plan, QueueId};

use crate::outcomes::Outcomes;

/// How closely a world is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// Everything is looked at after every step.
    Every,
    /// Everything is looked at after one step in so many.
    OneIn(u64),
}

/// Everything that judges.
#[derive(Debug)]
pub(crate) struct Witness {
    plan: Arc<Plan>,
    oracle: Oracle,
    pub(crate) ledger: Ledger,
    pub(crate) outcomes: Outcomes,
    care: Care,
    steps: u64,
    /// How late the engine may be woken.
    lateness: Duration,
    /// What each agent does since when, and by which queue's spans.
    spells: BTreeMap<AgentId, Spell>,
    /// How many phones each agent has registered.
    registered: BTreeMap<AgentId, u32>,
    /// Who waits in which queue since when.
    lines: BTreeMap<ContactId, (QueueId, Moment)>,
}

/// One stay of an agent in a state.
#[derive(Clone, Copy, Debug)]
struct Spell {
    state: S,
    since: Moment,
    /// The queue of the present or last contact.
    queue: Option<QueueId>,
    cools_down_until: Option<Moment>,
}

impl Witness {
    pub(crate) fn new(plan: Arc<Plan>, care: Care, lateness: Duration, now: Moment) -> Self {
        let mut oracle = Oracle::new(plan.clone(), now);
        oracle.delay_max = lateness;
        Self {
            oracle,
            ledger: Ledger::new(plan.clone(), now),
            outcomes: Outcomes::default(),
            care,
            steps: 0,
            lateness,
            spells: BTreeMap::new(),
            registered: BTreeMap::new(),
            lines: BTreeMap::new(),
            plan,
        }
    }

    /// Takes a fact.
    pub(crate) fn reads(&mut self, at: Moment, fact: &Fact) {
        self.outcomes.add(at, fact);
        self.oracle.reads(fact, at);
        self.ledger.apply(at, fact);
        match fact {
            Fact::AgentChanged { agent, to, .. } => {
                let queue = self.spells.get(agent).and_then(|spell| spell.queue);
                let cools = (*to == S::Aux(AuxReason::Rona)).then_some(queue).flatten();
                let cools = cools.map(|queue| at + self.plan.queues[queue.index()].rona_cool_down);
                let spell = Spell { state: *to, since: at, queue, cools_down_until: cools };
                self.spells.insert(*agent, spell);
            }
            Fact::Offered { contact, agent, queue, .. } => {
                if let Some(spell) = self.spells.get_mut(agent) {
                    spell.queue = Some(*queue);
                }
                self.lines.remove(contact);
            }
            Fact::Registered { agent, contacts } => {
                self.registered.insert(*agent, *contacts);
            }
            Fact::Queued { contact, queue, .. } => {
                self.lines.insert(*contact, (*queue, at));
            }
            Fact::ContactEnded { contact, .. } => {
                self.lines.remove(contact);
            }
            _ => {}
        }
    }

    /// Looks at everything after a step.
    pub(crate) fn looks(&mut self, engine: &Engine, now: Moment) {
        self.steps += 1;
        let is_due = match self.care {
            Care::Every => true,
            Care::OneIn(many) => self.steps.is_multiple_of(many),
        };
        if is_due {
            engine.check_invariants();
            self.oracle.check();
            self.check_deadlines(now);
            if self.steps.is_multiple_of(16) {
                self.check_books(now);
            }
        }
    }

    /// Nothing that is not stable lasts longer than its deadline.
    fn check_deadlines(&self, now: Moment) {
        for (agent, spell) in &self.spells {
            let is_there = self.registered.get(agent).is_some_and(|contacts| *contacts > 0);
            assert!(is_there || spell.state != S::Available, "{agent:?} is available without a phone");
        }
        let slack = self.lateness + Duration::from_millis(1);
        for (agent, spell) in &self.spells {
            let Some(queue) = spell.queue.map(|queue| &self.plan.queues[queue.index()]) else { continue };
            let spent = now.since(spell.since);
            match spell.state {
                S::Ringing => assert!(spent <= queue.ring + slack, "{agent:?} rings for {spent:?}"),
                S::Acw => {
                    if let AcwPlan::Timed(span) = queue.acw {
                        assert!(spent <= span + slack, "{agent:?} is in after-call work for {spent:?}");
                    }
                }
                S::Aux(AuxReason::Rona) => {
                    let until = spell.cools_down_until.unwrap_or(spell.since);
                    assert!(now <= until + slack, "{agent:?} cools down for {spent:?}");
                }
                S::LoggedOut | S::Available | S::Talking | S::Holding | S::Aux(_) | S::OtherCall => {}
            }
        }
        for (contact, (queue, since)) in &self.lines {
            let plan = &self.plan.queues[queue.index()];
            let longest = plan.wait_max.filter(|_| plan.when_waited != Treatment::Wait);
            let waits = now.since(*since);
            assert!(longest.is_none_or(|span| waits <= span + slack), "{contact:?} waits for {waits:?}");
        }
    }

    /// Agent time sums to staffed time, and every contact is somewhere.
    pub(crate) fn check_books(&self, now: Moment) {
        if let Err(imbalance) = self.ledger.books(now) {
            panic!("{imbalance}");
        }
    }

    /// What must be true when everybody has gone home.
    pub(crate) fn proves_the_end(&self, now: Moment) {
        self.check_books(now);
        self.oracle.check_staffed_time(now);
        self.outcomes.prove_closed();
        for (agent, spell) in &self.spells {
            let is_left = spell.state.has_contact() || spell.state == S::OtherCall;
            assert!(!is_left, "{agent:?} is still {:?}", spell.state);
        }
    }

    /// Who waits in line.
    pub(crate) fn waiting(&self) -> usize {
        self.oracle.waiting().len()
    }

    /// What an agent does.
    pub(crate) fn state(&self, agent: AgentId) -> S {
        self.oracle.state(agent)
    }
}
