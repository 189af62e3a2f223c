//! The talk of a consultation, as it is at this moment.

use turno_calls::CallId;
use turno_model::{AgentId, ContactId, QueueId};

use crate::call_purpose::{CallStage, Purpose};
use crate::consult_stage::ConsultStage;
use crate::consultations::Consultation;
use crate::engine::Engine;

impl Engine {
    /// Whether the talk and the other party of a consultation are there.
    pub(crate) fn consults_on(&self, agent: AgentId, it: &Consultation) -> bool {
        let talk = self.talk_at(agent).filter(|(contact, ..)| *contact == it.contact);
        talk.is_some_and(|(_, call, _)| match it.stage {
            ConsultStage::Rings(rung) => self.calls.get(rung).is_some(),
            ConsultStage::Aside(session) | ConsultStage::Conference(session) => {
                self.switchboard.guest_at(session) == Some(call)
            }
        })
    }

    /// The consultation of the agent of this call, if there is one.
    pub(crate) fn consults_in(&self, call: CallId) -> Option<AgentId> {
        let Some(&Purpose::Contact(CallStage::Connected(_, agent))) = self.calls.purpose(call) else {
            return None;
        };
        self.consultations.get(agent).map(|_| agent)
    }

    /// The talk of an agent, with its contact and queue, if the agent's leg is there.
    pub(crate) fn talk_at(&self, agent: AgentId) -> Option<(ContactId, CallId, QueueId)> {
        let contact = self.room.contact_of(agent)?;
        let call = self.talk_of(contact).filter(|call| self.switchboard.has_b_leg(*call))?;
        match self.calls.purpose(call)? {
            &Purpose::Contact(CallStage::Connected(queue, of)) if of == agent => Some((contact, call, queue)),
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
}
