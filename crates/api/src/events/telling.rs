//! Every fact once, in order, from a cursor on, whichever way it takes to the client.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an answer that does not belong to the question is one fault, whichever it is"
)]

use std::sync::Arc;

use core::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;
use turno_access::{Deed, View};
use turno_control::{Answer, FactsBegin, PlacedFact};
use turno_model::{PlanIndex, Position};
use turno_trace::Numbers;

use crate::problem::{Kind, Problem};
use crate::routes::room::unexpected;
use crate::site::{Counted, Events, News, Placed};
use crate::state::Api;
use crate::who::Who;

/// Events that wait for a slow client.
const WAITING_MAX: usize = 256;

/// A client that takes nothing for so long is cut.
pub(crate) const SLOW_SPAN: Duration = Duration::from_secs(30);

/// How often an idle stream shows that it lives, and finds out whether the client is gone.
pub(crate) const ALIVE_INTERVAL: Duration = Duration::from_secs(15);

/// How often a stream looks whether the session or the token has ended.
const SIGNED_IN_INTERVAL: Duration = Duration::from_secs(60);

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// `names`, `fact` or `missing`.
    pub(crate) kind: &'static str,
    /// Its cursor, if a client may continue after it.
    pub(crate) cursor: Option<String>,
    /// What happened, as JSON.
    pub(crate) data: String,
}

/// A reader that has its place.
pub(crate) struct Reading {
    api: Arc<Api>,
    who: Who,
    events: Box<dyn Events>,
    numbers: Numbers,
    place: OwnedSemaphorePermit,
}

impl Reading {
    /// Opens a reader for somebody who may read, after this cursor.
    ///
    /// # Errors
    /// A [`Problem`]: not allowed, too many are reading, a cursor that is none, too old or from elsewhere.
    pub(crate) async fn open(api: Arc<Api>, who: Who, after: Option<&str>) -> Result<Self, Problem> {
        who.may_see(&api, View::Events).await?;
        if who.principal.scope.queues.is_some() {
            return Err(Problem::new(Kind::Denied, "events are of all queues, and yours are some"));
        }
        let begin = match after {
            None => FactsBegin::Now,
            Some("oldest") => FactsBegin::Oldest,
            Some(cursor) => FactsBegin::After(position_of(cursor)?),
        };
        let Ok(place) = Arc::clone(&api.readers).try_acquire_owned() else {
            return Err(Problem::new(Kind::Busy, "too many are reading events; try again"));
        };
        let events = api.off(move |site| site.events(begin)).await?;
        let events = events.map_err(|answer| not_opened(&answer, &who))?;
        let numbers = match who.principal.may(&Deed::See(View::Numbers)) {
            Ok(()) => Numbers::Full,
            Err(_) => Numbers::Short,
        };
        Ok(Self { api, who, events, numbers, place })
    }

    /// Begins to tell: what comes ends when the client is too slow or no longer signed in.
    pub(crate) fn begin(self) -> Receiver<Told> {
        let (give, given) = channel(WAITING_MAX);
        tokio::spawn(self.tell(give));
        given
    }

    /// Tells events until the client is gone, too slow, or no longer signed in.
    async fn tell(self, give: Sender<Told>) {
        let Self { api, who, mut events, numbers, place: _place } = self;
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
                Some(News::Missing(gap)) => vec![one("missing", Some(gap.until), &gap)],
                None => {
                    tokio::select! {
                        () = give.closed() => return,
                        _ = timeout(SIGNED_IN_INTERVAL, newest.changed()) => {}
                    }
                    Vec::new()
                }
            };
            for event in told {
                match timeout(SLOW_SPAN, give.send(event)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return,
                    Err(_) => return api.site.count(Counted::SlowReader),
                }
            }
            let now = api.site.seconds();
            if now.saturating_sub(looked) >= SIGNED_IN_INTERVAL.as_secs() {
                looked = now;
                if !who.is_still_known(&api).await {
                    return;
                }
            }
        }
    }
}

fn told(facts: &[Placed], there: PlanIndex, names: &mut Option<PlanIndex>, numbers: Numbers) -> Vec<Told> {
    let mut events = Vec::with_capacity(facts.len() + 1);
    if names.as_ref() != Some(&there) {
        events.push(one("names", None, &there));
        *names = Some(there);
    }
    events.extend(facts.iter().map(|(position, at, fact)| {
        one("fact", Some(*position), &PlacedFact::new(*position, *at, fact, numbers))
    }));
    events
}

fn one(kind: &'static str, cursor: Option<Position>, data: &impl serde::Serialize) -> Told {
    let data = serde_json::to_string(data).unwrap_or_default();
    Told { kind, cursor: cursor.map(|position| position.to_string()), data }
}

fn not_opened(answer: &Answer, who: &Who) -> Problem {
    match answer {
        Answer::TooOld(oldest) => {
            Problem::new(Kind::Gone, format!("what came after that is deleted; continue after {oldest}"))
        }
        Answer::Ahead(newest) => Problem::new(
            Kind::BadRequest,
            format!("there is no such event; the newest is {newest}. The cursor is of another site"),
        ),
        other => unexpected(other, who.language),
    }
}

fn position_of(cursor: &str) -> Result<Position, Problem> {
    cursor.parse().map_err(|_| {
        let detail = "a cursor is the `id` of an event, such as 1795532400000000-17, or `oldest`";
        Problem::new(Kind::BadRequest, detail)
    })
}
