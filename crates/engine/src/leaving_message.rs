//! A waiting caller leaves a message: greeting, tone, speech, and a choice.
//!
//! The caller is in no line meanwhile, so no agent's phone rings for somebody who is speaking. A caller who leaves no message is
//! back at the old place.

use core::time::Duration;

use turno_calls::CallId;
use turno_ground::Moment;
use turno_media_plan::{Audio, Tone};
use turno_model::plan::VoicemailPrompt;
use turno_model::{
    ContactId, MessageDiscarded, MessageEnd, PromptName, QueueId, RecordingId, VoicemailChange,
    VoicemailRefusal,
};

use crate::call_purpose::{CallStage, Purpose};
use crate::carrier::Carrier;
use crate::engine::Engine;
use crate::recording_order::RecordingOrder;
use crate::voicemail_stage::{Recorded, VoicemailEvent, VoicemailStage};
use crate::voicemails::VoicemailDeadline;

/// Longest prompts, if the media plane does not report their end.
const PROMPTS_SPAN_MAX: Duration = Duration::from_secs(120);

/// How long a caller may think about what becomes of the message. A caller who presses no key after two questions sends it.
const THINKING_SPAN: Duration = Duration::from_secs(8);

/// A message that its caller ended needs this much voice; the question that follows asks whether it is one.
const VOICED_MIN: Duration = Duration::from_millis(400);

/// A call at the voicemail, its contact and the queue.
type Caller = (CallId, ContactId, QueueId);

impl Engine {
    /// A step of the queue has led a caller out of the line, to leave a message.
    pub(crate) fn voicemail_step(&mut self, contact: ContactId, now: Moment) {
        let call = match self.contacts.carrier_of(contact) {
            Some(Carrier::Call(call)) => call,
            Some(Carrier::Callback | Carrier::Message | Carrier::Nothing) | None => {
                self.room.speaks_no_more(contact, now);
                return;
            }
        };
        let Some(&Purpose::Contact(CallStage::Queued(queue))) = self.calls.purpose(call) else {
            self.room.speaks_no_more(contact, now);
            return;
        };
        let caller = (call, contact, queue);
        if self.plan.queues[queue.index()].voicemail.is_none() {
            self.waits_on(caller, None, now);
            return;
        }
        match self.answer_for_message(call, queue, now) {
            Ok(()) => self.greet(caller, now),
            Err(why) => {
                self.tells_voicemail(contact, VoicemailChange::Refused(why), now);
                self.waits_on(caller, Some(refused(why)), now);
            }
        }
    }

    /// A caller pressed a key while waiting, or at the voicemail.
    pub(crate) fn voicemail_keyed(&mut self, call: CallId, digit: char, now: Moment) {
        let Some(contact) = self.contacts.of(call) else { return };
        match self.calls.purpose(call) {
            Some(&Purpose::Contact(CallStage::AtVoicemail(queue))) => {
                self.key_at_voicemail((call, contact, queue), digit, now);
            }
            Some(&Purpose::Contact(CallStage::Queued(queue))) => {
                let is_key =
                    self.plan.queues[queue.index()].voicemail.as_ref().map(|it| it.key) == Some(digit);
                if is_key && !self.callbacks.asks(contact) {
                    self.asks_for_voicemail((call, contact, queue), now);
                }
            }
            Some(_) | None => {}
        }
    }

    fn asks_for_voicemail(&mut self, caller: Caller, now: Moment) {
        let (call, contact, queue) = caller;
        match self.answer_for_message(call, queue, now) {
            Ok(()) if self.room.speak(contact) => self.greet(caller, now),
            Ok(()) => {}
            Err(why) => {
                self.tells_voicemail(contact, VoicemailChange::Refused(why), now);
                self.says(caller, refused(why));
            }
        }
    }

    /// Answers the call if a message can be taken.
    fn answer_for_message(
        &mut self,
        call: CallId,
        queue: QueueId,
        now: Moment,
    ) -> Result<(), VoicemailRefusal> {
        let plan = self.plan.queues[queue.index()].voicemail.as_ref();
        let most = plan.map_or(0, |plan| usize::try_from(plan.messages_max).unwrap_or(usize::MAX));
        if self.plan.recording.is_none() {
            return Err(VoicemailRefusal::NoRecorder);
        }
        if self.messages.of_queue(queue) + self.voicemails.at(queue) >= most {
            return Err(VoicemailRefusal::Full);
        }
        self.switchboard.answer(&mut self.stack, call, now).map_err(|_| VoicemailRefusal::NoVoice)
    }

    fn greet(&mut self, (call, contact, queue): Caller, now: Moment) {
        self.calls.is_for(call, Purpose::Contact(CallStage::AtVoicemail(queue)));
        if self.callbacks.asks(contact) {
            self.callbacks.end(contact);
        }
        let shown = self.calls.get(call).and_then(|record| record.caller.clone()).unwrap_or_default();
        self.voicemails.begin(contact, queue, shown);
        self.voicemails.set(contact, VoicemailDeadline::Silence, now + PROMPTS_SPAN_MAX);
        let plan = self.plan.queues[queue.index()].voicemail.as_ref();
        let welcome = plan.map(|plan| plan.welcome()).unwrap_or_default();
        let audio = self.speech(call, welcome);
        self.switchboard.play(call, audio);
    }

    fn key_at_voicemail(&mut self, caller: Caller, digit: char, now: Moment) {
        let (call, contact, _) = caller;
        let Some(stage) = self.voicemails.get(contact).map(|visit| visit.stage) else { return };
        match (stage, digit) {
            (VoicemailStage::Greeted | VoicemailStage::Toned, '*') => self.waits_on(caller, None, now),
            (VoicemailStage::Greeted, '#') => self.beep(call, contact, VoicemailEvent::Welcomed, now),
            (VoicemailStage::Speaks(_), '#') => self.has_spoken(call, contact, MessageEnd::Key, now),
            (VoicemailStage::Speaks(recording), '*') => {
                // The files are deleted when they are closed, since nobody asks for them then.
                self.close_recording(recording, now);
                let change = VoicemailChange::Discarded(MessageDiscarded::Unwanted);
                self.tells_voicemail(contact, change, now);
                self.waits_on(caller, None, now);
            }
            (VoicemailStage::Chooses(closed) | VoicemailStage::ChoosesAgain(closed), '1') => {
                self.send_message(caller, closed, now);
            }
            (VoicemailStage::Chooses(closed) | VoicemailStage::ChoosesAgain(closed), '2') => {
                self.discard_message(contact, closed, MessageDiscarded::Again, now);
                self.beep(call, contact, VoicemailEvent::Again, now);
            }
            (VoicemailStage::Chooses(closed) | VoicemailStage::ChoosesAgain(closed), '*') => {
                self.discard_message(contact, closed, MessageDiscarded::Unwanted, now);
                self.waits_on(caller, None, now);
            }
            // Keys at random change nothing.
            (VoicemailStage::Greeted | VoicemailStage::Toned | VoicemailStage::Speaks(_), _)
            | (VoicemailStage::Closes(_) | VoicemailStage::Chooses(_), _)
            | (VoicemailStage::ChoosesAgain(_), _) => {}
        }
    }

    /// What plays to a caller at the voicemail is over.
    pub(crate) fn voicemail_played_out(&mut self, call: CallId, queue: QueueId, now: Moment) {
        let Some(contact) = self.contacts.of(call) else { return };
        match self.voicemails.get(contact).map(|visit| visit.stage) {
            Some(VoicemailStage::Greeted) => self.beep(call, contact, VoicemailEvent::Welcomed, now),
            Some(VoicemailStage::Toned) => self.listen((call, contact, queue), now),
            Some(VoicemailStage::Chooses(_) | VoicemailStage::ChoosesAgain(_)) => {
                self.voicemails.set(contact, VoicemailDeadline::Silence, now + THINKING_SPAN);
            }
            Some(VoicemailStage::Speaks(_) | VoicemailStage::Closes(_)) | None => {}
        }
    }

    fn beep(&mut self, call: CallId, contact: ContactId, event: VoicemailEvent, now: Moment) {
        if self.voicemails.turn(contact, event) {
            self.voicemails.set(contact, VoicemailDeadline::Silence, now + PROMPTS_SPAN_MAX);
            self.switchboard.play(call, Audio::Tone(Tone::Speak));
        }
    }

    /// The tone is over: the caller is recorded.
    fn listen(&mut self, caller: Caller, now: Moment) {
        let (call, contact, queue) = caller;
        let Some(recording) = self.begin_message(caller, now) else {
            let why = VoicemailRefusal::NoVoice;
            self.tells_voicemail(contact, VoicemailChange::Refused(why), now);
            self.waits_on(caller, Some(refused(why)), now);
            return;
        };
        self.voicemails.turn(contact, VoicemailEvent::Begun(recording));
        let plan = self.plan.queues[queue.index()].voicemail.as_ref();
        let longest = plan.map_or(THINKING_SPAN, |plan| plan.longest);
        self.voicemails.set(contact, VoicemailDeadline::TooLong, now + longest);
        // A phone that gets nothing for minutes may think that the call is lost.
        self.switchboard.play(call, Audio::Silence);
    }

    /// The recorder has heard nothing for a while.
    pub(crate) fn message_is_silent(&mut self, recording: RecordingId, now: Moment) {
        let Some(contact) = self.recordings.get(recording).map(|recorded| recorded.contact) else { return };
        let speaks = self.voicemails.get(contact).map(|visit| visit.stage);
        if let (Some(call), true) =
            (self.contacts.call_of(contact), speaks == Some(VoicemailStage::Speaks(recording)))
        {
            self.has_spoken(call, contact, MessageEnd::Silence, now);
        }
    }

    /// A deadline of a caller at the voicemail is due.
    pub(crate) fn on_voicemail_deadline(&mut self, contact: ContactId, due: VoicemailDeadline, now: Moment) {
        let Some(visit) = self.voicemails.get(contact) else { return };
        let (stage, queue) = (visit.stage, visit.queue);
        let Some(call) = self.contacts.call_of(contact) else { return };
        match (due, stage) {
            (VoicemailDeadline::TooLong, VoicemailStage::Speaks(_)) => {
                self.has_spoken(call, contact, MessageEnd::TooLong, now);
            }
            (VoicemailDeadline::Silence, VoicemailStage::Greeted | VoicemailStage::Toned) => {
                self.voicemail_played_out(call, queue, now);
            }
            (VoicemailDeadline::Silence, VoicemailStage::Chooses(_)) => {
                self.voicemails.turn(contact, VoicemailEvent::Asked);
                self.ask_what_to_do((call, contact, queue), now);
            }
            (VoicemailDeadline::Silence, VoicemailStage::ChoosesAgain(closed)) => {
                self.send_message((call, contact, queue), closed, now);
            }
            (VoicemailDeadline::Silence | VoicemailDeadline::TooLong, _) => {}
        }
    }

    fn has_spoken(&mut self, call: CallId, contact: ContactId, end: MessageEnd, now: Moment) {
        let Some(VoicemailStage::Speaks(recording)) = self.voicemails.get(contact).map(|visit| visit.stage)
        else {
            return;
        };
        self.voicemails.has_spoken(contact, end);
        self.close_recording(recording, now);
        self.switchboard.play(call, Audio::Silence);
    }

    /// The recording of a message has ended: it is closed, or lost.
    pub(crate) fn message_recorded(
        &mut self,
        contact: ContactId,
        closed: Recorded,
        is_kept: bool,
        now: Moment,
    ) {
        let recording = closed.recording;
        let visit = self.voicemails.get(contact).filter(|visit| visit.stage.writes() == Some(recording));
        let Some(visit) = visit.cloned() else {
            // The caller went on waiting meanwhile.
            // Of a lost one too there may be a file.
            let began = closed.began;
            self.recordings.order(RecordingOrder::Discard { recording, contact, began });
            return;
        };
        let caller = self.contacts.call_of(contact).map(|call| (call, contact, visit.queue));
        if !is_kept {
            let why = VoicemailRefusal::NoRecorder;
            self.tells_voicemail(contact, VoicemailChange::Refused(why), now);
            match (caller, visit.gone) {
                (Some(caller), None) => self.waits_on(caller, Some(refused(why)), now),
                (_, by) => self.leaves_nothing(contact, by.unwrap_or(turno_model::EndedBy::System), now),
            }
            return;
        }
        let end = visit.end.unwrap_or(MessageEnd::Lost);
        let Recorded { length, voiced, .. } = closed;
        self.tells_voicemail(contact, VoicemailChange::Recorded { length, voiced, end }, now);
        match (caller, visit.gone) {
            (Some(caller), None) if voiced >= VOICED_MIN => {
                self.voicemails.turn(contact, VoicemailEvent::Closed(closed));
                self.ask_what_to_do(caller, now);
            }
            (Some(caller), None) => {
                self.discard_message(contact, closed, MessageDiscarded::Empty, now);
                self.waits_on(caller, Some(VoicemailPrompt::Nothing), now);
            }
            (_, by) => {
                let by = by.unwrap_or(turno_model::EndedBy::System);
                self.keep_if_enough((contact, by), closed, now);
            }
        }
    }

    fn ask_what_to_do(&mut self, caller: Caller, now: Moment) {
        self.voicemails.set(caller.1, VoicemailDeadline::Silence, now + PROMPTS_SPAN_MAX);
        self.says(caller, VoicemailPrompt::Menu);
    }

    fn send_message(&mut self, (call, contact, queue): Caller, closed: Recorded, now: Moment) {
        let sent = self.voicemail_prompt(queue, VoicemailPrompt::Sent);
        self.keep_message(contact, closed, now);
        self.say_and_end(call, sent, now);
    }

    /// The caller leaves no message: back in line, or sent away if the queue is closed.
    fn waits_on(&mut self, caller: Caller, said: Option<VoicemailPrompt>, now: Moment) {
        let (call, contact, queue) = caller;
        self.voicemails.end(contact);
        if self.room.is_in_closed_queue(contact) {
            let goodbye = said.unwrap_or(VoicemailPrompt::Goodbye);
            let goodbye = self.voicemail_prompt(queue, goodbye);
            self.room.give_up(contact, now);
            self.say_and_end(call, goodbye, now);
            return;
        }
        self.calls.is_for(call, Purpose::Contact(CallStage::Queued(queue)));
        match said {
            Some(said) => self.says(caller, said),
            None => self.plays_at_rest(call, now),
        }
        self.begin_announcing(call, queue, now);
        self.room.speaks_no_more(contact, now);
    }

    fn says(&mut self, (call, _, queue): Caller, prompt: VoicemailPrompt) {
        let prompt = self.voicemail_prompt(queue, prompt);
        let audio = self.speech(call, prompt);
        self.switchboard.play(call, audio);
    }

    fn voicemail_prompt(&self, queue: QueueId, prompt: VoicemailPrompt) -> Option<PromptName> {
        self.plan.queues.get(queue.index())?.voicemail.as_ref()?.prompt(prompt)
    }
}

const fn refused(why: VoicemailRefusal) -> VoicemailPrompt {
    match why {
        VoicemailRefusal::Full => VoicemailPrompt::Full,
        VoicemailRefusal::NoRecorder | VoicemailRefusal::NoVoice => VoicemailPrompt::NotPossible,
    }
}
