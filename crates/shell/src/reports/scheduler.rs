//! The thread of reports by schedule: it looks once a minute whether one is due.

use core::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::timeout;
use turno_history::store::Store;

use crate::clock::Clock;
use crate::metrics::reports::ReportsMeters;
use crate::process::threads::thread;
use crate::refusal::StartRefused;
use crate::reload::current_plan::CurrentPlan;
use crate::reports::writing::bring_up_to_date;

/// How often it looks, and how long it waits at the start, while the history takes what happened before.
const LOOK_INTERVAL: Duration = Duration::from_secs(60);

/// The longest pause after failures; the first one is a look's, each further one is twice as long.
const PAUSE_MAX: Duration = Duration::from_secs(3600);

/// A running thread.
pub(crate) struct Running(watch::Sender<bool>);

impl Running {
    /// Lets it end after the report that it is writing. Nobody waits: a report that is not whole has no name yet.
    pub(crate) fn stop(self) {
        self.0.send_replace(true);
    }
}

/// Starts the thread.
///
/// # Errors
/// [`StartRefused::Thread`].
pub(crate) fn start(
    store: Box<dyn Store + Send>,
    in_force: CurrentPlan,
    (clock, handle): (Clock, Handle),
    meters: ReportsMeters,
) -> Result<Running, StartRefused> {
    let (stops, asked) = watch::channel(false);
    let mut scheduler = Scheduler { store, in_force, clock, handle, meters, stops: asked };
    let _thread = thread("turno-reports", move || scheduler.run())?;
    Ok(Running(stops))
}

struct Scheduler {
    store: Box<dyn Store + Send>,
    in_force: CurrentPlan,
    clock: Clock,
    handle: Handle,
    meters: ReportsMeters,
    stops: watch::Receiver<bool>,
}

impl Scheduler {
    fn run(&mut self) {
        let mut pause = LOOK_INTERVAL;
        while !self.waits(pause) {
            let failures = self.look();
            pause = if failures == 0 { LOOK_INTERVAL } else { (pause * 2).min(PAUSE_MAX) };
        }
    }

    /// Writes what is due, says so, and returns how much did not work.
    fn look(&mut self) -> usize {
        let plan = self.in_force.plan();
        let done = bring_up_to_date(&plan, &mut *self.store, self.clock.now());
        done.written.iter().for_each(|file| tracing::info!(file, "a report is written"));
        done.removed
            .iter()
            .for_each(|file| tracing::info!(file, "a report has been kept for long enough and is removed"));
        done.failed
            .iter()
            .for_each(|why| tracing::warn!("a report is not written, and is tried again: {why}"));
        self.meters.looked(done.written.len(), done.removed.len(), done.failed.len());
        done.failed.len()
    }

    /// Waits for so long; returns at once when it is stopped, and whether it is.
    fn waits(&mut self, span: Duration) -> bool {
        let stops = &mut self.stops;
        let _ =
            self.handle.block_on(async { timeout(span, stops.wait_for(|stopped| *stopped)).await.map(drop) });
        *self.stops.borrow()
    }
}
