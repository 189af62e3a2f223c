//! The stream of events: server-sent events.
//!
//! The `id` of an event is its cursor. A client that was away continues with `Last-Event-ID` (browsers send it by
//! themselves) or `?after=`, and misses nothing while the journal keeps the facts. A client that reads too slowly is cut,
//! and continues in the same way. `socket` tells the same over a WebSocket.

pub(crate) mod socket;
pub(crate) mod telling;

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_core::Stream;
use serde::Deserialize;
use tokio::sync::mpsc::Receiver;
use utoipa::IntoParams;

use crate::events::telling::{ALIVE_INTERVAL, Reading, Told};
use crate::problem::{Kind, Problem};
use crate::state::Api;
use crate::who::Who;

/// Where to begin.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Begin {
    /// The cursor of the last event that was read, or `oldest`; without it from now on. `Last-Event-ID` counts more.
    pub(crate) after: Option<String>,
}

/// Everything that happens, once and in order. `names` tells what the indexes in the following facts mean, `fact` is a fact,
/// `missing` a gap that the journal no longer has. Withheld numbers are never sent, others in full to who may see them.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    params(Begin, ("Last-Event-ID" = Option<String>, Header, description = "the cursor of the last event that was read")),
    responses((status = 200, content_type = "text/event-stream", body = String),
    (status = 400, body = Problem, description = "the cursor is of another site"), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 410, body = Problem, description = "the cursor is too old"),
    (status = 503, body = Problem, description = "too many are reading")))]
pub(crate) async fn stream(
    State(api): State<Arc<Api>>,
    who: Who,
    headers: HeaderMap,
    begin: Result<Query<Begin>, QueryRejection>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let Query(Begin { after }) =
        begin.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let reading = Reading::open(api, who, last.or(after).as_deref()).await?;
    Ok(Sse::new(Given(reading.begin())).keep_alive(KeepAlive::new().interval(ALIVE_INTERVAL)))
}

/// The events as they come.
struct Given(Receiver<Told>);

impl Stream for Given {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|told| {
            told.map(|Told { kind, cursor, data }| {
                let event = Event::default().event(kind).data(data);
                Ok(cursor.map_or(event.clone(), |cursor| event.id(cursor)))
            })
        })
    }
}
