//! Talks are recorded: when a recording begins, pauses, goes on and ends.
//!
//! A recording lasts as long as a call connects one contact and one agent. The code that ends talks knows nothing of
//! recordings: `calls` notes each call whose talk began, changed or ended, and [`Engine::talk_changed`] compares.

use core::time::Duration;

use compact_str::CompactString;
use turno_calls::CallId;
use turno_ground::Moment;
use turno_media_plan::StreamId;
use turno_model::plan::QueueRecording;
use turno_model::{
    AgentId, Asker, Done, Fact, PausedBy, QueueId, RecordedWhy, RecordingChange, RecordingId, RecordingLoss,
    RecordingOutcome, Refusal,
};

use crate::call_purpose::{CallStage, Purpose};
use crate::engine::Engine;
use crate::recording_order::{RecordingEvent, RecordingOrder};
use crate::recordings::{Recorded, RecordingDeadline, RecordingState};
use crate::voicemail_stage::Recorded as Closed;

impl Engine {
    /// The talk of a call may have begun, changed or ended.
    pub(crate) fn talk_changed(&mut self, call: CallId, now: Moment) {
        let talk = self.recordable_talk(call);
        if let Some(recording) = self.recordings.of_call(call) {
            let agent = self.recordings.get(recording).and_then(|recorded| recorded.agent);
            if agent.is_some() && agent == talk.map(|(_, agent)| agent) {
                return;
            }
            self.close_recording(recording, now);
        }
        let Some((queue, agent)) = talk else { return };
        if let Some(why) = self.why_recorded(queue, agent) {
            // The bridge has room: it has two members at this moment.
            let _ = self.begin_recording(call, (queue, agent), why, now);
        }
    }

    fn recordable_talk(&self, call: CallId) -> Option<(QueueId, AgentId)> {
        match self.calls.purpose(call) {
            Some(&Purpose::Contact(CallStage::Connected(queue, agent))) => Some((queue, agent)),
            Some(
                Purpose::Contact(
                    CallStage::Menu(_)
                    | CallStage::Emergency
                    | CallStage::Notice(_)
                    | CallStage::Queued(_)
                    | CallStage::Offered(..)
                    | CallStage::Outside(..)
                    | CallStage::AtVoicemail(_),
                )
                | Purpose::Announcement
                | Purpose::Own { .. }
                | Purpose::Survey(_)
                | Purpose::SittingDown(_)
                | Purpose::AgentsLine(_)
                | Purpose::Line(_)
                | Purpose::CallingBack(_)
                | Purpose::Hearing(_)
                | Purpose::Observing(_)
                | Purpose::Speaking(_)
                | Purpose::Consulting(_)
                | Purpose::Arriving,
            )
            | None => None,
        }
    }

    /// Whether a talk is recorded without anybody asking for it.
    fn why_recorded(&mut self, queue: QueueId, agent: AgentId) -> Option<RecordedWhy> {
        self.plan.recording.as_ref()?;
        let rule = self.plan.queues.get(queue.index())?.recording;
        let is_agent_recorded = self.plan.agents.get(agent.index()).is_some_and(|agent| agent.is_recorded);
        match rule {
            QueueRecording::Never => None,
            QueueRecording::Demand | QueueRecording::Percent(_) if is_agent_recorded => {
                Some(RecordedWhy::Agent)
            }
            QueueRecording::Demand => None,
            QueueRecording::Percent(100..) => Some(RecordedWhy::Queue),
            QueueRecording::Percent(percent) => {
                (self.rng.below(100) < u64::from(percent)).then_some(RecordedWhy::Chance)
            }
        }
    }

    fn begin_recording(
        &mut self,
        call: CallId,
        (queue, agent): (QueueId, AgentId),
        why: RecordedWhy,
        now: Moment,
    ) -> Result<(), Refusal> {
        let contact = self.contacts.of(call).ok_or(Refusal::NoTalk)?;
        let recorder = self.recorder_for(call)?;
        let class = CompactString::from(&self.plan.queues[queue.index()].recording_class);
        let state = RecordingState::Runs(recorder);
        let recorded =
            Recorded { contact, call, agent: Some(agent), queue, class: class.clone(), began: now, state };
        let recording = self.recordings.begin(recorded);
        let change = RecordingChange::Began { agent, queue, why, class };
        self.outbox.record(Fact::Recording { contact, recording, change }, now);
        self.order_recording(recording);
        Ok(())
    }

    /// Records an agent's talk because somebody asked for it.
    ///
    /// # Errors
    /// [`Refusal::NoRecorder`], [`Refusal::NoTalk`], [`Refusal::NeverRecorded`], [`Refusal::BridgeFull`].
    pub(crate) fn on_record(&mut self, agent: AgentId, by: Asker, now: Moment) -> Result<Done, Refusal> {
        if self.plan.recording.is_none() {
            return Err(Refusal::NoRecorder);
        }
        if self.recordings.of_agent(agent).is_some() {
            return Ok(Done::Now);
        }
        let contact = self.room.contact_of(agent).ok_or(Refusal::NoTalk)?;
        let call = self.contacts.call_of(contact).ok_or(Refusal::NoTalk)?;
        let (queue, of) = self.recordable_talk(call).ok_or(Refusal::NoTalk)?;
        if of != agent {
            return Err(Refusal::NoTalk);
        }
        match self.plan.queues[queue.index()].recording {
            QueueRecording::Never => return Err(Refusal::NeverRecorded),
            QueueRecording::Demand | QueueRecording::Percent(_) => {}
        }
        self.begin_recording(call, (queue, agent), RecordedWhy::Demand(by), now)?;
        Ok(Done::Now)
    }

    /// Whether the recording of the agent's talk runs, or would go on by itself after a caller's keys.
    pub(crate) fn is_being_recorded(&self, agent: AgentId) -> bool {
        let recorded = self.recordings.of_agent(agent).and_then(|recording| self.recordings.get(recording));
        match recorded.map(|recorded| recorded.state) {
            Some(RecordingState::Runs(_) | RecordingState::Paused(PausedBy::Keys)) => true,
            Some(RecordingState::Paused(PausedBy::Asked(_)) | RecordingState::Closes) | None => false,
        }
    }

    /// A recorder joins the call, unless its caller is kept out of what is said.
    fn recorder_for(&mut self, call: CallId) -> Result<StreamId, Refusal> {
        let may = !self.switchboard.is_aside(call);
        may.then(|| self.switchboard.record(call)).flatten().ok_or(Refusal::BridgeFull)
    }

    /// Pauses the recording of an agent's talk.
    ///
    /// # Errors
    /// [`Refusal::NotRecorded`].
    pub(crate) fn on_pause_recording(
        &mut self,
        agent: AgentId,
        by: Asker,
        now: Moment,
    ) -> Result<Done, Refusal> {
        let recording = self.recordings.of_agent(agent).ok_or(Refusal::NotRecorded)?;
        self.pause_recording(recording, PausedBy::Asked(by), now);
        Ok(Done::Now)
    }

    /// Lets the recording of an agent's talk go on.
    ///
    /// # Errors
    /// [`Refusal::NotRecorded`], [`Refusal::BridgeFull`].
    pub(crate) fn on_resume_recording(
        &mut self,
        agent: AgentId,
        by: Asker,
        now: Moment,
    ) -> Result<Done, Refusal> {
        let recording = self.recordings.of_agent(agent).ok_or(Refusal::NotRecorded)?;
        self.resume_recording(recording, PausedBy::Asked(by), now)?;
        Ok(Done::Now)
    }

    /// Deletes the recordings that are due.
    ///
    /// # Errors
    /// [`Refusal::NoRecorder`].
    pub(crate) fn on_purge_recordings(&mut self) -> Result<Done, Refusal> {
        self.plan.recording.as_ref().ok_or(Refusal::NoRecorder)?;
        self.recordings.order(RecordingOrder::Purge);
        Ok(Done::Now)
    }

    /// The caller has keyed a digit. It may be part of a card's number, and what is said with it too.
    pub(crate) fn caller_keyed(&mut self, call: CallId, now: Moment) {
        let Some(recording) = self.recordings.of_call(call).filter(|it| !self.recordings.is_message(*it))
        else {
            return;
        };
        let tail = self.plan.recording.as_ref().map_or(Duration::ZERO, |plan| plan.digits_pause);
        if tail.is_zero() {
            return;
        }
        match self.recordings.get(recording).map(|recorded| recorded.state) {
            Some(RecordingState::Runs(_)) => self.pause_recording(recording, PausedBy::Keys, now),
            Some(RecordingState::Paused(PausedBy::Keys)) => {}
            Some(RecordingState::Paused(PausedBy::Asked(_)) | RecordingState::Closes) | None => return,
        }
        self.recordings.digits_until(recording, now + tail);
    }

    /// The agent has pressed a key during the talk: one of them pauses the recording, and lets it go on.
    pub(crate) fn agent_keyed(&mut self, call: CallId, digit: char, now: Moment) {
        let pause_key = self.plan.recording.as_ref().and_then(|plan| plan.pause_key);
        let Some(recording) = self.recordings.of_call(call).filter(|_| pause_key == Some(digit)) else {
            return;
        };
        let Some(recorded) = self.recordings.get(recording) else { return };
        let Some(agent) = recorded.agent else { return };
        let by = PausedBy::Asked(Asker::Phone(agent));
        match recorded.state {
            RecordingState::Runs(_) | RecordingState::Paused(PausedBy::Keys) => {
                self.pause_recording(recording, by, now);
            }
            RecordingState::Paused(PausedBy::Asked(_)) => {
                // If a full bridge has no place for the recorder, it stays paused.
                let _ = self.resume_recording(recording, by, now);
            }
            RecordingState::Closes => {}
        }
    }

    pub(crate) fn on_recording_deadline(
        &mut self,
        recording: RecordingId,
        deadline: RecordingDeadline,
        now: Moment,
    ) {
        match deadline {
            RecordingDeadline::DigitsOver => {
                let _ = self.resume_recording(recording, PausedBy::Keys, now);
            }
            RecordingDeadline::NotClosed => {
                let outcome = RecordingOutcome::Lost(RecordingLoss::NoAnswer);
                self.recording_ended(recording, RecordedSpans::default(), outcome, now);
            }
        }
    }

    /// The recorder has answered.
    pub(crate) fn on_recording(&mut self, event: RecordingEvent, now: Moment) {
        match event {
            RecordingEvent::Closed { recording, length, missing, voiced, hash } => {
                let outcome = RecordingOutcome::Kept(digits_of(&hash));
                self.recording_ended(recording, RecordedSpans { length, missing, voiced }, outcome, now);
            }
            RecordingEvent::Lost { recording, length, loss } => {
                let outcome = RecordingOutcome::Lost(loss);
                let spans = RecordedSpans { length, ..RecordedSpans::default() };
                self.recording_ended(recording, spans, outcome, now);
            }
            RecordingEvent::Purged { recording, contact } => {
                let change = RecordingChange::Purged;
                self.outbox.record(Fact::Recording { contact, recording, change }, now);
                if let Some(message) = self.messages.of_recording(recording) {
                    self.message_expires(message, now);
                }
            }
            RecordingEvent::Silent { recording } => self.message_is_silent(recording, now),
            RecordingEvent::Loaded { recording } => self.message_loaded(recording, now),
            RecordingEvent::NotLoaded { recording } => self.message_not_loaded(recording, now),
        }
    }

    /// After a recovery: the recorder is told again of every recording, and talks that are over end theirs.
    pub(crate) fn resume_recordings(&mut self, now: Moment) {
        let all: Vec<(RecordingId, CallId, RecordingState)> =
            self.recordings.iter().map(|(id, recorded)| (id, recorded.call, recorded.state)).collect();
        for (recording, call, state) in all {
            match state {
                RecordingState::Closes => {
                    // The time of the run before passed while nobody could answer.
                    self.recordings.set(recording, RecordingState::Closes, now);
                    self.order_close(recording);
                }
                RecordingState::Runs(_) | RecordingState::Paused(_) => {
                    self.order_recording(recording);
                    if !self.recordings.is_message(recording) {
                        self.talk_changed(call, now);
                    }
                }
            }
        }
    }

    fn pause_recording(&mut self, recording: RecordingId, by: PausedBy, now: Moment) {
        let Some(recorded) = self.recordings.get(recording) else { return };
        let (contact, call) = (recorded.contact, recorded.call);
        match recorded.state {
            RecordingState::Runs(_) | RecordingState::Paused(PausedBy::Keys) => {}
            RecordingState::Paused(PausedBy::Asked(_)) | RecordingState::Closes => return,
        }
        self.switchboard.stop_recording(call);
        self.recordings.set(recording, RecordingState::Paused(by), now);
        let change = RecordingChange::Paused(by);
        self.outbox.record(Fact::Recording { contact, recording, change }, now);
        self.order_recording(recording);
    }

    fn resume_recording(&mut self, recording: RecordingId, by: PausedBy, now: Moment) -> Result<(), Refusal> {
        let recorded = self.recordings.get(recording).ok_or(Refusal::NotRecorded)?;
        let (contact, call) = (recorded.contact, recorded.call);
        match recorded.state {
            RecordingState::Paused(_) => {}
            RecordingState::Runs(_) | RecordingState::Closes => return Ok(()),
        }
        let recorder = self.recorder_for(call)?;
        self.recordings.set(recording, RecordingState::Runs(recorder), now);
        let change = RecordingChange::Resumed(by);
        self.outbox.record(Fact::Recording { contact, recording, change }, now);
        self.order_recording(recording);
        Ok(())
    }

    fn recording_ended(
        &mut self,
        recording: RecordingId,
        spans: RecordedSpans,
        outcome: RecordingOutcome,
        now: Moment,
    ) {
        let Some(recorded) = self.recordings.end(recording) else { return };
        match recorded.state {
            RecordingState::Runs(_) | RecordingState::Paused(_) => {
                self.switchboard.stop_recording(recorded.call);
            }
            RecordingState::Closes => {}
        }
        if self.recordings.begins_to_lose(matches!(outcome, RecordingOutcome::Lost(_))) {
            let text = "recordings are lost, and calls go on: look at the disk of [recording], and at \
                        turno_recordings_lost_total for the reason";
            self.outbox.record(Fact::Alarm { text: text.into() }, now);
        }
        let contact = recorded.contact;
        let is_kept = matches!(outcome, RecordingOutcome::Kept(_));
        let RecordedSpans { length, missing, voiced } = spans;
        let change = RecordingChange::Ended { length, missing, outcome };
        self.outbox.record(Fact::Recording { contact, recording, change }, now);
        if recorded.agent.is_none() {
            let closed = Closed { recording, began: recorded.began, length, voiced };
            self.message_recorded(contact, closed, is_kept, now);
        }
    }

    /// Whether recordings, recorders in bridges and talks agree, or a sentence that says what does not.
    pub(crate) fn are_recordings_whole(&self) -> Result<(), String> {
        for (recording, recorded) in self.recordings.iter() {
            let in_bridge = self.switchboard.recorder(recorded.call);
            let (is_talk, recorder) = match recorded.state {
                RecordingState::Runs(recorder) => (true, Some(recorder)),
                RecordingState::Paused(_) => (true, None),
                RecordingState::Closes => continue,
            };
            let agent = self.recordable_talk(recorded.call).map(|(_, agent)| agent);
            let is_message = matches!(
                self.calls.purpose(recorded.call),
                Some(Purpose::Contact(CallStage::AtVoicemail(_)))
            );
            let is_right = if recorded.agent.is_none() { is_message } else { agent == recorded.agent };
            if in_bridge != recorder || (is_talk && !is_right) {
                return Err(format!("{recording:?} is {recorded:?}, and its bridge has {in_bridge:?}"));
            }
        }
        for call in self.switchboard.calls() {
            if self.switchboard.recorder(call).is_some() && self.recordings.of_call(call).is_none() {
                return Err(format!("{call:?} has a recorder and no recording"));
            }
        }
        Ok(())
    }
}

/// The spans of a recording that has ended.
#[derive(Clone, Copy, Debug, Default)]
struct RecordedSpans {
    length: Duration,
    missing: Duration,
    voiced: Duration,
}

/// A hash in hexadecimal digits.
fn digits_of(hash: &[u8; 32]) -> CompactString {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    hash.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
