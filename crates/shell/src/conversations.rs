//! The service of written channels: it joins conversations in their file, the engine, the facts, the bot and the edges.
//!
//! - `office`: what all share. Connectors and the API take and give messages here.
//! - `turn`: one conversation's next step. `talking`: what a person wrote goes to the machine and to the bot.
//! - `working`: the thread, which reads fresh messages, runs errands, takes facts and looks at the time.
//! - `connectors`: WhatsApp and the mailbox, if the plan has them.
//! - `written` and `forms`: what the API sees.

mod cards;
pub(crate) mod connectors;
mod errands;
mod facts;
mod forms;
mod office;
mod phrases;
mod saved;
mod settings;
mod talking;
#[cfg(test)]
mod tests;
mod turn;
mod working;
mod written;

use std::path::Path;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::watch;
use turno_conversations::{Store, Trouble};
use turno_model::Plan;

pub(crate) use crate::conversations::office::{Means, Office};
pub(crate) use crate::conversations::settings::bot as bot_settings;
use crate::conversations::settings::limits;
use crate::conversations::working::Working;
use crate::facts::stream::FactStream;
use crate::process::threads::thread;
use crate::refusal::StartRefused;

/// The file in the journal's folder.
pub(crate) const FILE: &str = "conversations.db";

/// The folder of files beside it.
pub(crate) const FILES: &str = "conversations";

/// Opens the file, so that others may take and give messages from now on. `None`: the log says why.
pub(crate) fn open(plan: &Plan, state: &Path, means: Means) -> Option<Arc<Office>> {
    let opened = Store::open(&state.join(FILE), &state.join(FILES), limits(&plan.written));
    let recovered = opened.and_then(|mut store| Ok::<_, Trouble>((store.recover()?, store)));
    match recovered {
        Ok((unknown, store)) => {
            if unknown > 0 {
                tracing::warn!(
                    letters = unknown,
                    "letters were leaving when turno ended: nobody knows whether they left, so they are not sent again"
                );
            }
            Some(Arc::new(Office::new(store, means)))
        }
        Err(why) => {
            let file = state.join(FILE);
            tracing::error!(file = %file.display(), "no written channel works: {why}");
            None
        }
    }
}

/// The running thread.
pub(crate) struct Running {
    stops: watch::Sender<bool>,
    thread: std::thread::JoinHandle<()>,
}

/// Starts the thread.
///
/// # Errors
/// [`StartRefused::Thread`].
pub(crate) fn start(
    office: Arc<Office>,
    stream: Arc<FactStream>,
    handle: Handle,
) -> Result<Running, StartRefused> {
    let (stops, asked) = watch::channel(false);
    let working = Working::new(office, stream, handle, asked);
    let thread = thread("turno-written", move || working.run())?;
    Ok(Running { stops, thread })
}

impl Running {
    /// Stops it. What is not done is done after the next start.
    pub(crate) fn stop(self) {
        self.stops.send_replace(true);
        if self.thread.join().is_err() {
            tracing::error!(
                "the written channels had died of a fault of turno's own; please report the lines of the panic"
            );
        }
    }
}
