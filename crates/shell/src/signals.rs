//! SIGTERM and SIGINT: the first ends the calls politely, the second ends the process's work at once.

use tokio::signal::unix::{SignalKind, signal};
use turno_model::Command;

use crate::inbox::{Inbox, Letter};

/// Waits for the signals until the runtime ends.
pub(crate) async fn watch(inbox: Inbox) {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be caught; a stop will not be polite");
        return;
    };
    for letter in [Letter::Command(Command::Stop, None), Letter::Halt] {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("asked to stop");
        inbox.send(letter).await;
    }
}
