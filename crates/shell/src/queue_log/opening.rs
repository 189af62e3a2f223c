//! Where the queue_log is, and the start of its thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use core::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use turno_model::Plan;

use crate::facts::stream::FactStream;
use crate::process::threads::thread;
use crate::queue_log::keeper::LogKeeper;
use crate::refusal::StartRefused;
use crate::reload::current_plan::CurrentPlan;

/// How long a stop waits for the last lines; what is left is written after the next start.
const STOP_SPAN: Duration = Duration::from_secs(1);

/// A running thread.
pub(crate) struct Running {
    stops: watch::Sender<bool>,
    ended: Receiver<()>,
}

/// Where the plan wants the file; `None`: nowhere.
pub(crate) fn place_of(plan: &Plan, state: Option<&Path>) -> Option<PathBuf> {
    let file = plan.exports.queue_log.as_ref()?;
    match state {
        Some(folder) => Some(folder.join(file)),
        None if file.is_absolute() => Some(file.clone()),
        None => {
            tracing::error!(
                "{} has no folder: start turno with --state, or give a whole path",
                file.display()
            );
            None
        }
    }
}

/// Starts the thread.
///
/// # Errors
/// [`StartRefused::Thread`].
pub(crate) fn start(
    path: PathBuf,
    of_facts: (Arc<FactStream>, CurrentPlan),
    handle: Handle,
) -> Result<Running, StartRefused> {
    let (stops, asked) = watch::channel(false);
    let (tells, ended) = sync_channel::<()>(1);
    let keeper = LogKeeper::new(path, of_facts, (handle, asked));
    // Nobody joins it: a disk that does not answer must not hold up a stop.
    let _thread = thread("turno-queue-log", move || {
        keeper.run();
        let _ = tells.try_send(());
    })?;
    Ok(Running { stops, ended })
}

impl Running {
    /// Lets it write what is left, and waits for that a short while.
    pub(crate) fn stop(self) {
        self.stops.send_replace(true);
        let _ = self.ended.recv_timeout(STOP_SPAN);
    }

    /// Lets it write what is left, and waits until it has ended.
    #[cfg(test)]
    pub(crate) fn ends(self) {
        self.stops.send_replace(true);
        self.ended.recv().expect("the thread tells its end");
    }
}
