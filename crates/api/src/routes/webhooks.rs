//! Webhooks: how they stand, and messages that were given up.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use turno_access::{Deed, Outcome, View};
use utoipa::{IntoParams, ToSchema};

use crate::hooks::{DeadForm, WebhookForm};
use crate::problem::{Kind, Problem};
use crate::state::Api;
use crate::who::Who;

/// Messages of a page where nobody says how many.
const PAGE: u32 = 100;

/// Most messages of a page.
const PAGE_MAX: u32 = 1_000;

/// Which messages.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Only messages after this number: the `next` of the page before.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// How many, 100 where it is not said.
    #[param(minimum = 1, maximum = 1_000)]
    most: Option<u32>,
}

/// A page of messages that were given up.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Dead {
    /// The messages, in order.
    messages: Vec<DeadForm>,
    /// The `after` of the next page, if there may be one.
    next: Option<i64>,
}

/// Which message is sent again.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Again {
    /// Its number; without it all.
    number: Option<i64>,
}

/// How many are sent again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SentAgain {
    /// How many.
    messages: u64,
}

/// The webhooks, for operators.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", responses(
    (status = 200, body = [WebhookForm]), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 503, body = Problem)))]
pub(crate) async fn list(State(api): State<Arc<Api>>, who: Who) -> Result<Json<Vec<WebhookForm>>, Problem> {
    who.may_see(&api, View::Plan).await?;
    api.off(|site| site.webhooks()).await?.map(Json).map_err(not_read)
}

/// Messages that were given up after three days of tries.
#[utoipa::path(get, path = "/api/v1/webhooks/{name}/dead", tag = "webhooks",
    params(("name" = String, Path, description = "the webhook's name in the plan"), Which), responses(
    (status = 200, body = Dead), (status = 304), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn dead(
    State(api): State<Arc<Api>>,
    who: Who,
    name: Result<Path<String>, PathRejection>,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Dead>, Problem> {
    let Path(name) = name.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let Query(Which { after, most }) =
        which.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    who.may_see(&api, View::Plan).await?;
    let (after, most) = (after.unwrap_or(0), most.unwrap_or(PAGE));
    if most == 0 || most > PAGE_MAX || after < 0 {
        return Err(Problem::new(
            Kind::BadRequest,
            format!("a page has 1 to {PAGE_MAX} messages, after a number"),
        ));
    }
    let found = api.off(move |site| site.dead_messages(&name, after, most)).await?.map_err(not_read)?;
    let messages = found.ok_or_else(no_such)?;
    let is_full = messages.len() as u64 >= u64::from(most);
    let next = messages.last().map(|message| message.number).filter(|_| is_full);
    Ok(Json(Dead { messages, next }))
}

/// Sends messages again that were given up: one, or all without a body. They come after what waits, under the same ids.
#[utoipa::path(post, path = "/api/v1/webhooks/{name}/again", tag = "webhooks",
    params(("name" = String, Path, description = "the webhook's name in the plan")), request_body = inline(Option<Again>), responses(
    (status = 200, body = SentAgain), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem),
    (status = 503, body = Problem)))]
pub(crate) async fn again(
    State(api): State<Arc<Api>>,
    who: Who,
    name: Result<Path<String>, PathRejection>,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Json<SentAgain>, Problem> {
    let Path(name) = name.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    who.may(&api, &Deed::Reload, &name).await?;
    let body = body.map_err(|rejected| Problem::new(Kind::TooLarge, rejected.body_text()))?;
    let Again { number } = match body.is_empty() {
        true => Again::default(),
        false => serde_json::from_slice::<Option<Again>>(&body)
            .map_err(|why| Problem::new(Kind::BadRequest, why.to_string()))?
            .unwrap_or_default(),
    };
    let hook = name.clone();
    let sent = api.off(move |site| site.send_again(&hook, number)).await?.map_err(not_read)?;
    let messages = sent.ok_or_else(no_such)?;
    who.note(&api, ("send webhook again", &name), (Outcome::Done, &format!("{messages} messages"))).await;
    Ok(Json(SentAgain { messages }))
}

fn no_such() -> Problem {
    Problem::new(Kind::NotFound, "the plan has no webhook with this name")
}

fn not_read(why: String) -> Problem {
    tracing::warn!("the queue of webhooks can't be read for the API: {why}");
    Problem::new(Kind::Busy, "the queue of webhooks can't be read now; the log has the reason. Try again")
}
