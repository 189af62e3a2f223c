//! What agents do with callbacks of the queues that they serve: call now, or say that none is needed any more.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use turno_access::{Outcome, Role, View};
use turno_model::{Act, ContactId};
use utoipa::ToSchema;

use crate::problem::{Kind, Problem};
use crate::routes::session::body_of;
use crate::routes::waiting::callbacks_of;
use crate::state::Api;
use crate::who::Who;

/// What is to be done with a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum CallbackDeed {
    /// It comes to the own agent, now or next, before all others.
    Call {},
    /// It is not needed any more: nobody calls.
    Done {},
}

/// Does something with a callback that the user sees: agents with those of the queues that they serve. Calling needs an
/// extension.
#[utoipa::path(post, path = "/api/v1/callbacks/{contact}/deeds", tag = "room", request_body = CallbackDeed,
    params(("contact" = u64, Path, description = "the contact's number")), responses(
    (status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "no such callback in the queues of this user"),
    (status = 409, body = Problem, description = "not possible now: `reason` says why"), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 503, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn handle(
    State(api): State<Arc<Api>>,
    who: Who,
    path: Result<Path<u64>, PathRejection>,
    body: Result<Json<CallbackDeed>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let Path(contact) = path.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let deed = body_of(body)?;
    who.may_see(&api, View::Room).await?;
    if who.principal.scope.role < Role::Agent {
        return Err(Problem::new(Kind::Denied, "readers look, and do nothing"));
    }
    let seen = callbacks_of(&api, &who).await?;
    if seen.iter().all(|one| one.contact() != contact) {
        return Err(Problem::new(
            Kind::NotFound,
            "there is no such callback, or it is of a queue that is not yours",
        ));
    }
    let (word, order) = match deed {
        CallbackDeed::Call {} => {
            let agent = who.principal.scope.agent.as_deref();
            let agent = agent.ok_or_else(|| Problem::new(Kind::Denied, "this user has no extension"))?;
            ("call", Act::Pull(ContactId(contact), Some(agent.into())))
        }
        CallbackDeed::Done {} => ("done", Act::Withdraw(ContactId(contact))),
    };
    let user = who.principal.name.clone();
    let done = api.off(move |site| site.act(&user, order, None)).await?;
    let done = done.map(drop).map_err(|refusal| Problem::refused(&refusal, who.language));
    let (outcome, why) = match &done {
        Ok(()) => (Outcome::Done, ""),
        Err(problem) => (Outcome::Refused, problem.detail()),
    };
    let target = format!("contact {contact}");
    who.note(&api, (&format!("callback {word}"), &target), (outcome, why)).await;
    done.map(|()| StatusCode::NO_CONTENT)
}
