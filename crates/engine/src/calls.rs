//! What the engine keeps of each call: one record, made when the call begins and forgotten as a whole when it ends.

use serde::{Deserialize, Serialize};
use turno_calls::CallId;
use turno_ground::{Change, Changeset, Dated, DecodeError, Moment, RowChange, Timed, Tracked};
use turno_model::AgentId;

use crate::call_purpose::{PendingTransfer, Purpose};

/// What a deadline of a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum CallDeadline {
    /// When the agent of a caller still on hold is to be recalled once more.
    RecallAgain,
    /// When a caller in a queue has been waiting unanswered for longer than any call rings.
    NeverAnswered,
    /// When an announcement that ends a call has not ended by itself.
    AnnouncementOver,
}

/// What the engine keeps of one call.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EngineCall {
    /// What it is for.
    pub(crate) purpose: Purpose,
    /// The caller's number as phones show it.
    pub(crate) caller: Option<String>,
    /// A transfer whose target has not answered.
    pub(crate) transfer: Option<PendingTransfer>,
    /// The agent who tries the line out by it.
    pub(crate) tried_by: Option<AgentId>,
}

/// Every call of the switchboard, as the engine knows it.
#[derive(Debug)]
pub(crate) struct Calls {
    table: Timed<Tracked<CallId, Dated<CallDeadline, EngineCall>>>,
}

impl Calls {
    /// No call; `seed` guards the table.
    pub(crate) fn new(seed: u64) -> Self {
        Self { table: Timed::<Tracked<_, _>>::new(seed) }
    }

    /// A call has begun.
    pub(crate) fn begin(&mut self, call: CallId) {
        let record = EngineCall { purpose: Purpose::Arriving, caller: None, transfer: None, tried_by: None };
        self.table.insert(call, record);
    }

    /// Forgets a call, and what it waited for.
    pub(crate) fn forget(&mut self, call: CallId) -> Option<EngineCall> {
        self.table.remove(call)
    }

    /// A call is for this from now on.
    pub(crate) fn is_for(&mut self, call: CallId, purpose: Purpose) {
        if let Some(record) = self.table.get_mut(call) {
            record.purpose = purpose;
        }
    }

    /// The caller's number is known.
    pub(crate) fn is_by(&mut self, call: CallId, caller: String) {
        if let Some(record) = self.table.get_mut(call) {
            record.caller = Some(caller);
        }
    }

    /// An agent tries the line out by a call.
    pub(crate) fn is_tried_by(&mut self, call: CallId, agent: AgentId) {
        if let Some(record) = self.table.get_mut(call) {
            record.tried_by = Some(agent);
        }
    }

    /// A call is being passed on; the target has not answered.
    pub(crate) fn pass_on(&mut self, call: CallId, transfer: PendingTransfer) {
        if let Some(record) = self.table.get_mut(call) {
            record.transfer = Some(transfer);
        }
    }

    /// Takes the transfer whose target has not answered, if there is one.
    pub(crate) fn take_transfer(&mut self, call: CallId) -> Option<PendingTransfer> {
        self.get(call)?.transfer.as_ref()?;
        self.table.get_mut(call)?.transfer.take()
    }

    /// Makes `at` the only deadline of this name of a call.
    pub(crate) fn set(&mut self, call: CallId, deadline: CallDeadline, at: Moment) {
        self.table.set(call, deadline, at);
    }

    /// Forgets a deadline of a call, if it has it.
    pub(crate) fn cancel(&mut self, call: CallId, deadline: CallDeadline) {
        self.table.cancel(call, deadline);
    }

    /// The earliest deadline.
    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.table.next_deadline()
    }

    /// Takes what is due.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(CallDeadline, CallId)> {
        self.table.pop_due(now).map(|(_, deadline, call)| (deadline, call))
    }

    /// What is kept of a call.
    pub(crate) fn get(&self, call: CallId) -> Option<&EngineCall> {
        self.table.get(&call).map(|record| &**record)
    }

    /// What a call is for.
    pub(crate) fn purpose(&self, call: CallId) -> Option<&Purpose> {
        self.get(call).map(|record| &record.purpose)
    }

    /// Whether a call is being passed on to somebody who has not answered.
    pub(crate) fn is_passed_on(&self, call: CallId) -> bool {
        self.get(call).is_some_and(|record| record.transfer.is_some())
    }

    /// Every call, in order. It costs a look at all of them.
    pub(crate) fn keys(&self) -> Vec<CallId> {
        self.table.keys()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Writes down what has changed.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|call, change| match change {
            Change::Is(record) => {
                changes.keep(table, call.0, record);
                true
            }
            Change::Gone => {
                changes.delete(table, call.0);
                false
            }
        });
    }

    /// Makes the next [`Self::write_down`] write everything.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Puts back what was written of one call.
    ///
    /// # Errors
    /// [`DecodeError`] if it is not one of ours.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        self.table.restore(CallId(line.key), line.read()?);
        Ok(())
    }
}
