//! What a caller who waits hears where nothing else is said: the music, or the supervisor who speaks to the queue.

use turno_calls::CallId;
use turno_ground::Moment;
use turno_media_plan::{Audio, StreamId};
use turno_model::{Fact, LiveSpeech, QueueId, SpeechChange};

use crate::engine::Engine;
use crate::speech::{Speech, SpeechStage};
use crate::speeches::waits_in;

impl Engine {
    /// Plays to a waiting caller what is heard between prompts.
    pub(crate) fn plays_at_rest(&mut self, call: CallId, now: Moment) {
        let Some((speech, speaker)) = self.speaker_for(call) else {
            return self.switchboard.play(call, Audio::Music);
        };
        self.hears_speech(call, speech, now);
        self.switchboard.play(call, Audio::Live(speaker));
    }

    /// A caller waits in another queue, or again, or a speaker begins: the caller hears whom the others hear. A prompt that
    /// plays is not cut, and neither are questions of a menu.
    pub(crate) fn follow_speech(&mut self, call: CallId, now: Moment) {
        let is_meant = self.switchboard.is_at_rest(call) && self.queue_waited_in(call).is_some();
        let due = self.speaker_for(call).map(|(_, speaker)| speaker);
        if is_meant && due != self.switchboard.hears_live(call) {
            self.plays_at_rest(call, now);
        }
    }

    /// A speaker is heard no more: those who listened hear music.
    pub(crate) fn speech_over(&mut self, call: CallId, speech: &Speech, now: Moment) {
        let Speech { queue, agent: speaker, stage, heard, .. } = *speech;
        self.agent_call_over(Some(speaker), None, now);
        // Who spoke from the agents' line is free for the held line now.
        self.held_lines.may_be_wanted(speaker);
        if stage != SpeechStage::Live {
            return;
        }
        let ended = LiveSpeech { queue, speaker, change: SpeechChange::Ended { heard } };
        self.outbox.record(Fact::LiveSpeech(ended), now);
        self.switchboard.speak(call, false);
        for listener in self.waiting_in(|at| at == queue) {
            if self.switchboard.hears_live(listener).is_some() {
                self.switchboard.play(listener, Audio::Music);
            }
        }
    }

    /// The calls that wait in these queues.
    pub(crate) fn waiting_in(&self, is_meant: impl Fn(QueueId) -> bool) -> Vec<CallId> {
        let waits = |call: &CallId| self.queue_waited_in(*call).is_some_and(&is_meant);
        self.calls.keys().into_iter().filter(waits).collect()
    }

    /// The queue in which the caller of a call waits for an agent.
    fn queue_waited_in(&self, call: CallId) -> Option<QueueId> {
        self.calls.purpose(call).and_then(waits_in)
    }

    /// The speaker whom a waiting caller hears between prompts: the speaker's call and stream.
    fn speaker_for(&self, call: CallId) -> Option<(CallId, StreamId)> {
        let queue = self.queue_waited_in(call)?;
        let (at, speech) = self.calls.speech_to(queue)?;
        let asks = self.contacts.of(call).is_some_and(|contact| self.callbacks.asks(contact));
        if speech.stage != SpeechStage::Live || asks {
            return None;
        }
        Some((at, self.switchboard.a_stream(at)?))
    }

    /// Notes the first time that a caller hears a speech.
    fn hears_speech(&mut self, call: CallId, at: CallId, now: Moment) {
        let Some(contact) = self.contacts.of(call).filter(|_| self.calls.hears_first(call, at)) else {
            return;
        };
        let Some(&Speech { queue, agent: speaker, .. }) = self.calls.speech(at) else { return };
        self.calls.change_speech(at, |speech| speech.heard += 1);
        let heard = LiveSpeech { queue, speaker, change: SpeechChange::Heard { contact } };
        self.outbox.record(Fact::LiveSpeech(heard), now);
    }
}
