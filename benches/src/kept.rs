//! A house whose steps are written down.

use core::time::Duration;
use std::sync::Arc;

use turno_ground::Moment;
use turno_model::{Plan, Row};

use crate::journal::{Journal, Written};
use crate::scale::Scale;

impl Scale {
    /// Writes each step down from now on.
    pub fn keep_journal(&mut self) {
        self.journal = Some(Journal::new(self.now));
        self.engine.keep_journal(self.now);
    }

    /// What all steps took so far.
    pub const fn spent(&self) -> Duration {
        self.spent
    }

    /// What went into the journal so far.
    pub fn written(&self) -> Written {
        self.journal.as_ref().map(Journal::written).unwrap_or_default()
    }

    /// Everything that lives, as it is written down, with the plan and the moment.
    pub fn images(&mut self) -> (Vec<Row>, Arc<Plan>, Moment) {
        (self.engine.images(), Arc::clone(self.ledger.plan()), self.now)
    }
}
