//! What agents do with conversations: answers, files, cards, and where a conversation goes.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use turno_access::{Outcome, Role};
use turno_channels::{Body, Choice, Choices, ConversationId, Millis};
use turno_model::Language;
use utoipa::ToSchema;

use crate::chat::deeds::{Kept, TEXT_CHARS_MAX, is_client, words};
use crate::chat::files::{About, FILE_BYTES_MAX, Upload, file_in};
use crate::chat::secret::kept;
use crate::problem::{Kind, Problem};
use crate::routes::conversations::{is_own, note, numbered, readable};
use crate::routes::desk::caller_of;
use crate::routes::session::body_of;
use crate::state::Api;
use crate::who::Who;
use crate::written::{Act, Said, ToCaller, What};

/// How long a conversation may be laid aside.
const PARK_MILLIS_MAX: i64 = 30 * 24 * 3_600 * 1_000;

/// Choices of one question, and the longest of them.
const CHOICES_MAX: usize = 10;
const CHOICE_CHARS_MAX: usize = 200;

/// An answer: one of `text`, `card`, `question`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reply {
    /// The page's own number of it, 1 to 64 characters: sent twice, it is one message.
    client: String,
    /// Words, at most 4,096 characters; with `choices` the question.
    #[serde(default)]
    text: Option<String>,
    /// A procedure by its name, whose card is sent.
    #[serde(default)]
    card: Option<String>,
    /// Answers to choose from, at most ten.
    #[serde(default)]
    choices: Vec<String>,
}

/// An agent answers. What was said is on the disk when this answers.
#[utoipa::path(post, path = "/api/v1/conversations/{conversation}/replies", tag = "conversations", request_body = Reply,
    params(("conversation" = i64, Path, description = "its number")), responses(
    (status = 200, body = Kept), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn reply(
    State(api): State<Arc<Api>>,
    who: Who,
    path: Result<Path<i64>, PathRejection>,
    body: Result<Json<Reply>, JsonRejection>,
) -> Result<Json<Kept>, Problem> {
    let conversation = numbered(path)?;
    let given = body_of(body)?;
    is_client(&given.client)?;
    let form = readable(&api, &who, conversation).await?;
    let agent = own_agent(&who)?;
    let language = form.language.as_deref().map_or(who.language, |tag| {
        if tag.starts_with("en") { Language::English } else { Language::Spanish }
    });
    let what = What::Body(said(&api, &given, language).await?);
    Ok(Json(replied(&api, conversation, agent, Said { client: given.client, what }).await?))
}

async fn replied(
    api: &Api,
    conversation: ConversationId,
    agent: String,
    said: Said,
) -> Result<Kept, Problem> {
    let taken = kept(api, move |written| written.reply(conversation, &agent, said)).await??;
    Ok(Kept { message: Some(taken.message.0), again: taken.again })
}

/// What an answer says.
async fn said(api: &Api, reply: &Reply, language: Language) -> Result<Body, Problem> {
    match (&reply.text, &reply.card, reply.choices.as_slice()) {
        (Some(text), None, []) => Ok(Body::Text { text: words(text.clone())? }),
        (Some(text), None, choices) => {
            let fits =
                |choice: &String| !choice.trim().is_empty() && choice.chars().count() <= CHOICE_CHARS_MAX;
            if choices.len() > CHOICES_MAX || !choices.iter().all(fits) {
                let detail =
                    format!("there are at most {CHOICES_MAX} choices of 1 to {CHOICE_CHARS_MAX} characters");
                return Err(Problem::new(Kind::BadRequest, detail));
            }
            let choice = |(place, title): (usize, &String)| Choice {
                id: place.to_string(),
                title: title.clone(),
                detail: None,
            };
            let choices = (1..).zip(choices).map(choice).collect();
            Ok(Body::Choices(Choices { text: words(text.clone())?, choices }))
        }
        (None, Some(card), []) => card_of(api, card, language).await,
        _ => Err(Problem::new(Kind::BadRequest, "an answer has `text`, `text` with `choices`, or `card`")),
    }
}

/// A procedure's card as it is now.
async fn card_of(api: &Api, name: &str, language: Language) -> Result<Body, Problem> {
    let procedure = name.to_owned();
    let found = api.off(move |site| site.procedure(&procedure)).await?;
    let found = found.ok_or_else(|| Problem::new(Kind::NotFound, "there is no such procedure"))?;
    Ok(Body::Card {
        procedure: name.to_owned(),
        text: turno_channels::bot::card(&found, language),
        choices: Vec::new(),
    })
}

/// An agent sends a file: the body is the file.
#[utoipa::path(post, path = "/api/v1/conversations/{conversation}/files", tag = "conversations",
    params(("conversation" = i64, Path, description = "its number"), About), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 200, body = Kept), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn send_file(
    State(api): State<Arc<Api>>,
    who: Who,
    path: Result<Path<i64>, PathRejection>,
    about: Result<Query<About>, QueryRejection>,
    _place: Upload,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Kept>, Problem> {
    let conversation = numbered(path)?;
    readable(&api, &who, conversation).await?;
    let agent = own_agent(&who)?;
    let (client, what) = file_in(about, body, FILE_BYTES_MAX as u64)?;
    is_client(&client)?;
    Ok(Json(replied(&api, conversation, agent, Said { client, what }).await?))
}

/// Something that an agent does with a conversation.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Handling {
    /// Keeps what is typed and not sent; empty: nothing.
    Draft {
        /// The words.
        text: String,
    },
    /// Says that an answer is being typed, or no longer.
    Typing {
        /// Which.
        is_typing: bool,
    },
    /// Has seen the messages up to this one.
    Seen {
        /// Its number.
        up_to: i64,
    },
    /// Lays it aside.
    Park {
        /// Until when, in milliseconds since 1970 (UTC); or until the person writes.
        until: i64,
    },
    /// Takes it up again.
    Resume {},
    /// Finishes it.
    Finish {
        /// The wrap-up code.
        #[serde(default)]
        code: Option<String>,
    },
    /// Gives it to a queue.
    ToQueue {
        /// The queue's name in the plan.
        queue: String,
    },
    /// Gives it to another agent.
    ToAgent {
        /// The extension.
        agent: String,
    },
    /// Calls the person.
    Call {
        /// The number; without it that of the conversation.
        #[serde(default)]
        number: Option<String>,
    },
}

/// Does something with a conversation: agents with their own, supervisors with those of their queues.
#[utoipa::path(post, path = "/api/v1/conversations/{conversation}/deeds", tag = "conversations", request_body = Handling,
    params(("conversation" = i64, Path, description = "its number")), responses(
    (status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn handle(
    State(api): State<Arc<Api>>,
    who: Who,
    path: Result<Path<i64>, PathRejection>,
    body: Result<Json<Handling>, JsonRejection>,
) -> Result<axum::http::StatusCode, Problem> {
    let conversation = numbered(path)?;
    let form = readable(&api, &who, conversation).await?;
    let own = is_own(&form, &who.principal);
    let (act, word) = match body_of(body)? {
        Handling::Draft { text } if text.chars().count() > TEXT_CHARS_MAX => {
            return Err(Problem::new(
                Kind::TooLarge,
                format!("a draft has at most {TEXT_CHARS_MAX} characters"),
            ));
        }
        Handling::Draft { text } => {
            let agent = own_agent(&who)?;
            kept(&api, move |written| written.draft(conversation, &agent, &text)).await??;
            return Ok(axum::http::StatusCode::NO_CONTENT);
        }
        // A supervisor who looks is nobody who reads for the agent.
        Handling::Typing { .. } | Handling::Seen { .. } if !own => {
            return Ok(axum::http::StatusCode::NO_CONTENT);
        }
        Handling::Typing { is_typing } => {
            return noted(&api, &who, conversation, (Some(is_typing), None)).await;
        }
        Handling::Seen { up_to } => return noted(&api, &who, conversation, (None, Some(up_to))).await,
        Handling::Park { until } => (Act::Park(parked_until(&api, until)?), "park"),
        Handling::Resume {} => (Act::Resume, "resume"),
        Handling::Finish { code } => (Act::Finish(code.filter(|code| !code.is_empty())), "finish"),
        Handling::ToQueue { queue } => (Act::ToQueue(queue), "to queue"),
        Handling::ToAgent { agent } => (Act::ToAgent(agent), "to agent"),
        Handling::Call { number } => (Act::Call(number.filter(|number| !number.is_empty())), "call"),
    };
    // A supervisor acts for the agent who has it; the record says who it was.
    let agent = form.agent.clone().unwrap_or_default();
    let done =
        kept(&api, move |written| written.act(conversation, &agent, act)).await?.map_err(Problem::from);
    let (outcome, why) = match &done {
        Ok(()) => (Outcome::Done, ""),
        Err(problem) => (Outcome::Refused, problem.detail()),
    };
    let target = format!("conversation {}", conversation.0);
    who.note(&api, (&format!("written {word}"), &target), (outcome, why)).await;
    done.map(|()| axum::http::StatusCode::NO_CONTENT)
}

async fn noted(
    api: &Api,
    who: &Who,
    conversation: ConversationId,
    what: (Option<bool>, Option<i64>),
) -> Result<axum::http::StatusCode, Problem> {
    let agent = own_agent(who)?;
    kept(api, move |written| note(written, conversation, &agent, what)).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

fn parked_until(api: &Api, until: i64) -> Result<Millis, Problem> {
    let now = i64::try_from(api.site.seconds()).unwrap_or_default().saturating_mul(1_000);
    let is_so = until > now && until - now <= PARK_MILLIS_MAX;
    is_so
        .then_some(Millis(until))
        .ok_or_else(|| Problem::new(Kind::BadRequest, "`until` is later than now, by 30 days at most"))
}

fn own_agent(who: &Who) -> Result<String, Problem> {
    let agent = who.principal.scope.agent.clone().filter(|_| who.principal.scope.role >= Role::Agent);
    agent.ok_or_else(|| Problem::new(Kind::Denied, "this user is no agent: it has no extension"))
}

/// What an agent has ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ReadyAnswer {
    /// Its short name: the agent types `/` and this.
    name: String,
    /// Its words.
    words: String,
}

/// The plan's ready answers.
#[utoipa::path(get, path = "/api/v1/answers", tag = "conversations", responses(
    (status = 200, body = [ReadyAnswer]), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn answers(
    State(api): State<Arc<Api>>,
    who: Who,
) -> Result<Json<Vec<ReadyAnswer>>, Problem> {
    who.may_see(&api, turno_access::View::Conversations).await?;
    let plan = api.off(|site| site.plan()).await?;
    let ready = plan.chat.iter().flat_map(|chat| &chat.answers);
    Ok(Json(ready.map(|(name, words)| ReadyAnswer { name: name.clone(), words: words.clone() }).collect()))
}

/// A card for the caller.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CardToCaller {
    /// The page's own number of it.
    client: String,
    /// The procedure.
    card: String,
}

/// Sends a procedure's card to who is on the telephone with the own agent, by the channel that reaches the number.
#[utoipa::path(post, path = "/api/v1/desk/card", tag = "desk", request_body = CardToCaller, responses(
    (status = 200, body = Kept), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "no agent of the plan, no such procedure, or no written channels"),
    (status = 409, body = Problem, description = "nobody is on the telephone, the number is withheld, or no channel reaches it"),
    (status = 413, body = Problem), (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn card_to_caller(
    State(api): State<Arc<Api>>,
    who: Who,
    body: Result<Json<CardToCaller>, JsonRejection>,
) -> Result<Json<Kept>, Problem> {
    let given = body_of(body)?;
    is_client(&given.client)?;
    who.may_see(&api, turno_access::View::Conversations).await?;
    let agent = own_agent(&who)?;
    let (contact, number) = caller_of(&api, &who).await?;
    let body = card_of(&api, &given.card, who.language).await?;
    let said = Said { client: given.client, what: What::Body(body) };
    let to = ToCaller { agent, contact, number, said };
    let taken = kept(&api, move |written| written.write_to_caller(to)).await??;
    let target = format!("contact {contact}");
    who.note(&api, ("written card", &target), (Outcome::Done, &given.card)).await;
    Ok(Json(Kept { message: Some(taken.message.0), again: taken.again }))
}
