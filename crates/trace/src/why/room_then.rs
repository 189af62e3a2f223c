//! The room as it was at a moment of the past, from the facts before it.
#![expect(clippy::wildcard_enum_match_arm, reason = "the other facts change nothing that this room shows")]

use core::cmp::Reverse;
use core::time::Duration;
use std::collections::BTreeMap;

use turno_ground::Moment;
use turno_model::plan::AcwPlan;
use turno_model::{
    AgentId, AgentState, CallbackChange, CallerKnown, Channel, Channels, ContactId, Decision, Fact, Handled,
    HandlingChange, OfferOutcome, PassingChange, QueueId, QueueState, Rule, StepDid, VoicemailChange,
};

use crate::why::telling::Telling;

/// An agent then.
#[derive(Clone, Debug)]
pub(crate) struct AgentThen {
    pub(crate) state: AgentState,
    /// When the state began; `None`: before the facts that are kept.
    pub(crate) since: Option<Moment>,
    /// When after-call work with a limit ends.
    pub(crate) acw_until: Option<Moment>,
    /// Channels of contacts that the agent can take beside the present ones.
    pub(crate) beside: Channels,
    /// The queue of the last offer: after-call work follows its rules.
    last_queue: Option<QueueId>,
}

/// Why a contact waits for one agent alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeptWhy {
    /// The agent served the caller last.
    Served,
    /// A supervisor gave it.
    Pulled,
    /// The caller dialled the agent's own number.
    Direct,
}

impl KeptWhy {
    /// Whether the contact goes to that agent whatever the rule of the queue says.
    pub(crate) const fn is_given(self) -> bool {
        matches!(self, Self::Pulled | Self::Direct)
    }
}

/// Where a contact was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// In the menus.
    Menu,
    Line,
    Ringing(AgentId),
    With(AgentId),
    /// In no line: put off, or called back.
    PutOff,
    /// Dialled ahead of an agent.
    Dialled,
    /// Leaving a message.
    Speaks,
    /// An outside number is called.
    Sent,
    /// With nobody of the room: transferred outside.
    Away,
}

/// A contact then.
#[derive(Clone, Debug)]
pub(crate) struct ContactThen {
    pub(crate) channel: Channel,
    pub(crate) queue: Option<QueueId>,
    pub(crate) priority: u8,
    /// Start of the wait that decides the place.
    pub(crate) since: Moment,
    pub(crate) at: At,
    pub(crate) level_max: Option<u8>,
    pub(crate) also: Vec<QueueId>,
    pub(crate) kept: Option<(AgentId, KeptWhy, Moment)>,
    pub(crate) tried: Vec<AgentId>,
    pub(crate) served_by: Option<AgentId>,
    /// Whether the person hung up and is called back.
    pub(crate) is_called_back: bool,
    has_waited: bool,
    keeps_place: bool,
}

/// The room.
#[derive(Clone, Debug)]
pub(crate) struct RoomThen<'p> {
    telling: Telling<'p>,
    agents: BTreeMap<AgentId, AgentThen>,
    pub(crate) contacts: BTreeMap<ContactId, ContactThen>,
    levels: BTreeMap<(AgentId, QueueId), Option<u8>>,
    states: BTreeMap<QueueId, QueueState>,
}

impl<'p> RoomThen<'p> {
    /// The room before these facts. What an agent was then is told by the first change of the state.
    pub(crate) fn before(facts: &[(Moment, Fact)], telling: Telling<'p>) -> Self {
        let mut agents = BTreeMap::new();
        for (_, fact) in facts {
            if let Fact::AgentChanged { agent, from, .. } = fact {
                agents.entry(*agent).or_insert(AgentThen {
                    state: *from,
                    since: None,
                    acw_until: None,
                    beside: Channels::NONE,
                    last_queue: None,
                });
            }
        }
        let (contacts, levels, states) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { telling, agents, contacts, levels, states }
    }

    /// One more fact.
    pub(crate) fn hear(&mut self, at: Moment, fact: &Fact) {
        match fact {
            Fact::AgentChanged { agent, to, .. } => self.agent_changes(*agent, *to, at),
            Fact::Handling(handled) => self.handled(*handled),
            Fact::TakesBeside { agent, channels } => {
                if let Some(agent) = self.agents.get_mut(agent) {
                    agent.beside = *channels;
                }
            }
            Fact::SkillChanged(changed) => self.skill_changes(changed.agent, changed.queue, changed.level),
            Fact::QueueTurned { queue, to } => {
                self.states.insert(*queue, *to);
            }
            Fact::ContactArrived { contact, channel, .. } => {
                self.contacts.entry(*contact).or_insert_with(|| ContactThen::new(at)).channel = *channel;
            }
            Fact::Queued { contact, queue, priority, .. } => self.queued(*contact, *queue, *priority, at),
            Fact::TurnedAway { contact, .. } | Fact::ContactEnded { contact, .. } => {
                self.contacts.remove(contact);
            }
            _ => {
                if let Fact::Offered { agent, queue, .. } = fact
                    && let Some(agent) = self.agents.get_mut(agent)
                {
                    agent.last_queue = Some(*queue);
                }
                if let Some(contact) = fact.contact().and_then(|contact| self.contacts.get_mut(&contact)) {
                    contact.hear(at, fact);
                }
            }
        }
    }

    fn agent_changes(&mut self, agent: AgentId, to: AgentState, at: Moment) {
        let before = self.agents.get(&agent);
        let beside = before.map_or(Channels::NONE, |agent| agent.beside);
        let last_queue = before.and_then(|agent| agent.last_queue);
        let acw_until =
            last_queue.filter(|_| to == AgentState::Acw).and_then(|queue| self.acw_end(queue, at));
        self.agents.insert(agent, AgentThen { state: to, since: Some(at), acw_until, beside, last_queue });
    }

    /// When the after-call work of a queue that begins now ends by itself.
    fn acw_end(&self, queue: QueueId, at: Moment) -> Option<Moment> {
        if let AcwPlan::Timed(span) = self.telling.queue_plan(queue)?.acw { Some(at + span) } else { None }
    }

    /// After-call work goes on for longer, or until there is a wrap-up code.
    fn handled(&mut self, handled: Handled) {
        let Some(agent) = self.agents.get_mut(&handled.agent) else { return };
        match handled.change {
            HandlingChange::CodeOwed => agent.acw_until = None,
            HandlingChange::Extended { by } => agent.acw_until = agent.acw_until.map(|until| until + by),
            _ => {}
        }
    }

    fn skill_changes(&mut self, agent: AgentId, queue: QueueId, level: Option<u8>) {
        let skill = self.telling.queue_plan(queue).map(|plan| plan.skill);
        for other in self.telling.all_queues() {
            if other == queue || skill.is_some() && self.telling.queue_plan(other).map(|it| it.skill) == skill
            {
                self.levels.insert((agent, other), level);
            }
        }
    }

    fn queued(&mut self, id: ContactId, queue: QueueId, priority: u8, at: Moment) {
        let plan = self.telling.queue_plan(queue);
        let level_max = plan.and_then(|plan| plan.level_max);
        let keeps = plan.is_some_and(|plan| plan.transfer_keeps_wait);
        let contact = self.contacts.entry(id).or_insert_with(|| ContactThen::new(at));
        let waits_anew = contact.has_waited && matches!(contact.at, At::With(_)) && !contact.keeps_place;
        if !contact.has_waited || waits_anew && !keeps {
            contact.since = at;
        }
        (contact.queue, contact.priority, contact.at) = (Some(queue), priority, At::Line);
        (contact.level_max, contact.also, contact.kept) = (level_max, Vec::new(), None);
        (contact.has_waited, contact.keeps_place) = (true, false);
    }

    /// An agent; `None`: the facts tell nothing of them.
    pub(crate) fn agent(&self, agent: AgentId) -> Option<&AgentThen> {
        self.agents.get(&agent)
    }

    /// The agent's state; who is not known is taken for logged out.
    pub(crate) fn state(&self, agent: AgentId) -> AgentState {
        self.agents.get(&agent).map_or(AgentState::LoggedOut, |agent| agent.state)
    }

    /// How long the agent has been in this state.
    pub(crate) fn in_state_for(&self, agent: AgentId, now: Moment) -> Option<Duration> {
        Some(now.since(self.agents.get(&agent)?.since?))
    }

    /// The state of a queue.
    pub(crate) fn queue_state(&self, queue: QueueId) -> QueueState {
        self.states.get(&queue).copied().unwrap_or_default()
    }

    /// The agent's level for a queue; `None`: without the skill.
    pub(crate) fn level(&self, agent: AgentId, queue: QueueId) -> Option<u8> {
        if let Some(level) = self.levels.get(&(agent, queue)) {
            return *level;
        }
        let skill = self.telling.queue_plan(queue)?.skill;
        let skills = &self.telling.agent_plan(agent)?.skills;
        skills.iter().find(|(has, _)| *has == skill).map(|(_, level)| *level)
    }

    /// Whether the agent's skills let this contact come to them.
    pub(crate) fn may_take(&self, agent: AgentId, contact: &ContactThen) -> bool {
        let Some(queue) = contact.queue else { return false };
        let fits = |queue: QueueId, most: Option<u8>| {
            self.level(agent, queue).is_some_and(|level| most.is_none_or(|most| level <= most))
        };
        let most_of = |queue: QueueId| self.telling.queue_plan(queue).and_then(|plan| plan.level_max);
        fits(queue, contact.level_max) || contact.also.iter().any(|other| fits(*other, most_of(*other)))
    }

    /// The agents who may take a contact, logged in or not.
    pub(crate) fn crew(&self, contact: &ContactThen) -> Vec<AgentId> {
        self.telling.all_agents().filter(|agent| self.may_take(*agent, contact)).collect()
    }

    /// Who waits before this contact in its queue, in order.
    pub(crate) fn ahead_of(&self, id: ContactId) -> Vec<ContactId> {
        let Some(own) = self.contacts.get(&id) else { return Vec::new() };
        let mut ahead: Vec<(ContactId, &ContactThen)> =
            self.contacts.iter().map(|(id, it)| (*id, it)).collect();
        ahead.retain(|(other, it)| {
            it.at == At::Line && it.queue == own.queue && need(*other, it) < need(id, own)
        });
        ahead.sort_by_key(|(other, it)| need(*other, it));
        ahead.into_iter().map(|(other, _)| other).collect()
    }
}

/// The order in which contacts are served.
pub(crate) fn need(id: ContactId, contact: &ContactThen) -> (Reverse<u8>, Moment, ContactId) {
    (Reverse(contact.priority), contact.since, id)
}

impl ContactThen {
    fn new(at: Moment) -> Self {
        Self {
            channel: Channel::Voice,
            queue: None,
            priority: 0,
            since: at,
            at: At::Menu,
            level_max: None,
            also: Vec::new(),
            kept: None,
            tried: Vec::new(),
            served_by: None,
            is_called_back: false,
            has_waited: false,
            keeps_place: false,
        }
    }

    fn hear(&mut self, at: Moment, fact: &Fact) {
        match fact {
            Fact::Reprioritised { priority, .. } => self.priority = *priority,
            Fact::Offered { agent, decision, .. } => self.offered(*agent, decision),
            Fact::OfferSettled { agent, outcome, .. } => {
                let is_missed = matches!(
                    outcome,
                    OfferOutcome::Refused
                        | OfferOutcome::NoAnswer
                        | OfferOutcome::Unreachable
                        | OfferOutcome::Incompatible
                );
                if is_missed {
                    self.avoid(*agent);
                }
                let is_accepted = *outcome == OfferOutcome::Accepted;
                self.at = if is_accepted { At::With(*agent) } else { At::Line };
                self.is_called_back &= !is_accepted;
            }
            Fact::Connected { agent, .. } | Fact::TakenOver { to: agent, .. } => self.at = At::With(*agent),
            Fact::Disconnected { agent, .. } => self.avoid(*agent),
            Fact::Passing(passing) if passing.change == PassingChange::Returned => self.keeps_place = true,
            Fact::CallerKnown(_, known) => self.known(known, at),
            Fact::Stepped(step) => match &step.did {
                StepDid::LevelMax(level) => self.level_max = *level,
                StepDid::Also(queue) => self.also.push(*queue),
                StepDid::Raised(priority) => self.priority = *priority,
                StepDid::Sending(_) => self.at = At::Sent,
                StepDid::NotSent(_) => self.at = At::Line,
                StepDid::Sent(_) => self.at = At::Away,
                _ => {}
            },
            Fact::Callback(_, change) => self.called_back(change),
            Fact::Voicemail(voicemail) => match voicemail.change {
                VoicemailChange::Began(_) => self.at = At::Speaks,
                VoicemailChange::WaitsOn | VoicemailChange::Due => self.at = At::Line,
                VoicemailChange::PutOff { .. } => self.at = At::PutOff,
                _ => {}
            },
            _ => {}
        }
    }

    fn offered(&mut self, agent: AgentId, decision: &Decision) {
        self.at = At::Ringing(agent);
        if matches!(decision.rule, Rule::Pulled | Rule::Direct) {
            self.kept = None;
        }
    }

    fn avoid(&mut self, agent: AgentId) {
        self.tried.retain(|tried| *tried != agent);
        self.tried.push(agent);
    }

    fn known(&mut self, known: &CallerKnown, at: Moment) {
        match *known {
            CallerKnown::ServedBy { agent } => self.served_by = Some(agent),
            CallerKnown::KeptFor { agent, span } => self.kept = Some((agent, KeptWhy::Served, at + span)),
            CallerKnown::PulledTo { agent, span } => self.kept = Some((agent, KeptWhy::Pulled, at + span)),
            CallerKnown::DirectFor { agent, span } => self.kept = Some((agent, KeptWhy::Direct, at + span)),
            CallerKnown::KeptNoMore { .. }
            | CallerKnown::PulledNoMore { .. }
            | CallerKnown::DirectNoMore { .. } => self.kept = None,
            _ => {}
        }
    }

    fn called_back(&mut self, change: &CallbackChange) {
        match change {
            CallbackChange::Asked { .. } => self.is_called_back = true,
            CallbackChange::PutOff { .. } => self.at = At::PutOff,
            CallbackChange::Due => self.at = At::Line,
            CallbackChange::Dialled { .. } if self.at == At::Line => self.at = At::Dialled,
            CallbackChange::Failed(_) if self.at == At::Dialled => self.at = At::Line,
            _ => {}
        }
    }
}
