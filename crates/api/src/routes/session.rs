//! Signing in and out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use turno_access::{NAME_CHARS_MAX, Outcome, PASSWORD_CHARS_MAX, Principal, Proved, SESSION_SPAN, csrf_of};
use turno_ground::Secret;
use utoipa::ToSchema;

use crate::problem::{Kind, Problem};
use crate::state::{Api, Over, Peer};
use crate::who::{Who, cookie_name, peer_of};

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// The user's name.
    #[schema(max_length = 64)]
    name: String,
    /// The password.
    #[schema(max_length = 256)]
    password: String,
}

/// Who has signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Signed {
    /// The user or the token.
    name: String,
    /// `reader`, `agent`, `supervisor` or `operator`.
    role: &'static str,
    /// The extension of the agent who this is.
    agent: Option<String>,
    /// The only queues that may be touched; `null`: all.
    queues: Option<Vec<String>>,
    /// What a page sends in the header `x-csrf-token` with each change; none for a token.
    csrf: Option<String>,
}

impl Signed {
    fn new(principal: Principal, cookie: Option<&str>) -> Self {
        let Principal { name, scope } = principal;
        Self {
            name,
            role: scope.role.word(),
            agent: scope.agent,
            queues: scope.queues,
            csrf: cookie.map(csrf_of),
        }
    }
}

/// Who has signed in.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", responses(
    (status = 200, body = Signed), (status = 401, body = Problem, description = "nobody"),
    (status = 503, body = Problem)))]
pub(crate) async fn show(who: Who) -> Json<Signed> {
    Json(Signed::new(who.principal, who.cookie.as_deref()))
}

/// Signs in. The session is in a cookie that no script can read, and ends after two idle hours or a shift of twelve.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = SignIn, security(()), responses(
    (status = 200, body = Signed), (status = 401, body = Problem, description = "name or password is wrong"),
    (status = 400, body = Problem), (status = 413), (status = 415, body = Problem),
    (status = 429, body = Problem, description = "too many wrong ones before"), (status = 503, body = Problem)))]
pub(crate) async fn sign_in(
    State(api): State<Arc<Api>>,
    parts: Parts,
    body: Result<Json<SignIn>, JsonRejection>,
) -> Result<(HeaderMap, Json<Signed>), Problem> {
    let peer = peer_of(&parts)?;
    let SignIn { name, password } = body_of(body)?;
    let Some(proved) = prove(&api, peer, &name, Secret::new(password)).await? else {
        return Err(was_wrong(&api, &name, peer).await);
    };
    let random = api.off(|site| site.random()).await?;
    let random = random.map_err(|error| Problem::new(Kind::Busy, format!("no random numbers: {error}")))?;
    let now = api.site.seconds();
    let session = api.keeper.ask(move |access| access.begin_session(proved, &random, now)).await??;
    // The password was changed, or the user barred, while it was tried.
    let session = session.ok_or_else(wrong_password)?;
    api.throttle().was_right(&name, peer.0);
    api.note((&session.principal.name, peer), ("sign in", ""), (Outcome::Done, "")).await;
    let secret = session.secret.reveal();
    let headers = cookie_line(api.over, secret, SESSION_SPAN)?;
    let signed = Signed::new(session.principal, Some(secret));
    Ok((headers, Json(signed)))
}

/// Tries a password, in turn: strangers who guess take at most one core from the calls, and few may wait.
async fn prove(api: &Api, peer: Peer, name: &str, password: Secret) -> Result<Option<Proved>, Problem> {
    // Before anything is kept or looked up: what is longer belongs to nobody.
    if name.len() > NAME_CHARS_MAX || password.reveal().chars().count() > PASSWORD_CHARS_MAX {
        return Err(wrong_password());
    }
    waits(api, peer, name)?;
    let Ok(_place) = api.waiting.try_acquire() else {
        return Err(Problem::new(Kind::Busy, "too many are signing in; try again"));
    };
    let Ok(turn) = Arc::clone(&api.tries).acquire_owned().await else {
        return Err(Problem::new(Kind::Busy, "turno is ending"));
    };
    // Others may have guessed meanwhile.
    waits(api, peer, name)?;
    let wanted = name.to_owned();
    let lock = api.keeper.ask(move |access| access.lock_of(&wanted)).await??;
    let tried = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        lock.opens(password.reveal())
    });
    Ok(tried.await.map_err(|_| Problem::new(Kind::Busy, "a fault of turno's own; the log has more"))??)
}

fn waits(api: &Api, peer: Peer, name: &str) -> Result<(), Problem> {
    let wait = api.throttle().wait(name, peer.0, api.site.seconds());
    if wait > 0 { Err(Problem::too_many_tries(wait)) } else { Ok(()) }
}

fn wrong_password() -> Problem {
    Problem::new(Kind::WrongPassword, "the name or the password is wrong")
}

async fn was_wrong(api: &Api, name: &str, peer: Peer) -> Problem {
    let now = api.site.seconds();
    let wait = {
        let mut throttle = api.throttle();
        throttle.was_wrong(name, peer.0, now);
        throttle.wait(name, peer.0, now)
    };
    // What was typed into the field of the name may be a password.
    let known = {
        let name = name.to_owned();
        api.keeper.ask(move |access| access.user(&name)).await
    };
    let who = match known {
        Ok(Ok(Some(user))) => user.name,
        _ => "a name that nobody has".to_owned(),
    };
    let outcome = if wait > 0 { Outcome::Throttled } else { Outcome::NotKnown };
    api.note((&who, peer), ("sign in", ""), (outcome, "")).await;
    wrong_password()
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn sign_out(
    State(api): State<Arc<Api>>,
    who: Who,
) -> Result<(StatusCode, HeaderMap), Problem> {
    if let Some(cookie) = who.cookie.clone() {
        api.keeper.ask(move |access| access.sign_out(&cookie)).await??;
    }
    who.note(&api, ("sign out", ""), (Outcome::Done, "")).await;
    Ok((StatusCode::NO_CONTENT, cookie_line(api.over, "", 0)?))
}

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    /// The present password.
    #[schema(max_length = 256)]
    old: String,
    /// The new one, of 12 to 256 characters.
    #[schema(min_length = 12, max_length = 256)]
    new: String,
}

/// Changes the own password. All sessions of the user end, this one too.
#[utoipa::path(put, path = "/api/v1/session/password", tag = "session", request_body = NewPassword, responses(
    (status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 413), (status = 415, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn change_password(
    State(api): State<Arc<Api>>,
    who: Who,
    body: Result<Json<NewPassword>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let NewPassword { old, new } = body_of(body)?;
    who.is_person()?;
    let name = who.principal.name.clone();
    if prove(&api, who.peer, &name, Secret::new(old)).await?.is_none() {
        return Err(was_wrong(&api, &name, who.peer).await);
    }
    set_password(&api, &who, name, Secret::new(new)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets a password and writes it down.
pub(crate) async fn set_password(api: &Api, who: &Who, name: String, new: Secret) -> Result<(), Problem> {
    if new.reveal().chars().count() > PASSWORD_CHARS_MAX {
        return Err(turno_access::Trouble::PasswordLength.into());
    }
    let random = api.off(|site| site.random()).await?;
    let random = random.map_err(|error| Problem::new(Kind::Busy, format!("no random numbers: {error}")))?;
    let (user, now) = (name.clone(), api.site.seconds());
    api.keeper.ask(move |access| access.set_password(&user, new.reveal(), &random, now)).await??;
    who.note(api, ("set password", &name), (Outcome::Done, "")).await;
    Ok(())
}

/// The body, or why it can't be understood.
pub(crate) fn body_of<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, Problem> {
    body.map(|Json(body)| body).map_err(|rejected| {
        let kind = match rejected.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Kind::NotJson,
            _ => Kind::BadRequest,
        };
        Problem::new(kind, rejected.body_text())
    })
}

pub(crate) fn cookie_line(over: Over, value: &str, age: u64) -> Result<HeaderMap, Problem> {
    let secure = match over {
        Over::Tls => "; Secure",
        Over::Loopback => "",
    };
    let name = cookie_name(over);
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}");
    let line =
        HeaderValue::from_str(&line).map_err(|_| Problem::new(Kind::Busy, "a cookie can't be written"))?;
    Ok(HeaderMap::from_iter([(SET_COOKIE, line)]))
}
