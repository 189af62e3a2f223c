//! Loads facts of earlier runs from the journal for traces, in the background.

use std::sync::Arc;
use std::thread::JoinHandle;

use turno_model::Plan;

use crate::disk::PastFacts;
use crate::facts::trace_store::TraceStore;
use crate::process::threads::thread;
use crate::refusal::StartRefused;

/// Starts a thread for it, if there is a journal and a trace store.
///
/// # Errors
/// [`StartRefused::Thread`]: then traces begin with this run, and calls are served regardless.
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
