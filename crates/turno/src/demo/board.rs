//! The room as the facts tell it: the ledger, and the latest events in words.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use turno_ground::Moment;
use turno_ledger::{Ledger, QueueFigures, Snapshot};
use turno_model::{
    AgentId, AgentState, AuxReason, ContactId, ContactOutcome, Fact, Language, OfferOutcome, Plan, QueueId,
    WITHHELD,
};

use crate::demo::happening::Happening;
use crate::demo::site_time::SiteTime;

/// Lines of recent events that are kept.
const RECENT_MAX: usize = 64;
/// How many digits of a caller's number are shown.
const DIGITS_SHOWN: usize = 4;

/// The site's plan, its ledger and what has just happened, all in the site's time.
#[derive(Debug)]
pub(crate) struct Board {
    pub(crate) plan: Arc<Plan>,
    pub(crate) ledger: Ledger,
    pub(crate) time: SiteTime,
    /// What it is told in.
    pub(crate) language: Language,
    /// The site's wall clock, and what happened.
    pub(crate) recent: VecDeque<(String, String)>,
    callers: BTreeMap<ContactId, String>,
}

impl Board {
    /// An empty room; `plan` has the site's own targets.
    pub(crate) fn new(plan: Arc<Plan>, time: SiteTime, language: Language) -> Self {
        Self {
            ledger: Ledger::new(Arc::clone(&plan), time.opened),
            plan,
            time,
            language,
            recent: VecDeque::new(),
            callers: BTreeMap::new(),
        }
    }

    /// Takes one fact of the demo; the line that tells people about it, if it is worth one.
    pub(crate) fn take(&mut self, at: Moment, fact: &Fact) -> Option<String> {
        let fact = self.time.fact(fact);
        self.ledger.apply(self.time.moment(at), &fact);
        if let Fact::ContactArrived { contact, from, .. } = &fact {
            self.callers.insert(*contact, shown(&from.0));
        }
        let line = self.line(&fact);
        if let Fact::TurnedAway { contact, .. } | Fact::ContactEnded { contact, .. } = &fact {
            self.callers.remove(contact);
        }
        let line = line?;
        if self.recent.len() == RECENT_MAX {
            self.recent.pop_front();
        }
        self.recent.push_back((self.time.wall(at), line.clone()));
        Some(line)
    }

    /// The room at `now` of the demo.
    pub(crate) fn snapshot(&self, now: Moment) -> Snapshot {
        self.ledger.snapshot(self.time.moment(now))
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
    pub(crate) fn state(&self, state: AgentState) -> &str {
        let say = |english, spanish| self.language.say(english, spanish);
        match state {
            AgentState::LoggedOut => say("logged out", "desconectado"),
            AgentState::Available => say("available", "disponible"),
            AgentState::Ringing => say("ringing", "timbrando"),
            AgentState::Talking => say("talking", "hablando"),
            AgentState::Holding => say("holding", "en retención"),
            AgentState::Acw => say("after-call", "post-llamada"),
            AgentState::Aux(AuxReason::Planned(at)) => {
                let reason = self.plan.aux_reasons.get(usize::from(at));
                reason.map_or_else(|| say("aux", "en pausa"), |reason| reason.name.as_str())
            }
            AgentState::Aux(AuxReason::Rona) => say("missed a call", "no contestó"),
            AgentState::Aux(AuxReason::Unreachable) => say("unreachable", "sin línea"),
            AgentState::Aux(AuxReason::Incompatible) => say("phone unfit", "incompatible"),
            AgentState::Aux(AuxReason::Microphone) => say("no microphone", "sin micrófono"),
            AgentState::Aux(AuxReason::LoggedIn) => say("not ready", "no listo"),
            AgentState::OtherCall => say("own call", "otra llamada"),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each fact")]
    fn line(&self, fact: &Fact) -> Option<String> {
        let someone = self.language.say("a caller", "alguien");
        let caller = |contact: &ContactId| self.callers.get(contact).map_or(someone, String::as_str);
        let agent = |agent: &AgentId| self.agent(*agent);
        let happening = match fact {
            Fact::TrunkTold { text, .. } => return Some(text.to_string()),
            Fact::Queued { contact, queue, position, .. } => {
                Happening::Waits { caller: caller(contact), queue: self.queue(*queue), position: *position }
            }
            Fact::Connected { contact, agent: by, queue, .. } => {
                Happening::Talks { caller: caller(contact), agent: agent(by), queue: self.queue(*queue) }
            }
            Fact::Held { contact, agent: by } => {
                Happening::Holds { agent: agent(by), caller: caller(contact) }
            }
            Fact::HoldRecalled { contact, agent: by } => {
                Happening::CalledBack { agent: agent(by), caller: caller(contact) }
            }
            Fact::TargetWarned { contact, agent: by } => {
                Happening::NearTarget { agent: agent(by), caller: caller(contact) }
            }
            Fact::TargetBreached { contact, agent: by } => {
                Happening::PassedTarget { agent: agent(by), caller: caller(contact) }
            }
            Fact::OfferSettled { agent: by, outcome: OfferOutcome::NoAnswer, .. } => {
                Happening::RangOut { agent: agent(by) }
            }
            Fact::AgentChanged { agent: who, to: to @ AgentState::Aux(_), .. } => {
                Happening::Away { agent: agent(who), state: self.state(*to) }
            }
            Fact::ContactEnded { contact, queue, outcome: ContactOutcome::Abandoned, waited, .. } => {
                Happening::GaveUp { caller: caller(contact), queue: self.queue(*queue), waited: *waited }
            }
            Fact::TurnedAway { contact, reason } => {
                Happening::TurnedAway { caller: caller(contact), reason: *reason }
            }
            Fact::Alarm { text } => Happening::Alarm { text },
            Fact::CallsRefused { calls } => Happening::Refused { calls: *calls },
            Fact::Started
            | Fact::OwnCallDialled { .. }
            | Fact::OwnCallSettled { .. }
            | Fact::ContactArrived { .. }
            | Fact::LegOpened { .. }
            | Fact::MenuChosen { .. }
            | Fact::Menu(_)
            | Fact::Emergency(_)
            | Fact::Offered { .. }
            | Fact::OfferSettled { .. }
            | Fact::Resumed { .. }
            | Fact::Transferred { .. }
            | Fact::Disconnected { .. }
            | Fact::ContactEnded { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentAsked { .. }
            | Fact::TakesBeside { .. }
            | Fact::WaitTold(_)
            | Fact::Seated { .. }
            | Fact::PinEntered(_)
            | Fact::Phone(_)
            | Fact::ObservingBegan { .. }
            | Fact::ObservingEnded { .. }
            | Fact::Reprioritised { .. }
            | Fact::QueueTurned { .. }
            | Fact::Break(_)
            | Fact::Commanded(_)
            | Fact::Handling(_)
            | Fact::Passing(_)
            | Fact::TakenOver { .. }
            | Fact::Recording { .. }
            | Fact::Callback(..)
            | Fact::Survey(_)
            | Fact::Voicemail(_)
            | Fact::CallerKnown(..)
            | Fact::CallerList(_)
            | Fact::SkillChanged(_)
            | Fact::LiveSpeech(_)
            | Fact::Stepped(_)
            | Fact::WrapUp { .. }
            | Fact::Registered { .. }
            | Fact::TrunkChanged { .. }
            | Fact::NumberWithheld { .. }
            | Fact::MediaReported(_) => return None,
        };
        Some(happening.sentence(self.language))
    }
}

/// All queues together, since the demo began.
pub(crate) fn total(snapshot: &Snapshot) -> QueueFigures {
    let mut all = QueueFigures::default();
    snapshot.queues.iter().for_each(|queue| all.add(&queue.total));
    all
}

/// The last digits of a number: enough to tell callers apart.
pub(crate) fn shown(number: &str) -> String {
    if number == WITHHELD {
        return number.to_owned();
    }
    let skip = number.chars().count().saturating_sub(DIGITS_SHOWN);
    format!("..{}", number.chars().skip(skip).collect::<String>())
}
