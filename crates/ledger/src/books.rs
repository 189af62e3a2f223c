//! Checks that the books balance.

use turno_ground::Moment;
use turno_model::{AgentId, QueueId};

use crate::imbalance::Imbalance;
use crate::ledger::Ledger;

impl Ledger {
    /// Checks that the books balance at `now`, which is no earlier than the last fact.
    ///
    /// # Errors
    /// The first [`Imbalance`]: facts that contradict each other, or a wrong sum.
    pub fn books(&self, now: Moment) -> Result<(), Imbalance> {
        if let Some(imbalance) = &self.imbalance {
            return Err(imbalance.clone());
        }
        for (queue, book) in (0..).map(QueueId).zip(&self.queues) {
            let accounted = book.total.offered() + book.unanswered();
            if book.total.entered != accounted {
                return Err(Imbalance::Visits { queue, entered: book.total.entered, accounted });
            }
        }
        let line = &self.line_total;
        let (queued, unqueued) =
            self.contacts.values().fold((0, 0), |(queued, unqueued), open| match open.visit {
                Some(_) => (queued + 1, unqueued),
                None => (queued, unqueued + 1),
            });
        let ended: u64 = line.outcomes.values().sum();
        if line.entered != ended + queued {
            return Err(Imbalance::Contacts { entered: line.entered, accounted: ended + queued });
        }
        let away: u64 = line.turned_away.values().sum();
        if line.arrived != away + line.entered + unqueued {
            let accounted = away + line.entered + unqueued;
            return Err(Imbalance::Contacts { entered: line.arrived, accounted });
        }
        for (agent, book) in (0..).map(AgentId).zip(&self.agents) {
            let (staffed, states) = (book.staffed(now), book.with_pending(&book.total, now).staffed());
            if staffed != states {
                return Err(Imbalance::Staffed { agent, staffed, states });
            }
        }
        Ok(())
    }
}
