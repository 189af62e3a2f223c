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
mod number;
mod receiving;
mod settings;

use std::sync::Arc;

use tokio::sync::watch;

pub use client::NoClient;
pub use counts::{Counts, Figures};
pub use number::{Clock, WhatsApp, Work};
pub use receiving::{RAW_BYTES_MAX, Received};
pub use settings::Settings;

/// Sends and fetches until `stop` says true. What is on its way is ended first.
pub async fn run(work: Work, stop: watch::Receiver<bool>) {
    let Work { whatsapp, files, marks } = work;
    tokio::join!(
        letters::run(Arc::clone(&whatsapp), stop.clone()),
        files::run(Arc::clone(&whatsapp), files, stop.clone()),
        marks::run(whatsapp, marks, stop),
    );
}
