//! Orders to the engine.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use turno_access::{Deed, Outcome};
use turno_model::{ContactId, Done, Spoken};
use utoipa::ToSchema;

use crate::order::Order;
use crate::problem::{Kind, Problem};
use crate::routes::session::body_of;
use crate::state::Api;
use crate::touched::touched;
use crate::who::Who;

/// The header by which a request that comes twice is done once.
pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// An order and its reason.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    /// What turno is to do.
    order: Order,
    /// Why, in a few words: for the record.
    #[serde(default)]
    #[schema(max_length = 200)]
    why: Option<String>,
}

/// What came of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "done", rename_all = "kebab-case")]
pub(crate) enum Came {
    /// It has taken effect.
    Now,
    /// It takes effect when the present contact or call has left, or when the phone is back.
    Afterwards,
    /// This contact now waits in line.
    Queued {
        /// Its number.
        contact: u64,
    },
    /// The agent's turn for a break comes at this minute of the day.
    TurnAt {
        /// From midnight, by the clock of the break's hours.
        minute: u16,
    },
}

impl From<Done> for Came {
    fn from(done: Done) -> Self {
        match done {
            Done::Now => Self::Now,
            Done::Afterwards => Self::Afterwards,
            Done::Queued(contact) => Self::Queued { contact: contact.0 },
            Done::TurnAt(minute) => Self::TurnAt { minute },
        }
    }
}

/// Lets turno do something: all that feature codes and `turno ctl` can do. With a header `Idempotency-Key` an order that is
/// sent twice is done once.
#[utoipa::path(post, path = "/api/v1/orders", tag = "orders", request_body = Given,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 64 characters, another one for each order")),
    responses(
    (status = 200, body = Came), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem, description = "no such agent, queue or contact"),
    (status = 409, body = Problem, description = "not possible now: `reason` says why"), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 503, body = Problem), (status = 504, body = Problem, description = "not answered in time")))]
pub(crate) async fn give(
    State(api): State<Arc<Api>>,
    who: Who,
    headers: HeaderMap,
    body: Result<Json<Given>, JsonRejection>,
) -> Result<Json<serde_json::Value>, Problem> {
    let given = body_of(body)?;
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else { return obey(&api, &who, given).await.map(Json) };
    let key =
        key.to_str().map_err(|_| Problem::new(Kind::BadRequest, "an Idempotency-Key is plain ASCII"))?;
    let request = format!("{given:?}");
    let told = api.repeated.once((&who.principal.name, key), request, || obey(&api, &who, given)).await;
    told.map(Json)
}

async fn obey(api: &Arc<Api>, who: &Who, given: Given) -> Result<serde_json::Value, Problem> {
    let order = given.order.spoken();
    let (verb, contact) = (order.verb(), order.contact());
    let named = order.agent().map(ToString::to_string);
    let (plan, of_contact) = api
        .off(move |site| {
            let (room, plan) = (site.snapshot(), site.plan());
            let talk = named
                .and_then(|agent| plan.agent_by_extension(&agent))
                .and_then(|agent| room.agents.iter().find(|now| now.agent == agent)?.contact);
            let queue = contact.or(talk).and_then(|contact| queue_of(&room, contact));
            let name = queue.and_then(|queue| Some(plan.queues.get(queue)?.name.clone()));
            (plan, name)
        })
        .await?;
    if contact.is_some() && of_contact.is_none() && who.principal.scope.queues.is_some() {
        // Who has some of the queues touches nothing of which it is not known to be in them.
        return Err(Problem::new(Kind::Denied, "this contact is in no queue of yours"));
    }
    let (agent, queues) = touched(&order, &plan, of_contact.as_deref());
    let target = target_of(&order);
    who.may(api, &Deed::Act { verb, agent, queues: &queues }, &target).await?;
    let (user, why) = (who.principal.name.clone(), given.why.clone());
    let done = api.off(move |site| site.act(&user, order, why.as_deref())).await?;
    let why = given.why.as_deref().unwrap_or_default();
    let deed = format!("act {}", verb.word());
    match done {
        Ok(done) => {
            who.note(api, (&deed, &target), (Outcome::Done, why)).await;
            serde_json::to_value(Came::from(done))
                .map_err(|_| Problem::new(Kind::Busy, "an answer can't be written"))
        }
        Err(refusal) => {
            let problem = Problem::refused(&refusal, who.language);
            who.note(api, (&deed, &target), (Outcome::Refused, problem.detail())).await;
            Err(problem)
        }
    }
}

/// The place of an open contact's queue in the plan.
pub(crate) fn queue_of(room: &turno_ledger::Snapshot, contact: ContactId) -> Option<usize> {
    let open = room.contacts.iter().find(|open| open.contact == contact)?;
    open.queue.map(turno_model::QueueId::index)
}

/// What an order is about, for the audit log: never a number of a caller.
fn target_of(order: &Spoken) -> String {
    let agent = order.agent().map(ToString::to_string);
    let contact = order.contact().map(|contact| format!("contact {}", contact.0));
    let queue = order.queue().map(ToString::to_string);
    let named: Vec<String> = agent.into_iter().chain(contact).chain(queue).collect();
    named.join(", ")
}
