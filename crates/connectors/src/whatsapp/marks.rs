//! Tells people that their words were seen, and that an answer is being written.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use turno_channels::whatsapp::{Answer, mark_seen};

use super::number::{Mark, WhatsApp, stopped};

/// Sends marks until it is stopped. A mark that fails is not worth a second try.
pub(crate) async fn run(
    whatsapp: Arc<WhatsApp>,
    mut marks: mpsc::Receiver<Mark>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let mark = tokio::select! {
            mark = marks.recv() => mark,
            () = stopped(&mut stop) => None,
        };
        let Some(mark) = mark else { return };
        if whatsapp.figures().is_away {
            continue;
        }
        whatsapp.counts.requests();
        match whatsapp.client.send(&mark_seen(&mark.external, mark.is_typing)).await {
            // The answer to a mark names no message.
            Answer::Taken(_) | Answer::Silent(_) => {}
            Answer::Refused { status, .. } => tracing::debug!(status, "WhatsApp refuses a mark"),
            Answer::Unreached(why) => tracing::debug!("a mark can't be sent: {why}"),
        }
    }
}
