//! The live room as a stream: the whole of it each time something has changed, so that a page that missed something has missed
//! nothing.

use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::Event;
use futures_core::Stream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Instant, sleep_until, timeout};
use turno_access::View;
use turno_control::FactsBegin;
use turno_model::Position;

use crate::problem::{Kind, Problem};
use crate::routes::live_form::Live;
use crate::routes::room::unexpected;
use crate::site::Counted;
use crate::state::Api;
use crate::who::Who;

/// Screens get the room at most this often: people read no faster, and with the facts' own way of 100 ms at most, what happens is
/// seen within 250 ms.
const PAUSE: Duration = Duration::from_millis(100);

/// A room in which nothing happens is told again, so that a page knows that its connection lives.
const QUIET_MAX: Duration = Duration::from_secs(5);

/// A page that takes nothing for so long is cut.
const SLOW_SPAN: Duration = Duration::from_secs(30);

/// How often a stream looks whether the session or the token has ended.
const SIGNED_IN_INTERVAL: u64 = 15;

/// The live room, now and each time something has changed, ten times a second at most. Each event `room` has all of it.
#[utoipa::path(get, path = "/api/v1/live", tag = "room", responses(
    (status = 200, content_type = "text/event-stream", body = Live), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 503, body = Problem, description = "too many are reading")))]
pub(crate) async fn stream(
    State(api): State<Arc<Api>>,
    who: Who,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    who.may_see(&api, View::Room).await?;
    let Ok(place) = Arc::clone(&api.readers).try_acquire_owned() else {
        return Err(Problem::new(Kind::Busy, "too many are reading; try again"));
    };
    let events = api.off(|site| site.events(FactsBegin::Now)).await?;
    let events = events.map_err(|answer| unexpected(&answer, who.language))?;
    let (give, given) = channel(1);
    tokio::spawn(tell(api, who, events.newest(), give, place));
    Ok(Sse::new(Told(given)))
}

/// Tells the room until the page is gone, too slow, or no longer signed in.
async fn tell(
    api: Arc<Api>,
    who: Who,
    mut newest: tokio::sync::watch::Receiver<Position>,
    give: Sender<Arc<str>>,
    _place: OwnedSemaphorePermit,
) {
    let mut looked = api.site.seconds();
    loop {
        let place = *newest.borrow_and_update();
        let began = Instant::now();
        let Some(text) = api.rooms.text(&api.site, place, &who.principal).await else { return };
        match timeout(SLOW_SPAN, give.send(text)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) => return api.site.count(Counted::SlowReader),
        }
        tokio::select! {
            () = give.closed() => return,
            _ = timeout(QUIET_MAX, newest.changed()) => {}
        }
        sleep_until(began + PAUSE).await;
        let now = api.site.seconds();
        if now.saturating_sub(looked) >= SIGNED_IN_INTERVAL {
            looked = now;
            if !who.is_still_known(&api).await {
                return;
            }
        }
    }
}

/// The events as they come.
struct Told(Receiver<Arc<str>>);

impl Stream for Told {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|told| told.map(|text| Ok(Event::default().event("room").data(&*text))))
    }
}
