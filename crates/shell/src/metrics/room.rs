//! Metrics of the present state: agents by state, and waiting contacts, from the ledger at each scrape.

use core::time::Duration;

use prometheus::{CounterVec, GaugeVec, IntGauge, IntGaugeVec, Opts, Registry};
use turno_ledger::{AgentNow, Snapshot, StateTimes};
use turno_model::{AgentState, AuxReason, Plan, QueueId, SkillChanged, SkillId};

use crate::metrics::{gauge, gauges, register};

/// The metrics of the present state.
pub(crate) struct RoomMeters {
    agents: Vec<Seated>,
    aux_names: Vec<String>,
    queues: Vec<String>,
    /// The skill of each queue.
    skills: Vec<SkillId>,
    by_state: IntGaugeVec,
    of_agent: IntGaugeVec,
    since: GaugeVec,
    handling: GaugeVec,
    registered: IntGaugeVec,
    state_seconds: CounterVec,
    depth: IntGaugeVec,
    oldest: GaugeVec,
    progress: IntGaugeVec,
    staff: IntGaugeVec,
    wait_target: GaugeVec,
    handling_target: GaugeVec,
    turns: IntGauge,
}

/// An agent as shown by the last scrape.
struct Seated {
    name: String,
    is_retired: bool,
    queues: Vec<QueueId>,
    state: Option<AgentState>,
    serving: Option<QueueId>,
}

/// A state and its reason, as labels.
type Words<'a> = [&'a str; 2];

const STATES: [&str; 8] =
    ["logged_out", "available", "ringing", "talking", "holding", "acw", "aux", "other_call"];

impl RoomMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry, plan: &Plan) -> Self {
        let floats = |name: &str, help: &str, labels: &[&str]| {
            register(registry, GaugeVec::new(Opts::new(name, help), labels).expect("valid names"))
        };
        let levels = |name: &str, help: &str, labels: &[&str]| gauges(registry, name, help, labels);
        let state_seconds =
            Opts::new("turno_agents_state_seconds_total", "Agents' time by state and reason.");
        let mut meters = Self {
            agents: Vec::new(),
            aux_names: Vec::new(),
            queues: Vec::new(),
            skills: Vec::new(),
            by_state: levels("turno_agents", "Agents by state and reason.", &["state", "reason"]),
            of_agent: levels(
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
                "The handling time of the agent's present contact: talk and hold.",
                &["agent", "queue"],
            ),
            registered: levels(
                "turno_agent_registrations",
                "SIP contacts that the agent's seat has registered.",
                &["agent"],
            ),
            state_seconds: register(
                registry,
                CounterVec::new(state_seconds, &["state", "reason"]).expect("valid names"),
            ),
            depth: levels("turno_queue_depth", "Contacts waiting.", &["queue"]),
            oldest: floats("turno_queue_oldest_wait_seconds", "The longest present wait.", &["queue"]),
            progress: levels("turno_queue_in_progress", "Contacts that are talking or on hold.", &["queue"]),
            staff: levels(
                "turno_queue_agents",
                "Agents with the queue's skill, by state.",
                &["queue", "state"],
            ),
            // Targets are separate series, so that alerts and panels compare with the plan's and not with a copy.
            wait_target: floats("turno_queue_wait_target_seconds", "The queue's wait target.", &["queue"]),
            handling_target: floats(
                "turno_queue_handling_target_seconds",
                "The queue's handling target.",
                &["queue"],
            ),
            turns: gauge(registry, "turno_breaks_waiting", "Agents who are promised a turn for a break."),
        };
        meters.move_to(plan);
        meters
    }

    /// Shows the agents and queues of this plan, in which all existing names keep their index. Agents that are gone are
    /// removed.
    pub(crate) fn move_to(&mut self, plan: &Plan) {
        for (place, agent) in plan.agents.iter().enumerate() {
            let seated = Seated::new(plan, agent);
            match self.agents.get_mut(place) {
                Some(before) if before.name == seated.name => {
                    *before = Seated { state: before.state, serving: before.serving, ..seated };
                }
                Some(before) => {
                    let gone = core::mem::replace(before, seated);
                    self.forget(&gone);
                }
                None => self.agents.push(seated),
            }
        }
        self.aux_names = plan.aux_reasons.iter().map(|reason| reason.name.clone()).collect();
        self.queues = plan.queues.iter().map(|queue| queue.name.clone()).collect();
        self.skills = plan.queues.iter().map(|queue| queue.skill).collect();
        for queue in &plan.queues {
            self.wait_target.with_label_values(&[&queue.name]).set(queue.wait_target.as_secs_f64());
            self.handling_target.with_label_values(&[&queue.name]).set(queue.handling_target.as_secs_f64());
        }
    }

    /// An agent has another skill than the plan says, or has it no more.
    pub(crate) fn skill_changed(&mut self, changed: &SkillChanged) {
        let Some(skill) = self.skills.get(changed.queue.index()).copied() else { return };
        let of_skill = (0..).map(QueueId).zip(&self.skills).filter(|(_, other)| **other == skill);
        let of_skill: Vec<QueueId> = of_skill.map(|(queue, _)| queue).collect();
        let Some(agent) = self.agents.get_mut(changed.agent.index()) else { return };
        agent.queues.retain(|queue| !of_skill.contains(queue));
        if changed.level.is_some() {
            agent.queues.extend(of_skill);
        }
    }

    /// Removes the series of an agent; series that were never shown are skipped.
    fn forget(&self, agent: &Seated) {
        let name = agent.name.as_str();
        if let Some(state) = agent.state {
            let [state, reason] = words(&self.aux_names, state);
            let _ = self.of_agent.remove_label_values(&[name, state, reason]);
        }
        if let Some(queue) = agent.serving.and_then(|queue| self.queues.get(queue.index())) {
            let _ = self.handling.remove_label_values(&[name, queue]);
        }
        let _ = self.since.remove_label_values(&[name]);
        let _ = self.registered.remove_label_values(&[name]);
    }

    /// Publishes the ledger's snapshot.
    pub(crate) fn refresh(&mut self, room: &Snapshot) {
        self.by_state.reset();
        self.staff.reset();
        for (queue, state) in self.queues.iter().flat_map(|queue| STATES.map(|state| (queue, state))) {
            self.staff.with_label_values(&[queue.as_str(), state]).set(0);
        }
        let mut times = StateTimes::default();
        let promised = room.agents.iter().filter(|agent| agent.turn_at.is_some()).count();
        self.turns.set(i64::try_from(promised).unwrap_or(i64::MAX));
        for agent in &room.agents {
            times.add(&agent.times_total);
            let serving = agent.contact.and_then(|contact| {
                let open = room.contacts.binary_search_by_key(&contact, |open| open.contact).ok()?;
                room.contacts[open].queue
            });
            self.show_agent(agent, serving);
        }
        self.show_times(&times);
        for queue in &room.queues {
            let Some(name) = self.queues.get(queue.queue.index()) else { continue };
            self.depth.with_label_values(&[name]).set(i64::from(queue.waiting));
            self.oldest.with_label_values(&[name]).set(queue.oldest_wait.as_secs_f64());
            self.progress.with_label_values(&[name]).set(i64::from(queue.in_progress));
        }
    }

    fn show_agent(&mut self, now: &AgentNow, serving: Option<QueueId>) {
        let Some(agent) = self.agents.get(now.agent.index()) else { return };
        if agent.is_retired && now.state == AgentState::LoggedOut {
            self.forget(agent);
            return;
        }
        let Self { agents, aux_names, queues, .. } = self;
        let Some(agent) = agents.get_mut(now.agent.index()) else { return };
        let name = agent.name.as_str();
        let [state, reason] = words(aux_names, now.state);
        self.by_state.with_label_values(&[state, reason]).inc();
        for queue in &agent.queues {
            self.staff.with_label_values(&[queues[queue.index()].as_str(), state]).inc();
        }
        if let Some(before) = agent.state.replace(now.state).filter(|before| *before != now.state) {
            let [state, reason] = words(aux_names, before);
            // The last scrape may have shown it.
            let _ = self.of_agent.remove_label_values(&[name, state, reason]);
        }
        self.of_agent.with_label_values(&[name, state, reason]).set(1);
        #[expect(clippy::cast_precision_loss, reason = "microseconds since 1970 stay below 2^53")]
        self.since.with_label_values(&[name]).set(now.since.as_micros() as f64 * 1e-6);
        self.registered.with_label_values(&[name]).set(i64::from(now.registered));
        let clock = now.handling.zip(serving);
        let shown = clock.map(|(_, queue)| queue);
        if let Some(before) = agent.serving.take().filter(|before| Some(*before) != shown) {
            let _ = self.handling.remove_label_values(&[name, queues[before.index()].as_str()]);
        }
        if let Some((span, queue)) = clock
            && let Some(queue_name) = queues.get(queue.index())
        {
            self.handling.with_label_values(&[name, queue_name]).set(span.as_secs_f64());
            agent.serving = Some(queue);
        }
    }

    fn show_times(&self, times: &StateTimes) {
        let spans = [
            (AgentState::Available, times.available),
            (AgentState::Ringing, times.ringing),
            (AgentState::Talking, times.talking),
            (AgentState::Holding, times.holding),
            (AgentState::Acw, times.acw),
            (AgentState::OtherCall, times.other_call),
        ];
        let aux = times.aux.iter().map(|(&reason, &span)| (AgentState::Aux(reason), span));
        for (state, span) in spans.into_iter().chain(aux) {
            let total = self.state_seconds.with_label_values(&words(&self.aux_names, state));
            total.inc_by((Duration::as_secs_f64(&span) - total.get()).max(0.0));
        }
    }
}

impl Seated {
    fn new(plan: &Plan, agent: &turno_model::plan::AgentPlan) -> Self {
        let has = |skill| agent.skills.iter().any(|&(own, _)| own == skill);
        let queues = (0u32..).map(QueueId).zip(&plan.queues).filter(|(_, queue)| has(queue.skill));
        Self {
            name: agent.name.clone(),
            is_retired: agent.is_retired,
            queues: queues.map(|(queue, _)| queue).collect(),
            state: None,
            serving: None,
        }
    }
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
        AuxReason::Incompatible => "incompatible",
        AuxReason::Microphone => "microphone",
        AuxReason::LoggedIn => "logged_in",
    }
}

#[cfg(test)]
#[path = "room_tests.rs"]
mod tests;
