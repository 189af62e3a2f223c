//! The audit log, for operators.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use turno_access::{Record, View};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Kind, Problem};
use crate::state::Api;
use crate::who::Who;

/// Rows of a page where nobody says how many.
const PAGE: u32 = 100;

/// Most rows of a page.
const PAGE_MAX: u32 = 1_000;

/// A part of the log.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// Only rows before this number: the `next` of the page before.
    #[param(minimum = 1)]
    before: Option<u64>,
    /// How many rows, 100 where it is not said.
    #[param(minimum = 1, maximum = 1_000)]
    most: Option<u32>,
}

/// A row of the log.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuditRow)]
pub(crate) struct Row {
    /// Its number, from 1, without gaps.
    number: u64,
    /// When, in seconds since 1970 (UTC).
    at: u64,
    /// The user or token.
    who: String,
    /// The address that asked, or `command line`.
    source: String,
    /// What.
    deed: String,
    /// To whom or what.
    target: String,
    /// `done`, `denied`, `refused`, `not known` or `throttled`.
    outcome: String,
    /// The reason that was given, or that of the refusal.
    why: String,
}

/// A page, the newest rows first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuditRows)]
pub(crate) struct Rows {
    /// The rows.
    rows: Vec<Row>,
    /// The `before` of the next page, if there may be one.
    next: Option<u64>,
}

impl From<Record> for Row {
    fn from(record: Record) -> Self {
        let Record { number, at, who, source, deed, target, outcome, why } = record;
        Self { number, at, who, source, deed, target, outcome, why }
    }
}

/// Who did what, and who was refused, the newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(Page), responses(
    (status = 200, body = Rows), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(api): State<Arc<Api>>,
    who: Who,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<Rows>, Problem> {
    let Query(Page { before, most }) =
        page.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    who.may_see(&api, View::Audit).await?;
    let most = most.unwrap_or(PAGE);
    if most == 0 || most > PAGE_MAX || before == Some(0) {
        return Err(Problem::new(
            Kind::BadRequest,
            format!("a page has 1 to {PAGE_MAX} rows, before a number from 1"),
        ));
    }
    let records = api.keeper.ask(move |access| access.records(before, most)).await??;
    let is_full = records.len() >= usize::try_from(most).unwrap_or(usize::MAX);
    let next = records.last().map(|record| record.number).filter(|number| is_full && *number > 1);
    Ok(Json(Rows { rows: records.into_iter().map(Row::from).collect(), next }))
}
