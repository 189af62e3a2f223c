//! The room as it is now: who does what and since when, and who waits, followed from the facts.

use std::collections::BTreeMap;

use prometheus::{CounterVec, GaugeVec, IntGaugeVec, Opts, Registry};
use turno_ground::Moment;
use turno_model::{AgentState, AuxReason, ContactId, Fact, Plan, QueueId};

use crate::metrics::{gauges, register};

/// The families of the present; spans are brought up to date at each scrape.
pub(crate) struct RoomMeters {
    agents: Vec<Seated>,
    aux_names: Vec<String>,
    queues: Vec<String>,
    waiting: BTreeMap<ContactId, (QueueId, Moment)>,
    by_state: IntGaugeVec,
    of_agent: IntGaugeVec,
    since: GaugeVec,
    handling: GaugeVec,
    registered: IntGaugeVec,
    state_seconds: CounterVec,
    depth: IntGaugeVec,
    oldest: GaugeVec,
    staff: IntGaugeVec,
}

struct Seated {
    name: String,
    queues: Vec<QueueId>,
    state: AgentState,
    /// When the state began.
    since: Moment,
    /// Up to when its time is in the counters.
    booked: Moment,
    serving: Option<(QueueId, Moment)>,
}

/// The two words of a state, as labels.
type Words<'a> = [&'a str; 2];

const STATES: [&str; 8] =
    ["logged_out", "available", "ringing", "talking", "holding", "acw", "aux", "other_call"];

impl RoomMeters {
    /// Puts the families on the list; everybody is logged out, nobody waits.
    pub(crate) fn new(registry: &Registry, plan: &Plan, now: Moment) -> Self {
        let floats = |name: &str, help: &str, labels: &[&str]| {
            register(registry, GaugeVec::new(Opts::new(name, help), labels).expect("valid names"))
        };
        targets(registry, plan);
        let state_seconds =
            Opts::new("turno_agents_state_seconds_total", "Agents' time by state and reason.");
        let room = Self {
            agents: plan.agents.iter().map(|agent| Seated::new(plan, agent, now)).collect(),
            aux_names: plan.aux_reasons.iter().map(|reason| reason.name.clone()).collect(),
            queues: plan.queues.iter().map(|queue| queue.name.clone()).collect(),
            waiting: BTreeMap::new(),
            by_state: gauges(registry, "turno_agents", "Agents by state and reason.", &["state", "reason"]),
            of_agent: gauges(
                registry,
                "turno_agent_state",
                "1 for the state that the agent is in.",
                &["agent", "state", "reason"],
            ),
            since: floats(
                "turno_agent_state_since_seconds",
                "When the agent's state began (Unix time).",
                &["agent"],
            ),
            handling: floats(
                "turno_agent_handling_seconds",
                "The handling clock of the contact that the agent is on: talk and hold so far.",
                &["agent", "queue"],
            ),
            registered: gauges(
                registry,
                "turno_agent_registrations",
                "Contacts that the agent's seat has registered.",
                &["agent"],
            ),
            state_seconds: register(
                registry,
                CounterVec::new(state_seconds, &["state", "reason"]).expect("valid names"),
            ),
            depth: gauges(registry, "turno_queue_depth", "Contacts waiting.", &["queue"]),
            oldest: floats("turno_queue_oldest_wait_seconds", "The longest present wait.", &["queue"]),
            staff: gauges(
                registry,
                "turno_queue_agents",
                "Agents with the queue's skill, by state.",
                &["queue", "state"],
            ),
        };
        for (queue, state) in room.queues.iter().flat_map(|queue| STATES.map(|state| (queue, state))) {
            room.staff.with_label_values(&[queue.as_str(), state]).set(0);
        }
        for agent in &room.agents {
            room.enter(agent);
            room.registered.with_label_values(&[&agent.name]).set(0);
        }
        room
    }

    /// Follows one fact.
    pub(crate) fn apply(&mut self, at: Moment, fact: &Fact) {
        match fact {
            Fact::AgentChanged { agent, to, .. } => self.agent_changed(agent.index(), *to, at),
            Fact::Registered { agent, contacts } => {
                if let Some(agent) = self.agents.get(agent.index()) {
                    self.registered.with_label_values(&[&agent.name]).set(i64::from(*contacts));
                }
            }
            Fact::Queued { contact, queue, .. } => {
                self.waiting.insert(*contact, (*queue, at));
            }
            Fact::Connected { contact, agent, queue, .. } => {
                self.waiting.remove(contact);
                self.clock(agent.index(), Some((*queue, at)));
            }
            Fact::Disconnected { agent, .. } => self.clock(agent.index(), None),
            Fact::ContactEnded { contact, .. } => {
                self.waiting.remove(contact);
            }
            Fact::Started
            | Fact::ContactArrived { .. }
            | Fact::MenuChosen { .. }
            | Fact::TurnedAway { .. }
            | Fact::Offered { .. }
            | Fact::OfferSettled { .. }
            | Fact::Held { .. }
            | Fact::Resumed { .. }
            | Fact::HoldRecalled { .. }
            | Fact::TargetWarned { .. }
            | Fact::TargetBreached { .. }
            | Fact::Transferred { .. }
            | Fact::AgentAsked { .. }
            | Fact::WrapUp { .. }
            | Fact::TrunkChanged { .. }
            | Fact::MediaReported { .. }
            | Fact::Alarm { .. } => {}
        }
    }

    /// Brings every span up to `now`.
    pub(crate) fn refresh(&mut self, now: Moment) {
        for agent in &mut self.agents {
            let [state, reason] = words(&self.aux_names, agent.state);
            book(&self.state_seconds, [state, reason], agent, now);
            if let Some((queue, began)) = agent.serving {
                let queue = self.queues.get(queue.index()).map_or("", String::as_str);
                let span = now.since(began).as_secs_f64();
                self.handling.with_label_values(&[agent.name.as_str(), queue]).set(span);
            }
        }
        let mut lines = vec![(0i64, now); self.queues.len()];
        for (queue, since) in self.waiting.values() {
            if let Some((depth, oldest)) = lines.get_mut(queue.index()) {
                *depth += 1;
                *oldest = (*oldest).min(*since);
            }
        }
        for (queue, (depth, oldest)) in self.queues.iter().zip(lines) {
            self.depth.with_label_values(&[queue]).set(depth);
            self.oldest.with_label_values(&[queue]).set(now.since(oldest).as_secs_f64());
        }
    }

    fn agent_changed(&mut self, place: usize, to: AgentState, at: Moment) {
        let Some(agent) = self.agents.get_mut(place) else { return };
        let [state, reason] = words(&self.aux_names, agent.state);
        book(&self.state_seconds, [state, reason], agent, at);
        self.by_state.with_label_values(&[state, reason]).dec();
        let _ = self.of_agent.remove_label_values(&[agent.name.as_str(), state, reason]);
        for queue in &agent.queues {
            self.staff.with_label_values(&[self.queues[queue.index()].as_str(), state]).dec();
        }
        agent.state = to;
        agent.since = at;
        self.enter(&self.agents[place]);
    }

    /// Shows the agent's present state in every family.
    fn enter(&self, agent: &Seated) {
        let [state, reason] = words(&self.aux_names, agent.state);
        self.by_state.with_label_values(&[state, reason]).inc();
        self.of_agent.with_label_values(&[agent.name.as_str(), state, reason]).set(1);
        #[expect(clippy::cast_precision_loss, reason = "microseconds since 1970 stay below 2^53")]
        self.since.with_label_values(&[&agent.name]).set(agent.since.as_micros() as f64 * 1e-6);
        for queue in &agent.queues {
            self.staff.with_label_values(&[self.queues[queue.index()].as_str(), state]).inc();
        }
    }

    fn clock(&mut self, place: usize, serving: Option<(QueueId, Moment)>) {
        let Some(agent) = self.agents.get_mut(place) else { return };
        if let Some((queue, _)) = agent.serving.take() {
            let queue = self.queues.get(queue.index()).map_or("", String::as_str);
            // It is not there if no scrape came during the contact.
            let _ = self.handling.remove_label_values(&[agent.name.as_str(), queue]);
        }
        agent.serving = serving;
    }
}

impl Seated {
    fn new(plan: &Plan, agent: &turno_model::plan::AgentPlan, now: Moment) -> Self {
        let has = |skill| agent.skills.iter().any(|&(own, _)| own == skill);
        let queues = (0u32..).map(QueueId).zip(&plan.queues).filter(|(_, queue)| has(queue.skill));
        Self {
            name: agent.name.clone(),
            queues: queues.map(|(queue, _)| queue).collect(),
            state: AgentState::LoggedOut,
            since: now,
            booked: now,
            serving: None,
        }
    }
}

/// Targets as series of their own, so that alerts and panels compare with the plan's and not with a copy of it.
fn targets(registry: &Registry, plan: &Plan) {
    let family = |name: &str, help: &str| {
        register(registry, GaugeVec::new(Opts::new(name, help), &["queue"]).expect("valid names"))
    };
    let wait = family("turno_queue_wait_target_seconds", "The queue's wait target.");
    let handling = family("turno_queue_handling_target_seconds", "The queue's handling target.");
    for queue in &plan.queues {
        wait.with_label_values(&[&queue.name]).set(queue.wait_target.as_secs_f64());
        handling.with_label_values(&[&queue.name]).set(queue.handling_target.as_secs_f64());
    }
}

fn book(counter: &CounterVec, words: Words<'_>, agent: &mut Seated, until: Moment) {
    counter.with_label_values(&words).inc_by(until.since(agent.booked).as_secs_f64());
    agent.booked = agent.booked.max(until);
}

fn words(aux_names: &[String], state: AgentState) -> Words<'_> {
    match state {
        AgentState::LoggedOut => [STATES[0], ""],
        AgentState::Available => [STATES[1], ""],
        AgentState::Ringing => [STATES[2], ""],
        AgentState::Talking => [STATES[3], ""],
        AgentState::Holding => [STATES[4], ""],
        AgentState::Acw => [STATES[5], ""],
        AgentState::Aux(reason) => [STATES[6], reason_word(aux_names, reason)],
        AgentState::OtherCall => [STATES[7], ""],
    }
}

fn reason_word(aux_names: &[String], reason: AuxReason) -> &str {
    match reason {
        AuxReason::Planned(place) => aux_names.get(usize::from(place)).map_or("unknown", String::as_str),
        AuxReason::Rona => "rona",
        AuxReason::Unreachable => "unreachable",
        AuxReason::LoggedIn => "logged_in",
    }
}

#[cfg(test)]
#[path = "room_tests.rs"]
mod tests;
