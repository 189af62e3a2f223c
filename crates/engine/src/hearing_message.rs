//! An agent hears a message: the phone rings, the message is introduced and played, and keys repeat or end it.

use core::time::Duration;

use compact_str::CompactString;
use turno_acd::Offer;
use turno_calls::CallId;
use turno_ground::Moment;
use turno_media_plan::{Audio, SoundId};
use turno_model::plan::{VoicemailPlan, VoicemailPrompt};
use turno_model::speech::Spoken;
use turno_model::{
    ANONYMOUS, ContactId, EndedBy, Fact, OfferOutcome, Party, PromptName, RecordingId, VoicemailChange,
    WITHHELD,
};

use crate::call_purpose::Purpose;
use crate::engine::Engine;
use crate::half_hours::minute_of_day;
use crate::messages::{Message, MessageDeadline, MessageStage};
use crate::prompts::prompt_id;
use crate::recording_order::RecordingOrder;

/// While turno drains, a message is offered again after this, so that calls can end.
const DRAINING_SPAN: Duration = Duration::from_secs(60);

/// How long the recorder may take to read a message.
const LOADING_SPAN_MAX: Duration = Duration::from_secs(10);

/// Longest introduction, if the media plane does not report its end.
const INTRODUCTION_SPAN_MAX: Duration = Duration::from_secs(60);

/// How long an agent may think after a message. turno hangs up then, and the message is handled.
const AFTERWARDS_SPAN_MAX: Duration = Duration::from_secs(60);

/// How long a message waits for a phone that is on hold, before it goes on.
const HELD_SPAN_MAX: Duration = Duration::from_secs(600);

impl Engine {
    /// Rings the agent who got a message.
    pub(crate) fn ring_for_message(&mut self, offer: Offer, now: Moment) {
        let (contact, agent, queue) = (offer.contact(), offer.agent(), offer.queue());
        let Some(caller) = self.messages.get(contact).map(|message| message.caller.clone()) else {
            self.room.lose(contact, now);
            self.room.settle(offer, OfferOutcome::Withdrawn, now);
            return;
        };
        if !self.service.is_open() {
            self.room.settle_later(offer, OfferOutcome::Withdrawn, now + DRAINING_SPAN, now);
            return;
        }
        let display = format!("VOICEMAIL {}", self.plan.queues[queue.index()].display);
        let number = if caller.is_empty() { ANONYMOUS } else { &caller };
        let targets = self.agent_targets_for(agent, number, &display);
        if targets.is_empty() {
            self.room.settle(offer, OfferOutcome::Unreachable, now);
            return;
        }
        self.contacts.put_offer(offer);
        let rung = self.switchboard.call_out(&mut self.stack, targets, now);
        self.ports_were_taken();
        let Ok(call) = rung else {
            // As with a caller: an earlier offer took the last port.
            if let Some(offer) = self.contacts.take_offer(contact) {
                self.room.settle(offer, OfferOutcome::Withdrawn, now);
            }
            return;
        };
        self.calls.begin(call);
        self.contacts.begin_with(call);
        self.calls.is_by(call, caller);
        self.calls.is_for(call, Purpose::Hearing(contact));
        self.messages.rings(contact, call, agent);
        self.legs_rung(contact, call, Party::Agent(agent), now);
    }

    /// The agent has answered.
    pub(crate) fn message_answered(&mut self, call: CallId, contact: ContactId, now: Moment) {
        let (Some(offer), Some(message)) =
            (self.contacts.take_offer(contact), self.messages.get(contact).cloned())
        else {
            self.end_call(call, now);
            return;
        };
        self.contacts.takes_call(contact, call);
        self.messages.turn(contact, MessageStage::Introduced(call));
        self.messages.goes_on_by(contact, now + INTRODUCTION_SPAN_MAX);
        self.room.accept(offer, now);
        let prompts = self.introduction(&message).into_iter().map(prompt_id).collect();
        self.switchboard.play(call, Audio::Prompts(prompts));
    }

    /// An agent's phone did not take a message.
    pub(crate) fn message_ring_failed(&mut self, contact: ContactId, status: u16, now: Moment) {
        let outcome = self.refused_offer(self.contacts.offered_to(contact), status);
        self.message_rung_no_more(contact, outcome, now);
    }

    /// An agent's phone stops ringing for a message, which keeps its place in line.
    pub(crate) fn message_rung_no_more(&mut self, contact: ContactId, outcome: OfferOutcome, now: Moment) {
        let call = self.messages.get(contact).and_then(|message| message.stage.call());
        self.messages.turn(contact, MessageStage::Waits);
        if let Some(call) = call {
            self.end_call(call, now);
        }
        if let Some(offer) = self.contacts.take_offer(contact) {
            self.room.settle(offer, outcome, now);
        }
    }

    /// What plays to an agent who hears a message is over.
    pub(crate) fn message_played_out(&mut self, call: CallId, contact: ContactId, now: Moment) {
        let Some(message) = self.messages.get(contact) else { return };
        match (message.stage, message.agent) {
            (MessageStage::Introduced(_), _) => self.load(contact, now),
            (MessageStage::Plays(_), Some(agent)) => {
                if !message.is_over {
                    self.tells_voicemail(contact, VoicemailChange::Heard { agent }, now);
                }
                self.message_is_over(call, contact, VoicemailPrompt::Keys, now);
            }
            (MessageStage::Waits | MessageStage::Rings(_) | MessageStage::Loads(_), _)
            | (MessageStage::Plays(_) | MessageStage::Heard(_), _) => {}
        }
    }

    /// The agent pressed a key: 1 plays the message again, 3 ends it.
    pub(crate) fn message_keyed(&mut self, call: CallId, contact: ContactId, digit: char, now: Moment) {
        let Some(stage) = self.messages.get(contact).map(|message| message.stage) else { return };
        match (stage, digit) {
            (MessageStage::Introduced(_) | MessageStage::Plays(_) | MessageStage::Heard(_), '1') => {
                self.load(contact, now);
            }
            (
                MessageStage::Introduced(_)
                | MessageStage::Loads(_)
                | MessageStage::Plays(_)
                | MessageStage::Heard(_),
                '3',
            ) => self.message_handled(call, contact, now),
            // Keys at random change nothing.
            (MessageStage::Waits | MessageStage::Rings(_) | MessageStage::Introduced(_), _)
            | (MessageStage::Loads(_) | MessageStage::Plays(_) | MessageStage::Heard(_), _) => {}
        }
    }

    /// The recorder has read a message.
    pub(crate) fn message_loaded(&mut self, recording: RecordingId, now: Moment) {
        let Some(contact) = self.messages.of_recording(recording) else { return };
        let message = self.messages.get(contact).map(|message| (message.stage, message.agent));
        if let Some((MessageStage::Loads(call), Some(agent))) = message {
            self.messages.turn(contact, MessageStage::Plays(call));
            self.tells_voicemail(contact, VoicemailChange::Played { agent }, now);
            self.switchboard.play(call, Audio::Sound(SoundId(recording.0)));
        }
    }

    /// The recorder can't read a message.
    pub(crate) fn message_not_loaded(&mut self, recording: RecordingId, now: Moment) {
        let Some(contact) = self.messages.of_recording(recording) else { return };
        let message = self.messages.get(contact).map(|message| (message.stage, message.agent));
        if let Some((MessageStage::Loads(call), Some(agent))) = message {
            self.tells_voicemail(contact, VoicemailChange::NotPlayed { agent }, now);
            let text = "a message can't be played: look at the disk of [recording]; what was written of it is \
                        kept as a recording";
            self.outbox.record(Fact::Alarm { text: text.into() }, now);
            self.message_is_over(call, contact, VoicemailPrompt::Lost, now);
        }
    }

    /// The message that this call is for.
    pub(crate) fn hearing(&self, call: CallId) -> Option<ContactId> {
        if let Some(Purpose::Hearing(message)) = self.calls.purpose(call) { Some(*message) } else { None }
    }

    /// The phone that hears a message is put on hold: nothing is heard meanwhile.
    pub(crate) fn message_held(&mut self, call: CallId, now: Moment) {
        let Some(contact) = self.hearing(call) else { return };
        match self.messages.get(contact).map(|message| message.stage) {
            Some(MessageStage::Introduced(_) | MessageStage::Loads(_) | MessageStage::Plays(_)) => {
                self.messages.turn(contact, MessageStage::Introduced(call));
            }
            Some(MessageStage::Heard(_)) => {}
            Some(MessageStage::Waits | MessageStage::Rings(_)) | None => return,
        }
        self.messages.goes_on_by(contact, now + HELD_SPAN_MAX);
        self.switchboard.play(call, Audio::Silence);
    }

    /// The phone is taken back from hold: the message begins anew.
    pub(crate) fn message_resumed(&mut self, call: CallId, now: Moment) {
        let Some(contact) = self.hearing(call) else { return };
        match self.messages.get(contact).map(|message| message.stage) {
            Some(MessageStage::Introduced(_)) => self.load(contact, now),
            Some(MessageStage::Heard(_)) => self.messages.goes_on_by(contact, now + AFTERWARDS_SPAN_MAX),
            Some(
                MessageStage::Waits
                | MessageStage::Rings(_)
                | MessageStage::Loads(_)
                | MessageStage::Plays(_),
            )
            | None => {}
        }
    }

    /// A deadline of a message is due.
    pub(crate) fn on_message_deadline(&mut self, contact: ContactId, due: MessageDeadline, now: Moment) {
        let Some(message) = self.messages.get(contact) else { return };
        match (due, message.stage) {
            (MessageDeadline::Stuck, MessageStage::Introduced(_)) => self.load(contact, now),
            // A slow disk has lost nothing: the message waits again.
            (MessageDeadline::Stuck, MessageStage::Loads(call)) => {
                let was_heard = message.is_over;
                self.end_call(call, now);
                if !was_heard {
                    self.messages.turn(contact, MessageStage::Waits);
                    self.room.agent_lost(contact, now);
                } else {
                    self.room.release(contact, EndedBy::Agent, now);
                }
            }
            (MessageDeadline::Stuck, MessageStage::Heard(call)) => self.message_handled(call, contact, now),
            (
                MessageDeadline::Stuck,
                MessageStage::Waits | MessageStage::Rings(_) | MessageStage::Plays(_),
            ) => {}
        }
    }

    /// The files of a message are deleted, or it has waited for too long: it ends.
    pub(crate) fn message_expires(&mut self, contact: ContactId, now: Moment) {
        let Some(call) = self.messages.get(contact).map(|message| message.stage.call()) else { return };
        self.tells_voicemail(contact, VoicemailChange::Expired, now);
        self.room.give_up(contact, now);
        if let Some(call) = call {
            self.end_call(call, now);
        }
        if let Some(offer) = self.contacts.take_offer(contact) {
            self.room.settle(offer, OfferOutcome::Withdrawn, now);
        }
    }

    /// After a recovery: what was lent to the media plane is gone with it, and a message that played begins anew.
    pub(crate) fn resume_messages(&mut self, now: Moment) {
        for contact in self.messages.keys() {
            match self.messages.get(contact).map(|message| message.stage) {
                Some(MessageStage::Loads(_) | MessageStage::Plays(_)) => self.load(contact, now),
                Some(MessageStage::Waits | MessageStage::Rings(_) | MessageStage::Introduced(_))
                | Some(MessageStage::Heard(_))
                | None => {}
            }
        }
    }

    /// The recorder reads the message, which then plays from its beginning.
    fn load(&mut self, contact: ContactId, now: Moment) {
        let Some(message) = self.messages.get(contact) else { return };
        let Some(call) = message.stage.call() else { return };
        let (recording, began) = (message.recording, message.began);
        self.messages.turn(contact, MessageStage::Loads(call));
        self.messages.goes_on_by(contact, now + LOADING_SPAN_MAX);
        self.recordings.order(RecordingOrder::Load { recording, began });
        self.switchboard.play(call, Audio::Silence);
    }

    /// The agent has done with a message.
    fn message_handled(&mut self, call: CallId, contact: ContactId, now: Moment) {
        self.room.release(contact, EndedBy::Agent, now);
        self.end_call(call, now);
    }

    fn message_is_over(&mut self, call: CallId, contact: ContactId, said: VoicemailPrompt, now: Moment) {
        self.messages.turn(contact, MessageStage::Heard(call));
        self.messages.goes_on_by(contact, now + AFTERWARDS_SPAN_MAX);
        self.messages.is_over(contact);
        let prompt = self.messages.get(contact).and_then(|it| self.voicemail_plan(it)?.prompt(said));
        self.switchboard.play(call, Audio::Prompts(prompt.into_iter().map(prompt_id).collect()));
    }

    /// When the message came, and from which number, as it may be shown.
    fn introduction(&self, message: &Message) -> Vec<PromptName> {
        let Some(plan) = self.voicemail_plan(message) else { return Vec::new() };
        let mut prompts = plan.said(&Spoken::MessageAt(minute_of_day(self.plan.hours.first(), message.came)));
        let is_shown = !matches!(&*message.caller, "" | WITHHELD | ANONYMOUS);
        let digits = Spoken::Digits(CompactString::from(&message.caller));
        if is_shown && message.caller.contains(|sign: char| sign.is_ascii_digit()) {
            prompts.extend(plan.prompt(VoicemailPrompt::From));
            prompts.extend(plan.said(&digits));
        } else {
            prompts.extend(plan.prompt(VoicemailPrompt::Unknown));
        }
        prompts
    }

    fn voicemail_plan(&self, message: &Message) -> Option<&VoicemailPlan> {
        self.plan.queues.get(message.queue.index())?.voicemail.as_ref()
    }
}
