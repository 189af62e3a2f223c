//! WhatsApp's Business Platform over HTTP: webhooks in, letters and files out.
//!
//! - [`WhatsApp::receive`] checks and keeps a webhook before it is confirmed.
//! - `letters` sends what the post has, within the platform's limits, and stops trying while the platform is away.
//! - `files` fetches what people have attached; `marks` tells them that their words were seen.
//!
//! What the bytes mean is in [`turno_channels::whatsapp`].

mod client;
mod counts;
mod files;
mod form;
mod letters;
mod marks;
mod receiving;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use turno_channels::whatsapp::Wording;
use turno_channels::{Elsewhere, Millis, Post};
use turno_ground::Secret;
use turno_model::plan::WhatsAppPlan;

pub use client::NoClient;
pub use counts::{Counts, Figures};
pub use receiving::{RAW_BYTES_MAX, Received};

use client::Client;
use marks::Mark;

/// Files and marks that wait in memory. More files are found again by asking the post; more marks are let go.
const WAITING_MAX: usize = 1_000;

/// What a site says about its number.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The platform's name for the number from which letters leave.
    pub number_id: String,
    /// Where the platform is, without a path.
    pub base_url: String,
    /// The version of its interface, such as `v25.0`.
    pub version: String,
    /// The file with the access token: it is read again when the platform refuses the one that is known.
    pub token_file: PathBuf,
    /// By what the platform signs webhooks.
    pub app_secret: Secret,
    /// The word by which the platform is known when the webhook's address is entered.
    pub verify_word: Secret,
    /// Messages a second.
    pub per_second: u32,
    /// Bytes of a file that is fetched.
    pub file_bytes_max: usize,
    /// The site's words in messages.
    pub wording: Wording,
    /// The queue of what comes in here; `None`: the channel's own.
    pub queue: Option<String>,
}

impl Settings {
    /// Those of a plan; its queue is the channel's.
    #[must_use]
    pub fn of(plan: &WhatsAppPlan) -> Self {
        Self {
            number_id: plan.number_id.clone(),
            base_url: plan.base_url.clone(),
            version: plan.version.clone(),
            token_file: plan.token_file.clone(),
            app_secret: plan.app_secret.clone(),
            verify_word: plan.verify_word.clone(),
            per_second: plan.per_second,
            file_bytes_max: plan.file_mib as usize * 1_048_576,
            wording: Wording { list_button: plan.list_button.clone() },
            queue: None,
        }
    }
}

/// What time it is.
pub type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

/// One number on WhatsApp.
pub struct WhatsApp {
    settings: Settings,
    client: Client,
    post: Arc<dyn Post>,
    clock: Clock,
    counts: Counts,
    files: mpsc::Sender<Elsewhere>,
    marks: mpsc::Sender<Mark>,
}

/// What [`run`] does, with the ends of the lines that lead to it.
pub struct Work {
    whatsapp: Arc<WhatsApp>,
    files: mpsc::Receiver<Elsewhere>,
    marks: mpsc::Receiver<Mark>,
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

    fn now(&self) -> Millis {
        (self.clock)()
    }
}

/// Waits until it is stopped. Nobody being left who could stop it counts as well.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

fn is_stopped(stop: &watch::Receiver<bool>) -> bool {
    *stop.borrow() || stop.has_changed().is_err()
}

/// Sends and fetches until `stop` says true. What is on its way is ended first.
pub async fn run(work: Work, stop: watch::Receiver<bool>) {
    let Work { whatsapp, files, marks } = work;
    tokio::join!(
        letters::run(Arc::clone(&whatsapp), stop.clone()),
        files::run(Arc::clone(&whatsapp), files, stop.clone()),
        marks::run(whatsapp, marks, stop),
    );
}
