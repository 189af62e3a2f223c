//! Orders that steer an agent's phone, and what an agent's page says of its microphone.

use turno_calls::CallId;
use turno_ground::Moment;
use turno_model::{AgentId, Done, Refusal};
use turno_sip::SessionId;

use crate::call_purpose::{CallStage, Purpose};
use crate::engine::Engine;

impl Engine {
    /// Has the agent's phone answer what rings there.
    ///
    /// # Errors
    /// [`Refusal::NothingRings`]; [`Refusal::AtThePhone`] if no phone that rings takes such an order.
    pub(crate) fn on_answer_order(&mut self, agent: AgentId, now: Moment) -> Result<Done, Refusal> {
        let rings =
            |call: &CallId| self.rung_in(*call) == Some(agent) && !self.switchboard.ringing(*call).is_empty();
        let call = self.calls.keys().into_iter().find(rings).ok_or(Refusal::NothingRings)?;
        let is_told = self.switchboard.tell_to_answer(&mut self.stack, call, now);
        is_told.then_some(Done::Now).ok_or(Refusal::AtThePhone)
    }

    /// Holds the agent's talk.
    ///
    /// # Errors
    /// [`Refusal::NoTalk`]; [`Refusal::AlreadyConsulting`], since the caller hears music already then.
    pub(crate) fn on_hold(&mut self, agent: AgentId) -> Result<Done, Refusal> {
        if self.consultations.get(agent).is_some() {
            return Err(Refusal::AlreadyConsulting);
        }
        let leg = self.leg_at(agent).ok_or(Refusal::NoTalk)?;
        self.switchboard.park(leg);
        Ok(Done::Now)
    }

    /// Ends the hold of the agent's talk: turno's own, or that of a phone which takes such an order.
    ///
    /// # Errors
    /// [`Refusal::NoTalk`], [`Refusal::AtThePhone`].
    pub(crate) fn on_resume(&mut self, agent: AgentId, now: Moment) -> Result<Done, Refusal> {
        let leg = self.leg_at(agent).ok_or(Refusal::NoTalk)?;
        let is_done = self.switchboard.unpark(leg) || self.stack.tell_to_talk(leg, now);
        is_done.then_some(Done::Now).ok_or(Refusal::AtThePhone)
    }

    /// Ends the agent's call as if the phone had hung up.
    ///
    /// # Errors
    /// [`Refusal::NoTalk`].
    pub(crate) fn on_hang_up(&mut self, agent: AgentId, now: Moment) -> Result<Done, Refusal> {
        let leg = self.leg_at(agent).ok_or(Refusal::NoTalk)?;
        self.switchboard.put_down(&mut self.stack, leg, now);
        Ok(Done::Now)
    }

    /// The microphone at the agent's page is gone, or back.
    pub(crate) fn on_microphone(&mut self, agent: AgentId, is_there: bool, now: Moment) -> Done {
        let is_later = !is_there && self.is_occupied(agent);
        self.room.set_microphone(agent, is_there, now);
        if is_later { Done::Afterwards } else { Done::Now }
    }

    /// The leg at the agent's ear: of a call of their own, as a contact beside it is on hold, or of the talk.
    fn leg_at(&self, agent: AgentId) -> Option<SessionId> {
        let own = self.calls.keys().into_iter().find_map(|call| match self.calls.purpose(call) {
            Some(Purpose::Own { caller, .. }) if *caller == Some(agent) => self.switchboard.a_leg(call),
            Some(Purpose::Own { callee, .. }) if *callee == Some(agent) => self.switchboard.b_leg(call),
            Some(Purpose::CallingBack(contact)) if self.contacts.offered_to(*contact) == Some(agent) => {
                self.switchboard.a_leg(call)
            }
            Some(Purpose::Hearing(message)) if self.hears(agent, *message) => self.switchboard.a_leg(call),
            Some(_) | None => None,
        });
        own.or_else(|| self.talk_at(agent).and_then(|(_, call, _)| self.switchboard.b_leg(call)))
    }

    fn hears(&self, agent: AgentId, message: turno_model::ContactId) -> bool {
        self.messages.get(message).is_some_and(|message| message.agent == Some(agent))
    }

    /// The agent at whose phones a call rings, if it rings.
    fn rung_in(&self, call: CallId) -> Option<AgentId> {
        match self.calls.purpose(call)? {
            Purpose::Contact(CallStage::Offered(_, agent)) => Some(*agent),
            Purpose::Own { callee, .. } => *callee,
            Purpose::Observing(agent) | Purpose::Line(agent) => Some(*agent),
            Purpose::Consulting(asker) => self.consultations.get(*asker)?.colleague(),
            Purpose::Speaking(speech) => Some(speech.agent),
            // With an A leg, which is the agent's, the person rings.
            Purpose::CallingBack(contact) | Purpose::Hearing(contact) => {
                self.contacts.offered_to(*contact).filter(|_| self.switchboard.a_leg(call).is_none())
            }
            Purpose::Arriving
            | Purpose::Contact(_)
            | Purpose::Announcement
            | Purpose::Survey(_)
            | Purpose::SittingDown(_)
            | Purpose::AgentsLine(_) => None,
        }
    }
}
