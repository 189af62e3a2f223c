//! What happened before this start, taken from the journal for whoever traces; calls do not wait for it.

use std::sync::Arc;
use std::thread::JoinHandle;

use turno_model::Plan;

use crate::disk::PastFacts;
use crate::facts::kept::Kept;
use crate::process::threads::thread;

/// Begins to remember on a thread of its own, where there is a journal and something is kept for tracing; that thread and
/// the others of the journal.
pub(crate) fn remember(
    past: Option<PastFacts>,
    kept: Option<Arc<Kept>>,
    plan: &Arc<Plan>,
    mut threads: Vec<JoinHandle<()>>,
) -> Vec<JoinHandle<()>> {
    if let (Some(past), Some(kept)) = (past, kept) {
        let plan = Arc::clone(plan);
        let begun = thread("turno-past", move || {
            if let Err(error) = past.each(&plan, |batch| kept.remember(&Arc::new(batch))) {
                tracing::warn!(%error, "turno trace does not know all that happened before this start");
            }
        });
        // Without it turno trace begins anew, and calls are served all the same.
        threads.extend(begun);
    }
    threads
}
