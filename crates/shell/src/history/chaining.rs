//! The chain of hashes over days, written by the history's thread. A chain that can't be written is told in the log.

use std::path::Path;

use turno_audit::chain::{ChainKeeper, Head, Unwritten};
use turno_audit::zone_of;
use turno_ground::Moment;
use turno_history::{History, Kept};
use turno_model::Plan;

/// The chain; none without a journal, whose facts it is about.
pub(crate) struct Chaining(Option<ChainKeeper>);

impl Chaining {
    /// The chain in the journal's folder.
    pub(crate) fn of(state: Option<&Path>) -> Self {
        Self(state.map(ChainKeeper::new))
    }

    /// Days that are over get their lines. The history must be up to date.
    pub(crate) fn close_days(&mut self, history: &mut History, plan: &Plan, now: Moment) {
        if let Some(keeper) = &mut self.0 {
            tell(keeper.close_days(history.store(), &zone_of(plan), now));
        }
    }

    /// The day so far gets a line, at a stop.
    pub(crate) fn stop(&mut self, plan: &Plan, now: Moment) {
        if let Some(keeper) = &mut self.0 {
            tell(keeper.stop(&zone_of(plan), now));
        }
    }

    /// Rows that are about to be deleted get a line; returns whether they may be deleted.
    pub(crate) fn deletes(&mut self, history: &mut History, kept: Kept, now: Moment) -> bool {
        self.0.as_mut().is_none_or(|keeper| tell(keeper.deletes(history.store(), kept, now)))
    }
}

/// Writes into the log what became of a line; returns whether all is well.
fn tell(written: Result<Option<Head>, Unwritten>) -> bool {
    match written {
        Ok(None) => true,
        Ok(Some(Head { line, hash })) => {
            tracing::info!(line, head = hash, "the chain of days has another line; keep its head elsewhere");
            true
        }
        Err(unwritten) => {
            tracing::warn!("the chain of days is not written, and is tried again later: {unwritten}");
            false
        }
    }
}
