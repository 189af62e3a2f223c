//! Who asks: by the cookie of a session, or by a token.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use turno_access::{Deed, Outcome, Principal, View, csrf_of};
use turno_model::Language;

use crate::problem::{Kind, Problem};
use crate::state::{Api, Over, Peer};

/// The cookie's name. `__Host-`: no other host and no plain connection may set it.
pub(crate) const fn cookie_name(over: Over) -> &'static str {
    match over {
        Over::Tls => "__Host-turno",
        Over::Loopback => "turno",
    }
}

/// What a page sends with each change.
pub(crate) const CSRF_HEADER: &str = "x-csrf-token";

/// Somebody who has proved who they are.
#[derive(Clone)]
pub(crate) struct Who {
    pub(crate) principal: Principal,
    pub(crate) peer: Peer,
    pub(crate) language: Language,
    /// The cookie, if it was one.
    pub(crate) cookie: Option<String>,
    /// The token, if it was one.
    token: Option<String>,
}

impl FromRequestParts<Arc<Api>> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        let peer = peer_of(parts)?;
        let language = language_of(&parts.headers);
        let now = api.site.seconds();
        if let Some(token) = bearer(&parts.headers) {
            let secret = token.clone();
            let found = api.keeper.ask(move |access| access.bearer(&secret, now)).await??;
            let principal = found.ok_or_else(Problem::not_signed_in)?;
            return Ok(Self { principal, peer, language, cookie: None, token: Some(token) });
        }
        let cookie = cookie(&parts.headers, cookie_name(api.over)).ok_or_else(Problem::not_signed_in)?;
        let secret = cookie.clone();
        let found = api.keeper.ask(move |access| access.session(&secret, now)).await??;
        let principal = found.ok_or_else(Problem::not_signed_in)?;
        if !matches!(parts.method, Method::GET | Method::HEAD) {
            proves_page(&parts.headers, &cookie)?;
        }
        Ok(Self { principal, peer, language, cookie: Some(cookie), token: None })
    }
}

impl Who {
    /// Whether they have signed in themselves: a token changes no users.
    pub(crate) fn is_person(&self) -> Result<(), Problem> {
        if self.cookie.is_some() {
            return Ok(());
        }
        Err(Problem::new(Kind::Denied, "a token can't do this; sign in as its user"))
    }

    /// Whether the session or the token has not ended since; what can't be looked up counts as ended.
    pub(crate) async fn is_still_known(&self, api: &Api) -> bool {
        self.is_known(api).await == Some(true)
    }

    /// Whether the session or the token has not ended since; `None`: that can't be looked up.
    pub(crate) async fn is_known(&self, api: &Api) -> Option<bool> {
        let now = api.site.seconds();
        let (cookie, token) = (self.cookie.clone(), self.token.clone());
        let found = api.keeper.ask(move |access| match (cookie, token) {
            (Some(cookie), _) => access.session(&cookie, now),
            (None, Some(token)) => access.bearer(&token, now),
            (None, None) => Ok(None),
        });
        let found = found.await.ok().and_then(Result::ok)?;
        Some(found.is_some_and(|principal| principal == self.principal))
    }

    /// Whether they may do this; a refusal is written down.
    pub(crate) async fn may(&self, api: &Api, deed: &Deed<'_>, target: &str) -> Result<(), Problem> {
        let Err(denied) = self.principal.may(deed) else { return Ok(()) };
        let outcome = (Outcome::Denied, denied.to_string());
        self.note(api, (&deed.words(), target), (outcome.0, &outcome.1)).await;
        Err(denied.into())
    }

    /// Whether they may look at this.
    pub(crate) async fn may_see(&self, api: &Api, view: View) -> Result<(), Problem> {
        self.may(api, &Deed::See(view), "").await
    }

    /// Writes down what they did.
    pub(crate) async fn note(&self, api: &Api, deed: (&str, &str), outcome: (Outcome, &str)) {
        api.note((&self.principal.name, self.peer), deed, outcome).await;
    }
}

/// The address of a request, which the server put there.
pub(crate) fn peer_of(parts: &Parts) -> Result<Peer, Problem> {
    let peer = parts.extensions.get::<Peer>().copied();
    peer.ok_or_else(|| Problem::new(Kind::Busy, "a request without an address; a fault of turno's own"))
}

/// Another site may send a form with the cookie, but can't know this text.
fn proves_page(headers: &HeaderMap, cookie: &str) -> Result<(), Problem> {
    let told = headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
    if told == Some(csrf_of(cookie).as_str()) {
        return Ok(());
    }
    let detail = format!("send the `csrf` of the session in the header {CSRF_HEADER}");
    Err(Problem::new(Kind::NotFromPage, detail))
}

pub(crate) fn bearer(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (kind, token) = text.split_once(' ')?;
    kind.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// The first language that turno speaks; English where none is.
pub(crate) fn language_of(headers: &HeaderMap) -> Language {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tags = wanted.split(',').map(|tag| tag.trim().get(..2).unwrap_or_default().to_ascii_lowercase());
    let known = tags.filter_map(|tag| match tag.as_str() {
        "es" => Some(Language::Spanish),
        "en" => Some(Language::English),
        _ => None,
    });
    known.into_iter().next().unwrap_or(Language::English)
}
