//! What a supervisor does to queues, and to callers who wait in them.

use turno_ground::Moment;
use turno_media_plan::Audio;
use turno_model::{ContactId, Done, PromptName, QueueId, QueueState, Refusal};

use crate::call_purpose::{CallStage, Purpose};
use crate::carrier::Carrier;
use crate::engine::Engine;
use crate::prompts::prompt_id;

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
                Some(prompt) => self.announce_and_end(call, Audio::Prompts(vec![prompt_id(prompt)]), now),
                None => self.end_call(call, now),
            }
        }
        Ok(Done::Now)
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
        for call in self.calls.keys() {
            let waits = match self.calls.purpose(call) {
                Some(Purpose::Contact(
                    CallStage::Queued(at) | CallStage::Offered(at, _) | CallStage::Outside(at, _),
                )) => *at == queue,
                Some(Purpose::Contact(
                    CallStage::Menu(_) | CallStage::Notice(_) | CallStage::Connected(..),
                ))
                | Some(
                    Purpose::Arriving
                    | Purpose::Announcement
                    | Purpose::Own { .. }
                    | Purpose::Survey(_)
                    | Purpose::CallingBack(_)
                    | Purpose::Observing(_),
                )
                | None => false,
            };
            if waits {
                self.switchboard.play(call, Audio::Prompts(vec![prompt_id(prompt)]));
            }
        }
        Ok(Done::Now)
    }

    fn has_queue(&self, queue: QueueId) -> Result<(), Refusal> {
        self.plan.queues.get(queue.index()).map(|_| ()).ok_or(Refusal::NoSuchQueue)
    }
}
