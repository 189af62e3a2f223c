//! The room as the facts tell it: the ledger, and the latest events in words.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use turno_ground::Moment;
use turno_ledger::{Ledger, QueueFigures, Snapshot};
use turno_model::{
    AgentId, AgentState, AuxReason, ContactId, ContactOutcome, Fact, OfferOutcome, Plan, QueueId, WITHHELD,
};

use crate::demo::site_time::SiteTime;
use crate::demo::speed::clock;

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
    /// The site's wall clock, and what happened.
    pub(crate) recent: VecDeque<(String, String)>,
    callers: BTreeMap<ContactId, String>,
}

impl Board {
    /// An empty room; `plan` has the site's own targets.
    pub(crate) fn new(plan: Arc<Plan>, time: SiteTime) -> Self {
        Self {
            ledger: Ledger::new(Arc::clone(&plan), time.opened),
            plan,
            time,
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
        match state {
            AgentState::LoggedOut => "logged out",
            AgentState::Available => "available",
            AgentState::Ringing => "ringing",
            AgentState::Talking => "talking",
            AgentState::Holding => "holding",
            AgentState::Acw => "after-call",
            AgentState::Aux(AuxReason::Planned(at)) => {
                self.plan.aux_reasons.get(usize::from(at)).map_or("aux", |reason| reason.name.as_str())
            }
            AgentState::Aux(AuxReason::Rona) => "missed a call",
            AgentState::Aux(AuxReason::Unreachable) => "unreachable",
            AgentState::Aux(AuxReason::Incompatible) => "phone unfit",
            AgentState::Aux(AuxReason::LoggedIn) => "not ready",
            AgentState::OtherCall => "own call",
        }
    }

    fn line(&self, fact: &Fact) -> Option<String> {
        let caller = |contact: &ContactId| self.callers.get(contact).map_or("a caller", String::as_str);
        Some(match fact {
            Fact::Queued { contact, queue, position, .. } => {
                format!("{} waits for {}, place {position}", caller(contact), self.queue(*queue))
            }
            Fact::Connected { contact, agent, queue, .. } => {
                format!("{} talks to {}, {}", caller(contact), self.agent(*agent), self.queue(*queue))
            }
            Fact::Held { contact, agent } => format!("{} holds {}", self.agent(*agent), caller(contact)),
            Fact::HoldRecalled { contact, agent } => {
                format!("{} is called back to {}", self.agent(*agent), caller(contact))
            }
            Fact::TargetWarned { contact, agent } => {
                format!("{}: {} comes near the target", self.agent(*agent), caller(contact))
            }
            Fact::TargetBreached { contact, agent } => {
                format!("{}: {} has passed the target", self.agent(*agent), caller(contact))
            }
            Fact::OfferSettled { agent, outcome: OfferOutcome::NoAnswer, .. } => {
                format!("{} let it ring; the caller goes back to the front", self.agent(*agent))
            }
            Fact::AgentChanged { agent, to: to @ AgentState::Aux(_), .. } => {
                format!("{}: {}", self.agent(*agent), self.state(*to))
            }
            Fact::ContactEnded { contact, queue, outcome: ContactOutcome::Abandoned, waited, .. } => {
                format!("{} gave up {} after {}", caller(contact), self.queue(*queue), clock(*waited))
            }
            Fact::TurnedAway { contact, reason } => format!("{} turned away: {reason:?}", caller(contact)),
            Fact::Alarm { text } => format!("ALARM {text}"),
            Fact::TrunkTold { text, .. } => text.to_string(),
            Fact::CallsRefused { calls } => {
                format!("{calls} calls refused unread: more than there is time for")
            }
            Fact::Started
            | Fact::OwnCallDialled { .. }
            | Fact::OwnCallSettled { .. }
            | Fact::ContactArrived { .. }
            | Fact::LegOpened { .. }
            | Fact::MenuChosen { .. }
            | Fact::Offered { .. }
            | Fact::OfferSettled { .. }
            | Fact::Resumed { .. }
            | Fact::Transferred { .. }
            | Fact::Disconnected { .. }
            | Fact::ContactEnded { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentAsked { .. }
            | Fact::TakesBeside { .. }
            | Fact::Seated { .. }
            | Fact::ObservingBegan { .. }
            | Fact::ObservingEnded { .. }
            | Fact::WrapUp { .. }
            | Fact::Registered { .. }
            | Fact::TrunkChanged { .. }
            | Fact::NumberWithheld { .. }
            | Fact::MediaReported { .. } => return None,
        })
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
