//! Checks how long agents and callers stay in a state: no longer than its deadline, no shorter than promised.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other facts begin and end nothing that has a deadline"
)]

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use turno_ground::Moment;
use turno_model::plan::{AcwPlan, QueuePlan, Treatment};
use turno_model::{
    AgentId, AgentState as S, AuxReason, CallbackChange, ContactId, Fact, Handled, HandlingChange,
    PassingChange, Plan, QueueId, StepDid, StepTaken, Voicemail, VoicemailChange,
};

/// How long after the last key a code is complete by silence, and a second.
const SILENCE: Duration = Duration::from_secs(4);

/// How long an agent is held if the queue's callbacks were switched off.
const HELD_MAX: Duration = Duration::from_secs(30);

/// How long an outside number rings for a caller whom a step sends there, at each address of the trunk.
const OUTSIDE_RING_MAX: Duration = Duration::from_secs(120);

/// One stay of an agent in a state.
#[derive(Clone, Copy, Debug)]
struct Stay {
    state: S,
    since: Moment,
    /// The queue of the contact that began this state.
    queue: Option<QueueId>,
    /// Until when the last offer may ring.
    offered_until: Option<Moment>,
    /// Until when after-call work or a cool-down was promised to last.
    promised: Option<Moment>,
    /// Whether after-call work also waits for a wrap-up code.
    waits_for_code: bool,
    /// The deadline of ringing or a hold.
    due: Option<Moment>,
}

/// Whether a state only covers another one: a call of the agent's own, a lost phone or microphone.
const fn is_cover(state: S) -> bool {
    matches!(state, S::OtherCall | S::Aux(AuxReason::Unreachable | AuxReason::Microphone))
}

/// Whether an agent talks with somebody else about the contact from this change on; `None`: it says nothing of that.
const fn is_aside(change: &PassingChange) -> Option<bool> {
    match change {
        PassingChange::Consults(_) | PassingChange::ConsultBegan(_) => Some(true),
        PassingChange::Conferenced(_) | PassingChange::ConsultEnded(..) => Some(false),
        PassingChange::Returned
        | PassingChange::DependencyRung { .. }
        | PassingChange::DependencyReached { .. }
        | PassingChange::DependencyNotReached { .. } => None,
    }
}

/// The present state of each agent and the deadlines of callers who wait.
#[derive(Debug)]
pub(crate) struct StateTiming {
    plan: Arc<Plan>,
    /// How late the engine may be woken.
    lateness: Duration,
    agents: BTreeMap<AgentId, Stay>,
    /// When each agent last asked for a state.
    asked: BTreeMap<AgentId, Moment>,
    /// When each agent last pressed a key of a telephone: a code may be complete by silence.
    keyed: BTreeMap<AgentId, Moment>,
    /// Agents who talk with somebody else about their contact: that hold recalls nobody.
    aside: BTreeSet<AgentId>,
    /// How many phones each agent has registered.
    registered: BTreeMap<AgentId, u32>,
    /// The queue of each contact's last offer.
    queues: BTreeMap<ContactId, QueueId>,
    /// The agent of each contact's last offer.
    offered: BTreeMap<ContactId, AgentId>,
    /// The deadline of each waiting contact, if it has one.
    lines: BTreeMap<ContactId, Moment>,
    /// The same of callers who are at a voicemail, or for whom an outside number rings.
    speaking: BTreeMap<ContactId, Moment>,
    /// Who has none: messages of callers, and who writes.
    patient: BTreeSet<ContactId>,
    /// The engine's absences: what was due between these moments is done at the second.
    away: Vec<(Moment, Moment)>,
}

impl StateTiming {
    pub(crate) const fn new(plan: Arc<Plan>, lateness: Duration) -> Self {
        Self {
            plan,
            lateness,
            agents: BTreeMap::new(),
            asked: BTreeMap::new(),
            keyed: BTreeMap::new(),
            aside: BTreeSet::new(),
            registered: BTreeMap::new(),
            queues: BTreeMap::new(),
            offered: BTreeMap::new(),
            lines: BTreeMap::new(),
            speaking: BTreeMap::new(),
            patient: BTreeSet::new(),
            away: Vec::new(),
        }
    }

    /// States that begin from now on use another plan.
    pub(crate) fn works_by(&mut self, plan: Arc<Plan>) {
        self.plan = plan;
    }

    /// The engine was absent between these two moments.
    pub(crate) fn was_away(&mut self, from: Moment, to: Moment) {
        self.keyed.values_mut().for_each(|keyed| *keyed = to.max(*keyed));
        self.away.push((from - self.lateness, to));
    }

    /// An agent is about to ask for a state.
    pub(crate) fn asks(&mut self, agent: AgentId, now: Moment) {
        self.asked.insert(agent, now);
    }

    pub(crate) fn keys(&mut self, agent: AgentId, now: Moment) {
        self.asked.insert(agent, now);
        self.keyed.insert(agent, now);
    }

    pub(crate) fn reads(&mut self, at: Moment, fact: &Fact) {
        match fact {
            Fact::AgentChanged { agent, from, to } => self.turn(*agent, *from, *to, at),
            Fact::Offered { contact, agent, queue, .. } => {
                let ring = self.plan.queues[queue.index()].ring;
                self.begins(*agent, *queue).offered_until = Some(at + ring);
                self.queues.insert(*contact, *queue);
                self.lines.remove(contact);
                self.offered.insert(*contact, *agent);
            }
            Fact::Callback(contact, change) => self.reads_callback(*contact, change, at),
            Fact::Stepped(step) => self.reads_step(step, at),
            Fact::Voicemail(voicemail) => self.reads_voicemail(voicemail, at),
            Fact::Held { contact, agent } => {
                if let Some(queue) = self.queues.get(contact).copied() {
                    self.begins(*agent, queue);
                }
            }
            Fact::Disconnected { agent, queue, .. } => {
                self.begins(*agent, *queue);
            }
            Fact::HoldRecalled { agent, .. } => {
                if let Some(stay) = self.agents.get_mut(agent) {
                    stay.due = None;
                }
            }
            Fact::Handling(Handled { agent, change, .. }) => self.handled(*agent, *change),
            Fact::WrapUp { agent, .. } => {
                if let Some(stay) = self.agents.get_mut(agent).filter(|stay| stay.waits_for_code) {
                    stay.waits_for_code = false;
                    stay.promised = stay.promised.map(|until| until.max(at));
                }
            }
            Fact::Passing(passing) => self.passes(passing.agent, is_aside(&passing.change), at),
            Fact::Registered { agent, contacts } => {
                self.registered.insert(*agent, *contacts);
            }
            // Who writes hears nothing, and is never sent away for the wait.
            Fact::ContactArrived { contact, channel, .. } if channel.is_written() => {
                self.patient.insert(*contact);
            }
            Fact::Queued { contact, queue, .. } => {
                let plan = &self.plan.queues[queue.index()];
                let ends = plan.when_waited != Treatment::Wait && !self.patient.contains(contact);
                match plan.wait_max.filter(|_| ends) {
                    Some(span) => drop(self.lines.insert(*contact, at + span)),
                    None => drop(self.lines.remove(contact)),
                }
            }
            Fact::ContactEnded { contact, .. } => {
                self.queues.remove(contact);
                self.lines.remove(contact);
                self.offered.remove(contact);
                self.speaking.remove(contact);
                self.patient.remove(contact);
            }
            _ => {}
        }
    }

    /// Nobody is sent away while an outside number rings for them.
    fn reads_step(&mut self, step: &StepTaken, at: Moment) {
        let contact = step.contact;
        if let (StepDid::Sending(_), Some(due)) = (&step.did, self.lines.get_mut(&contact)) {
            self.speaking.insert(contact, *due);
            *due = (*due).max(at + OUTSIDE_RING_MAX);
        } else if let (StepDid::NotSent(_), Some(due)) = (&step.did, self.speaking.remove(&contact)) {
            self.lines.insert(contact, due.max(at));
        }
    }

    /// A caller who speaks is not sent away, and neither is a message.
    fn reads_voicemail(&mut self, voicemail: &Voicemail, at: Moment) {
        let contact = voicemail.contact;
        if let VoicemailChange::Began(_) = voicemail.change {
            self.speaking.extend(self.lines.remove(&contact).map(|due| (contact, due)));
        } else if let VoicemailChange::WaitsOn = voicemail.change {
            self.lines.extend(self.speaking.remove(&contact).map(|due| (contact, due.max(at))));
        } else if let VoicemailChange::Left { .. } = voicemail.change {
            self.patient.insert(contact);
        }
    }

    fn passes(&mut self, agent: AgentId, is_aside: Option<bool>, at: Moment) {
        let plan = self.queue(self.agents.get(&agent).and_then(|stay| stay.queue));
        let longest = plan.map(|plan| plan.hold_max);
        let due = match is_aside {
            Some(true) => {
                self.aside.insert(agent);
                None
            }
            // If the phone holds, that hold begins now.
            Some(false) if self.aside.remove(&agent) => longest.map(|longest| at + longest),
            Some(false) | None => return,
        };
        if let Some(stay) = self.agents.get_mut(&agent).filter(|stay| stay.state == S::Holding) {
            stay.due = due;
        }
    }

    /// Who is called back has no longest wait, and an agent is held for as long as the person's phone may ring.
    fn reads_callback(&mut self, contact: ContactId, change: &CallbackChange, at: Moment) {
        if let CallbackChange::Asked { .. } = change {
            self.lines.remove(&contact);
        } else if let CallbackChange::Dialled { .. } = change {
            let plan = self.queue(self.queues.get(&contact).copied());
            let ring = plan.and_then(|plan| Some(plan.callback.as_ref()?.ring)).unwrap_or(HELD_MAX);
            let agent = self.offered.get(&contact);
            if let Some(stay) = agent.and_then(|agent| self.agents.get_mut(agent)) {
                (stay.due, stay.offered_until) = (Some(at + ring), Some(at + ring));
            }
        }
    }

    /// Whether it is never sent away: a message of a caller, or somebody who writes.
    pub(crate) fn is_patient(&self, contact: &ContactId) -> bool {
        self.patient.contains(contact)
    }

    /// No unstable state lasts longer than its deadline.
    pub(crate) fn check(&self, now: Moment) {
        for (agent, stay) in &self.agents {
            let plan = self.plan.agents.get(agent.index());
            let is_there = self.registered.get(agent).is_some_and(|contacts| *contacts > 0)
                || plan.is_some_and(|plan| plan.outside.is_some());
            assert!(is_there || stay.state != S::Available, "{agent:?} is available without a phone");
            let spent = now.since(stay.since);
            let is_over = |due: Option<Moment>| due.is_some_and(|due| now > self.latest(due));
            match stay.state {
                S::Ringing => assert!(!is_over(stay.due), "{agent:?} rings for {spent:?}"),
                S::Acw if stay.waits_for_code => {}
                S::Acw | S::Aux(AuxReason::Rona) => {
                    assert!(!is_over(stay.promised), "{agent:?} is {:?} for {spent:?}", stay.state);
                }
                S::Holding => {
                    let is_forgotten = is_over(stay.due);
                    assert!(!is_forgotten, "{agent:?} holds a caller for {spent:?} and was not called back");
                }
                S::LoggedOut | S::Available | S::Talking | S::Aux(_) | S::OtherCall => {}
            }
        }
        for (contact, due) in &self.lines {
            assert!(now <= self.latest(*due), "{contact:?} waits {:?} too long", now.since(*due));
        }
    }

    /// After-call work is made longer, or waits for a code.
    fn handled(&mut self, agent: AgentId, change: HandlingChange) {
        let Some(stay) = self.agents.get_mut(&agent) else { return };
        match change {
            HandlingChange::Extended { by } => stay.promised = stay.promised.map(|until| until + by),
            HandlingChange::CodeOwed => stay.waits_for_code = true,
            HandlingChange::Marked { .. }
            | HandlingChange::Retargeted { .. }
            | HandlingChange::HelpAsked
            | HandlingChange::HelpRings { .. }
            | HandlingChange::HelpCame { .. }
            | HandlingChange::NoHelp => {}
        }
    }

    /// The latest moment for something due at `due`.
    fn latest(&self, due: Moment) -> Moment {
        let away = self.away.iter().filter(|(from, to)| *from <= due && due <= *to);
        away.map(|(_, to)| *to).max().unwrap_or(due) + self.lateness + Duration::from_millis(1)
    }

    /// An agent who is still in a call at the end.
    pub(crate) fn left_over(&self) -> Option<(AgentId, S)> {
        let is_left = |stay: &Stay| stay.state.has_contact() || stay.state == S::OtherCall;
        self.agents.iter().find(|(_, stay)| is_left(stay)).map(|(&agent, stay)| (agent, stay.state))
    }

    fn turn(&mut self, agent: AgentId, from: S, to: S, at: Moment) {
        let before = self.agents.get(&agent).copied();
        let queue = before.and_then(|stay| stay.queue);
        let plan = self.queue(queue);
        let acw = plan.and_then(|plan| match plan.acw {
            AcwPlan::Timed(span) => Some(span),
            AcwPlan::Manual => None,
        });
        let promised = match (from, to) {
            (S::Talking | S::Holding, S::Acw) => acw.map(|span| at + span),
            // A RONA that came during another contact's ACW begins when that ends.
            (S::Ringing | S::Acw, S::Aux(AuxReason::Rona)) => plan.map(|plan| at + plan.rona_cool_down),
            // An agent call or a lost registration suspends what was promised, which resumes afterwards.
            (S::Acw | S::Aux(AuxReason::Rona), to) if is_cover(to) => before.and_then(|stay| stay.promised),
            (from, S::Acw | S::Aux(AuxReason::Rona)) if is_cover(from) => {
                before.and_then(|stay| stay.promised)
            }
            (from, to) if is_cover(from) && is_cover(to) => before.and_then(|stay| stay.promised),
            _ => None,
        };
        if let (S::Acw | S::Aux(AuxReason::Rona), S::Available) = (from, to) {
            // Wounds: wrap-up that ends early (Asterisk); an agent who is rung for ever (FreePBX).
            let is_kept = before.and_then(|stay| stay.promised).is_none_or(|until| at >= until);
            let has_keyed = self.keyed.get(&agent).is_some_and(|keyed| at.since(*keyed) <= SILENCE);
            let has_asked = has_keyed || self.asked.get(&agent) == Some(&at);
            assert!(is_kept || has_asked, "{agent:?} is out of {from:?} before its time");
        }
        let due = match to {
            S::Ringing => before.and_then(|stay| stay.offered_until),
            S::Holding if self.aside.contains(&agent) => None,
            S::Holding => plan.map(|plan| at + plan.hold_max),
            S::LoggedOut | S::Available | S::Talking | S::Acw | S::Aux(_) | S::OtherCall => None,
        };
        let offered_until = before.and_then(|stay| stay.offered_until);
        let waits_for_code = promised.is_some() && before.is_some_and(|stay| stay.waits_for_code);
        let stay = Stay { state: to, since: at, queue, offered_until, promised, waits_for_code, due };
        self.agents.insert(agent, stay);
    }

    /// The next state of this agent belongs to a contact of this queue.
    fn begins(&mut self, agent: AgentId, queue: QueueId) -> &mut Stay {
        let stay = self.agents.entry(agent).or_insert(Stay {
            state: S::LoggedOut,
            since: Moment::default(),
            queue: None,
            offered_until: None,
            promised: None,
            waits_for_code: false,
            due: None,
        });
        stay.queue = Some(queue);
        stay
    }

    fn queue(&self, queue: Option<QueueId>) -> Option<&QueuePlan> {
        queue.map(|queue| &self.plan.queues[queue.index()])
    }
}
