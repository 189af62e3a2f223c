//! Where WhatsApp's platform brings what citizens write. Nobody signs in here: the platform signs each webhook.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use crate::problem::{Kind, Problem};
use crate::state::Api;

/// Longest webhook: the platform says that one may have 3 MB.
pub(crate) const BYTES_MAX: usize = 3 << 20;

/// Longest query of the platform's question.
const PAIRS_MAX: usize = 16;

/// Answers the platform's question whether its webhooks are expected here.
#[utoipa::path(get, path = "/channels/whatsapp", tag = "channels", security(()), responses(
    (status = 200, body = String, content_type = "text/plain", description = "the challenge"),
    (status = 403, body = Problem)))]
pub(crate) async fn verify(
    State(api): State<Arc<Api>>,
    query: Result<Query<Vec<(String, String)>>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(mut query) = query.map_err(|why| Problem::new(Kind::BadRequest, why.body_text()))?;
    query.truncate(PAIRS_MAX);
    let challenge = api.off(move |site| site.whatsapp_challenge(&query)).await?;
    let challenge = challenge
        .ok_or_else(|| Problem::new(Kind::Denied, "this is no address for webhooks, or the word is wrong"))?;
    Ok(challenge.into_response())
}

/// Takes a webhook. It is confirmed when all of it is kept; one that was kept before is confirmed too.
#[utoipa::path(post, path = "/channels/whatsapp", tag = "channels", security(()),
    params(("x-hub-signature-256" = Option<String>, Header, description = "`sha256=` and the HMAC of the body by the app secret")),
    request_body(content = Object, description = "a webhook, at most 3 MiB"),
    responses((status = 200), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 413, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn take(
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    raw: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Problem> {
    let raw = raw.map_err(|why| match why.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Kind::TooLarge, "a webhook has at most 3 MiB"),
        _ => Problem::new(Kind::BadRequest, why.body_text()),
    })?;
    let signature =
        headers.get("x-hub-signature-256").and_then(|value| value.to_str().ok()).map(str::to_owned);
    match api.off(move |site| site.whatsapp_hook(signature.as_deref(), &raw)).await? {
        Some(200) => Ok(StatusCode::OK),
        None => Err(Problem::new(Kind::NotFound, "nobody can write on WhatsApp here")),
        Some(401) => Err(Problem::new(Kind::NotSignedIn, "the signature is not that of the platform")),
        Some(413) => Err(Problem::new(Kind::TooLarge, "a webhook has at most 3 MiB")),
        Some(400) => Err(Problem::new(Kind::BadRequest, "this is no webhook")),
        Some(_) => Err(Problem::new(Kind::Busy, "it can't be kept now: bring it again")),
    }
}
