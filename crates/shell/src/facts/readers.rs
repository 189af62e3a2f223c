//! Starts the facts thread and its queue.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use prometheus::Registry;
use turno_ledger::Ledger;
use turno_model::{Plan, Position};

use crate::disk::FactFiles;
use crate::engine_thread::Handed;
use crate::facts::capture_buffer::{Gathering, gathering};
use crate::facts::live::ROOM;
use crate::facts::stream::FactStream;
use crate::facts::trace_store::TraceStore;
use crate::facts::{BATCHES_MAX, FactsHub};
use crate::metrics::counter;
use crate::metrics::facts::FactsMeters;
use crate::process::threads::thread;
use crate::refusal::StartRefused;

const UNSEEN: &str = "turno_trace_unseen_total";

const UNSEEN_HELP: &str = "SIP messages that were not kept for tracing because the trace store was too slow.";

/// The facts thread and the channels to it.
pub(crate) struct Readers {
    pub(crate) hub: Arc<FactsHub>,
    pub(crate) thread: JoinHandle<()>,
    pub(crate) handed: SyncSender<Handed>,
    pub(crate) gathering: Option<Gathering>,
    pub(crate) kept: Option<Arc<TraceStore>>,
}

/// Starts the thread with this ledger. Facts continue after position `begin`; earlier ones are in the files.
///
/// # Errors
/// [`StartRefused::Thread`].
pub(crate) fn read_facts(
    registry: &Registry,
    plan: &Arc<Plan>,
    ledger: Ledger,
    (begin, files): (Position, Option<FactFiles>),
) -> Result<Readers, StartRefused> {
    let kept = plan.trace.map(|limits| Arc::new(TraceStore::new(registry, limits)));
    let (gathering, emptied) = gathering(counter(registry, UNSEEN, UNSEEN_HELP));
    let stream = Arc::new(FactStream::new(begin, files, FactsMeters::new(registry), ROOM));
    let hub = Arc::new(FactsHub::new(registry, plan, kept.clone(), ledger, stream));
    let (handed, reading) = sync_channel(BATCHES_MAX);
    let reader = Arc::clone(&hub);
    let thread = thread("turno-facts", move || reader.run(&reading, &emptied))?;
    Ok(Readers { hub, thread, handed, gathering: kept.is_some().then_some(gathering), kept })
}
