//! The main figures, counted plainly: straight from facts, by the words of the field, with no code of history or ledger.

use core::time::Duration;
use std::collections::BTreeMap;

use turno_ground::Moment;
use turno_model::plan::QueuePlan;
use turno_model::{
    AgentState, ContactId, ContactOutcome, EndedBy, Fact, OfferOutcome, Passing, PassingChange, Plan,
    PlanIndex,
};

/// The length of a half hour in microseconds.
const HALF_HOUR: u64 = 1_800_000_000;

/// Figures by the names of the history's columns.
pub(crate) type Figures = BTreeMap<&'static str, i64>;

/// Figures by half hour and by the name of a queue or agent.
pub(crate) type HalfHours = BTreeMap<(Moment, String), Figures>;

/// The figures of queues that are counted here.
pub(crate) const OF_QUEUES: [&str; 14] = [
    "entered",
    "answered",
    "answered_in_target",
    "abandoned",
    "abandoned_short",
    "outflowed",
    "dequeued",
    "answer_wait_us",
    "abandon_wait_us",
    "handled",
    "talk_us",
    "hold_us",
    "acw_us",
    "offers_no_answer",
];

/// The figures of agents that are counted here.
pub(crate) const OF_AGENTS: [&str; 10] = [
    "available_us",
    "ringing_us",
    "talking_us",
    "holding_us",
    "acw_us",
    "other_call_us",
    "aux_us",
    "offered",
    "answered",
    "missed",
];

/// The begin of the half hour of a moment.
pub(crate) const fn half_hour(at: Moment) -> Moment {
    Moment::from_micros(at.as_micros() / HALF_HOUR * HALF_HOUR)
}

/// What is counted.
#[derive(Debug, Default)]
pub(crate) struct Plain {
    targets: BTreeMap<String, (Duration, Duration)>,
    contacts: BTreeMap<ContactId, Vec<Visit>>,
    agents: BTreeMap<String, Sitting>,
    pub(crate) queues: HalfHours,
    pub(crate) of_agents: HalfHours,
}

/// A contact's stay in a queue.
#[derive(Debug)]
struct Visit {
    queue: String,
    entered: Moment,
    left: Option<Moment>,
    outcome: Option<ContactOutcome>,
    is_given_back: bool,
    talks: Vec<Talk>,
    handled: i64,
    talked: Duration,
    held: Duration,
}

/// A talk that goes on. Its time is taken from the moments of facts: what `Disconnected` says leaves out the time in which a
/// turno was down, during which the two went on talking.
#[derive(Debug)]
struct Talk {
    agent: String,
    is_held: bool,
    talked: Duration,
    held: Duration,
    until: Moment,
}

impl Talk {
    const fn new(agent: String, at: Moment) -> Self {
        Self { agent, is_held: false, talked: Duration::ZERO, held: Duration::ZERO, until: at }
    }

    fn spend(&mut self, at: Moment) {
        let span = at.since(self.until);
        *(if self.is_held { &mut self.held } else { &mut self.talked }) += span;
        self.until = at;
    }
}

impl Visit {
    fn is_answered(&mut self, agent: String, at: Moment) {
        self.is_given_back = false;
        if self.outcome.is_none() {
            self.outcome = Some(ContactOutcome::Answered);
            self.left = Some(at);
        }
        self.talks.push(Talk::new(agent, at));
    }

    fn end_talk(&mut self, agent: &str, at: Moment) {
        if let Some(place) = self.talks.iter().position(|talk| talk.agent == agent) {
            let mut talk = self.talks.remove(place);
            talk.spend(at);
            self.handled += 1;
            self.talked += talk.talked;
            self.held += talk.held;
        }
    }

    fn end_all_talks(&mut self, at: Moment) {
        while let Some(agent) = self.talks.first().map(|talk| talk.agent.clone()) {
            self.end_talk(&agent, at);
        }
    }
}

/// An agent's present state.
#[derive(Debug)]
struct Sitting {
    state: AgentState,
    since: Moment,
    counted_until: Moment,
    /// The queue of the agent's last talk.
    queue: Option<String>,
}

impl Plain {
    /// Nothing counted yet, with the targets of this plan.
    pub(crate) fn new(plan: &Plan) -> Self {
        let targets = |queue: &QueuePlan| (queue.name.clone(), (queue.wait_target, queue.short_abandon));
        Self { targets: plan.queues.iter().map(targets).collect(), ..Self::default() }
    }

    /// Counts a fact.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only the main figures are counted")]
    pub(crate) fn count(&mut self, index: &PlanIndex, at: Moment, fact: &Fact) {
        let queue_of = |place: usize| index.queues.get(place).cloned().unwrap_or_default();
        let agent_of = |place: usize| index.agents.get(place).cloned().unwrap_or_default();
        match fact {
            Fact::ContactArrived { contact, .. } => drop(self.contacts.insert(*contact, Vec::new())),
            Fact::TurnedAway { contact, .. } => drop(self.contacts.remove(contact)),
            Fact::Queued { contact, queue, .. } => self.enters(*contact, queue_of(queue.index()), at),
            Fact::Connected { contact, agent, queue, .. } => {
                let agent = agent_of(agent.index());
                self.add_to_agent(at, &agent, "answered", 1);
                self.works_for(&agent, queue_of(queue.index()));
                self.last_visit(*contact, |visit| visit.is_answered(agent, at));
            }
            Fact::TakenOver { contact, to, queue, .. } => {
                let agent = agent_of(to.index());
                self.works_for(&agent, queue_of(queue.index()));
                self.last_visit(*contact, |visit| visit.talks.push(Talk::new(agent, at)));
            }
            Fact::Held { contact, agent } => self.holds(*contact, &agent_of(agent.index()), true, at),
            Fact::Resumed { contact, agent } => self.holds(*contact, &agent_of(agent.index()), false, at),
            Fact::Passing(Passing { contact, change: PassingChange::Returned, .. }) => {
                self.last_visit(*contact, |visit| visit.is_given_back = true);
            }
            Fact::Disconnected { contact, agent, .. } => {
                let agent = agent_of(agent.index());
                self.last_visit(*contact, |visit| visit.end_talk(&agent, at));
            }
            Fact::ContactEnded { contact, outcome, by, .. } => self.ends(*contact, (*outcome, *by), at),
            Fact::Offered { agent, .. } => self.add_to_agent(at, &agent_of(agent.index()), "offered", 1),
            Fact::OfferSettled { agent, queue, outcome: OfferOutcome::NoAnswer, .. } => {
                self.add_to_agent(at, &agent_of(agent.index()), "missed", 1);
                self.add_to_queue(at, &queue_of(queue.index()), "offers_no_answer", 1);
            }
            Fact::AgentChanged { agent, to, .. } => self.changes(&agent_of(agent.index()), *to, at),
            _ => {}
        }
    }

    /// Counts the time of all agents until this moment.
    pub(crate) fn count_until(&mut self, at: Moment) {
        for agent in self.agents.keys().cloned().collect::<Vec<_>>() {
            self.spend(&agent, at);
        }
    }

    /// Forgets the half hours of other days.
    pub(crate) fn keep_only(&mut self, from: Moment, until: Moment) {
        let is_kept = |start: Moment| half_hour(from) <= start && start < until;
        self.queues.retain(|(start, _), _| is_kept(*start));
        self.of_agents.retain(|(start, _), _| is_kept(*start));
    }

    fn enters(&mut self, contact: ContactId, queue: String, at: Moment) {
        let Some(visits) = self.contacts.get_mut(&contact) else { return };
        if let Some(last) = visits.last_mut() {
            let waits = last.outcome.is_none();
            if last.queue == queue && (waits || last.is_given_back) {
                return;
            }
            if waits {
                last.outcome = Some(ContactOutcome::Dequeued);
                last.left = Some(at);
            }
        }
        visits.push(Visit {
            queue,
            entered: at,
            left: None,
            outcome: None,
            is_given_back: false,
            talks: Vec::new(),
            handled: 0,
            talked: Duration::ZERO,
            held: Duration::ZERO,
        });
    }

    fn holds(&mut self, contact: ContactId, agent: &str, is_held: bool, at: Moment) {
        self.last_visit(contact, |visit| {
            if let Some(talk) = visit.talks.iter_mut().find(|talk| talk.agent == agent) {
                talk.spend(at);
                talk.is_held = is_held;
            }
        });
    }

    fn last_visit(&mut self, contact: ContactId, change: impl FnOnce(&mut Visit)) {
        if let Some(visit) = self.contacts.get_mut(&contact).and_then(|visits| visits.last_mut()) {
            change(visit);
        }
    }

    fn ends(&mut self, contact: ContactId, (outcome, by): (ContactOutcome, EndedBy), at: Moment) {
        let Some(visits) = self.contacts.remove(&contact) else { return };
        for mut visit in visits {
            visit.end_all_talks(at);
            let waited = visit.left.unwrap_or(at).since(visit.entered);
            // Who was answered before and waits again leaves the last queue by who ended it.
            let outcome = visit.outcome.unwrap_or(match (outcome, by) {
                (ContactOutcome::Answered, EndedBy::Caller) => ContactOutcome::Abandoned,
                (ContactOutcome::Answered, EndedBy::System) => ContactOutcome::Outflowed,
                (ContactOutcome::Answered, EndedBy::Agent | EndedBy::Transfer) => ContactOutcome::Dequeued,
                (ContactOutcome::Abandoned | ContactOutcome::Outflowed | ContactOutcome::Dequeued, _) => {
                    outcome
                }
            });
            let (wait_target, short) = self.targets.get(&visit.queue).copied().unwrap_or_default();
            let mut add = |name, number| self.add_to_queue(at, &visit.queue, name, number);
            add("entered", 1);
            match outcome {
                ContactOutcome::Answered => {
                    add("answered", 1);
                    add("answered_in_target", (waited <= wait_target).into());
                    add("answer_wait_us", micros(waited));
                }
                ContactOutcome::Abandoned => {
                    add("abandoned", 1);
                    add("abandoned_short", (waited < short).into());
                    add("abandon_wait_us", micros(waited));
                }
                ContactOutcome::Outflowed => add("outflowed", 1),
                ContactOutcome::Dequeued => add("dequeued", 1),
            }
            add("handled", visit.handled);
            add("talk_us", micros(visit.talked));
            add("hold_us", micros(visit.held));
        }
    }

    fn works_for(&mut self, agent: &str, queue: String) {
        if let Some(sitting) = self.agents.get_mut(agent) {
            sitting.queue = Some(queue);
        }
    }

    fn changes(&mut self, agent: &str, to: AgentState, at: Moment) {
        self.spend(agent, at);
        let old = self.agents.remove(agent);
        let queue = old.as_ref().and_then(|old| old.queue.clone());
        if let Some((old, queue)) = old.as_ref().zip(queue.as_ref())
            && old.state == AgentState::Acw
            && to != AgentState::Acw
        {
            self.add_to_queue(at, queue, "acw_us", micros(at.since(old.since)));
        }
        self.agents.insert(agent.to_owned(), Sitting { state: to, since: at, counted_until: at, queue });
    }

    fn spend(&mut self, agent: &str, until: Moment) {
        let Some(sitting) = self.agents.get_mut(agent) else { return };
        let (name, mut from) = (column(sitting.state), sitting.counted_until);
        sitting.counted_until = from.max(until);
        let Some(name) = name else { return };
        while from < until {
            let border = Moment::from_micros(half_hour(from).as_micros() + HALF_HOUR).min(until);
            self.add_to_agent(from, agent, name, micros(border.since(from)));
            from = border;
        }
    }

    fn add_to_queue(&mut self, at: Moment, queue: &str, name: &'static str, number: i64) {
        add(&mut self.queues, at, queue, (name, number));
    }

    fn add_to_agent(&mut self, at: Moment, agent: &str, name: &'static str, number: i64) {
        add(&mut self.of_agents, at, agent, (name, number));
    }
}

fn add(all: &mut HalfHours, at: Moment, whose: &str, (name, number): (&'static str, i64)) {
    if number != 0 {
        *all.entry((half_hour(at), whose.to_owned())).or_default().entry(name).or_default() += number;
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

const fn column(state: AgentState) -> Option<&'static str> {
    Some(match state {
        AgentState::LoggedOut => return None,
        AgentState::Available => "available_us",
        AgentState::Ringing => "ringing_us",
        AgentState::Talking => "talking_us",
        AgentState::Holding => "holding_us",
        AgentState::Acw => "acw_us",
        AgentState::Aux(_) => "aux_us",
        AgentState::OtherCall => "other_call_us",
    })
}
