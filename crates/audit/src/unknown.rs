//! What can't be counted because its beginning is in no file any more.

use std::collections::{BTreeMap, BTreeSet};

use turno_ground::Moment;
use turno_model::{AgentState, ContactId, Fact, PlanIndex};

use crate::plain::half_hour;

/// Contacts and agents of whom the first facts are gone.
#[derive(Debug, Default)]
pub(crate) struct Unknown {
    /// Whether the journal's first fact is there, so that there is nothing unknown.
    is_whole: bool,
    arrived: BTreeSet<ContactId>,
    /// Half hours with facts of contacts that arrived before the first fact.
    half_hours: BTreeSet<Moment>,
    /// Until when the state of an agent is not known.
    agents: BTreeMap<String, Moment>,
    seen: BTreeSet<String>,
    /// Agents who were seen to talk: the queue of their after-call work is known.
    talked: BTreeSet<String>,
}

impl Unknown {
    pub(crate) fn new(is_whole: bool) -> Self {
        Self { is_whole, ..Self::default() }
    }

    /// Notes what a fact shows of this.
    pub(crate) fn see(&mut self, index: &PlanIndex, at: Moment, fact: &Fact) {
        if self.is_whole {
            return;
        }
        if let Fact::ContactArrived { contact, .. } = fact {
            self.arrived.insert(*contact);
        }
        if let Fact::Connected { agent, .. } | Fact::TakenOver { to: agent, .. } = fact {
            self.talked.insert(index.agents.get(agent.index()).cloned().unwrap_or_default());
        }
        if let Fact::AgentChanged { agent, from, .. } = fact {
            let name = index.agents.get(agent.index()).cloned().unwrap_or_default();
            if *from == AgentState::Acw && !self.talked.contains(&name) {
                self.half_hours.insert(half_hour(at));
            }
            if self.seen.insert(name.clone()) && *from != AgentState::LoggedOut {
                self.agents.insert(name, at);
            }
        }
        if counted(fact).is_some_and(|contact| !self.arrived.contains(&contact)) {
            self.half_hours.insert(half_hour(at));
        }
    }

    /// Whether the queue of an agent's last talk may not be known.
    pub(crate) const fn has_last_queue(&self) -> bool {
        !self.is_whole
    }

    /// Whether the figures of queues in this half hour can't be counted.
    pub(crate) fn has_half_hour(&self, start: Moment) -> bool {
        self.half_hours.contains(&start)
    }

    /// Whether the figures of an agent in this half hour can't be counted.
    pub(crate) fn has_agent(&self, agent: &str, start: Moment) -> bool {
        let is_unseen = !self.is_whole && !self.seen.contains(agent);
        is_unseen || self.has_half_hour(start) || self.agents.get(agent).is_some_and(|until| start <= *until)
    }

    /// Whether something of this span can't be counted.
    pub(crate) fn is_any(&self, from: Moment, until: Moment) -> bool {
        let begins = half_hour(from);
        self.half_hours.range(begins..until).next().is_some() || self.agents.values().any(|at| *at >= from)
    }
}

/// The contact of a fact that is counted for its queue.
fn counted(fact: &Fact) -> Option<ContactId> {
    let is_counted = matches!(
        fact,
        Fact::Queued { .. }
            | Fact::Connected { .. }
            | Fact::TakenOver { .. }
            | Fact::ContactEnded { .. }
            | Fact::HoldRecalled { .. }
            | Fact::TargetWarned { .. }
            | Fact::TargetBreached { .. }
            | Fact::WaitTold(_)
            | Fact::Callback(..)
            | Fact::Handling(_)
            | Fact::Passing(_)
    );
    fact.contact().filter(|_| is_counted)
}
