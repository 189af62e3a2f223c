//! Books the state of queues, priorities, and answers of the last 30 minutes.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{ContactId, QueueId, QueueState};

use crate::contact::OpenContact;
use crate::ledger::Ledger;

impl Ledger {
    pub(crate) fn on_turned(&mut self, queue: QueueId, to: QueueState) {
        if let Some(book) = self.queues.get_mut(queue.index()) {
            book.turned = to;
        }
    }

    pub(crate) fn on_priority(&mut self, contact: ContactId, priority: u8) {
        if let Some(open) = self.contacts.get_mut(&contact) {
            open.priority = priority;
        }
    }

    /// An answered visit is one that has ended, and its caller is no longer one who gave up.
    pub(crate) fn book_answer(&mut self, open: &OpenContact, queue: QueueId, waited: Duration, at: Moment) {
        let target = self.plan.queues.get(queue.index()).is_some_and(|plan| waited <= plan.wait_target);
        self.book_recent(queue, at, |recent| {
            recent.answered += 1;
            recent.answered_in_target += u32::from(target);
        });
        if let Some(book) = self.queues.get_mut(queue.index()) {
            book.recent.found(&open.from);
        }
    }
}
