//! Why a contact waited, and why an agent did not get it, in sentences.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use turno_access::{Deed, View};
use turno_trace::why::Why;
use utoipa::IntoParams;

use crate::problem::{Kind, Problem};
use crate::routes::desk::is_own;
use crate::routes::room::written;
use crate::state::Api;
use crate::who::Who;

/// Of which contact.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Of {
    /// The contact's number; without it: why the agent gets nothing now.
    contact: Option<u64>,
}

/// What happened to a contact and why, in sentences that may be read to a citizen, in the language of `Accept-Language`. Agents are told
/// it of the contact at their own phone.
#[utoipa::path(get, path = "/api/v1/contacts/{contact}/why", tag = "room",
    params(("contact" = u64, Path, description = "the contact's number")), responses(
    (status = 200, body = Object, description = "`sentences` in order, each with its moment, kind, text and more"), (status = 304),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "no such contact, or its facts are not kept any more"), (status = 503, body = Problem)))]
pub(crate) async fn why(
    State(api): State<Arc<Api>>,
    who: Who,
    contact: Result<Path<u64>, PathRejection>,
) -> Result<Json<serde_json::Value>, Problem> {
    let Path(contact) = contact.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    if !is_at_own_phone(&api, &who, contact).await? {
        may(&api, &who, &format!("contact {contact}")).await?;
    }
    let language = who.language;
    told(api.in_turn(move |site| site.why(contact, language)).await?)
}

/// Why an agent did not get a contact, or gets nothing now. Agents are told why they get nothing now themselves.
#[utoipa::path(get, path = "/api/v1/agents/{extension}/why-not", tag = "room",
    params(("extension" = String, Path, description = "the agent's extension"), Of), responses(
    (status = 200, body = Object, description = "`sentences` in order, each with its moment, kind, text and more"), (status = 304),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "no such agent or contact, or the facts are not kept any more"), (status = 503, body = Problem)))]
pub(crate) async fn why_not(
    State(api): State<Arc<Api>>,
    who: Who,
    extension: Result<Path<String>, PathRejection>,
    of: Result<Query<Of>, QueryRejection>,
) -> Result<Json<serde_json::Value>, Problem> {
    let Path(extension) =
        extension.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let Query(Of { contact }) =
        of.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    // Why nothing comes to the own phone is for everybody to know; of a contact it tells more than that.
    let is_own = contact.is_none() && who.principal.scope.agent.as_deref() == Some(extension.as_str());
    if !is_own {
        may(&api, &who, &extension).await?;
    }
    let language = who.language;
    told(api.in_turn(move |site| site.why_not(&extension, contact, language)).await?)
}

/// Whether the contact rings, talks or is on hold at the phone of who asks: they may know how it came to them.
async fn is_at_own_phone(api: &Api, who: &Who, contact: u64) -> Result<bool, Problem> {
    let principal = who.principal.clone();
    api.off(move |site| is_own(&site.snapshot(), &site.plan(), &principal, contact)).await
}

async fn may(api: &Api, who: &Who, target: &str) -> Result<(), Problem> {
    who.may(api, &Deed::See(View::Contacts), target).await?;
    if who.principal.scope.queues.is_some() {
        return Err(Problem::new(Kind::Denied, "the answer names queues that are not among yours"));
    }
    Ok(())
}

fn told(why: Option<Why>) -> Result<Json<serde_json::Value>, Problem> {
    let why = why.ok_or_else(|| {
        let detail = "there is no such contact or agent, or the facts of that time are not kept any more";
        Problem::new(Kind::NotFound, detail)
    })?;
    Ok(Json(written(&why)?))
}
