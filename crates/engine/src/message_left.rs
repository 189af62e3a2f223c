//! What remains when a call with a voicemail ends: the caller's message, or the message that an agent heard.

use compact_str::CompactString;
use turno_ground::{Moment, Pii};
use turno_model::{
    CallbackChange, Channel, ContactId, EndedBy, Fact, MessageDiscarded, MessageEnd, Voicemail,
    VoicemailChange,
};

use crate::engine::Engine;
use crate::messages::{Message, MessageStage};
use crate::recording_order::RecordingOrder;
use crate::voicemail_stage::{Recorded, VoicemailStage};
use crate::voicemails::Visit;

/// A message of a caller who hangs up is kept if a voice was heard in it for this long.
const VOICED_MIN: core::time::Duration = core::time::Duration::from_secs(2);

impl Engine {
    /// The caller has left the voicemail: what was spoken is kept if it is more than a few words.
    pub(crate) fn voicemail_left(&mut self, contact: ContactId, by: EndedBy, now: Moment) {
        let Some(stage) = self.voicemails.get(contact).map(|visit| visit.stage) else { return };
        match stage {
            VoicemailStage::Greeted | VoicemailStage::Toned => self.leaves_nothing(contact, by, now),
            VoicemailStage::Speaks(recording) => {
                let end = if by == EndedBy::System { MessageEnd::Lost } else { MessageEnd::HungUp };
                self.voicemails.has_spoken(contact, end);
                self.voicemails.is_gone(contact, by);
                self.close_recording(recording, now);
            }
            VoicemailStage::Closes(_) => self.voicemails.is_gone(contact, by),
            VoicemailStage::Chooses(closed) | VoicemailStage::ChoosesAgain(closed) => {
                self.keep_if_enough((contact, by), closed, now);
            }
        }
    }

    /// The caller is gone, and the recording is closed.
    pub(crate) fn keep_if_enough(
        &mut self,
        (contact, by): (ContactId, EndedBy),
        closed: Recorded,
        now: Moment,
    ) {
        if closed.voiced >= VOICED_MIN {
            self.keep_message(contact, closed, now);
        } else {
            self.discard_message(contact, closed, MessageDiscarded::Empty, now);
            self.leaves_nothing(contact, by, now);
        }
    }

    /// The message of a caller is a contact of its own in the caller's place, and the caller's contact ends.
    pub(crate) fn keep_message(&mut self, contact: ContactId, closed: Recorded, now: Moment) {
        let Some(Visit { queue, caller, .. }) = self.voicemails.end(contact) else { return };
        let Recorded { recording, began, length, voiced: _ } = closed;
        let message = self.contacts.begin_alone(Channel::Voicemail, None, now);
        let dialled = self.plan.queues.get(queue.index()).map(|plan| CompactString::from(&plan.name));
        self.tells_voicemail(contact, VoicemailChange::Kept { message }, now);
        let arrived = Fact::ContactArrived {
            contact: message,
            channel: Channel::Voicemail,
            from: Pii(CompactString::from(&caller)),
            dialled: dialled.unwrap_or_default(),
            trunk: None,
        };
        self.outbox.record(arrived, now);
        let change = VoicemailChange::Left { caller: contact, recording, length };
        self.outbox.record(Fact::Voicemail(Voicemail { contact: message, queue, change }), now);
        let came = self.wall.at(began);
        let stage = MessageStage::Waits;
        let left = Message { queue, recording, began, came, caller, stage, agent: None, is_over: false };
        self.messages.begin(message, left);
        if self.callbacks.is_in_line(contact) {
            self.outbox.record(Fact::Callback(contact, CallbackChange::LeftMessage), now);
        }
        self.room.leave_message(contact, message, now);
    }

    /// A message is not kept: its files are deleted.
    pub(crate) fn discard_message(
        &mut self,
        contact: ContactId,
        closed: Recorded,
        why: MessageDiscarded,
        now: Moment,
    ) {
        self.tells_voicemail(contact, VoicemailChange::Discarded(why), now);
        let recording = closed.recording;
        self.recordings.order(RecordingOrder::Discard { recording, contact, began: closed.began });
    }

    /// The caller is gone without a message.
    pub(crate) fn leaves_nothing(&mut self, contact: ContactId, by: EndedBy, now: Moment) {
        self.voicemails.end(contact);
        if self.callbacks.is_in_line(contact) {
            self.left_after_dial((contact, None), by, now);
        } else if by == EndedBy::System {
            self.room.lose(contact, now);
        } else {
            self.room.abandon(contact, now);
        }
    }

    /// The agent who was hearing a message is gone: it is handled if it was heard to its end, and waits again if not.
    pub(crate) fn hearing_over(&mut self, contact: ContactId, now: Moment) {
        let Some(message) = self.messages.get(contact) else { return };
        if message.is_over {
            self.room.release(contact, EndedBy::Agent, now);
        } else {
            self.messages.turn(contact, MessageStage::Waits);
            self.room.agent_lost(contact, now);
        }
    }

    /// Records what happened at a voicemail.
    pub(crate) fn tells_voicemail(&mut self, contact: ContactId, change: VoicemailChange, now: Moment) {
        if let Some(queue) = self.room.queue_of(contact) {
            self.outbox.record(Fact::Voicemail(Voicemail { contact, queue, change }), now);
        }
    }
}
