//! Users, for operators.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use turno_access::{Deed, NewUser, Outcome, Role, Scope, User, View};
use turno_ground::Secret;
use utoipa::ToSchema;

use crate::problem::{Kind, Problem};
use crate::routes::session::{body_of, set_password};
use crate::state::Api;
use crate::who::Who;

/// A role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RoleWord {
    /// Looks at the room and at reports, without callers' numbers.
    Reader,
    /// An agent of the plan.
    Agent,
    /// Leads the room.
    Supervisor,
    /// Runs the site.
    Operator,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Reader => Self::Reader,
            RoleWord::Agent => Self::Agent,
            RoleWord::Supervisor => Self::Supervisor,
            RoleWord::Operator => Self::Operator,
        }
    }
}

impl From<Role> for RoleWord {
    fn from(role: Role) -> Self {
        match role {
            Role::Reader => Self::Reader,
            Role::Agent => Self::Agent,
            Role::Supervisor => Self::Supervisor,
            Role::Operator => Self::Operator,
        }
    }
}

/// What somebody is limited to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScopeForm {
    /// The role.
    role: RoleWord,
    /// The extension of the agent of the plan who this is.
    #[serde(default)]
    agent: Option<String>,
    /// The only queues that may be touched, by the plan's names; `null`: all.
    #[serde(default)]
    #[schema(max_items = 256)]
    queues: Option<Vec<String>>,
}

impl ScopeForm {
    /// The scope, if agent and queues are in the plan.
    pub(crate) async fn scope(self, api: &Api) -> Result<Scope, Problem> {
        let plan = api.off(|site| site.plan()).await?;
        if let Some(agent) = &self.agent
            && plan.agent_by_extension(agent).is_none()
        {
            return Err(Problem::new(Kind::BadRequest, "the plan has no agent with this extension"));
        }
        let mut queues = self.queues.iter().flatten();
        if let Some(unknown) = queues.find(|name| plan.queues.iter().all(|queue| queue.name != **name)) {
            return Err(Problem::new(Kind::BadRequest, format!("the plan has no queue {unknown:?}")));
        }
        Ok(Scope { role: self.role.into(), agent: self.agent, queues: self.queues })
    }
}

impl From<Scope> for ScopeForm {
    fn from(scope: Scope) -> Self {
        Self { role: scope.role.into(), agent: scope.agent, queues: scope.queues }
    }
}

/// A user.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct UserForm {
    /// The name.
    name: String,
    /// What they are limited to.
    scope: ScopeForm,
    /// Whether they may sign in.
    active: bool,
    /// When they were added, in seconds since 1970 (UTC).
    created: u64,
}

impl From<User> for UserForm {
    fn from(user: User) -> Self {
        Self { name: user.name, scope: user.scope.into(), active: user.is_active, created: user.created }
    }
}

/// All users, by name.
#[utoipa::path(get, path = "/api/v1/users", tag = "users", responses(
    (status = 200, body = [UserForm]), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 503, body = Problem)))]
pub(crate) async fn list(State(api): State<Arc<Api>>, who: Who) -> Result<Json<Vec<UserForm>>, Problem> {
    who.may_see(&api, View::Users).await?;
    let users = api.keeper.ask(|access| access.users()).await??;
    Ok(Json(users.into_iter().map(UserForm::from).collect()))
}

/// A user who is added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddUser {
    /// The name: letters, digits, `.`, `-`, `_`, `@`.
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9][A-Za-z0-9._@-]*$")]
    name: String,
    /// What they are limited to.
    scope: ScopeForm,
    /// The first password, of 12 to 256 characters.
    #[schema(min_length = 12, max_length = 256)]
    password: String,
}

/// Adds a user.
#[utoipa::path(post, path = "/api/v1/users", tag = "users", request_body = AddUser, responses(
    (status = 201), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, body = Problem, description = "the name is taken"), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn add(
    State(api): State<Arc<Api>>,
    who: Who,
    body: Result<Json<AddUser>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let AddUser { name, scope, password } = body_of(body)?;
    who.may(&api, &Deed::ChangeUsers, &name).await?;
    who.is_person()?;
    let scope = scope.scope(&api).await?;
    let random = api.off(|site| site.random()).await?;
    let random = random.map_err(|error| Problem::new(Kind::Busy, format!("no random numbers: {error}")))?;
    let (user, now, password) = (name.clone(), api.site.seconds(), Secret::new(password));
    let role = scope.role.word();
    api.keeper
        .ask(move |access| {
            access.add_user(&NewUser { name: &user, scope, password: password.reveal() }, &random, now)
        })
        .await??;
    who.note(&api, ("add user", &name), (Outcome::Done, role)).await;
    Ok(StatusCode::CREATED)
}

/// What a user may do from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeUser {
    /// What they are limited to.
    scope: ScopeForm,
    /// Whether they may sign in.
    active: bool,
}

/// Changes what a user may do. Who may do less than before is signed out, and their tokens end.
#[utoipa::path(put, path = "/api/v1/users/{name}", tag = "users", request_body = ChangeUser,
    params(("name" = String, Path, description = "the user")), responses(
    (status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem, description = "the last operator stays"),
    (status = 413, body = Problem), (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn change(
    State(api): State<Arc<Api>>,
    who: Who,
    Path(name): Path<String>,
    body: Result<Json<ChangeUser>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let ChangeUser { scope, active } = body_of(body)?;
    who.may(&api, &Deed::ChangeUsers, &name).await?;
    who.is_person()?;
    let scope = scope.scope(&api).await?;
    let (user, now) = (name.clone(), api.site.seconds());
    let why = format!("{}{}", scope.role.word(), if active { "" } else { ", may not sign in" });
    api.keeper.ask(move |access| access.change_user(&user, &scope, active, now)).await??;
    who.note(&api, ("change user", &name), (Outcome::Done, &why)).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a user with their sessions and tokens. What they did stays in the audit log.
#[utoipa::path(delete, path = "/api/v1/users/{name}", tag = "users",
    params(("name" = String, Path, description = "the user")), responses(
    (status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem, description = "the last operator stays"),
    (status = 503, body = Problem)))]
pub(crate) async fn remove(
    State(api): State<Arc<Api>>,
    who: Who,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    who.may(&api, &Deed::ChangeUsers, &name).await?;
    who.is_person()?;
    let user = name.clone();
    api.keeper.ask(move |access| access.remove_user(&user)).await??;
    who.note(&api, ("remove user", &name), (Outcome::Done, "")).await;
    Ok(StatusCode::NO_CONTENT)
}

/// A user's new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OthersPassword {
    /// The new one, of 12 to 256 characters.
    #[schema(min_length = 12, max_length = 256)]
    new: String,
}

/// Gives a user a new password, and ends their sessions.
#[utoipa::path(put, path = "/api/v1/users/{name}/password", tag = "users", request_body = OthersPassword,
    params(("name" = String, Path, description = "the user")), responses(
    (status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 503, body = Problem)))]
pub(crate) async fn set_others_password(
    State(api): State<Arc<Api>>,
    who: Who,
    Path(name): Path<String>,
    body: Result<Json<OthersPassword>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let OthersPassword { new } = body_of(body)?;
    who.may(&api, &Deed::ChangeUsers, &name).await?;
    who.is_person()?;
    set_password(&api, &who, name, Secret::new(new)).await?;
    Ok(StatusCode::NO_CONTENT)
}
