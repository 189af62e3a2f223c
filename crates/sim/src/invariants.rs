//! Checks after every step, by the facts and the phones alone.

use core::time::Duration;
use std::sync::Arc;

use turno_acd::Oracle;
use turno_engine::Engine;
use turno_ground::{Moment, WallClock};
use turno_ledger::Ledger;
use turno_model::{AgentId, AgentState as S, ContactId, Fact, Plan, QueueId};

use crate::called_back::CalledBack;
use crate::in_emergency::InEmergency;
use crate::in_menus::InMenus;
use crate::left_messages::LeftMessages;
use crate::listed::Listed;
use crate::observed::Observed;
use crate::outcomes::Outcomes;
use crate::passed::Passed;
use crate::patience::Patience;
use crate::recorded::Recorded;
use crate::remembered::Remembered;
use crate::spoken_to::SpokenTo;
use crate::state_timing::StateTiming;
use crate::surveyed::Surveyed;
use crate::telephoned::Telephones;

/// Margin on top of an absence.
const SECOND: Duration = Duration::from_secs(1);

/// How often everything is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// After every step.
    Every,
    /// After one step of so many.
    OneIn(u64),
}

/// All checkers.
#[derive(Debug)]
pub(crate) struct Invariants {
    oracle: Oracle,
    pub(crate) ledger: Ledger,
    pub(crate) outcomes: Outcomes,
    pub(crate) observed: Observed,
    pub(crate) recorded: Recorded,
    pub(crate) called_back: CalledBack,
    in_menus: InMenus,
    in_emergency: InEmergency,
    pub(crate) spoken_to: SpokenTo,
    pub(crate) surveyed: Surveyed,
    pub(crate) left_messages: LeftMessages,
    pub(crate) passed: Passed,
    pub(crate) remembered: Remembered,
    pub(crate) listed: Listed,
    pub(crate) telephones: Telephones,
    care: Care,
    steps: u64,
    timing: StateTiming,
    pub(crate) patience: Patience,
}

impl Invariants {
    pub(crate) fn new(plan: Arc<Plan>, care: Care, lateness: Duration, now: Moment) -> Self {
        let mut oracle = Oracle::new(plan.clone(), now);
        oracle.may_lack_ports = true;
        oracle.delay_max = lateness;
        Self {
            oracle,
            ledger: Ledger::new(plan.clone(), now),
            outcomes: Outcomes::default(),
            observed: Observed::default(),
            recorded: Recorded::new(plan.clone()),
            called_back: called_back(&plan),
            in_menus: InMenus::new(&plan),
            in_emergency: InEmergency::default(),
            spoken_to: SpokenTo::default(),
            surveyed: Surveyed::default(),
            left_messages: LeftMessages::default(),
            passed: Passed::new(&plan),
            remembered: Remembered::new(plan.clone(), now),
            listed: Listed::new(plan.clone()),
            telephones: Telephones::new(plan.clone()),
            care,
            steps: 0,
            timing: StateTiming::new(plan, lateness),
            patience: Patience::default(),
        }
    }

    /// The engine was absent between these two moments, so what was due then is late.
    pub(crate) fn was_away(&mut self, from: Moment, to: Moment) {
        self.oracle.delay_max = self.oracle.delay_max.max(to.since(from) + SECOND);
        self.timing.was_away(from, to);
    }

    /// The engine works by another plan from now on.
    pub(crate) fn works_by(&mut self, plan: &Arc<Plan>, now: Moment) {
        self.oracle.works_by(plan.clone(), now);
        self.ledger.move_to(plan.clone(), now);
        self.timing.works_by(plan.clone());
        self.recorded.works_by(plan);
        self.in_menus.works_by(plan);
        self.called_back.works_by(plan);
        self.remembered.works_by(plan.clone(), now);
        self.listed.works_by(plan.clone());
        self.telephones.works_by(plan.clone());
    }

    /// Whether a command has changed this agent's skill for a queue.
    pub(crate) fn has_changed_skill(&self, agent: usize, queue: usize) -> bool {
        self.oracle.has_changed_skill(agent, queue)
    }

    /// The wall clock shows this.
    pub(crate) const fn wall_is(&mut self, wall: Moment, now: Moment) {
        self.oracle.wall = WallClock::says(wall, now);
    }

    /// An agent is about to ask for a state.
    pub(crate) fn asks(&mut self, agent: AgentId, now: Moment) {
        self.timing.asks(agent, now);
    }

    /// An agent presses a key of a telephone, by which codes are dialled.
    pub(crate) fn keys(&mut self, agent: AgentId, now: Moment) {
        self.timing.keys(agent, now);
    }

    /// Takes a fact.
    pub(crate) fn reads(&mut self, at: Moment, fact: &Fact) {
        self.outcomes.add(at, fact);
        self.observed.reads(fact);
        self.recorded.reads(at, fact);
        self.called_back.reads(fact);
        self.in_menus.reads(at, fact);
        self.in_emergency.reads(fact);
        self.spoken_to.reads(fact);
        self.surveyed.reads(fact);
        self.left_messages.reads(fact);
        self.passed.reads(fact);
        self.remembered.reads(at, fact);
        self.listed.reads(at, fact);
        self.telephones.reads(fact);
        self.patience.reads(at, fact);
        self.oracle.reads(fact, at);
        self.ledger.apply(at, fact);
        self.timing.reads(at, fact);
    }

    /// Checks everything after a step.
    pub(crate) fn looks(&mut self, engine: &Engine, now: Moment) {
        self.steps += 1;
        let is_due = match self.care {
            Care::Every => true,
            Care::OneIn(many) => self.steps.is_multiple_of(many),
        };
        if is_due {
            let overlooked = engine.overlooked(now);
            assert!(overlooked.is_empty(), "they wait beside an agent who is free for them: {overlooked:?}");
            engine.check_invariants();
            self.oracle.lacks_ports = engine.ports_seen().free == 0;
            self.oracle.check();
            self.oracle.check_skills(now);
            self.timing.check(now);
            self.in_menus.check(self.oracle.delay_max + SECOND, now);
            if self.steps.is_multiple_of(16) {
                self.check_books(now);
            }
        }
    }

    /// Agent times sum to staffed time, and every contact is accounted for.
    pub(crate) fn check_books(&self, now: Moment) {
        if let Err(imbalance) = self.ledger.books(now) {
            panic!("{imbalance}");
        }
    }

    /// What must be true at the end.
    pub(crate) fn proves_the_end(&self, now: Moment) {
        self.check_books(now);
        self.oracle.check_staffed_time(now);
        self.outcomes.prove_closed();
        self.recorded.prove_closed();
        self.in_menus.prove_closed();
        self.spoken_to.prove_closed();
        self.surveyed.prove_closed();
        self.left_messages.prove_closed();
        self.passed.prove_closed();
        assert!(self.observed.open().is_empty(), "observed on: {:?}", self.observed.open());
        let left = self.timing.left_over();
        assert!(left.is_none(), "still at work: {left:?}");
    }

    /// How many breaks in turns began, and how many turns were taken back.
    pub(crate) const fn breaks(&self) -> (u64, u64) {
        self.oracle.breaks()
    }

    /// The contacts that wait or are offered.
    pub(crate) fn who_waits(&self) -> Vec<ContactId> {
        self.oracle.waiting()
    }

    /// Whether somebody stands in the line of a queue.
    pub(crate) fn waits_in(&self, queue: QueueId) -> bool {
        self.oracle.waits_in(queue)
    }

    /// The queue of a contact, if it is in the room.
    pub(crate) fn queue_of(&self, contact: ContactId) -> Option<QueueId> {
        self.oracle.queue_of(contact)
    }

    /// Whether an agent has the skill of a queue now.
    pub(crate) fn may_take(&self, agent: AgentId, queue: QueueId) -> bool {
        self.oracle.may_take(agent, queue)
    }

    /// How many contacts wait in line.
    pub(crate) fn waiting(&self) -> usize {
        self.oracle.waiting().len()
    }

    /// Whether anybody waits who is never sent away: a message of a caller, or somebody who writes.
    pub(crate) fn patient_wait(&self) -> bool {
        self.oracle.waiting().iter().any(|contact| self.timing.is_patient(contact))
    }

    /// How many steps of queues were taken.
    pub(crate) const fn stepped(&self) -> usize {
        self.oracle.stepped()
    }

    /// An agent's state.
    pub(crate) fn state(&self, agent: AgentId) -> S {
        self.oracle.state(agent)
    }
}

fn called_back(plan: &Plan) -> CalledBack {
    let mut called_back = CalledBack::default();
    called_back.works_by(plan);
    called_back
}
