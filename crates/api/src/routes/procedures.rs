//! Procedures: found by a citizen's words, and each as a whole.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use turno_access::View;
use utoipa::IntoParams;

use crate::problem::{Kind, Problem};
use crate::routes::room::written;
use crate::state::Api;
use crate::who::Who;

/// The longest question, in bytes.
const QUESTION_BYTES_MAX: usize = 2_000;
/// How many procedures an answer has at most, and without a wish.
const MOST: usize = 50;
const MOST_USUALLY: usize = 10;

/// What is asked.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// A citizen's words; any text of at most 2,000 bytes.
    q: String,
    /// At most so many procedures, 1 to 50; 10 without it.
    most: Option<usize>,
}

/// The procedures that a citizen's words may ask for, the best first, each with a score from 0 to 1.
#[utoipa::path(get, path = "/api/v1/procedures", tag = "procedures", params(Asked), responses(
    (status = 200, body = Object, description = "`procedures` with `id`, `name`, `score` and more; `taken`: words that were taken for others; `unknown`: words that no procedure has"),
    (status = 304), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "the plan has no procedures"), (status = 503, body = Problem)))]
pub(crate) async fn search(
    State(api): State<Arc<Api>>,
    who: Who,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<serde_json::Value>, Problem> {
    let Query(Asked { q, most }) =
        asked.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    who.may_see(&api, View::Procedures).await?;
    let most = most.unwrap_or(MOST_USUALLY);
    if q.len() > QUESTION_BYTES_MAX || !(1..=MOST).contains(&most) {
        let detail = format!("`q` has at most {QUESTION_BYTES_MAX} bytes, and `most` is 1 to {MOST}");
        return Err(Problem::new(Kind::BadRequest, detail));
    }
    let answer = api.off(move |site| site.search_procedures(&q, most)).await?;
    let answer = answer
        .ok_or_else(|| Problem::new(Kind::NotFound, "the plan has no procedures, or they can't be read"))?;
    Ok(Json(written(&answer)?))
}

/// One procedure.
#[utoipa::path(get, path = "/api/v1/procedures/{id}", tag = "procedures",
    params(("id" = String, Path, description = "the procedure's name, as in an answer")), responses(
    (status = 200, body = Object, description = "all that is known of it, with its sources and the days from which it holds and on which it was checked"),
    (status = 304), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn procedure(
    State(api): State<Arc<Api>>,
    who: Who,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<serde_json::Value>, Problem> {
    let Path(id) = id.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    who.may_see(&api, View::Procedures).await?;
    let procedure = api.off(move |site| site.procedure(&id)).await?;
    let procedure = procedure.ok_or_else(|| Problem::new(Kind::NotFound, "there is no such procedure"))?;
    Ok(Json(written(&procedure)?))
}
