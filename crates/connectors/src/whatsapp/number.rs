//! One number on WhatsApp: what its parts share.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use turno_channels::{Elsewhere, Millis, Post};

use super::client::{Client, NoClient};
use super::counts::{Counts, Figures};
use super::settings::Settings;

/// Files and marks that wait in memory. More files are found again by asking the post; more marks are let go.
const WAITING_MAX: usize = 1_000;

/// A message of a person that was seen.
pub(super) struct Mark {
    pub(crate) external: String,
    pub(crate) is_typing: bool,
}

/// What time it is.
pub type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

/// One number on WhatsApp.
pub struct WhatsApp {
    pub(super) settings: Settings,
    pub(super) client: Client,
    pub(super) post: Arc<dyn Post>,
    clock: Clock,
    pub(super) counts: Counts,
    pub(super) files: mpsc::Sender<Elsewhere>,
    marks: mpsc::Sender<Mark>,
}

/// What [`run`](super::run) does, with the ends of the lines that lead to it.
pub struct Work {
    pub(super) whatsapp: Arc<WhatsApp>,
    pub(super) files: mpsc::Receiver<Elsewhere>,
    pub(super) marks: mpsc::Receiver<Mark>,
}

impl WhatsApp {
    /// The connector of a number.
    ///
    /// # Errors
    /// [`NoClient`]: an address or a token that can't be used.
    pub fn new(settings: Settings, post: Arc<dyn Post>, clock: Clock) -> Result<(Arc<Self>, Work), NoClient> {
        let client = Client::new(&settings)?;
        let (files, files_end) = mpsc::channel(WAITING_MAX);
        let (marks, marks_end) = mpsc::channel(WAITING_MAX);
        let whatsapp =
            Arc::new(Self { settings, client, post, clock, counts: Counts::default(), files, marks });
        let work = Work { whatsapp: Arc::clone(&whatsapp), files: files_end, marks: marks_end };
        Ok((whatsapp, work))
    }

    /// What to answer when the platform asks whether this address expects its webhooks.
    #[must_use]
    pub fn challenge<'a>(&self, query: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<String> {
        turno_channels::whatsapp::challenge(query, self.settings.verify_word.reveal())
    }

    /// Tells the person that the message was seen, and whether an answer is being written. It is not tried twice.
    pub fn mark_seen(&self, external: &str, is_typing: bool) {
        if self.marks.try_send(Mark { external: external.to_owned(), is_typing }).is_err() {
            tracing::debug!("too many marks wait: one is let go");
        }
    }

    /// Counters since the start.
    #[must_use]
    pub fn figures(&self) -> Figures {
        self.counts.figures()
    }

    pub(super) fn now(&self) -> Millis {
        (self.clock)()
    }
}

/// Waits until it is stopped. Nobody being left who could stop it counts as well.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

pub(super) fn is_stopped(stop: &watch::Receiver<bool>) -> bool {
    *stop.borrow() || stop.has_changed().is_err()
}
