//! Checks, by the facts alone, that no caller is connected to a telephone that nobody has taken.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use turno_model::{AgentId, Fact, OfferOutcome, PhoneChange, PhoneStep, Plan};

/// The telephones that are dialled, by the facts alone.
#[derive(Debug)]
pub(crate) struct Telephones {
    plan: Arc<Plan>,
    /// The last step of each agent's telephone since the last talk.
    steps: BTreeMap<AgentId, PhoneChange>,
    /// Whose telephone stays connected.
    lines: BTreeSet<AgentId>,
    /// Who talks by telephone, and not at a desk.
    talking: BTreeSet<AgentId>,
    /// How many were picked up, and how many of these were taken.
    many: (u64, u64),
    /// How many lines were opened.
    opened: u64,
}

impl Telephones {
    /// None was dialled.
    pub(crate) const fn new(plan: Arc<Plan>) -> Self {
        Self {
            plan,
            steps: BTreeMap::new(),
            lines: BTreeSet::new(),
            talking: BTreeSet::new(),
            many: (0, 0),
            opened: 0,
        }
    }

    /// Another plan is in force.
    pub(crate) fn works_by(&mut self, plan: Arc<Plan>) {
        self.plan = plan;
    }

    /// Wound: the answering machine of a mobile phone takes a citizen's call.
    pub(crate) fn reads(&mut self, fact: &Fact) {
        if let Fact::Phone(PhoneStep { agent: Some(agent), change, .. }) = fact {
            self.steps.insert(*agent, *change);
            match change {
                PhoneChange::LineOpened => {
                    self.lines.insert(*agent);
                    self.opened += 1;
                }
                PhoneChange::LineLost | PhoneChange::LineReleased => drop(self.lines.remove(agent)),
                PhoneChange::Dialled
                | PhoneChange::PickedUp
                | PhoneChange::Confirmed
                | PhoneChange::AgentsLine(_)
                | PhoneChange::LineDialled
                | PhoneChange::LineRefused => {}
            }
            self.many.0 += u64::from(*change == PhoneChange::PickedUp);
            self.many.1 += u64::from(*change == PhoneChange::Confirmed);
        } else if let Fact::Offered { agent, .. } | Fact::OfferSettled { agent, .. } = fact {
            let is_accepted = matches!(fact, Fact::OfferSettled { outcome: OfferOutcome::Accepted, .. });
            if !is_accepted {
                self.steps.remove(agent);
            }
        } else if let Fact::Disconnected { agent, .. } = fact {
            self.talking.remove(agent);
        } else if let Fact::Connected { agent, .. } = fact {
            let step = self.steps.remove(agent);
            if step.is_some() || self.lines.contains(agent) {
                self.talking.insert(*agent);
            }
            let phone = self.plan.agents.get(agent.index()).and_then(|agent| agent.outside.as_ref());
            let is_asked = phone.is_some_and(|phone| phone.press_one);
            let is_heard =
                step != Some(PhoneChange::PickedUp) && !(is_asked && step == Some(PhoneChange::Dialled));
            assert!(is_heard, "a caller is connected to the telephone of {agent:?} before the key: {step:?}");
        }
    }

    /// Who is connected by telephone.
    pub(crate) fn connected(&self) -> Vec<AgentId> {
        self.lines.union(&self.talking).copied().collect()
    }

    /// Whether the telephone of an agent stays connected.
    pub(crate) fn has_line(&self, agent: AgentId) -> bool {
        self.lines.contains(&agent)
    }

    /// Whether an agent talks by telephone, and not at a desk.
    pub(crate) fn talks_by(&self, agent: AgentId) -> bool {
        self.talking.contains(&agent)
    }

    /// How many were picked up, and how many of these were taken.
    pub(crate) const fn many(&self) -> (u64, u64) {
        self.many
    }

    /// How many lines were opened.
    pub(crate) const fn opened(&self) -> u64 {
        self.opened
    }
}
