//! A site with a journal of its steps.

use core::time::Duration;
use std::sync::Arc;

use turno_ground::Moment;
use turno_model::{Plan, Row};

use crate::journal::{Journal, Written};
use crate::scale::Scale;

impl Scale {
    /// Writes each step to a journal from now on.
    pub fn keep_journal(&mut self) {
        self.journal = Some(Journal::new(self.now));
        self.engine.keep_journal(self.now);
    }

    /// Time of all steps until now.
    pub const fn spent(&self) -> Duration {
        self.spent
    }

    /// Totals of the journal.
    pub fn written(&self) -> Written {
        self.journal.as_ref().map(Journal::written).unwrap_or_default()
    }

    /// The rows of the whole state, as in the journal, with the plan and the moment.
    pub fn images(&mut self) -> (Vec<Row>, Arc<Plan>, Moment) {
        (self.engine.images(), Arc::clone(self.ledger.plan()), self.now)
    }
}
