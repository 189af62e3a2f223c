//! Outgoing webhooks: a thread for each, which takes facts into its queue and sends what is due.

mod keeper;
pub(crate) mod sending;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use core::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use turno_model::Plan;
use turno_webhooks::Queue;

use crate::clock::Clock;
use crate::facts::stream::FactStream;
use crate::metrics::webhooks::WebhookMeters;
use crate::process::threads::thread;
use crate::refusal::StartRefused;
use crate::reload::current_plan::CurrentPlan;
use crate::webhooks::keeper::Keeper;
use crate::webhooks::sending::Sender;

/// The queue's file in the journal's folder.
pub(crate) const FILE: &str = "webhooks.db";

/// How long a stop waits for all of them.
const STOP_SPAN: Duration = Duration::from_secs(1);

/// The running threads.
pub(crate) struct Running {
    stops: watch::Sender<bool>,
    ended: Receiver<()>,
    many: usize,
}

/// Starts a thread for each webhook of the plan that can be served; the log says why another can't.
///
/// # Errors
/// [`StartRefused::Thread`].
pub(crate) fn start(
    plan: &Plan,
    state: &Path,
    (stream, in_force): (&Arc<FactStream>, &CurrentPlan),
    (clock, handle): (Clock, &Handle),
    meters: &WebhookMeters,
) -> Result<Running, StartRefused> {
    let (stops, asked) = watch::channel(false);
    let (tells, ended) = sync_channel::<()>(plan.webhooks.len());
    let path = state.join(FILE);
    let names: Vec<&str> = plan.webhooks.iter().map(|hook| hook.name.as_str()).collect();
    if let Err(why) = Queue::open(&path).and_then(|mut queue| queue.keep_only(&names)) {
        tracing::error!(file = %path.display(), "webhooks can't be sent until it can be used: {why}");
    }
    let mut many = 0;
    for hook in &plan.webhooks {
        let sender = match Sender::new(hook) {
            Ok(sender) => sender,
            Err(why) => {
                tracing::error!(webhook = hook.name, "this webhook is not sent: {why}");
                continue;
            }
        };
        let facts = (Arc::clone(stream), in_force.clone());
        let with = (clock, handle.clone());
        let keeper =
            Keeper::new((hook.clone(), sender), path.clone(), facts, with, (meters.clone(), asked.clone()));
        let tells = tells.clone();
        // Nobody joins them: a receiver or a disk that does not answer must not hold up a stop.
        let _thread = thread("turno-webhook", move || {
            keeper.run();
            let _ = tells.try_send(());
        })?;
        many += 1;
    }
    Ok(Running { stops, ended, many })
}

/// What is wrong with the webhooks of a plan, a sentence each.
pub fn faults(plan: &Plan) -> Vec<String> {
    let fault = |hook: &turno_model::plan::WebhookPlan| {
        Some(format!("[[webhook]] {}: {}", hook.name, Sender::new(hook).err()?))
    };
    plan.webhooks.iter().filter_map(fault).collect()
}

impl Running {
    /// Stops them. What is not sent is sent after the next start.
    pub(crate) fn stop(self) {
        self.stops.send_replace(true);
        for _ in 0..self.many {
            if self.ended.recv_timeout(STOP_SPAN).is_err() {
                return;
            }
        }
    }
}
