//! The list of conversations as a stream: the whole of it each time something has changed.

use core::time::Duration;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::Event;
use futures_core::Stream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::{Instant, sleep_until, timeout};
use turno_access::View;

use crate::chat::secret::kept;
use crate::chat::telling::{SLOW_SPAN, Told};
use crate::problem::{Kind, Problem};
use crate::routes::conversations::Conversations;
use crate::site::Counted;
use crate::state::Api;
use crate::who::Who;

/// As the live room: ten times a second at most, and a sign of life.
const PAUSE: Duration = Duration::from_millis(100);
const QUIET_MAX: Duration = Duration::from_secs(5);

/// How often a stream looks whether the session or the token has ended.
const SIGNED_IN_INTERVAL: u64 = 15;

/// Open conversations, now and each time something has changed, ten times a second at most. Each event `conversations` has all of
/// them; the `version` of one has grown when its messages, or anything else of it, have changed.
#[utoipa::path(get, path = "/api/v1/conversations/live", tag = "conversations", responses(
    (status = 200, content_type = "text/event-stream", body = Conversations), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem, description = "too many are reading")))]
pub(crate) async fn stream(
    State(api): State<Arc<Api>>,
    who: Who,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    who.may_see(&api, View::Conversations).await?;
    let changes = kept(&api, |written| written.changes()).await?;
    let Ok(place) = Arc::clone(&api.readers).try_acquire_owned() else {
        return Err(Problem::new(Kind::Busy, "too many are reading; try again"));
    };
    let (give, given) = channel(1);
    tokio::spawn(tell(api, who, changes, give, place));
    Ok(Sse::new(Told(given, "conversations")))
}

async fn tell(
    api: Arc<Api>,
    who: Who,
    mut changes: tokio::sync::watch::Receiver<u64>,
    give: Sender<String>,
    _place: OwnedSemaphorePermit,
) {
    let mut looked = api.site.seconds();
    loop {
        changes.borrow_and_update();
        let began = Instant::now();
        let principal = who.principal.clone();
        let now = kept(&api, move |written| Conversations::new(written, &principal)).await;
        let Ok(now) = now else { return };
        let text = serde_json::to_string(&now).unwrap_or_default();
        match timeout(SLOW_SPAN, give.send(text)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) => return api.site.count(Counted::SlowReader),
        }
        tokio::select! {
            () = give.closed() => return,
            changed = timeout(QUIET_MAX, changes.changed()) => if matches!(changed, Ok(Err(_))) { return },
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
