//! How long agents and callers may be where they are: not longer than their deadlines, and not shorter than promised.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other facts begin and end nothing that has a deadline"
)]

use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;

use turno_ground::Moment;
use turno_model::plan::{AcwPlan, QueuePlan, Treatment};
use turno_model::{AgentId, AgentState as S, AuxReason, ContactId, Fact, Plan, QueueId};

/// One stay of an agent in a state.
#[derive(Clone, Copy, Debug)]
struct Spell {
    state: S,
    since: Moment,
    /// The queue of the contact that began the present state.
    queue: Option<QueueId>,
    /// Until when the last offer may ring.
    offered_until: Option<Moment>,
    /// Until when after-call work or a cool-down was promised to last.
    promised: Option<Moment>,
    /// When ringing or a hold must have come to something.
    due: Option<Moment>,
}

/// Who has been where since when.
#[derive(Debug)]
pub(crate) struct StateTiming {
    plan: Arc<Plan>,
    /// How late the engine may be woken.
    lateness: Duration,
    agents: BTreeMap<AgentId, Spell>,
    /// When each agent last asked for a state.
    asked: BTreeMap<AgentId, Moment>,
    /// How many phones each agent has registered.
    registered: BTreeMap<AgentId, u32>,
    /// By which queue each contact was last offered.
    queues: BTreeMap<ContactId, QueueId>,
    /// Until when each of those who wait may wait, where that has an end.
    lines: BTreeMap<ContactId, Moment>,
    /// When nothing was done: what fell due between these moments is done at the second.
    away: Vec<(Moment, Moment)>,
}

impl StateTiming {
    pub(crate) const fn new(plan: Arc<Plan>, lateness: Duration) -> Self {
        Self {
            plan,
            lateness,
            agents: BTreeMap::new(),
            asked: BTreeMap::new(),
            registered: BTreeMap::new(),
            queues: BTreeMap::new(),
            lines: BTreeMap::new(),
            away: Vec::new(),
        }
    }

    /// What begins from now on goes by another plan.
    pub(crate) fn works_by(&mut self, plan: Arc<Plan>) {
        self.plan = plan;
    }

    /// Nothing was done between these two moments.
    pub(crate) fn was_away(&mut self, from: Moment, to: Moment) {
        self.away.push((from - self.lateness, to));
    }

    /// An agent is about to ask for a state.
    pub(crate) fn asks(&mut self, agent: AgentId, now: Moment) {
        self.asked.insert(agent, now);
    }

    pub(crate) fn reads(&mut self, at: Moment, fact: &Fact) {
        match fact {
            Fact::AgentChanged { agent, from, to } => self.turn(*agent, *from, *to, at),
            Fact::Offered { contact, agent, queue, .. } => {
                let ring = self.plan.queues[queue.index()].ring;
                self.begins(*agent, *queue).offered_until = Some(at + ring);
                self.queues.insert(*contact, *queue);
                self.lines.remove(contact);
            }
            Fact::Held { contact, agent } => {
                if let Some(queue) = self.queues.get(contact).copied() {
                    self.begins(*agent, queue);
                }
            }
            Fact::Disconnected { agent, queue, .. } => {
                self.begins(*agent, *queue);
            }
            Fact::HoldRecalled { agent, .. } => {
                if let Some(spell) = self.agents.get_mut(agent) {
                    spell.due = None;
                }
            }
            Fact::Registered { agent, contacts } => {
                self.registered.insert(*agent, *contacts);
            }
            Fact::Queued { contact, queue, .. } => {
                let plan = &self.plan.queues[queue.index()];
                match plan.wait_max.filter(|_| plan.when_waited != Treatment::Wait) {
                    Some(span) => drop(self.lines.insert(*contact, at + span)),
                    None => drop(self.lines.remove(contact)),
                }
            }
            Fact::ContactEnded { contact, .. } => {
                self.queues.remove(contact);
                self.lines.remove(contact);
            }
            _ => {}
        }
    }

    /// Nothing that is not stable lasts longer than its deadline.
    pub(crate) fn check(&self, now: Moment) {
        for (agent, spell) in &self.agents {
            let is_there = self.registered.get(agent).is_some_and(|contacts| *contacts > 0);
            assert!(is_there || spell.state != S::Available, "{agent:?} is available without a phone");
            let spent = now.since(spell.since);
            let is_over = |due: Option<Moment>| due.is_some_and(|due| now > self.latest(due));
            match spell.state {
                S::Ringing => assert!(!is_over(spell.due), "{agent:?} rings for {spent:?}"),
                S::Acw | S::Aux(AuxReason::Rona) => {
                    assert!(!is_over(spell.promised), "{agent:?} is {:?} for {spent:?}", spell.state);
                }
                S::Holding => {
                    let is_forgotten = is_over(spell.due);
                    assert!(!is_forgotten, "{agent:?} holds a caller for {spent:?} and was not called back");
                }
                S::LoggedOut | S::Available | S::Talking | S::Aux(_) | S::OtherCall => {}
            }
        }
        for (contact, due) in &self.lines {
            assert!(now <= self.latest(*due), "{contact:?} waits {:?} too long", now.since(*due));
        }
    }

    /// When what is due must have been done.
    fn latest(&self, due: Moment) -> Moment {
        let away = self.away.iter().filter(|(from, to)| *from <= due && due <= *to);
        away.map(|(_, to)| *to).max().unwrap_or(due) + self.lateness + Duration::from_millis(1)
    }

    /// Who is still in a call when everybody has gone home.
    pub(crate) fn left_over(&self) -> Option<(AgentId, S)> {
        let is_left = |spell: &Spell| spell.state.has_contact() || spell.state == S::OtherCall;
        self.agents.iter().find(|(_, spell)| is_left(spell)).map(|(&agent, spell)| (agent, spell.state))
    }

    fn turn(&mut self, agent: AgentId, from: S, to: S, at: Moment) {
        let before = self.agents.get(&agent).copied();
        let queue = before.and_then(|spell| spell.queue);
        let plan = self.queue(queue);
        let acw = plan.and_then(|plan| match plan.acw {
            AcwPlan::Timed(span) => Some(span),
            AcwPlan::Manual => None,
        });
        let promised = match (from, to) {
            (S::Talking | S::Holding, S::Acw) => acw.map(|span| at + span),
            // What was missed beside another contact is atoned for when that has left.
            (S::Ringing | S::Acw, S::Aux(AuxReason::Rona)) => plan.map(|plan| at + plan.rona_cool_down),
            // A call of the agent's own, or a lost line, covers up what was promised and gives it back.
            (S::Acw | S::Aux(AuxReason::Rona), S::OtherCall | S::Aux(AuxReason::Unreachable))
            | (S::OtherCall | S::Aux(AuxReason::Unreachable), S::Acw | S::Aux(AuxReason::Rona)) => {
                before.and_then(|spell| spell.promised)
            }
            (
                S::OtherCall | S::Aux(AuxReason::Unreachable),
                S::OtherCall | S::Aux(AuxReason::Unreachable),
            ) => before.and_then(|spell| spell.promised),
            _ => None,
        };
        if let (S::Acw | S::Aux(AuxReason::Rona), S::Available) = (from, to) {
            // Wounds: wrap-up that ends early (Asterisk); an agent who is rung for ever (FreePBX).
            let is_kept = before.and_then(|spell| spell.promised).is_none_or(|until| at >= until);
            let has_asked = self.asked.get(&agent) == Some(&at);
            assert!(is_kept || has_asked, "{agent:?} is out of {from:?} before its time");
        }
        let due = match to {
            S::Ringing => before.and_then(|spell| spell.offered_until),
            S::Holding => plan.map(|plan| at + plan.hold_max),
            S::LoggedOut | S::Available | S::Talking | S::Acw | S::Aux(_) | S::OtherCall => None,
        };
        let offered_until = before.and_then(|spell| spell.offered_until);
        let spell = Spell { state: to, since: at, queue, offered_until, promised, due };
        self.agents.insert(agent, spell);
    }

    /// A contact of this queue is what happens to an agent next.
    fn begins(&mut self, agent: AgentId, queue: QueueId) -> &mut Spell {
        let spell = self.agents.entry(agent).or_insert(Spell {
            state: S::LoggedOut,
            since: Moment::default(),
            queue: None,
            offered_until: None,
            promised: None,
            due: None,
        });
        spell.queue = Some(queue);
        spell
    }

    fn queue(&self, queue: Option<QueueId>) -> Option<&QueuePlan> {
        queue.map(|queue| &self.plan.queues[queue.index()])
    }
}
