//! Books the begin and the completion of visits, and what agents do with talks.

use turno_ground::Moment;
use turno_model::{ContactId, Passing, PassingChange, QueueId};

use crate::contact::{OpenContact, Visit};
use crate::imbalance::Imbalance;
use crate::ledger::Ledger;

impl Ledger {
    pub(crate) fn on_queued(&mut self, contact: ContactId, queue: QueueId, at: Moment) {
        let Some(mut open) = self.contacts.remove(&contact) else {
            self.note(Imbalance::NeverArrived { contact });
            return;
        };
        let goes_on = open.is_waiting() || open.waits_again;
        let is_same_visit = open.visit.as_ref().is_some_and(|visit| visit.queue == queue && goes_on);
        // After a missed offer, or when an agent gives it back, a contact returns to its line: that is no new visit.
        if !is_same_visit {
            if open.is_waiting() {
                let from = open.visit.as_ref().map(|visit| visit.queue);
                self.leave_line(contact, &open);
                if let Some(from) = from {
                    self.book_contact(&mut open, from, |figures| figures.dequeued += 1);
                    self.book_recent(from, at, |_| {});
                }
            } else {
                self.complete_visit(&mut open);
            }
            if open.visit.is_none() {
                self.book_line(|line| line.entered += 1);
            }
            open.visit = Some(Visit::new(queue, at));
            open.waits_again = false;
            self.book_contact(&mut open, queue, |figures| figures.entered += 1);
            if let Some(book) = self.queues.get_mut(queue.index()) {
                book.line.insert((at, contact));
            }
        }
        self.contacts.insert(contact, open);
    }

    pub(crate) fn on_passing(&mut self, passing: &Passing) {
        self.on_consulting(passing.agent, &passing.change);
        match &passing.change {
            PassingChange::Returned => {
                if let Some(open) = self.contacts.get_mut(&passing.contact) {
                    open.waits_again = true;
                }
                self.count(passing.agent, |counts| counts.returned += 1);
            }
            PassingChange::DependencyReached { dependency, .. } => {
                self.count(passing.agent, |counts| counts.to_dependencies += 1);
                self.book_line(|line| *line.passed_on.entry(dependency.clone()).or_default() += 1);
            }
            PassingChange::ConsultBegan(_) => self.count(passing.agent, |counts| counts.consulted += 1),
            PassingChange::DependencyRung { .. }
            | PassingChange::DependencyNotReached { .. }
            | PassingChange::Consults(_)
            | PassingChange::Conferenced(_)
            | PassingChange::ConsultEnded(..) => {}
        }
    }

    /// Compares the handling time of an answered visit with the target, once, when the visit is over.
    pub(crate) fn complete_visit(&mut self, open: &mut OpenContact) {
        let Some(visit) = open.visit.as_ref().filter(|visit| visit.answered.is_some()) else { return };
        let (queue, handling) = (visit.queue, visit.handling);
        let queues = self.plan.queues.get(queue.index());
        let target = visit.target.or_else(|| queues.map(|plan| plan.handling_target));
        let target = target.is_some_and(|target| handling <= target);
        self.book_contact(open, queue, |figures| {
            figures.completed += 1;
            figures.completed_in_target += u64::from(target);
        });
    }

    pub(crate) fn leave_line(&mut self, contact: ContactId, open: &OpenContact) {
        let Some(visit) = &open.visit else { return };
        if let Some(book) = self.queues.get_mut(visit.queue.index()) {
            book.leave((visit.since, contact));
        }
    }
}
