//! Lists that commands change: skills, callers, bans.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an answer that does not belong to the question is one fault, whichever it is"
)]

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Serialize;
use turno_access::{Deed, View};
use turno_control::{AddedRow, Answer, BanRow, ListedAsk, ListedRow, Request, SkillRow};
use turno_trace::Numbers;
use utoipa::ToSchema;

use crate::problem::{Kind, Problem};
use crate::routes::room::unexpected;
use crate::state::Api;
use crate::who::Who;

/// How something came to a list by a command.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Added {
    /// Who asked.
    by: String,
    /// The reason that was given.
    why: Option<String>,
    /// How many seconds ago.
    seconds_ago: u64,
    /// How many seconds are left.
    seconds_left: u64,
}

impl From<AddedRow> for Added {
    fn from(row: AddedRow) -> Self {
        let AddedRow { by, why, seconds_ago, seconds_left } = row;
        Self { by, why, seconds_ago, seconds_left }
    }
}

/// A skill.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Skill {
    /// The agent's extension.
    agent: String,
    /// The queue's name.
    queue: String,
    /// The level now, from 1 (best) to 16; `null`: none.
    level: Option<u8>,
    /// The level in the plan.
    planned: Option<u8>,
    /// The command that changed it; `null`: as planned.
    changed: Option<Added>,
}

/// A number on a list of callers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Listed {
    /// The list's name.
    list: String,
    /// What the list does.
    does: String,
    /// The number; of the plan also a pattern.
    number: String,
    /// The command that added it; `null`: the plan has it.
    added: Option<Added>,
}

/// A ban.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Ban {
    /// The address, or the /64 network.
    source: String,
    /// The reason, in one word.
    why: String,
    /// How many times it has been banned.
    strikes: u32,
    /// How many messages the ban has dropped.
    dropped: u64,
    /// How many seconds are left.
    seconds_left: u64,
}

impl From<SkillRow> for Skill {
    fn from(row: SkillRow) -> Self {
        let SkillRow { agent, queue, level, planned, changed } = row;
        Self { agent, queue, level, planned, changed: changed.map(Added::from) }
    }
}

impl From<ListedRow> for Listed {
    fn from(row: ListedRow) -> Self {
        let ListedRow { list, does, number, added: by } = row;
        Self { list, does, number, added: by.map(Added::from) }
    }
}

impl From<BanRow> for Ban {
    fn from(row: BanRow) -> Self {
        let BanRow { source, why, strikes, dropped, seconds_left } = row;
        Self { source, why, strikes, dropped, seconds_left }
    }
}

/// The skills that commands changed, until when and why.
#[utoipa::path(get, path = "/api/v1/skills", tag = "lists", responses(
    (status = 200, body = [Skill]), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 503, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn skills(State(api): State<Arc<Api>>, who: Who) -> Result<Json<Vec<Skill>>, Problem> {
    who.may_see(&api, View::Lists).await?;
    match api.off(|site| site.ask(Request::Skills(None))).await? {
        Answer::Skills(rows) => {
            let seen = rows.into_iter().filter(|row| who.principal.sees_queue(&row.queue));
            Ok(Json(seen.map(Skill::from).collect()))
        }
        other => Err(unexpected(&other, who.language)),
    }
}

/// The numbers on a list of callers.
#[utoipa::path(get, path = "/api/v1/caller-lists/{list}", tag = "lists",
    params(("list" = String, Path, description = "the list's name in the plan")), responses(
    (status = 200, body = [Listed]), (status = 304), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn callers(
    State(api): State<Arc<Api>>,
    who: Who,
    list: Result<Path<String>, PathRejection>,
) -> Result<Json<Vec<Listed>>, Problem> {
    let Path(list) = list.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    who.may(&api, &Deed::See(View::Lists), &list).await?;
    let ask = ListedAsk { list: Some(list), numbers: Numbers::Full };
    match api.off(|site| site.ask(Request::CallerLists(ask))).await? {
        Answer::CallerLists(rows) => Ok(Json(rows.into_iter().map(Listed::from).collect())),
        Answer::Refused(why) => Err(Problem::new(Kind::NotFound, why)),
        other => Err(unexpected(&other, who.language)),
    }
}

/// The banned addresses.
#[utoipa::path(get, path = "/api/v1/bans", tag = "lists", responses(
    (status = 200, body = [Ban]), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 503, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn bans(State(api): State<Arc<Api>>, who: Who) -> Result<Json<Vec<Ban>>, Problem> {
    who.may_see(&api, View::Bans).await?;
    match api.off(|site| site.ask(Request::Bans)).await? {
        Answer::Bans(rows) => Ok(Json(rows.into_iter().map(Ban::from).collect())),
        other => Err(unexpected(&other, who.language)),
    }
}
