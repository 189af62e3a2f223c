//! Serves the HTTP API, over TLS with the site's certificate or in plain text on loopback.

use std::net::TcpListener;
use std::sync::Arc;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use turno_api::{Ends, Peer};

use crate::metrics::web::{ACCEPT_PAUSE, Connections, HEAD_BYTES_MAX, HEAD_SPAN_MAX};
use crate::net::tls::Tls;
use crate::process::descriptors;

/// TLS handshakes of the API at once: few, since they share the limit of `[tls] handshakes_max` with phones.
const HANDSHAKES_MAX: usize = 16;

/// Serves until the runtime ends.
pub(crate) async fn serve(listener: TcpListener, router: Router, tls: Option<Arc<Tls>>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "the HTTP API is not served");
            return;
        }
    };
    let mut open = Connections::new(descriptors::api());
    let handshakes = Arc::new(Semaphore::new(HANDSHAKES_MAX));
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        open.make_room(peer.ip());
        let shaking = Arc::clone(&handshakes);
        let Ok(local) = stream.local_addr() else { continue };
        let of_request = (Extension(Peer(peer.ip())), Extension(Ends { local, remote: peer }));
        let (router, tls) = (router.clone().layer(of_request.0).layer(of_request.1), tls.clone());
        let task = tokio::spawn(async move {
            match tls {
                None => answer(stream, router).await,
                Some(tls) => {
                    // Phones have their handshakes to themselves.
                    let Ok(place) = shaking.try_acquire() else { return };
                    let shaken = tls.accept(stream, peer).await;
                    drop(place);
                    if let Some(stream) = shaken {
                        answer(stream, router).await;
                    }
                }
            }
        });
        open.push(peer.ip(), task.abort_handle());
    }
}

/// Answers the requests of one connection. A stream of events may last for days.
async fn answer(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, router: Router) {
    let service = TowerToHyperService::new(router);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_SPAN_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let _ = connection.await;
}
