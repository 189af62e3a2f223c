//! Records of recordings that are not closed: of which talk, and whether its sound goes into it.

use core::time::Duration;
use std::collections::VecDeque;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use turno_calls::CallId;
use turno_ground::{Change, Changeset, Dated, DecodeError, Lookup, Moment, RowChange, Timed, TrackedMap};
use turno_media_plan::StreamId;
use turno_model::{AgentId, ContactId, PausedBy, QueueId, RecordingId};

use crate::recording_order::RecordingOrder;

/// How long the recorder may take to close a recording. A disk that takes longer has lost it.
const CLOSING_SPAN_MAX: Duration = Duration::from_secs(30);

/// Deadlines of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum RecordingDeadline {
    /// When the caller has keyed no digit for a while.
    DigitsOver,
    /// When the recorder has not answered for too long that a recording is closed.
    NotClosed,
}

/// What becomes of the sound of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RecordingState {
    /// It is written; this is the recorder in the bridge.
    Runs(StreamId),
    /// It is silence, and no recorder is in the bridge.
    Paused(PausedBy),
    /// The talk is over, and the recorder closes the file.
    Closes,
}

/// The record of one recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recorded {
    pub(crate) contact: ContactId,
    pub(crate) call: CallId,
    /// The agent of the talk; `None`: a caller's message.
    pub(crate) agent: Option<AgentId>,
    pub(crate) queue: QueueId,
    pub(crate) class: CompactString,
    pub(crate) began: Moment,
    pub(crate) state: RecordingState,
}

/// All recordings that are not closed, and the orders for the recorder.
#[derive(Debug)]
pub(crate) struct Recordings {
    table: Timed<TrackedMap<RecordingId, Dated<RecordingDeadline, Recorded>>>,
    /// The recording of each call that is recorded now.
    of_call: Lookup<CallId, RecordingId>,
    /// The same by the agent.
    of_agent: Lookup<AgentId, RecordingId>,
    orders: VecDeque<RecordingOrder>,
    /// The last recording that ended was lost. It is not written: a restart tells again.
    is_losing: bool,
    next: u64,
}

impl Recordings {
    /// No recording. `seed` seeds the hash tables; ids begin at `first`.
    pub(crate) fn new(seed: u64, first: u64) -> Self {
        Self {
            table: Timed::<TrackedMap<_, _>>::new(),
            of_call: Lookup::new(seed),
            of_agent: Lookup::new(seed),
            orders: VecDeque::new(),
            is_losing: false,
            next: first,
        }
    }

    /// Creates the record of a recording.
    pub(crate) fn begin(&mut self, recorded: Recorded) -> RecordingId {
        let recording = RecordingId(self.next);
        self.next += 1;
        self.know(recording, &recorded);
        self.table.insert(recording, recorded);
        recording
    }

    fn know(&mut self, recording: RecordingId, recorded: &Recorded) {
        match recorded.state {
            RecordingState::Runs(_) | RecordingState::Paused(_) => {
                self.of_call.insert(recorded.call, recording);
                if let Some(agent) = recorded.agent {
                    self.of_agent.insert(agent, recording);
                }
            }
            RecordingState::Closes => {}
        }
    }

    /// Sets what becomes of the sound. The deadline of digits ends with each change.
    pub(crate) fn set(&mut self, recording: RecordingId, state: RecordingState, now: Moment) {
        self.table.cancel(recording, RecordingDeadline::DigitsOver);
        let Some(recorded) = self.table.get_mut(recording) else { return };
        recorded.state = state;
        let (call, agent) = (recorded.call, recorded.agent);
        if state == RecordingState::Closes {
            self.forget(recording, call, agent);
            self.table.set(recording, RecordingDeadline::NotClosed, now + CLOSING_SPAN_MAX);
        }
    }

    /// The caller has keyed a digit: the pause for digits ends this long after it.
    pub(crate) fn digits_until(&mut self, recording: RecordingId, at: Moment) {
        self.table.set(recording, RecordingDeadline::DigitsOver, at);
    }

    /// Removes the record of a recording.
    pub(crate) fn end(&mut self, recording: RecordingId) -> Option<Recorded> {
        let recorded = self.table.remove(recording)?;
        self.forget(recording, recorded.call, recorded.agent);
        Some(recorded)
    }

    fn forget(&mut self, recording: RecordingId, call: CallId, agent: Option<AgentId>) {
        if self.of_call.get(&call) == Some(&recording) {
            self.of_call.remove(&call);
        }
        if let Some(agent) = agent.filter(|agent| self.of_agent.get(agent) == Some(&recording)) {
            self.of_agent.remove(&agent);
        }
    }

    /// Notes how a recording ended; whether it is the first of several that are lost.
    pub(crate) const fn begins_to_lose(&mut self, is_lost: bool) -> bool {
        let was_losing = core::mem::replace(&mut self.is_losing, is_lost);
        is_lost && !was_losing
    }

    /// The record of a recording.
    pub(crate) fn get(&self, recording: RecordingId) -> Option<&Recorded> {
        self.table.get(&recording).map(|recorded| &**recorded)
    }

    /// Whether a recording is of a caller's message.
    pub(crate) fn is_message(&self, recording: RecordingId) -> bool {
        self.get(recording).is_some_and(|recorded| recorded.agent.is_none())
    }

    /// The recording of a call, if it is recorded now.
    pub(crate) fn of_call(&self, call: CallId) -> Option<RecordingId> {
        self.of_call.get(&call).copied()
    }

    /// The recording of an agent's talk, if it is recorded now.
    pub(crate) fn of_agent(&self, agent: AgentId) -> Option<RecordingId> {
        self.of_agent.get(&agent).copied()
    }

    /// Every recording, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (RecordingId, &Recorded)> {
        self.table.iter().map(|(recording, recorded)| (*recording, &**recorded))
    }

    /// Whether there is no recording.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Queues an order for the recorder.
    pub(crate) fn order(&mut self, order: RecordingOrder) {
        self.orders.push_back(order);
    }

    /// The next order, in order.
    pub(crate) fn poll_order(&mut self) -> Option<RecordingOrder> {
        self.orders.pop_front()
    }

    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.table.next_deadline()
    }

    /// Takes one due deadline.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(RecordingDeadline, RecordingId)> {
        self.table.pop_due(now).map(|(_, deadline, recording)| (deadline, recording))
    }

    /// Writes the changed records into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|recording, change| match change {
            Change::Is(recorded) => {
                changes.keep(table, recording.0, recorded);
                true
            }
            Change::Gone => {
                changes.delete(table, recording.0);
                false
            }
        });
    }

    /// Marks every record as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores one recording from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is not the record of a recording.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let recording = RecordingId(line.key);
        let recorded: Dated<RecordingDeadline, Recorded> = line.read()?;
        self.next = self.next.max(line.key + 1);
        self.know(recording, &recorded);
        self.table.restore(recording, recorded);
        Ok(())
    }
}
