//! A supervisor takes over the talk that they observe.

use turno_ground::Moment;
use turno_model::{AgentId, Done, Refusal};

use crate::call_purpose::{CallStage, Purpose};
use crate::calls::CallDeadline;
use crate::engine::Engine;
use crate::observers::ObserverStage;

impl Engine {
    /// Makes an observer the agent of the contact, and releases the agent who talked. The caller hears the supervisor from
    /// the next packet on; other observers stay.
    ///
    /// # Errors
    /// [`Refusal::NotObserving`], [`Refusal::NobodyTalks`], [`Refusal::PassedOn`], [`Refusal::ObserverIsBusy`].
    pub(crate) fn on_take_over(&mut self, observer: AgentId, now: Moment) -> Result<Done, Refusal> {
        let observation = self.observers.get(observer).ok_or(Refusal::NotObserving)?;
        let ObserverStage::In(session) = observation.stage else { return Err(Refusal::NotObserving) };
        let contact = observation.contact;
        let call = self.talk_of(contact).ok_or(Refusal::NobodyTalks)?;
        let Some(&Purpose::Contact(CallStage::Connected(queue, _))) = self.calls.purpose(call) else {
            return Err(Refusal::NobodyTalks);
        };
        if self.calls.is_passed_on(call) {
            return Err(Refusal::PassedOn);
        }
        if !self.room.take_over(contact, observer, now) {
            return Err(Refusal::ObserverIsBusy);
        }
        self.observers.end(observer);
        self.observing_ended(observer, observation, now);
        self.calls.cancel(call, CallDeadline::RecallAgain);
        self.calls.is_for(call, Purpose::Contact(CallStage::Connected(queue, observer)));
        self.switchboard.take_over(&mut self.stack, session, now);
        self.agent_call_over(Some(observer), None, now);
        Ok(Done::Now)
    }
}
