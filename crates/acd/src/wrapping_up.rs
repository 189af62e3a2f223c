//! After-call work: its wrap-up code, and its end.

use compact_str::CompactString;
use turno_ground::Moment;
use turno_model::{AgentEvent, AgentId, Fact, HandlingChange};

use crate::agent::{CoveredState, Extension, WrapUpCode};
use crate::deadline::AgentDeadline;
use crate::request::{CannotExtend, NoContact};
use crate::room::Room;

impl Room {
    /// Sets the wrap-up code of the present contact, or of the last one until the next arrives. A talk gets the handling
    /// target of its code, and after-call work that waited for the code alone ends.
    ///
    /// # Errors
    /// [`NoContact`] if the agent has had none yet.
    pub fn wrap_up(&mut self, id: AgentId, code: CompactString, now: Moment) -> Result<(), NoContact> {
        let agent = &mut self.agents[id.index()];
        let contact = agent.last_contact.ok_or(NoContact)?;
        let before = core::mem::replace(&mut agent.wrap_up_code, WrapUpCode::Given(contact));
        let target = self.plan.wrap_up_code(&code).and_then(|known| known.handling_target);
        self.record(Fact::WrapUp { contact, agent: id, code });
        if let Some(target) = target {
            self.retarget(contact, id, target, now);
        }
        match before {
            WrapUpCode::Overdue(_) if self.agents[id.index()].base_state() == Some(CoveredState::Acw) => {
                self.finish_acw(id, now, now);
            }
            WrapUpCode::Overdue(_) | WrapUpCode::Owed(_) | WrapUpCode::Given(_) | WrapUpCode::None => {}
        }
        Ok(())
    }

    /// Whether the agent's after-call work waits for a wrap-up code.
    ///
    /// # Panics
    /// If the plan has no such agent.
    pub fn owes_code(&self, id: AgentId) -> bool {
        self.agents[id.index()].owes_code()
    }

    /// Makes timed after-call work longer by its span, once.
    ///
    /// # Errors
    /// [`CannotExtend`].
    pub fn extend_acw(&mut self, id: AgentId) -> Result<(), CannotExtend> {
        let not_now = CannotExtend::NotNow(self.refusal(id, AgentEvent::AcwEnds));
        let agent = &self.agents[id.index()];
        if agent.base_state() != Some(CoveredState::Acw) {
            return Err(not_now);
        }
        let contact = agent.last_contact.ok_or(not_now)?;
        let by = match agent.extension {
            Extension::Possible(span) => span,
            Extension::Used => return Err(CannotExtend::Already),
            Extension::None => return Err(not_now),
        };
        let at = self.agents.at(id.index(), AgentDeadline::AcwOver).ok_or(not_now)?;
        self.agents.set(id.index(), AgentDeadline::AcwOver, at + by);
        self.agents[id.index()].extension = Extension::Used;
        self.record_handling(contact, id, HandlingChange::Extended { by });
        Ok(())
    }

    /// After-call work has lasted for its span. `since` is when it was due.
    pub(crate) fn on_acw_over(&mut self, id: AgentId, since: Moment, now: Moment) {
        let agent = &self.agents[id.index()];
        match agent.wrap_up_code {
            WrapUpCode::Owed(contact) | WrapUpCode::Overdue(contact) if agent.owes_code() => {
                self.agents[id.index()].wrap_up_code = WrapUpCode::Overdue(contact);
            }
            WrapUpCode::Owed(_) | WrapUpCode::Overdue(_) | WrapUpCode::Given(_) | WrapUpCode::None => {
                self.finish_acw(id, since, now);
            }
        }
    }
}
