//! Who speaks live to which queue, and which callers may hear something else since.

use std::collections::{BTreeMap, VecDeque};

use turno_calls::CallId;
use turno_model::QueueId;

use crate::call_purpose::{CallStage, Purpose};

/// The calls of all speakers, found by their queue. It follows from the purposes of calls.
#[derive(Debug, Default)]
pub(crate) struct Speeches {
    of_queue: BTreeMap<QueueId, CallId>,
    /// Calls that wait in another queue, or wait again, while somebody speaks.
    moved: VecDeque<CallId>,
}

impl Speeches {
    /// The purpose of a call has changed.
    pub(crate) fn note(&mut self, call: CallId, before: &Purpose, after: &Purpose) {
        self.forget(before);
        if let Purpose::Speaking(speech) = after {
            self.of_queue.insert(speech.queue, call);
        } else if !self.of_queue.is_empty() && waits_in(after).is_some() {
            self.moved.push_back(call);
        }
    }

    /// A call with this purpose is over.
    pub(crate) fn forget(&mut self, purpose: &Purpose) {
        if let Purpose::Speaking(speech) = purpose {
            self.of_queue.remove(&speech.queue);
        }
    }

    /// The next call that waits in another queue, or waits again.
    pub(crate) fn poll_moved(&mut self) -> Option<CallId> {
        self.moved.pop_front()
    }

    /// The call of the speaker to a queue.
    pub(crate) fn to(&self, queue: QueueId) -> Option<CallId> {
        self.of_queue.get(&queue).copied()
    }

    /// How many speak, or are about to.
    pub(crate) fn len(&self) -> usize {
        self.of_queue.len()
    }
}

/// The queue in which a call with this purpose waits for an agent.
pub(crate) const fn waits_in(purpose: &Purpose) -> Option<QueueId> {
    match purpose {
        Purpose::Contact(
            CallStage::Queued(queue) | CallStage::Offered(queue, _) | CallStage::Outside(queue, _),
        ) => Some(*queue),
        Purpose::Contact(
            CallStage::Emergency
            | CallStage::Menu(_)
            | CallStage::Notice(_)
            | CallStage::Connected(..)
            | CallStage::AtVoicemail(_),
        )
        | Purpose::Arriving
        | Purpose::Announcement
        | Purpose::Own { .. }
        | Purpose::Survey(_)
        | Purpose::SittingDown(_)
        | Purpose::AgentsLine(_)
        | Purpose::Line(_)
        | Purpose::CallingBack(_)
        | Purpose::Hearing(_)
        | Purpose::Observing(_)
        | Purpose::Consulting(_)
        | Purpose::Speaking(_) => None,
    }
}
