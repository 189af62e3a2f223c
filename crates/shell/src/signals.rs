//! SIGTERM and SIGINT: the first ends the calls politely, the second ends the process's work at once.

use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use turno_model::Command;

use crate::inbox::{Inbox, Letter};

/// Catches the signals from now on, until the runtime ends. When it returns, none ends the process any more.
pub(crate) fn watch(runtime: &Runtime, inbox: Inbox) {
    let entered = runtime.enter();
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be caught; a stop will not be polite");
        return;
    };
    drop(entered);
    runtime.spawn(async move {
        for letter in [Letter::Command(Command::Stop, None), Letter::Halt] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("asked to stop");
            inbox.send(letter).await;
        }
    });
}
