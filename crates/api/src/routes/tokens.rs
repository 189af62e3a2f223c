//! Tokens of programs.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use turno_access::{Deed, NewToken, Outcome, Token, View};
use utoipa::ToSchema;

use crate::problem::{Kind, Problem};
use crate::routes::session::body_of;
use crate::routes::users::ScopeForm;
use crate::state::Api;
use crate::who::Who;

/// A token ends after a year at the latest.
const DAYS_MAX: u32 = 366;

/// A token, without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TokenForm {
    /// What it is for.
    name: String,
    /// The user whose token it is.
    owner: String,
    /// What it is limited to.
    scope: ScopeForm,
    /// When it was made, in seconds since 1970 (UTC).
    created: u64,
    /// When it ends.
    expires: u64,
    /// When it was last used, to the hour.
    used: Option<u64>,
}

impl From<Token> for TokenForm {
    fn from(token: Token) -> Self {
        let Token { name, owner, scope, created, expires, used } = token;
        Self { name, owner, scope: scope.into(), created, expires, used }
    }
}

/// The own tokens; for an operator those of all.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "tokens", responses(
    (status = 200, body = [TokenForm]), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 503, body = Problem)))]
pub(crate) async fn list(State(api): State<Arc<Api>>, who: Who) -> Result<Json<Vec<TokenForm>>, Problem> {
    let sees_all = who.principal.may(&Deed::See(View::Users)).is_ok();
    let owner = (!sees_all).then(|| who.principal.name.clone());
    let tokens = api.keeper.ask(move |access| access.tokens(owner.as_deref())).await??;
    Ok(Json(tokens.into_iter().map(TokenForm::from).collect()))
}

/// A token that is made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddToken {
    /// What it is for: letters, digits, `.`, `-`, `_`, `@`.
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9][A-Za-z0-9._@-]*$")]
    name: String,
    /// What it is limited to: no more than who makes it.
    scope: ScopeForm,
    /// After how many days it ends.
    #[schema(minimum = 1, maximum = 366)]
    days: u32,
}

/// A token with its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Made {
    /// The secret, for `Authorization: Bearer`. It is shown this once.
    token: String,
    /// When it ends, in seconds since 1970 (UTC).
    expires: u64,
}

/// Makes a token of the user who has signed in. A token can't make tokens.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", request_body = AddToken, responses(
    (status = 201, body = Made), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem, description = "more rights than who makes it"),
    (status = 409, body = Problem, description = "the name is taken"), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn add(
    State(api): State<Arc<Api>>,
    who: Who,
    body: Result<Json<AddToken>, JsonRejection>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let AddToken { name, scope, days } = body_of(body)?;
    who.is_person()?;
    if days == 0 || days > DAYS_MAX {
        return Err(Problem::new(Kind::BadRequest, format!("a token lasts 1 to {DAYS_MAX} days")));
    }
    let scope = scope.scope(&api).await?;
    let random = api.off(|site| site.random()).await?;
    let random = random.map_err(|error| Problem::new(Kind::Busy, format!("no random numbers: {error}")))?;
    let now = api.site.seconds();
    let expires = now + u64::from(days) * 86_400;
    let (owner, what) = (who.principal.name.clone(), name.clone());
    let secret = api
        .keeper
        .ask(move |access| {
            let new = NewToken { name: &what, owner: &owner, scope, expires };
            access.add_token(&new, &random, now)
        })
        .await??;
    who.note(&api, ("make token", &name), (Outcome::Done, "")).await;
    Ok((StatusCode::CREATED, Json(Made { token: secret.reveal().to_owned(), expires })))
}

/// Ends a token: an own one, or for an operator anybody's.
#[utoipa::path(delete, path = "/api/v1/tokens/{owner}/{name}", tag = "tokens",
    params(("owner" = String, Path, description = "the user"), ("name" = String, Path, description = "the token")),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn remove(
    State(api): State<Arc<Api>>,
    who: Who,
    Path((owner, name)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let target = format!("{name} of {owner}");
    if !who.principal.name.eq_ignore_ascii_case(&owner) {
        who.may(&api, &Deed::ChangeUsers, &target).await?;
    }
    api.keeper.ask(move |access| access.remove_token(&owner, &name)).await??;
    who.note(&api, ("end token", &target), (Outcome::Done, "")).await;
    Ok(StatusCode::NO_CONTENT)
}
