//! An agent gives the caller back to the queue, in the place of the arrival.

use turno_calls::{CallId, TransferAsked};
use turno_ground::Moment;
use turno_model::{AgentId, ContactId, Done, QueueId, Refusal};

use crate::call_purpose::{CallStage, Purpose};
use crate::calls::CallDeadline;
use crate::engine::Engine;

impl Engine {
    /// The agent's caller waits in the queue again, ahead of all who came later; the agent is released.
    ///
    /// # Errors
    /// [`Refusal::NoTalk`], [`Refusal::PassedOn`].
    pub(crate) fn on_return(&mut self, agent: AgentId, now: Moment) -> Result<Done, Refusal> {
        let contact = self.room.contact_of(agent).ok_or(Refusal::NoTalk)?;
        let call = self.talk_of(contact).ok_or(Refusal::NoTalk)?;
        if self.calls.is_passed_on(call) {
            return Err(Refusal::PassedOn);
        }
        let Some(&Purpose::Contact(CallStage::Connected(queue, _))) = self.calls.purpose(call) else {
            return Err(Refusal::NoTalk);
        };
        self.switchboard.stop_ringing(&mut self.stack, call, now);
        self.switchboard.release_b_leg(&mut self.stack, call, now);
        self.given_back(call, (contact, queue), now);
        Ok(Done::Now)
    }

    /// The agent transfers the caller to the code for this; false if this is no such transfer.
    pub(crate) fn transferred_to_front(
        &mut self,
        call: CallId,
        asked: &TransferAsked,
        target: &str,
        now: Moment,
    ) -> bool {
        if self.plan.feature_codes.to_front != target {
            return false;
        }
        match (self.calls.purpose(call), self.contacts.of(call)) {
            (Some(&Purpose::Contact(CallStage::Connected(queue, _))), Some(contact)) => {
                self.switchboard.finish_transfer(&mut self.stack, call, asked, now);
                self.given_back(call, (contact, queue), now);
            }
            (Some(_) | None, _) => self.switchboard.refuse_transfer(&mut self.stack, asked, 403, now),
        }
        true
    }

    /// The room may offer the contact in this step: the call must be in the queue before.
    pub(crate) fn given_back(&mut self, call: CallId, (contact, queue): (ContactId, QueueId), now: Moment) {
        self.calls.cancel(call, CallDeadline::RecallAgain);
        self.calls.is_for(call, Purpose::Contact(CallStage::Queued(queue)));
        self.room.give_back(contact, now);
        self.begin_announcing(call, queue, now);
    }
}
