//! A supervisor speaks live to all who wait in a queue: is rung or dials in, speaks, and hangs up or is cut off.

use core::time::Duration;

use compact_str::CompactString;
use turno_calls::{CallId, Side};
use turno_ground::Moment;
use turno_media_plan::{Audio, SPEAKERS_MAX, Tone};
use turno_model::plan::Entry;
use turno_model::{AgentId, Asker, Done, Fact, LiveSpeech, QueueId, Refusal, SpeechChange, Why};

use crate::call_purpose::Purpose;
use crate::calls::CallDeadline;
use crate::engine::Engine;
use crate::speech::{Speech, SpeechStage};

/// How long a speaker's phones ring.
const RING_SPAN: Duration = Duration::from_secs(45);

/// How long before the end the speaker hears a beep.
const WARNING_SPAN: Duration = Duration::from_secs(5);

impl Engine {
    /// Rings the phones of an agent, who then speaks to a queue.
    ///
    /// # Errors
    /// Those of [`Engine::may_speak`], [`Refusal::NoPhone`], [`Refusal::NoPort`].
    pub(crate) fn on_speak(
        &mut self,
        agent: AgentId,
        (queue, by, why): (QueueId, Asker, Why),
        now: Moment,
    ) -> Result<Done, Refusal> {
        self.may_speak(agent, queue)?;
        let display = format!("SPEAK {}", self.plan.queues[queue.index()].display);
        let targets = self.agent_targets_for(agent, turno_model::ANONYMOUS, &display);
        if targets.is_empty() {
            return Err(Refusal::NoPhone);
        }
        let rung = self.switchboard.call_out(&mut self.stack, targets, now);
        let call = rung.map_err(|_no_port| Refusal::NoPort)?;
        self.ports_were_taken();
        self.calls.begin(call);
        self.contacts.begin_with(call);
        self.will_speak(call, Speech { queue, agent, by, why, stage: SpeechStage::Rings, heard: 0 }, now);
        self.calls.set(call, CallDeadline::SpeechOver, now + RING_SPAN);
        Ok(Done::Now)
    }

    /// A supervisor dialled the code for it with a number of a queue, and speaks with this call.
    ///
    /// # Errors
    /// [`Refusal::NoSuchQueue`], [`Refusal::NoPort`], and those of [`Engine::may_speak`].
    pub(crate) fn on_dialled_to_speak(
        &mut self,
        (call, agent): (CallId, AgentId),
        behind: &str,
        now: Moment,
    ) -> Result<Done, Refusal> {
        let queue = self.queue_dialled(behind).ok_or(Refusal::NoSuchQueue)?;
        self.may_speak(agent, queue)?;
        self.switchboard.answer(&mut self.stack, call, now).map_err(|_| Refusal::NoPort)?;
        self.calls.cancel(call, CallDeadline::DeskSilence);
        let (by, why, stage) = (Asker::Phone(agent), None, SpeechStage::Rings);
        self.will_speak(call, Speech { queue, agent, by, why, stage, heard: 0 }, now);
        self.speaker_answered(call, now);
        Ok(Done::Now)
    }

    /// Whether an agent may speak to a queue now.
    ///
    /// # Errors
    /// [`Refusal::NoSuchQueue`], [`Refusal::MayNotSpeak`], [`Refusal::SpokenTo`], [`Refusal::AgentBusy`],
    /// [`Refusal::TooManySpeak`].
    fn may_speak(&self, agent: AgentId, queue: QueueId) -> Result<(), Refusal> {
        self.plan.queues.get(queue.index()).ok_or(Refusal::NoSuchQueue)?;
        if !self.plan.agents[agent.index()].supervises {
            return Err(Refusal::MayNotSpeak);
        }
        if let Some((_, speech)) = self.calls.speech_to(queue) {
            let by = CompactString::from(&self.plan.agents[speech.agent.index()].extension);
            return Err(Refusal::SpokenTo { by });
        }
        if self.is_occupied(agent) {
            return Err(Refusal::AgentBusy);
        }
        if self.calls.speeches() >= SPEAKERS_MAX {
            return Err(Refusal::TooManySpeak);
        }
        Ok(())
    }

    fn will_speak(&mut self, call: CallId, speech: Speech, now: Moment) {
        self.occupy(speech.agent, now);
        self.calls.is_for(call, Purpose::Speaking(speech));
    }

    /// The speaker's phone answered: a tone, then the callers listen.
    pub(crate) fn speaker_answered(&mut self, call: CallId, now: Moment) {
        if self.calls.speech(call).is_none() {
            return;
        }
        self.calls.change_speech(call, |speech| speech.stage = SpeechStage::Tone);
        self.calls.set(call, CallDeadline::SpeechOver, now + self.plan.room.speak_max);
        self.switchboard.play(call, Audio::Tone(Tone::Speak));
    }

    /// The tone is over: all who wait hear the speaker from now on.
    pub(crate) fn speech_begins(&mut self, call: CallId, now: Moment) {
        let Some(Speech { queue, agent: speaker, by, why, stage: SpeechStage::Tone, .. }) =
            self.calls.speech(call).cloned()
        else {
            return;
        };
        let change = SpeechChange::Began { by, why };
        self.outbox.record(Fact::LiveSpeech(LiveSpeech { queue, speaker, change }), now);
        self.calls.change_speech(call, |speech| speech.stage = SpeechStage::Live);
        let longest = self.plan.room.speak_max;
        self.calls.set(call, CallDeadline::SpeechOver, now + longest);
        self.calls.set(call, CallDeadline::SpeechWarning, now + longest.saturating_sub(WARNING_SPAN));
        self.switchboard.speak(call, true);
        self.switchboard.play(call, Audio::Silence);
        for listener in self.waiting_in(|at| at == queue) {
            self.follow_speech(listener, now);
        }
    }

    /// The speaker has little time left.
    pub(crate) fn speech_ends_soon(&mut self, call: CallId) {
        self.switchboard.tone(call, Side::A, Tone::Warning);
    }

    /// The queue to which a dialled number leads.
    fn queue_dialled(&self, dialled: &str) -> Option<QueueId> {
        let place = self.directory.number(dialled)?;
        match self.plan.numbers.get(place)?.entry {
            Entry::Queue(queue) => Some(queue),
            Entry::Agent(..) | Entry::Menu(_) => None,
        }
    }
}
