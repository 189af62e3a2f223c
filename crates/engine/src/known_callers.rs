//! Callers who call again: whom the memory of last agents says, and what it learns.

use turno_calls::CallId;
use turno_ground::Moment;
use turno_model::{ANONYMOUS, AgentId, CallerKnown, ContactId, Fact, QueueId, WITHHELD};

use crate::call_purpose::{CallStage, Purpose};
use crate::dial_rules::{site_form, whole};
use crate::engine::Engine;

impl Engine {
    /// The agent who served this caller lately enough for the queue, which is recorded.
    pub(crate) fn last_agent_of(
        &mut self,
        (call, contact): (CallId, ContactId),
        queue: QueueId,
        now: Moment,
    ) -> Option<AgentId> {
        let within = self.plan.queues.get(queue.index())?.last_agent?;
        let agent = self.last_agents.of(&self.number_of(call)?, within, now)?;
        self.outbox.record(Fact::CallerKnown(contact, CallerKnown::ServedBy { agent }), now);
        Some(agent)
    }

    /// The talk of a call may have begun, or have another agent: the agent serves this caller.
    pub(crate) fn remember_talk(&mut self, call: CallId, now: Moment) {
        if !self.last_agents.is_used() {
            return;
        }
        let Some(&Purpose::Contact(CallStage::Connected(queue, agent))) = self.calls.purpose(call) else {
            return;
        };
        let is_asked = self.plan.queues.get(queue.index()).is_some_and(|queue| queue.last_agent.is_some());
        if let Some(number) = is_asked.then(|| self.number_of(call)).flatten() {
            self.last_agents.serves(number, agent, now);
        }
    }

    /// The caller's number as it is dialled in the site's country; `None` if it is withheld, or the caller is an agent.
    pub(crate) fn number_of(&self, call: CallId) -> Option<String> {
        Some(self.in_site_form(self.shown_number(call)?))
    }

    /// The caller's number with its country; `None` as well if the country is not known.
    pub(crate) fn whole_number_of(&self, call: CallId) -> Option<String> {
        whole(&self.plan, self.shown_number(call)?)
    }

    fn shown_number(&self, call: CallId) -> Option<&str> {
        let record = self.calls.get(call)?;
        let number = record.caller.as_deref().filter(|_| record.tried_by.is_none())?;
        (number != WITHHELD && number != ANONYMOUS && !number.is_empty()).then_some(number)
    }

    /// A number in the one form by which it is known, however it is written.
    pub(crate) fn in_site_form(&self, number: &str) -> String {
        site_form(&self.plan, number)
    }
}
