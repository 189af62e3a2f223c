//! Signing in by OpenID Connect: to the issuer, and back.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use turno_access::{External, Outcome, SESSION_SPAN};
use utoipa::IntoParams;

use crate::oidc::{Issuer, NotProved, ON_THE_WAY_SPAN, OnTheWay, mapped};
use crate::problem::{Kind, Problem};
use crate::routes::session::cookie_line;
use crate::state::{Api, Over, Peer};
use crate::who::{cookie, peer_of};

/// Longest code or state that comes back.
const BACK_CHARS_MAX: usize = 4_096;

/// What somebody comes back with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Back {
    /// The code.
    code: Option<String>,
    /// The state that turno gave.
    state: Option<String>,
    /// Why the issuer did not sign them in.
    error: Option<String>,
}

/// Sends somebody to the issuer of [oidc], who proves who they are.
#[utoipa::path(get, path = "/api/v1/oidc/start", tag = "session", security(()), responses(
    (status = 303, description = "to the issuer"), (status = 404, body = Problem, description = "the plan has no [oidc]"),
    (status = 503, body = Problem, description = "the issuer can't be asked now")))]
pub(crate) async fn start(State(api): State<Arc<Api>>) -> Result<Response, Problem> {
    let issuer = issuer_of(&api)?;
    let (state, browser) = (random(&api).await?, random(&api).await?);
    let now = api.site.seconds();
    let who = OnTheWay {
        browser: browser.clone(),
        nonce: random(&api).await?,
        verifier: random(&api).await?,
        until: now + ON_THE_WAY_SPAN,
    };
    let place = issuer.place(&state, &who, now).await.map_err(|why| unreachable(&why))?;
    if !api.on_the_way.begin(state, who, now) {
        return Err(Problem::new(Kind::Busy, "too many are signing in; try again"));
    }
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(LOCATION, header(&place)?);
    headers.insert(SET_COOKIE, header(&way_cookie(api.over, &browser, ON_THE_WAY_SPAN))?);
    Ok(response)
}

/// Somebody comes back from the issuer: a page with the cookie of a session, which leads on to `/`.
#[utoipa::path(get, path = "/api/v1/oidc/back", tag = "session", security(()), params(Back), responses(
    (status = 200, content_type = "text/html", body = String), (status = 400, body = Problem, description = "nobody was sent for this, or too long ago"),
    (status = 401, body = Problem, description = "the issuer does not say who it is"), (status = 403, body = Problem, description = "not for turno"),
    (status = 404, body = Problem, description = "the plan has no [oidc]"), (status = 409, body = Problem, description = "another user has this name"),
    (status = 503, body = Problem)))]
pub(crate) async fn back(
    State(api): State<Arc<Api>>,
    parts: Parts,
    back: Result<Query<Back>, QueryRejection>,
) -> Result<Response, Problem> {
    let issuer = issuer_of(&api)?;
    let Query(back) = back.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let peer = peer_of(&parts)?;
    let now = api.site.seconds();
    let foreign = || {
        Problem::new(Kind::BadRequest, "nobody was sent to the issuer for this, or too long ago; begin again")
    };
    let browser = cookie(&parts.headers, way_name(api.over)).ok_or_else(foreign)?;
    let state = back.state.filter(|state| state.len() <= BACK_CHARS_MAX).ok_or_else(foreign)?;
    let who = api.on_the_way.end(&state, &browser, now).ok_or_else(foreign)?;
    if let Some(error) = back.error {
        let why: String = error.chars().filter(|sign| sign.is_ascii_graphic()).take(100).collect();
        return Err(refused(&api, peer, Kind::NotSignedIn, format!("the issuer says: {why}")).await);
    }
    let code = back.code.filter(|code| code.len() <= BACK_CHARS_MAX).ok_or_else(foreign)?;
    let (subject, claims) = match issuer.proves(code, &who, now).await {
        Ok(proved) => proved,
        Err(why @ NotProved::Unreachable(_)) => return Err(unreachable(&why)),
        Err(NotProved::Untrue(why)) => return Err(refused(&api, peer, Kind::NotSignedIn, why).await),
    };
    let (name, scope) = match mapped(&issuer.plan, &claims) {
        Ok(mapped) => mapped,
        Err(why) => return Err(refused(&api, peer, Kind::Denied, why.to_string()).await),
    };
    let random = api.off(|site| site.random()).await?;
    let random = random.map_err(|error| Problem::new(Kind::Busy, format!("no random numbers: {error}")))?;
    let from = issuer.plan.issuer.clone();
    let session = api.keeper.ask(move |access| {
        let external = External { issuer: &from, subject: &subject, name: &name, scope };
        match access.prove_external(&external, now)? {
            Some(proved) => access.begin_session(proved, &random, now),
            None => Ok(None),
        }
    });
    let Some(session) = session.await?? else {
        return Err(refused(&api, peer, Kind::Denied, "an operator has barred you".to_owned()).await);
    };
    api.note((&session.principal.name, peer), ("sign in", "by OpenID Connect"), (Outcome::Done, "")).await;
    let mut headers = cookie_line(api.over, session.secret.reveal(), SESSION_SPAN)?;
    headers.append(SET_COOKIE, header(&way_cookie(api.over, "", 0))?);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    // A redirect would still be the issuer's, and browsers send it no strict cookie.
    let page = "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url=/\">\
                <title>turno</title><p lang=\"es\"><a href=\"/\">Continuar</a> <span lang=\"en\">/ Continue</span></p>";
    Ok((headers, page).into_response())
}

async fn random(api: &Api) -> Result<String, Problem> {
    let bytes = api.off(|site| site.random()).await?;
    let bytes = bytes.map_err(|error| Problem::new(Kind::Busy, format!("no random numbers: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn issuer_of(api: &Api) -> Result<&Issuer, Problem> {
    api.issuer.as_ref().ok_or_else(|| {
        Problem::new(Kind::NotFound, "nobody signs in by OpenID Connect here: the plan has no [oidc]")
    })
}

fn unreachable(why: &NotProved) -> Problem {
    tracing::warn!("nobody can sign in by OpenID Connect now: {why}");
    Problem::new(Kind::Busy, "the issuer can't be asked now; try again, or sign in by password")
}

/// Somebody was not signed in, which is written down.
async fn refused(api: &Api, peer: Peer, kind: Kind, why: String) -> Problem {
    api.note(("somebody of the issuer", peer), ("sign in", "by OpenID Connect"), (Outcome::Denied, &why))
        .await;
    Problem::new(kind, why)
}

const fn way_name(over: Over) -> &'static str {
    match over {
        Over::Tls => "__Host-turno-oidc",
        Over::Loopback => "turno-oidc",
    }
}

/// Lax: the issuer sends people back from another site.
fn way_cookie(over: Over, browser: &str, age: u64) -> String {
    let secure = if over == Over::Tls { "; Secure" } else { "" };
    format!("{}={browser}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}", way_name(over))
}

fn header(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text).map_err(|_| Problem::new(Kind::Busy, "an answer can't be written"))
}
