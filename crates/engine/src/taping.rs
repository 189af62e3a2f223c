//! Orders for the recorder: to begin, pause, close, delete and read recordings.

use compact_str::CompactString;
use turno_calls::CallId;
use turno_ground::{Moment, Pii};
use turno_model::{ContactId, Fact, QueueId, RecordingChange, RecordingId};

use crate::engine::Engine;
use crate::recording_order::{MessageSheet, RecordedSound, RecordingOrder, RecordingSheet};
use crate::recordings::{Recorded, RecordingState};

/// The silence that ends a message where the plan says nothing any more.
const SILENCE: core::time::Duration = core::time::Duration::from_secs(4);

impl Engine {
    /// Begins to record the message of a caller; `None` if the bridge is full.
    pub(crate) fn begin_message(
        &mut self,
        (call, contact, queue): (CallId, ContactId, QueueId),
        now: Moment,
    ) -> Option<RecordingId> {
        let recorder = self.switchboard.record(call)?;
        let class = CompactString::from(&self.plan.queues.get(queue.index())?.recording_class);
        let state = RecordingState::Runs(recorder);
        let recorded =
            Recorded { contact, call, agent: None, queue, class: class.clone(), began: now, state };
        let recording = self.recordings.begin(recorded);
        let change = RecordingChange::MessageBegan { queue, class };
        self.outbox.record(Fact::Recording { contact, recording, change }, now);
        self.order_recording(recording);
        Some(recording)
    }

    /// The sound is over: the recorder closes the file.
    pub(crate) fn close_recording(&mut self, recording: RecordingId, now: Moment) {
        let Some(recorded) = self.recordings.get(recording) else { return };
        self.switchboard.stop_recording(recorded.call);
        self.recordings.set(recording, RecordingState::Closes, now);
        self.order_close(recording);
    }

    pub(crate) fn order_close(&mut self, recording: RecordingId) {
        let Some(recorded) = self.recordings.get(recording) else { return };
        let began = recorded.began;
        self.recordings.order(RecordingOrder::Close { recording, began });
    }

    pub(crate) fn order_recording(&mut self, recording: RecordingId) {
        let Some(recorded) = self.recordings.get(recording) else { return };
        let call = recorded.call;
        let sound = match recorded.state {
            RecordingState::Runs(recorder) => {
                self.switchboard.a_stream(call).map(|caller| RecordedSound { recorder, caller })
            }
            RecordingState::Paused(_) | RecordingState::Closes => None,
        };
        let caller = self.calls.get(call).and_then(|record| record.caller.clone()).unwrap_or_default();
        let name = |names: Option<&String>| names.cloned().unwrap_or_default();
        let queue = self.plan.queues.get(recorded.queue.index());
        let agent = recorded.agent.and_then(|agent| self.plan.agents.get(agent.index()));
        // A new plan may have taken the voicemail away while somebody speaks.
        let silence = queue.and_then(|queue| queue.voicemail.as_ref()).map_or(SILENCE, |plan| plan.silence);
        let message = recorded.agent.is_none().then_some(MessageSheet { silence });
        let sheet = RecordingSheet {
            recording,
            contact: recorded.contact,
            agent: name(agent.map(|agent| &agent.name)),
            queue: name(queue.map(|queue| &queue.name)),
            class: recorded.class.to_string(),
            began: recorded.began,
            caller: Pii(caller),
            sound,
            message,
        };
        self.recordings.order(RecordingOrder::Write(Box::new(sheet)));
    }
}
