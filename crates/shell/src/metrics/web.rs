//! Serves /metrics for Prometheus and /health for health checks, over plain HTTP.

use core::time::Duration;
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use prometheus::Registry;
use serde_json::json;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use crate::clock::Clock;
use crate::disk::JournalSign;
use crate::engine_thread::watchdog::{VoicesSign, Watchdog};
use crate::facts::FactsHub;
use crate::hand_over::sockets::Sockets;
use crate::media::voices::Voices;
use crate::metrics::media::MediaMeters;
use crate::metrics::process::ProcessMeters;
use crate::metrics::recording::RecorderMeters;
use crate::metrics::render;
use crate::process::descriptors;
use crate::recording::gauges::RecorderGauges;
use crate::refusal::StartRefused;

/// What the pages need.
pub(crate) struct Pages {
    pub(crate) registry: Registry,
    pub(crate) process: ProcessMeters,
    pub(crate) media: MediaMeters,
    pub(crate) recorder: (RecorderMeters, Arc<RecorderGauges>),
    pub(crate) voices: Voices,
    pub(crate) facts: Arc<FactsHub>,
    pub(crate) clock: Clock,
    pub(crate) watchdog: Watchdog,
    pub(crate) journal: JournalSign,
    pub(crate) site: String,
}

/// Binds the address; requests are answered only after [`serve`].
///
/// # Errors
/// [`StartRefused::Address`].
pub(crate) fn bind(address: SocketAddr, inherited: &Sockets) -> Result<TcpListener, StartRefused> {
    inherited.listen_beside(address, BACKLOG_MAX, false).map_err(|error| StartRefused::Address {
        purpose: "metrics and health over HTTP",
        address,
        error,
    })
}

/// Connections that wait to be accepted.
const BACKLOG_MAX: i32 = 128;

/// One address may have this part of all connections.
const SHARE_OF_ONE: usize = 4;

/// How long a request's head may take, and how long a connection may be idle.
pub(crate) const HEAD_SPAN_MAX: Duration = Duration::from_secs(5);

/// How long a connection may last: a client that reads slowly must not keep it for ever.
const CONNECTION_SPAN_MAX: Duration = Duration::from_secs(60);

/// Longest head of a request in bytes.
pub(crate) const HEAD_BYTES_MAX: usize = 16 * 1024;

/// How long to wait before the next accept, after the system refused one.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until the runtime ends. Called after SIP is bound and the engine runs.
pub(crate) async fn serve(listener: TcpListener, pages: Arc<Pages>) {
    let router =
        Router::new().route("/metrics", get(metrics)).route("/health", get(health)).with_state(pages);
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "metrics and health are not served");
            return;
        }
    };
    let mut open = Connections::new(descriptors::pages());
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        open.make_room(peer.ip());
        let service = TowerToHyperService::new(router.clone());
        let task = tokio::spawn(async move {
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_SPAN_MAX)
                .max_buf_size(HEAD_BYTES_MAX)
                .serve_connection(TokioIo::new(stream), service);
            let _ = timeout(CONNECTION_SPAN_MAX, connection).await;
        });
        open.push(peer.ip(), task.abort_handle());
    }
}

/// The open connections, oldest first. A new one is always accepted: an address that has its share loses its own
/// oldest, so a client that opens connections and stays silent keeps nobody out, not even itself.
pub(crate) struct Connections {
    most: usize,
    open: VecDeque<(IpAddr, AbortHandle)>,
}

impl Connections {
    pub(crate) const fn new(most: usize) -> Self {
        Self { most, open: VecDeque::new() }
    }

    /// Called before a connection from this address is served.
    pub(crate) fn make_room(&mut self, address: IpAddr) {
        self.open.retain(|(_, task)| !task.is_finished());
        let own = self.open.iter().filter(|(other, _)| *other == address).count();
        let goes = if own >= (self.most / SHARE_OF_ONE).max(1) {
            self.open.iter().position(|(other, _)| *other == address)
        } else {
            (self.open.len() >= self.most).then_some(0)
        };
        if let Some((_, task)) = goes.and_then(|place| self.open.remove(place)) {
            task.abort();
        }
    }

    /// It is served by this task.
    pub(crate) fn push(&mut self, address: IpAddr, task: AbortHandle) {
        self.open.push_back((address, task));
    }
}

async fn metrics(State(pages): State<Arc<Pages>>) -> impl IntoResponse {
    pages.process.refresh();
    pages.media.refresh(&pages.voices.gauges());
    pages.recorder.0.refresh(&pages.recorder.1);
    let families = pages.facts.scrape(pages.clock, || pages.registry.gather());
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], render(&families))
}

/// 200 and `ok`; 200 and `degraded` if no more calls can be carried; 503 and `stuck` if the engine thread has given no
/// sign of life for some seconds.
async fn health(State(pages): State<Arc<Pages>>) -> impl IntoResponse {
    let now = pages.clock.now();
    let voices = pages.watchdog.voices();
    // A degraded turno still serves as many calls as it can, so a restart would not help.
    let (code, status) = match (pages.watchdog.is_alive(now), voices) {
        (true, VoicesSign::Well) => (StatusCode::OK, "ok"),
        (true, VoicesSign::UsedUp | VoicesSign::DescriptorsUsedUp | VoicesSign::Want(_)) => {
            (StatusCode::OK, "degraded")
        }
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "stuck"),
    };
    let body = axum::Json(json!({
        "status": status,
        "journal": pages.journal.words(),
        "voices": voices.words(),
        "site": pages.site,
        "version": crate::VERSION,
        "uptime_seconds": now.since(pages.clock.set_at()).as_secs(),
    }));
    (code, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_that_holds_connections_open_keeps_nobody_out() {
        // Wound: 300 idle connections from one machine, and nobody could ask for /health.
        let mut open = Connections::new(8);
        let [scraper, stranger] = [IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2])];
        let mut opened = Vec::new();
        for address in core::iter::once(scraper).chain(core::iter::repeat_n(stranger, 300)) {
            open.make_room(address);
            let idle = tokio::spawn(core::future::pending::<()>());
            open.push(address, idle.abort_handle());
            opened.push(idle);
        }
        assert_eq!(open.open.iter().filter(|(address, _)| *address == stranger).count(), 2, "its share");
        let last = opened.pop().expect("it was opened");
        for closed in opened.drain(1..opened.len() - 1) {
            assert!(closed.await.expect_err("closed").is_cancelled(), "its oldest made room");
        }
        assert!(!last.is_finished() && !opened[0].is_finished(), "the newest, and the other address");
    }
}
