//! The stream of events (server-sent events): every fact once, in order, from a cursor on.
//!
//! The `id` of an event is its cursor. A client that was away continues with `Last-Event-ID` (browsers send it by
//! themselves) or `?after=`, and misses nothing while the journal keeps the facts. A client that reads too slowly is cut,
//! and continues in the same way.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an answer that does not belong to the question is one fault, whichever it is"
)]

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use core::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_core::Stream;
use serde::Deserialize;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;
use turno_access::{Deed, View};
use turno_control::{Answer, FactsBegin, PlacedFact};
use turno_model::{PlanIndex, Position};
use turno_trace::Numbers;
use utoipa::IntoParams;

use crate::problem::{Kind, Problem};
use crate::routes::room::unexpected;
use crate::site::{Events, News};
use crate::state::Api;
use crate::who::Who;

/// Events that wait for a slow client.
const WAITING_MAX: usize = 256;

/// A client that takes nothing for so long is cut.
const SLOW_SPAN: Duration = Duration::from_secs(30);

/// How often an idle stream shows that it lives, and finds out whether the client is gone.
const ALIVE_INTERVAL: Duration = Duration::from_secs(15);

/// How often a stream looks whether the session or the token has ended.
const SIGNED_IN_INTERVAL: Duration = Duration::from_secs(60);

/// Where to begin.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Begin {
    /// The cursor of the last event that was read, or `oldest`; without it from now on. `Last-Event-ID` counts more.
    after: Option<String>,
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
    who.may_see(&api, View::Events).await?;
    if who.principal.scope.queues.is_some() {
        return Err(Problem::new(Kind::Denied, "events are of all queues, and yours are some"));
    }
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let begin = match last.or(after).as_deref() {
        None => FactsBegin::Now,
        Some("oldest") => FactsBegin::Oldest,
        Some(cursor) => FactsBegin::After(position_of(cursor)?),
    };
    let Ok(place) = Arc::clone(&api.readers).try_acquire_owned() else {
        return Err(Problem::new(Kind::Busy, "too many are reading events; try again"));
    };
    let events = api.off(move |site| site.events(begin)).await?;
    let events = events.map_err(|answer| match *answer {
        Answer::TooOld(oldest) => {
            Problem::new(Kind::Gone, format!("what came after that is deleted; continue after {}", oldest))
        }
        Answer::Ahead(newest) => Problem::new(
            Kind::BadRequest,
            format!("there is no such event; the newest is {}. The cursor is of another site", newest),
        ),
        other => unexpected(&other, who.language),
    })?;
    let numbers = match who.principal.may(&Deed::See(View::Numbers)) {
        Ok(()) => Numbers::Full,
        Err(_) => Numbers::Short,
    };
    let (give, given) = channel(WAITING_MAX);
    tokio::spawn(async move {
        let _place = place;
        tell(&api, &who, events, numbers, &give).await;
    });
    Ok(Sse::new(Given(given)).keep_alive(KeepAlive::new().interval(ALIVE_INTERVAL)))
}

/// Tells events until the client is gone, too slow, or no longer signed in.
async fn tell(api: &Api, who: &Who, mut events: Box<dyn Events>, numbers: Numbers, give: &Sender<Event>) {
    let mut newest = events.newest();
    let mut names = None;
    let mut looked = api.site.seconds();
    loop {
        newest.borrow_and_update();
        let read = tokio::task::spawn_blocking(move || (events.read(), events)).await;
        let Ok((Ok(news), again)) = read else { return };
        events = again;
        let told = match news {
            Some(News::Facts(facts, there)) => told(&facts, *there, &mut names, numbers),
            Some(News::Missing(gap)) => vec![event("missing", &gap).id(gap.until.to_string())],
            None => {
                tokio::select! {
                    () = give.closed() => return,
                    _ = timeout(SIGNED_IN_INTERVAL, newest.changed()) => {}
                }
                Vec::new()
            }
        };
        for event in told {
            if !matches!(timeout(SLOW_SPAN, give.send(event)).await, Ok(Ok(()))) {
                return;
            }
        }
        let now = api.site.seconds();
        if now.saturating_sub(looked) >= SIGNED_IN_INTERVAL.as_secs() {
            looked = now;
            if !who.is_still_known(api).await {
                return;
            }
        }
    }
}

fn told(
    facts: &[crate::site::Placed],
    there: PlanIndex,
    names: &mut Option<PlanIndex>,
    numbers: Numbers,
) -> Vec<Event> {
    let mut events = Vec::with_capacity(facts.len() + 1);
    if names.as_ref() != Some(&there) {
        events.push(event("names", &there));
        *names = Some(there);
    }
    events.extend(facts.iter().map(|(position, at, fact)| {
        let placed = PlacedFact::new(*position, *at, fact, numbers);
        event("fact", &placed).id(position.to_string())
    }));
    events
}

fn event(kind: &str, data: &impl serde::Serialize) -> Event {
    let text = serde_json::to_string(data).unwrap_or_default();
    Event::default().event(kind).data(text)
}

fn position_of(cursor: &str) -> Result<Position, Problem> {
    cursor.parse().map_err(|_| {
        let detail = "a cursor is the `id` of an event, such as 1795532400000000-17, or `oldest`";
        Problem::new(Kind::BadRequest, detail)
    })
}

/// The events as they come.
struct Given(Receiver<Event>);

impl Stream for Given {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|event| event.map(Ok))
    }
}
