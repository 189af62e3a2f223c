//! Numbers outside: those that agents may dial, and the dependencies to which they pass callers on.

use compact_str::CompactString;
use turno_calls::CallId;
use turno_ground::Moment;
use turno_model::plan::bare_number;
use turno_model::{AgentId, ContactId, Fact, Passing, PassingChange};

use crate::call_purpose::{CallStage, Outside, Purpose};
use crate::dial_rules::may_be_dialled;
use crate::engine::Engine;

impl Engine {
    /// An outside number that agents may dial, with the trunk that leads there.
    pub(crate) fn outside(&self, number: &str) -> Option<Outside> {
        let number = bare_number(number);
        let rules = &self.plan.dial_out;
        let allowed = !number.is_empty() && may_be_dialled((&rules.allow, &rules.deny), &number);
        let trunk = rules.trunk.filter(|_| allowed)?;
        Some(Outside { trunk, number, tried: 0 })
    }

    /// How the dependency with this extension is dialled.
    pub(crate) fn dependency(&self, extension: &str) -> Option<Outside> {
        let dependency = self.plan.dependencies.iter().find(|it| it.extension == extension)?;
        let trunk = self.plan.dial_out.trunk?;
        Some(Outside { trunk, number: bare_number(&dependency.number), tried: 0 })
    }

    /// The target of a pending transfer rings.
    pub(crate) fn dependency_rung(&mut self, call: CallId, now: Moment) {
        if let Some((about, dependency)) = self.passed_to_dependency(call) {
            self.passing(about, PassingChange::DependencyRung { dependency }, now);
        }
    }

    /// The target of a pending transfer did not answer.
    pub(crate) fn dependency_not_reached(&mut self, call: CallId, status: u16, now: Moment) {
        if let Some((about, dependency)) = self.passed_to_dependency(call) {
            self.passing(about, PassingChange::DependencyNotReached { dependency, status }, now);
        }
    }

    /// The target of a transfer has the contact of this call: if it is a dependency, the contact gets its outcome as wrap-up
    /// code before it leaves the agent. The dependency's name.
    pub(crate) fn dependency_reached(&mut self, call: CallId, to: &str, now: Moment) -> Option<String> {
        let about = self.talk_between(call)?;
        let dependency = self.plan.dependency(to)?;
        let (name, outcome) = (dependency.name.clone(), dependency.outcome.clone().unwrap_or_default());
        if !outcome.is_empty() {
            // An agent with a talk has had a contact.
            let _ = self.room.wrap_up(about.1, CompactString::from(&outcome), now);
        }
        let change = PassingChange::DependencyReached {
            dependency: CompactString::from(&name),
            outcome: CompactString::from(outcome),
        };
        self.passing(about, change, now);
        Some(name)
    }

    fn passed_to_dependency(&self, call: CallId) -> Option<((ContactId, AgentId), CompactString)> {
        let pending = self.calls.get(call)?.transfer.as_ref()?;
        let dependency = self.plan.dependency(&pending.to)?;
        Some((self.talk_between(call)?, CompactString::from(&dependency.name)))
    }

    /// The contact of a talk, and its agent.
    fn talk_between(&self, call: CallId) -> Option<(ContactId, AgentId)> {
        match self.calls.purpose(call)? {
            Purpose::Contact(CallStage::Connected(_, agent)) => Some((self.contacts.of(call)?, *agent)),
            Purpose::Contact(_)
            | Purpose::Arriving
            | Purpose::Announcement
            | Purpose::Own { .. }
            | Purpose::Survey(_)
            | Purpose::CallingBack(_)
            | Purpose::Observing(_)
            | Purpose::Speaking(_)
            | Purpose::Consulting(_)
            | Purpose::Hearing(_)
            | Purpose::SittingDown(_)
            | Purpose::AgentsLine(_)
            | Purpose::Line(_) => None,
        }
    }

    /// Records what an agent does with a talk.
    pub(crate) fn passing(
        &mut self,
        (contact, agent): (ContactId, AgentId),
        change: PassingChange,
        now: Moment,
    ) {
        self.outbox.record(Fact::Passing(Passing { contact, agent, change }), now);
    }
}
