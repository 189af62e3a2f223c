//! The room as the facts tell it: who waits, who talks, since when.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{AgentId, AgentState, AuxReason, ContactId, Fact, Plan, QueueId};

use crate::demo::day::Day;

/// Lines of recent events that are kept.
const RECENT_MAX: usize = 64;

/// Where a contact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// In the greeting or the menu.
    Arrived,
    /// In a queue.
    Waiting(QueueId),
    /// With an agent.
    Talking(QueueId, AgentId),
    /// With an agent, on hold.
    Held(QueueId, AgentId),
}

/// A contact that has not ended.
#[derive(Clone, Debug)]
pub(crate) struct ContactNow {
    /// The last digits of the caller's number.
    pub(crate) from: String,
    /// Where it stands.
    pub(crate) stage: Stage,
    /// Since when it waits, or since when its handling clock runs.
    pub(crate) since: Moment,
}

/// An agent.
#[derive(Clone, Debug)]
pub(crate) struct AgentNow {
    /// The state.
    pub(crate) state: AgentState,
    /// Since when.
    pub(crate) since: Moment,
    /// Contacts served.
    pub(crate) served: u32,
}

/// The room now, and the day so far.
#[derive(Debug)]
pub(crate) struct Board {
    pub(crate) plan: Arc<Plan>,
    pub(crate) contacts: BTreeMap<ContactId, ContactNow>,
    pub(crate) agents: Vec<AgentNow>,
    pub(crate) day: Day,
    pub(crate) recent: VecDeque<(Moment, String)>,
}

impl Board {
    /// An empty room at `now`.
    pub(crate) fn new(plan: Arc<Plan>, now: Moment) -> Self {
        let agent = AgentNow { state: AgentState::LoggedOut, since: now, served: 0 };
        Self {
            contacts: BTreeMap::new(),
            agents: vec![agent; plan.agents.len()],
            day: Day::new(Arc::clone(&plan), now),
            plan,
            recent: VecDeque::new(),
        }
    }

    /// Takes one fact; the line that tells people about it, if it is worth one.
    pub(crate) fn take(&mut self, at: Moment, fact: &Fact) -> Option<String> {
        self.day.take(at, fact);
        self.place(at, fact);
        let line = self.line(fact)?;
        if self.recent.len() == RECENT_MAX {
            self.recent.pop_front();
        }
        self.recent.push_back((at, line.clone()));
        Some(line)
    }

    /// How many wait in a queue, and since when the first of them.
    pub(crate) fn waiting(&self, queue: QueueId) -> (usize, Option<Moment>) {
        let standing = self.contacts.values().filter(|contact| contact.stage == Stage::Waiting(queue));
        let since: Vec<Moment> = standing.map(|contact| contact.since).collect();
        (since.len(), since.iter().min().copied())
    }

    /// How many of a queue's contacts are with an agent.
    pub(crate) fn talking(&self, queue: QueueId) -> usize {
        let with = |contact: &&ContactNow| matches!(contact.stage, Stage::Talking(of, _) | Stage::Held(of, _) if of == queue);
        self.contacts.values().filter(with).count()
    }

    /// The contacts with agents, the longest handled first.
    pub(crate) fn handled(&self) -> Vec<(&ContactNow, QueueId, AgentId, bool)> {
        let mut handled: Vec<_> = self
            .contacts
            .values()
            .filter_map(|contact| match contact.stage {
                Stage::Talking(queue, agent) => Some((contact, queue, agent, false)),
                Stage::Held(queue, agent) => Some((contact, queue, agent, true)),
                Stage::Arrived | Stage::Waiting(_) => None,
            })
            .collect();
        handled.sort_by_key(|(contact, ..)| contact.since);
        handled
    }

    /// A queue's name for people.
    pub(crate) fn queue(&self, queue: QueueId) -> &str {
        self.plan.queues.get(queue.index()).map_or("?", |queue| queue.display.as_str())
    }

    /// An agent's name for people.
    pub(crate) fn agent(&self, agent: AgentId) -> &str {
        self.plan.agents.get(agent.index()).map_or("?", |agent| agent.display.as_str())
    }

    /// A state's name for people.
    pub(crate) fn state(&self, state: AgentState) -> String {
        match state {
            AgentState::LoggedOut => "logged out".to_owned(),
            AgentState::Available => "available".to_owned(),
            AgentState::Ringing => "ringing".to_owned(),
            AgentState::Talking => "talking".to_owned(),
            AgentState::Holding => "holding".to_owned(),
            AgentState::Acw => "after-call".to_owned(),
            AgentState::Aux(AuxReason::Planned(at)) => self
                .plan
                .aux_reasons
                .get(usize::from(at))
                .map_or_else(|| "aux".to_owned(), |reason| reason.name.clone()),
            AgentState::Aux(AuxReason::Rona) => "missed a call".to_owned(),
            AgentState::Aux(AuxReason::Unreachable) => "unreachable".to_owned(),
            AgentState::Aux(AuxReason::LoggedIn) => "not ready".to_owned(),
            AgentState::OtherCall => "own call".to_owned(),
        }
    }

    /// How many agents are in a state that `wanted` accepts.
    pub(crate) fn agents_in(&self, wanted: impl Fn(AgentState) -> bool) -> usize {
        self.agents.iter().filter(|agent| wanted(agent.state)).count()
    }

    fn place(&mut self, at: Moment, fact: &Fact) {
        let talking = |queue: &QueueId, agent: &AgentId| Stage::Talking(*queue, *agent);
        match fact {
            Fact::ContactArrived { contact, from, .. } => {
                let tail: String =
                    from.0.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
                let now = ContactNow { from: format!("..{tail}"), stage: Stage::Arrived, since: at };
                self.contacts.insert(*contact, now);
            }
            Fact::Queued { contact, queue, .. } => self.stage(*contact, Stage::Waiting(*queue), Some(at)),
            Fact::Connected { contact, agent, queue, .. } => {
                self.stage(*contact, talking(queue, agent), Some(at));
                if let Some(agent) = self.agents.get_mut(agent.index()) {
                    agent.served += 1;
                }
            }
            Fact::Held { contact, agent } => {
                if let Some(Stage::Talking(queue, _)) =
                    self.contacts.get(contact).map(|contact| contact.stage)
                {
                    self.stage(*contact, Stage::Held(queue, *agent), None);
                }
            }
            Fact::Resumed { contact, agent } => {
                if let Some(Stage::Held(queue, _)) = self.contacts.get(contact).map(|contact| contact.stage) {
                    self.stage(*contact, Stage::Talking(queue, *agent), None);
                }
            }
            Fact::TurnedAway { contact, .. } | Fact::ContactEnded { contact, .. } => {
                self.contacts.remove(contact);
            }
            Fact::AgentChanged { agent, to, .. } => {
                if let Some(agent) = self.agents.get_mut(agent.index()) {
                    (agent.state, agent.since) = (*to, at);
                }
            }
            Fact::Started
            | Fact::MenuChosen { .. }
            | Fact::Offered { .. }
            | Fact::OfferSettled { .. }
            | Fact::HoldRecalled { .. }
            | Fact::TargetWarned { .. }
            | Fact::TargetBreached { .. }
            | Fact::Transferred { .. }
            | Fact::Disconnected { .. }
            | Fact::AgentAsked { .. }
            | Fact::WrapUp { .. }
            | Fact::Registered { .. }
            | Fact::TrunkChanged { .. }
            | Fact::MediaReported { .. }
            | Fact::Alarm { .. } => {}
        }
    }

    fn stage(&mut self, contact: ContactId, stage: Stage, since: Option<Moment>) {
        if let Some(contact) = self.contacts.get_mut(&contact) {
            contact.stage = stage;
            contact.since = since.unwrap_or(contact.since);
        }
    }

    fn line(&self, fact: &Fact) -> Option<String> {
        let caller = |contact: &ContactId| {
            self.contacts.get(contact).map_or_else(|| "a caller".to_owned(), |contact| contact.from.clone())
        };
        let seconds = |span: &Duration| format!("{:.1} s", span.as_secs_f64());
        Some(match fact {
            Fact::Queued { contact, queue, position, .. } => {
                format!("{} waits for {} at place {position}", caller(contact), self.queue(*queue))
            }
            Fact::Connected { contact, agent, queue, waited } => format!(
                "{} talks to {} about {} after {}",
                caller(contact),
                self.agent(*agent),
                self.queue(*queue),
                seconds(waited)
            ),
            Fact::Held { contact, agent } => format!("{} holds {}", self.agent(*agent), caller(contact)),
            Fact::TargetWarned { contact, agent } => {
                format!(
                    "{} hears the first tone: {} comes near the target",
                    self.agent(*agent),
                    caller(contact)
                )
            }
            Fact::TargetBreached { contact, agent } => {
                format!(
                    "{} hears the second tone: {} has passed the target",
                    self.agent(*agent),
                    caller(contact)
                )
            }
            Fact::OfferSettled { agent, outcome, .. } if *outcome == turno_model::OfferOutcome::NoAnswer => {
                format!("{} let it ring: the caller goes back to the front", self.agent(*agent))
            }
            Fact::AgentChanged { agent, to: to @ AgentState::Aux(_), .. } => {
                format!("{}: {}", self.agent(*agent), self.state(*to))
            }
            Fact::ContactEnded { queue, outcome: turno_model::ContactOutcome::Abandoned, waited, .. } => {
                format!("a caller for {} gave up after {}", self.queue(*queue), seconds(waited))
            }
            Fact::TurnedAway { reason, .. } => format!("a caller was turned away: {reason:?}"),
            Fact::Alarm { text } => format!("ALARM {text}"),
            Fact::Started
            | Fact::ContactArrived { .. }
            | Fact::MenuChosen { .. }
            | Fact::Offered { .. }
            | Fact::OfferSettled { .. }
            | Fact::Resumed { .. }
            | Fact::HoldRecalled { .. }
            | Fact::Transferred { .. }
            | Fact::Disconnected { .. }
            | Fact::ContactEnded { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentAsked { .. }
            | Fact::WrapUp { .. }
            | Fact::Registered { .. }
            | Fact::TrunkChanged { .. }
            | Fact::MediaReported { .. } => return None,
        })
    }
}
