//! What happened before this start, taken from the journal for whoever traces; calls do not wait for it.

use std::sync::Arc;
use std::thread::JoinHandle;

use turno_model::Plan;

use crate::disk::PastFacts;
use crate::facts::trace_store::TraceStore;
use crate::process::threads::thread;
use crate::refusal::StartRefused;

/// Begins to remember on a thread of its own, where there is a journal and something is kept for tracing.
///
/// # Errors
/// [`StartRefused::Thread`]: turno trace begins anew then, and calls are served all the same.
pub(crate) fn remember(
    past: Option<PastFacts>,
    kept: Option<Arc<TraceStore>>,
    plan: &Arc<Plan>,
) -> Result<Option<JoinHandle<()>>, StartRefused> {
    let Some((past, kept)) = past.zip(kept) else { return Ok(None) };
    let plan = Arc::clone(plan);
    let begun = thread("turno-past", move || {
        if let Err(error) = past.each(&plan, |batch| kept.remember(&Arc::new(batch))) {
            tracing::warn!(%error, "turno trace does not know all that happened before this start");
        }
    });
    begun.map(Some)
}
