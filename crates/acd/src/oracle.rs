//! A naive room that only reads facts: it scans everything, and says whether each offer was the right one.
//!
//! It shares no line with the room: what it finds by looking at everybody, the room must have found by its indexes.
//! It panics with a sentence where the room was wrong, so it stands in tests and in the simulated world alone.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other facts change nothing that an offer depends on"
)]

use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;

use turno_ground::Moment;
use turno_model::{
    AgentId, AgentState as S, AuxReason, Candidate, ContactId, Decision, Fact, OfferId, OfferOutcome,
    PassedOver, Plan, QueueId, Rule,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Line,
    Ringing(OfferId, AgentId),
    With(AgentId),
}

#[derive(Clone, Debug)]
struct Caller {
    queue: QueueId,
    priority: u8,
    since: Moment,
    entered: Moment,
    at: At,
    missed_by: Vec<AgentId>,
}

/// All that the facts say, kept in lists.
#[derive(Debug)]
pub struct Oracle {
    plan: Arc<Plan>,
    /// Each agent's states with their beginnings.
    lives: Vec<Vec<(Moment, S)>>,
    callers: BTreeMap<ContactId, Caller>,
    /// The clocks of callers who were told to the room to have waited before.
    stated: BTreeMap<ContactId, Moment>,
    entered: usize,
    ended: usize,
    /// How late an offer may be; zero: in the very step that made it possible. Where deadlines are met late, what
    /// they bring is late too.
    pub delay_max: Duration,
    /// Whether there is no media port for an offer now, so that people wait beside somebody who is free.
    pub lacks_ports: bool,
}

impl Oracle {
    /// Everybody logged out, nobody there.
    pub fn new(plan: Arc<Plan>, now: Moment) -> Self {
        let lives = plan.agents.iter().map(|_| vec![(now, S::LoggedOut)]).collect();
        Self {
            plan,
            lives,
            callers: BTreeMap::new(),
            stated: BTreeMap::new(),
            entered: 0,
            ended: 0,
            delay_max: Duration::ZERO,
            lacks_ports: false,
        }
    }

    /// The contact that comes next was told to the room to have waited since then.
    pub fn states_clock(&mut self, contact: ContactId, since: Moment) {
        self.stated.insert(contact, since);
    }

    /// Goes by another plan from now on: new agents and queues stand behind those of the one before.
    pub fn works_by(&mut self, plan: Arc<Plan>, now: Moment) {
        self.lives.resize_with(plan.agents.len().max(self.lives.len()), || vec![(now, S::LoggedOut)]);
        self.plan = plan;
    }

    /// What an agent does by the facts.
    ///
    /// # Panics
    /// If the plan has no such agent.
    pub fn state(&self, agent: AgentId) -> S {
        self.lives[agent.index()].last().expect("a life begins").1
    }

    /// Callers in the room who talk.
    pub fn talking(&self) -> Vec<ContactId> {
        let with = self.callers.iter().filter(|(_, caller)| matches!(caller.at, At::With(_)));
        with.map(|(id, _)| *id).collect()
    }

    /// Callers in the room who wait or ring.
    pub fn waiting(&self) -> Vec<ContactId> {
        let with = self.callers.iter().filter(|(_, caller)| !matches!(caller.at, At::With(_)));
        with.map(|(id, _)| *id).collect()
    }

    /// Takes the next fact and judges it.
    ///
    /// # Panics
    /// With a sentence if the room was wrong.
    pub fn reads(&mut self, fact: &Fact, now: Moment) {
        match fact {
            Fact::AgentChanged { agent, from, to } => {
                assert_eq!(self.state(*agent), *from, "{agent:?}'s states follow each other");
                self.lives[agent.index()].push((now, *to));
            }
            Fact::Queued { contact, queue, priority, position } => {
                self.on_queued(*contact, *queue, *priority, *position, now);
            }
            Fact::Offered { offer, contact, agent, queue, decision, delay } => {
                assert!(*delay <= self.delay_max, "offered {delay:?} after the step that made it possible");
                assert_eq!((decision.contact, decision.queue, decision.winner), (*contact, *queue, *agent));
                self.judge(decision, now);
                self.caller(*contact).at = At::Ringing(*offer, *agent);
            }
            Fact::OfferSettled { offer, contact, agent, outcome, .. } => {
                let caller = self.caller(*contact);
                assert_eq!(caller.at, At::Ringing(*offer, *agent), "an offer is settled once, where it rang");
                caller.at = At::Line;
                match outcome {
                    OfferOutcome::Accepted => caller.at = At::With(*agent),
                    OfferOutcome::Refused
                    | OfferOutcome::NoAnswer
                    | OfferOutcome::Unreachable
                    | OfferOutcome::Incompatible => {
                        caller.missed_by.push(*agent);
                    }
                    OfferOutcome::CallerLeft | OfferOutcome::Withdrawn => {}
                }
            }
            Fact::Connected { contact, waited, .. } => {
                assert_eq!(now.since(self.caller(*contact).entered), *waited);
            }
            Fact::Disconnected { contact, agent, .. } => {
                let caller = self.caller(*contact);
                assert_eq!(caller.at, At::With(*agent), "an agent leaves the contact that they had");
                caller.missed_by.push(*agent);
            }
            Fact::ContactEnded { contact, .. } => {
                assert!(self.callers.remove(contact).is_some(), "{contact:?} ends once");
                self.ended += 1;
            }
            _ => {}
        }
    }

    /// What must be true after every step: one contact an agent, nobody waits beside somebody who is free.
    ///
    /// # Panics
    /// With a sentence if it is not.
    pub fn check(&self) {
        for (at, _) in (0u32..).zip(&self.lives) {
            let agent = AgentId(at);
            let held = self.callers.values().filter(|caller| match caller.at {
                At::Line => false,
                At::Ringing(_, by) | At::With(by) => by == agent,
            });
            assert_eq!(
                held.count(),
                usize::from(self.state(agent).has_contact()),
                "{agent:?} has one at most"
            );
            for (id, caller) in &self.callers {
                let fits = self.state(agent) == S::Available && self.level(agent, caller.queue).is_some();
                let waits_in_vain = fits && caller.at == At::Line && !self.lacks_ports;
                assert!(!waits_in_vain, "{id:?} waits, {agent:?} is free, and there are media ports");
            }
        }
        assert_eq!(
            self.entered,
            self.ended + self.callers.len(),
            "whoever entered has ended once or is there"
        );
    }

    /// Staffed time is the sum of its parts, to the microsecond.
    ///
    /// # Panics
    /// If it is not.
    pub fn check_staffed_time(&self, now: Moment) {
        for life in &self.lives {
            let mut staffed = Duration::ZERO;
            let mut parts = BTreeMap::<S, Duration>::new();
            let mut since = None;
            for (at, (from, state)) in life.iter().enumerate() {
                let until = life.get(at + 1).map_or(now, |next| next.0);
                *parts.entry(*state).or_default() += until.since(*from);
                match (since, state.is_staffed()) {
                    (None, true) => since = Some(*from),
                    (Some(start), false) => {
                        staffed += from.since(start);
                        since = None;
                    }
                    (None, false) | (Some(_), true) => {}
                }
            }
            staffed += since.map_or(Duration::ZERO, |start| now.since(start));
            let sum: Duration =
                parts.iter().filter(|(state, _)| state.is_staffed()).map(|(_, span)| *span).sum();
            assert_eq!(staffed, sum);
        }
    }

    fn on_queued(&mut self, id: ContactId, queue: QueueId, priority: u8, position: u32, now: Moment) {
        let stated = self.stated.get(&id).copied().unwrap_or(now);
        let known = self.callers.remove(&id);
        self.entered += usize::from(known.is_none());
        let caller = match known {
            Some(known) => Caller { queue, priority, entered: now, at: At::Line, ..known },
            None => Caller {
                queue,
                priority,
                since: stated,
                entered: stated,
                at: At::Line,
                missed_by: Vec::new(),
            },
        };
        let key = need(id, &caller);
        let line = self.callers.iter().filter(|(_, other)| other.queue == queue && other.at == At::Line);
        let ahead = line.filter(|(other_id, other)| need(**other_id, other) < key).count();
        assert_eq!(position as usize, ahead + 1, "{id:?} is told the right place");
        self.callers.insert(id, caller);
    }

    /// Whether an offer is the one that the rules want.
    fn judge(&self, decision: &Decision, now: Moment) {
        let caller = &self.callers[&decision.contact];
        assert_eq!(caller.at, At::Line, "only who stands in line is offered");
        assert_eq!(now.since(caller.entered), decision.waited);
        assert_eq!(now.since(self.idle_since(decision.winner)), decision.idle);
        assert_eq!(self.state(decision.winner), S::Available);
        assert!(self.level(decision.winner, caller.queue).is_some(), "the winner has the skill");
        let free: Vec<AgentId> = self
            .agents()
            .filter(|agent| self.state(*agent) == S::Available && self.level(*agent, caller.queue).is_some())
            .collect();
        if decision.rule == Rule::GreatestNeed {
            assert_eq!(free, [decision.winner], "nobody else could have taken it");
            self.judge_need(decision);
        } else {
            self.judge_agent(decision, caller, &free);
        }
    }

    fn judge_need(&self, decision: &Decision) {
        let mut line: Vec<_> = self
            .callers
            .iter()
            .filter(|(_, caller)| {
                caller.at == At::Line && self.level(decision.winner, caller.queue).is_some()
            })
            .map(|(id, caller)| need(*id, caller))
            .collect();
        line.sort_unstable();
        assert_eq!(line[0].2, decision.contact, "greatest need first");
        assert_eq!(decision.passed_over.len() + decision.others as usize, line.len() - 1);
        let winner = &self.callers[&decision.contact];
        for &(candidate, why) in &decision.passed_over {
            let Candidate::Contact(id, queue) = candidate else { panic!("contacts were compared") };
            let other = &self.callers[&id];
            assert_eq!((other.queue, other.at), (queue, At::Line));
            let lower = other.priority < winner.priority;
            assert_eq!(why, if lower { PassedOver::LowerPriority } else { PassedOver::ShorterWait });
        }
    }

    fn judge_agent(&self, decision: &Decision, caller: &Caller, free: &[AgentId]) {
        assert_eq!(decision.rule, self.plan.queues[caller.queue.index()].rule);
        let missed = |agent: &AgentId| caller.missed_by.contains(agent);
        let best = free.iter().min_by_key(|agent| (missed(agent), self.rank(**agent, caller.queue)));
        assert_eq!(best, Some(&decision.winner), "the rule's own choice among {free:?}");
        let staffed = self
            .agents()
            .filter(|agent| self.state(*agent).is_staffed() && self.level(*agent, caller.queue).is_some());
        assert_eq!(decision.passed_over.len() + decision.others as usize, staffed.count() - 1);
        for &(candidate, why) in &decision.passed_over {
            let Candidate::Agent(agent) = candidate else { panic!("agents were compared") };
            let is_right = match self.state(agent) {
                S::Available => matches!(
                    why,
                    PassedOver::LessIdle
                        | PassedOver::WorseLevel
                        | PassedOver::MoreOccupied
                        | PassedOver::TriedBefore
                ),
                S::Aux(AuxReason::Rona) => why == PassedOver::CoolingDown,
                S::Aux(AuxReason::Unreachable) => why == PassedOver::Unreachable,
                S::Aux(_) => why == PassedOver::NotReady,
                _ => why == PassedOver::Occupied,
            };
            assert!(is_right, "{agent:?} is {:?}: {why:?}", self.state(agent));
        }
    }

    fn agents(&self) -> impl Iterator<Item = AgentId> + use<> {
        (0..u32::try_from(self.lives.len()).expect("a small room")).map(AgentId)
    }

    fn caller(&mut self, id: ContactId) -> &mut Caller {
        self.callers.get_mut(&id).expect("the contact is in the room")
    }

    fn level(&self, agent: AgentId, queue: QueueId) -> Option<u8> {
        let skill = self.plan.queues[queue.index()].skill;
        let skills = &self.plan.agents[agent.index()].skills;
        skills.iter().find(|(has, _)| *has == skill).map(|(_, level)| *level)
    }

    fn rank(&self, agent: AgentId, queue: QueueId) -> (u8, u128, Moment, AgentId) {
        let level = self.level(agent, queue).expect("the agent has the skill");
        let (level, occupancy) = match self.plan.queues[queue.index()].rule {
            Rule::UcdMia | Rule::GreatestNeed => (0, 0),
            Rule::EadMia => (level, 0),
            Rule::UcdLoa => (0, self.occupancy(agent)),
            Rule::EadLoa => (level, self.occupancy(agent)),
        };
        (level, occupancy, self.idle_since(agent), agent)
    }

    /// The beginning of the unbroken row of states that count as idle, up to now.
    fn idle_since(&self, agent: AgentId) -> Moment {
        let mut since = None;
        for &(from, state) in self.lives[agent.index()].iter().rev() {
            let counts = match state {
                S::Available | S::Ringing | S::OtherCall => true,
                S::Acw => self.plan.room.acw_considered_idle,
                S::Aux(AuxReason::Planned(_) | AuxReason::Unreachable) => self.plan.room.aux_considered_idle,
                S::Aux(AuxReason::Rona | AuxReason::LoggedIn | AuxReason::Incompatible)
                | S::LoggedOut
                | S::Talking
                | S::Holding => false,
            };
            if !counts {
                break;
            }
            since = Some(from);
        }
        since.expect("an available agent is idle")
    }

    /// In millionths, from the log-in to the beginning of the present state.
    fn occupancy(&self, agent: AgentId) -> u128 {
        let life = &self.lives[agent.index()];
        let log_in =
            life.iter().rposition(|(_, state)| *state == S::LoggedOut).expect("a life begins logged out");
        let (mut occupied, mut worked) = (0, 0);
        for pair in life[log_in + 1..].windows(2) {
            let span = pair[1].0.since(pair[0].0).as_micros();
            match pair[0].1 {
                S::Ringing | S::Talking | S::Holding | S::Acw => {
                    occupied += span;
                    worked += span;
                }
                S::Available | S::OtherCall => worked += span,
                S::Aux(_) | S::LoggedOut => {}
            }
        }
        (occupied * 1_000_000u128).checked_div(worked).unwrap_or(0)
    }
}

fn need(id: ContactId, caller: &Caller) -> (core::cmp::Reverse<u8>, Moment, ContactId) {
    (core::cmp::Reverse(caller.priority), caller.since, id)
}
