//! Fetches files that people have attached, and gives them to the post.

use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::{JoinSet, spawn_blocking};
use turno_channels::{Elsewhere, Millis, NotTaken};
use turno_model::Channel;

use super::client::Unfetched;
use super::number::{WhatsApp, is_stopped, stopped};

/// Files that are fetched at once.
const AT_ONCE: usize = 4;
/// Tries of one file: a day with pauses of at most two hours.
const TRIES_MAX: u32 = 18;
/// The first pause, in seconds; each further one is twice as long.
const PAUSE_MIN_SECS: i64 = 2;
/// The longest pause, in seconds.
const PAUSE_MAX_SECS: i64 = 7_200;
/// Files that are waited for in memory; the post knows the others.
const WAITING_MAX: usize = 10_000;
/// How often it is looked whether a pause is over.
const LOOK_SPAN: Duration = Duration::from_millis(250);

struct Waiting {
    file: Elsewhere,
    due: Millis,
    tries: u32,
}

/// Fetches until it is stopped. What the post still lacks from before is fetched first.
pub(crate) async fn run(
    whatsapp: Arc<WhatsApp>,
    mut files: mpsc::Receiver<Elsewhere>,
    mut stop: watch::Receiver<bool>,
) {
    let mut waiting = BTreeMap::new();
    let post = Arc::clone(&whatsapp.post);
    for file in spawn_blocking(move || post.elsewhere(Channel::WhatsApp)).await.unwrap_or_default() {
        waiting.insert(file.message, Waiting { file, due: Millis(i64::MIN), tries: 0 });
    }
    let mut flights = JoinSet::new();
    while !is_stopped(&stop) {
        let now = whatsapp.now();
        let due: Vec<_> =
            waiting.iter().filter(|(_, one)| one.due <= now).map(|(message, _)| *message).collect();
        for message in due.into_iter().take(AT_ONCE.saturating_sub(flights.len())) {
            if let Some(one) = waiting.remove(&message) {
                flights.spawn(fly(Arc::clone(&whatsapp), one));
            }
        }
        tokio::select! {
            Some(file) = files.recv() => {
                if waiting.len() < WAITING_MAX {
                    waiting.insert(file.message, Waiting { file, due: now, tries: 0 });
                }
            }
            Some(landed) = flights.join_next() => {
                if let Ok(Some(again)) = landed {
                    waiting.insert(again.file.message, again);
                }
            }
            () = tokio::time::sleep(LOOK_SPAN), if !waiting.is_empty() => {}
            () = stopped(&mut stop) => {}
        }
    }
    while flights.join_next().await.is_some() {}
}

/// Fetches one; `Some`: again later.
async fn fly(whatsapp: Arc<WhatsApp>, one: Waiting) -> Option<Waiting> {
    let result = whatsapp.client.fetch(&one.file.reference, one.file.name.as_deref()).await;
    let why = match result {
        Ok(file) => {
            let (post, message) = (Arc::clone(&whatsapp.post), one.file.message);
            match spawn_blocking(move || post.fetched(message, file)).await {
                Ok(Ok(())) => {
                    whatsapp.counts.fetched();
                    return None;
                }
                Ok(Err(NotTaken::Later(why))) => Unfetched::Later(why),
                Ok(Err(NotTaken::Never(why))) => Unfetched::Never(why),
                Err(_) => Unfetched::Later("the post has failed".to_owned()),
            }
        }
        Err(why) => why,
    };
    match why {
        Unfetched::Later(why) if one.tries < TRIES_MAX => {
            let pause = (PAUSE_MIN_SECS << one.tries.min(12)).min(PAUSE_MAX_SECS);
            tracing::info!(
                message = one.file.message.0,
                again_in_secs = pause,
                "a file of WhatsApp waits: {why}"
            );
            Some(Waiting { due: whatsapp.now().plus_secs(pause), tries: one.tries + 1, ..one })
        }
        Unfetched::Later(why) | Unfetched::Never(why) => {
            whatsapp.counts.unfetched();
            tracing::warn!(message = one.file.message.0, "a file of WhatsApp stays where it is: {why}");
            None
        }
    }
}
