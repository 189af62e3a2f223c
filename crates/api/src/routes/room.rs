//! The live room, and the traces of contacts.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an answer that does not belong to the question is one fault, whichever it is"
)]

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use turno_access::{Deed, View};
use turno_control::{Answer, Ask, What};
use turno_model::Language;
use turno_trace::Numbers;
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Kind, Problem};
use crate::routes::room_form::{AgentForm, ContactForm, QueueForm, RoomForm};
use crate::state::Api;
use crate::who::Who;

/// Contacts of a page where nobody says how many.
const PAGE: usize = 100;

/// Most contacts of a page.
const PAGE_MAX: usize = 1_000;

/// Queues with their figures of today, and agents with their states.
#[utoipa::path(get, path = "/api/v1/room", tag = "room", responses(
    (status = 200, body = RoomForm), (status = 304, description = "as the `ETag` of `If-None-Match`"),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn room(State(api): State<Arc<Api>>, who: Who) -> Result<Json<RoomForm>, Problem> {
    who.may_see(&api, View::Room).await?;
    Ok(Json(seen(&api, &who).await?))
}

async fn seen(api: &Api, who: &Who) -> Result<RoomForm, Problem> {
    let principal = who.principal.clone();
    api.off(move |site| {
        let (room, plan) = (site.snapshot(), site.plan());
        RoomForm::new(&room, &plan, |queue| principal.sees_queue(queue))
    })
    .await
}

/// An agent.
#[utoipa::path(get, path = "/api/v1/agents/{extension}", tag = "room",
    params(("extension" = String, Path, description = "the agent's extension")), responses(
    (status = 200, body = AgentForm), (status = 304), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn agent(
    State(api): State<Arc<Api>>,
    who: Who,
    extension: Result<Path<String>, PathRejection>,
) -> Result<Json<AgentForm>, Problem> {
    let extension = named(extension)?;
    who.may_see(&api, View::Room).await?;
    let found = seen(&api, &who).await?.agent(&extension);
    found.map(Json).ok_or_else(|| Problem::new(Kind::NotFound, "the plan has no agent with this extension"))
}

/// A queue.
#[utoipa::path(get, path = "/api/v1/queues/{name}", tag = "room",
    params(("name" = String, Path, description = "the queue's name in the plan")), responses(
    (status = 200, body = QueueForm), (status = 304), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn queue(
    State(api): State<Arc<Api>>,
    who: Who,
    name: Result<Path<String>, PathRejection>,
) -> Result<Json<QueueForm>, Problem> {
    let name = named(name)?;
    who.may_see(&api, View::Room).await?;
    let found = seen(&api, &who).await?.queue(&name);
    found.map(Json).ok_or_else(|| Problem::new(Kind::NotFound, "you see no queue with this name"))
}

/// A part of the open contacts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// Only contacts after this number: the `next` of the page before.
    after: Option<u64>,
    /// How many contacts, 100 where it is not said.
    #[param(minimum = 1, maximum = 1_000)]
    most: Option<usize>,
}

/// A page of open contacts, in the order of their numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Contacts {
    /// The contacts.
    contacts: Vec<ContactForm>,
    /// The `after` of the next page, if there may be one.
    next: Option<u64>,
}

/// The open contacts. An agent sees those who talk to them; others those of their queues.
#[utoipa::path(get, path = "/api/v1/contacts", tag = "room", params(Page), responses(
    (status = 200, body = Contacts), (status = 304), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 503, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn contacts(
    State(api): State<Arc<Api>>,
    who: Who,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<Contacts>, Problem> {
    let Query(Page { after, most }) =
        page.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    who.may_see(&api, View::Room).await?;
    let most = most.unwrap_or(PAGE);
    if most == 0 || most > PAGE_MAX {
        return Err(Problem::new(Kind::BadRequest, format!("a page has 1 to {PAGE_MAX} contacts")));
    }
    let principal = who.principal.clone();
    let contacts = api
        .off(move |site| {
            let (room, plan) = (site.snapshot(), site.plan());
            let sees_numbers = principal.may(&Deed::See(View::Numbers)).is_ok();
            let forms = room.contacts.iter().map(|now| ContactForm::new(now, &plan, sees_numbers));
            let mut forms: Vec<ContactForm> = forms.filter(|form| form.is_seen_by(&principal)).collect();
            forms.sort_by_key(ContactForm::number);
            forms.retain(|form| after.is_none_or(|after| form.number() > after));
            let next = forms.get(most).and_then(|_| forms.get(most - 1)).map(ContactForm::number);
            forms.truncate(most);
            Contacts { contacts: forms, next }
        })
        .await?;
    Ok(Json(contacts))
}

/// The trace of a contact, open or past, as `turno trace` tells it: SIP ladder, offers with their reasons, figures.
#[utoipa::path(get, path = "/api/v1/contacts/{contact}/trace", tag = "room",
    params(("contact" = u64, Path, description = "the contact's number")), responses(
    (status = 200, body = [Object], description = "the entries of the trace, in order"), (status = 304),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 503, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn trace(
    State(api): State<Arc<Api>>,
    who: Who,
    contact: Result<Path<u64>, PathRejection>,
) -> Result<Json<Vec<serde_json::Value>>, Problem> {
    let Path(contact) = contact.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    who.may(&api, &Deed::See(View::Contacts), &format!("contact {contact}")).await?;
    if who.principal.scope.queues.is_some() {
        return Err(Problem::new(Kind::Denied, "a trace names queues that are not among yours"));
    }
    let numbers = match who.principal.may(&Deed::See(View::Numbers)) {
        Ok(()) => Numbers::Full,
        Err(_) => Numbers::Short,
    };
    let what = What::Contact(contact.to_string());
    let ask = Ask { what, follow: false, numbers, language: Some(who.language), locale: None };
    let answers = api.off(move |site| site.trace(&ask)).await?;
    let mut entries = Vec::with_capacity(answers.len());
    for answer in answers {
        match answer {
            Answer::Entry(entry) => entries.push(written(&entry)?),
            Answer::Refused(why) => return Err(Problem::new(Kind::NotFound, why)),
            other => return Err(unexpected(&other, who.language)),
        }
    }
    Ok(Json(entries))
}

/// A path's one part.
fn named(path: Result<Path<String>, PathRejection>) -> Result<String, Problem> {
    path.map(|Path(name)| name).map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))
}

pub(crate) fn written(value: &impl Serialize) -> Result<serde_json::Value, Problem> {
    serde_json::to_value(value).map_err(|_| Problem::new(Kind::Busy, "an answer can't be written"))
}

/// An answer that is no answer to what was asked: what it says, if it is a refusal.
pub(crate) fn unexpected(answer: &Answer, language: Language) -> Problem {
    match answer {
        Answer::NotDone(refusal) => Problem::refused(refusal, language),
        Answer::Refused(why) => Problem::new(Kind::Refused, why.clone()),
        Answer::Busy(why) => Problem::new(Kind::Busy, why.clone()),
        _ => Problem::new(Kind::Busy, "turno gave an answer that does not belong here"),
    }
}
