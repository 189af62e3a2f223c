//! The plan, for operators.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an answer that does not belong to the question is one fault, whichever it is"
)]

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use turno_access::{Deed, Outcome, View};
use turno_control::Answer;
use utoipa::ToSchema;

use crate::problem::{Kind, Problem};
use crate::routes::room::unexpected;
use crate::state::Api;
use crate::who::Who;

/// A plan that was read again and applied.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Reloaded {
    /// The changes, one line each.
    differences: Vec<String>,
    /// How it was applied.
    applied: String,
}

/// What differs between the plan's files and the plan in force.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Differences {
    /// The changes that a reload would make, one line each.
    differences: Vec<String>,
    /// Those of them that need a successor, which takes over with all calls.
    needs_successor: Vec<String>,
}

/// What a reload would change now. Nothing is changed.
#[utoipa::path(get, path = "/api/v1/plan/differences", tag = "plan", responses(
    (status = 200, body = Differences), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, body = Problem, description = "the plan's files are faulty, or a reload is under way"),
    (status = 503, body = Problem)))]
pub(crate) async fn differences(State(api): State<Arc<Api>>, who: Who) -> Result<Json<Differences>, Problem> {
    who.may_see(&api, View::Plan).await?;
    let found = api.off(|site| site.differences()).await?;
    let (differences, needs_successor) = found.map_err(|why| Problem::new(Kind::Conflict, why))?;
    Ok(Json(Differences { differences, needs_successor }))
}

/// Lets turno read its plan, sounds and certificates again, and applies them without disturbing a call. A faulty plan
/// changes nothing.
#[utoipa::path(post, path = "/api/v1/plan/reload", tag = "plan", responses(
    (status = 200, body = Reloaded), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, body = Problem, description = "the plan is faulty, or no successor took over"),
    (status = 503, body = Problem)))]
pub(crate) async fn reload(State(api): State<Arc<Api>>, who: Who) -> Result<Json<Reloaded>, Problem> {
    who.may(&api, &Deed::Reload, "").await?;
    let (differences, answer) = api.off(|site| site.reload()).await?;
    let problem = match answer {
        Answer::Applied(applied) => {
            who.note(&api, ("reload", ""), (Outcome::Done, &applied)).await;
            return Ok(Json(Reloaded { differences, applied }));
        }
        Answer::Refused(why) | Answer::NoSuccessor(why) => Problem::new(Kind::Conflict, why),
        other => unexpected(&other, who.language),
    };
    who.note(&api, ("reload", ""), (Outcome::Refused, problem.detail())).await;
    Err(problem)
}
