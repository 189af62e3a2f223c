//! The same events over a WebSocket (RFC 6455), for clients that can't read server-sent events.
//!
//! Each event is one text message: `{"event": "fact", "id": "...", "data": {...}}`. What a client sends is not read, but a
//! close. Browsers send cookies with a WebSocket to any site, so one with a cookie must come from a page of this host.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use tokio::sync::mpsc::Receiver;
use tokio::time::{interval, timeout};

use crate::events::Begin;
use crate::events::telling::{ALIVE_INTERVAL, Reading, SLOW_SPAN, Told};
use crate::origin::is_of_this_host;
use crate::problem::{Kind, Problem};
use crate::site::Counted;
use crate::state::Api;
use crate::who::Who;

/// Longest message of a client, who has nothing to say.
const CLIENT_BYTES_MAX: usize = 1_024;

/// Bytes that wait for a slow client before it is waited for.
const BUFFER_BYTES: usize = 64 * 1_024;

/// Longest event.
const EVENT_BYTES_MAX: usize = 4 << 20;

/// Everything that happens, once and in order, over a WebSocket: each event is a text message with `event`, `id` (its cursor)
/// and `data`. With a cookie only from a page of the same host.
#[utoipa::path(get, path = "/api/v1/events/socket", tag = "events", params(Begin), responses(
    (status = 101, description = "the connection is a WebSocket now"),
    (status = 400, body = Problem, description = "no WebSocket, or a cursor of another site"),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 410, body = Problem, description = "the cursor is too old"),
    (status = 503, body = Problem, description = "too many are reading")))]
pub(crate) async fn open(
    State(api): State<Arc<Api>>,
    who: Who,
    headers: HeaderMap,
    begin: Result<Query<Begin>, QueryRejection>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let Query(Begin { after }) =
        begin.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    if who.cookie.is_some() && !is_of_this_host(&headers) {
        let detail = "a WebSocket with a cookie must come from a page of this host; programs use a token";
        return Err(Problem::new(Kind::NotFromPage, detail));
    }
    let reading = Reading::open(Arc::clone(&api), who, after.as_deref()).await?;
    let upgrade = upgrade.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let upgrade = upgrade
        .max_message_size(CLIENT_BYTES_MAX)
        .max_frame_size(CLIENT_BYTES_MAX)
        .write_buffer_size(BUFFER_BYTES)
        .max_write_buffer_size(EVENT_BYTES_MAX + BUFFER_BYTES);
    Ok(upgrade.on_upgrade(move |socket| tell(api, socket, reading.begin())))
}

async fn tell(api: Arc<Api>, mut socket: WebSocket, mut events: Receiver<Told>) {
    let mut alive = interval(ALIVE_INTERVAL);
    loop {
        let message = tokio::select! {
            told = events.recv() => match told {
                Some(told) => Message::Text(text(&told).into()),
                None => break,
            },
            said = socket.recv() => match said {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(Message::Text(_) | Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => continue,
            },
            _ = alive.tick() => Message::Ping(Vec::new().into()),
        };
        match timeout(SLOW_SPAN, socket.send(message)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) => return api.site.count(Counted::SlowReader),
        }
    }
    // Signed out, or too slow: the client may come again after its last cursor.
    let reason = CloseFrame { code: close_code::POLICY, reason: "come again after your last id".into() };
    let _ = timeout(SLOW_SPAN, socket.send(Message::Close(Some(reason)))).await;
}

fn text(told: &Told) -> String {
    let Told { kind, cursor, data } = told;
    match cursor {
        Some(cursor) => format!(r#"{{"event":"{kind}","id":"{cursor}","data":{data}}}"#),
        None => format!(r#"{{"event":"{kind}","data":{data}}}"#),
    }
}
