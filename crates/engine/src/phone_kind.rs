//! What calls show about an agent's phone: the SDP profile it wants for SRTP, and whether it can take calls at all.

use turno_calls::CallId;
use turno_ground::Moment;
use turno_model::{AgentId, Fact, Party};
use turno_sip::SessionId;

use crate::call_purpose::{CallStage, Purpose};
use crate::engine::Engine;

impl Engine {
    /// A phone is rung again for the same call, with the other SDP profile.
    pub(crate) fn rung_again(&mut self, call: CallId, session: SessionId, now: Moment) {
        if let Some(&Purpose::Contact(CallStage::Offered(_, agent) | CallStage::Connected(_, agent))) =
            self.calls.purpose(call)
            && let Some(contact) = self.contacts.of(call)
        {
            self.leg_opened(contact, Party::Agent(agent), session, now);
        }
        if let Some(&Purpose::Observing(observer)) = self.calls.purpose(call)
            && let Some(observation) = self.observers.get(observer)
        {
            self.leg_opened(observation.contact, Party::Agent(observer), session, now);
        }
    }

    /// A phone accepted the second profile: the next call offers it first.
    pub(crate) fn phone_understood(&mut self, call: CallId, uri: &str, is_secure: bool) {
        let seat = self.rung_agent(call).and_then(|agent| self.seating.seat_of(agent));
        let Some(seat) = seat else { return };
        self.seats.learn(seat, uri, is_secure, &self.plan);
    }

    /// A phone rejects every offer for its media: raises an alarm.
    pub(crate) fn phone_is_unfit(&mut self, call: CallId, status: u16, now: Moment) {
        let Some(agent) = self.rung_agent(call) else { return };
        let extension = &self.plan.agents[agent.index()].extension;
        let text = format!(
            "the phone of {extension} can't take calls: it answers {status} to every offer. The agent is in AUX \
             incompatible. Look at the phone's codecs and encryption; when it starts anew, or the agent dials the code \
             for ready, it gets calls again."
        );
        self.outbox.record(Fact::Alarm { text: text.into() }, now);
    }

    fn rung_agent(&self, call: CallId) -> Option<AgentId> {
        match self.calls.purpose(call)? {
            Purpose::Contact(CallStage::Offered(_, agent) | CallStage::Connected(_, agent)) => Some(*agent),
            Purpose::Own { callee, .. } => *callee,
            Purpose::Observing(observer) => Some(*observer),
            Purpose::Speaking(speech) => Some(speech.agent),
            Purpose::Consulting(agent) => self.consultations.get(*agent)?.colleague(),
            Purpose::Contact(
                CallStage::Emergency
                | CallStage::Menu(_)
                | CallStage::Notice(_)
                | CallStage::Queued(_)
                | CallStage::Outside(..)
                | CallStage::AtVoicemail(_),
            )
            | Purpose::Announcement
            | Purpose::Survey(_)
            | Purpose::SittingDown(_)
            | Purpose::AgentsLine(_)
            | Purpose::Line(_)
            | Purpose::CallingBack(_)
            | Purpose::Hearing(_)
            | Purpose::Arriving => None,
        }
    }
}
