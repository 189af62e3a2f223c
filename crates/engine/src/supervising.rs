//! What a supervisor does to queues, and to callers who wait in them.

use turno_acd::CannotPull;
use turno_calls::CallId;
use turno_ground::Moment;
use turno_model::{
    AgentId, AgentState, ContactId, Done, Emergency, Fact, PromptName, QueueId, QueueState, Refusal,
};

use crate::call_purpose::{CallStage, Purpose};
use crate::carrier::Carrier;
use crate::engine::Engine;

impl Engine {
    /// Moves a waiting contact to another queue.
    ///
    /// # Errors
    /// [`Refusal::NoSuchQueue`], [`Refusal::QueueClosed`], [`Refusal::NotWaiting`].
    pub(crate) fn on_move(
        &mut self,
        contact: ContactId,
        queue: QueueId,
        now: Moment,
    ) -> Result<Done, Refusal> {
        self.has_queue(queue)?;
        if self.room.queue_state(queue) == QueueState::Closed {
            return Err(Refusal::QueueClosed);
        }
        if self.room.queue_of_waiting(contact).ok_or(Refusal::NotWaiting)? == queue {
            return Ok(Done::Now);
        }
        // The room may offer the contact or send it away in this step: the call must be in its new queue before.
        if let Some(Carrier::Call(call)) = self.contacts.carrier_of(contact) {
            self.calls.is_for(call, Purpose::Contact(CallStage::Queued(queue)));
        }
        self.messages.moves_to(contact, queue);
        self.room.move_to(contact, queue, now);
        if let Some(Carrier::Call(call)) = self.contacts.carrier_of(contact) {
            self.begin_announcing(call, queue, now);
        }
        Ok(Done::Now)
    }

    /// Ends a waiting contact; a caller hears the prompt first.
    ///
    /// # Errors
    /// [`Refusal::NoSuchPrompt`], [`Refusal::NotWaiting`].
    pub(crate) fn on_end(
        &mut self,
        contact: ContactId,
        prompt: Option<PromptName>,
        now: Moment,
    ) -> Result<Done, Refusal> {
        if prompt.is_some_and(|prompt| self.plan.prompts.get(prompt.index()).is_none()) {
            return Err(Refusal::NoSuchPrompt);
        }
        self.room.queue_of_waiting(contact).ok_or(Refusal::NotWaiting)?;
        self.room.dequeue(contact, now);
        if let Some(Carrier::Call(call)) = self.contacts.carrier_of(contact) {
            match prompt {
                Some(prompt) => self.announce_and_end(call, self.speech(call, [prompt]), now),
                None => self.end_call(call, now),
            }
        }
        Ok(Done::Now)
    }

    /// Gives a waiting contact to an agent, now or next; without an agent everybody may take it again.
    ///
    /// # Errors
    /// [`Refusal::NotWaiting`], [`Refusal::NotPulled`], [`Refusal::NotNow`].
    pub(crate) fn on_pull(
        &mut self,
        contact: ContactId,
        agent: Option<AgentId>,
        now: Moment,
    ) -> Result<Done, Refusal> {
        let Some(agent) = agent else {
            self.room.queue_of_waiting(contact).ok_or(Refusal::NotWaiting)?;
            return self.room.pull_back(contact, now).then_some(Done::Now).ok_or(Refusal::NotPulled);
        };
        match self.room.pull(contact, agent, now) {
            Ok(effect) => Ok(effect.into()),
            Err(CannotPull::NotWaiting) => Err(Refusal::NotWaiting),
            Err(CannotPull::LoggedOut) => Err(Refusal::NotNow(AgentState::LoggedOut)),
        }
    }

    /// Opens, pauses or closes a queue.
    ///
    /// # Errors
    /// [`Refusal::NoSuchQueue`].
    pub(crate) fn on_set_queue(
        &mut self,
        queue: QueueId,
        state: QueueState,
        now: Moment,
    ) -> Result<Done, Refusal> {
        self.has_queue(queue)?;
        self.room.turn_queue(queue, state, now);
        Ok(Done::Now)
    }

    /// Plays a prompt to all callers who wait in a queue, in place of the music.
    ///
    /// # Errors
    /// [`Refusal::NoSuchQueue`], [`Refusal::NoSuchPrompt`].
    pub(crate) fn on_announce(&mut self, queue: QueueId, prompt: PromptName) -> Result<Done, Refusal> {
        self.has_queue(queue)?;
        if self.plan.prompts.get(prompt.index()).is_none() {
            return Err(Refusal::NoSuchPrompt);
        }
        for call in self.waiting_in(|at| at == queue) {
            let audio = self.speech(call, [prompt]);
            self.switchboard.play(call, audio);
        }
        Ok(Done::Now)
    }

    /// The caller of this call hears the emergency announcement.
    pub(crate) fn tell_emergency(&mut self, call: CallId, now: Moment) {
        if let Some(contact) = self.contacts.of(call) {
            self.outbox.record(Fact::Emergency(Emergency::Heard { contact }), now);
        }
    }

    fn has_queue(&self, queue: QueueId) -> Result<(), Refusal> {
        self.plan.queues.get(queue.index()).map(|_| ()).ok_or(Refusal::NoSuchQueue)
    }
}
