//! What the person of a chat does.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use turno_channels::{Body, MessageId};
use turno_model::plan::ChatPlan;
use utoipa::ToSchema;

use crate::chat::secret::{Chatter, kept, plan_of};
use crate::chat::telling::{After, Update};
use crate::problem::{Kind, Problem};
use crate::routes::session::body_of;
use crate::state::Api;
use crate::written::{Said, Typist, What};

/// Longest text of one message, in characters.
pub(crate) const TEXT_CHARS_MAX: usize = 4_096;

/// Longest number of a client, and of a choice.
pub(crate) const CLIENT_BYTES_MAX: usize = 64;
const CHOICE_BYTES_MAX: usize = 200;

/// Something that the person does.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Deed {
    /// Says something.
    Say {
        /// The page's own number of it, 1 to 64 characters: sent twice, it is one message.
        client: String,
        /// Words, at most 4,096 characters.
        text: String,
    },
    /// Chooses an answer.
    Choose {
        /// As of `say`.
        client: String,
        /// The choice.
        id: String,
        /// Its words.
        title: String,
    },
    /// Types, or has stopped.
    Typing {
        /// Which.
        is_typing: bool,
    },
    /// Has seen the answers up to this message.
    Seen {
        /// Its number.
        up_to: i64,
    },
    /// Rates what was done.
    Rate {
        /// 1 to 5.
        stars: u8,
        /// Why.
        #[serde(default)]
        words: Option<String>,
    },
    /// Closes the chat.
    Leave {},
}

impl Deed {
    /// The client's own number of it, if it has one.
    pub(crate) fn client(&self) -> Option<&str> {
        match self {
            Self::Say { client, .. } | Self::Choose { client, .. } => Some(client),
            Self::Typing { .. } | Self::Seen { .. } | Self::Rate { .. } | Self::Leave {} => None,
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Kept {
    /// The message's number.
    pub(crate) message: Option<i64>,
    /// Whether turno had it already.
    pub(crate) again: bool,
}

/// Does something for the person of a chat. What was said is on the disk when this answers.
#[utoipa::path(post, path = "/chat/deeds", tag = "chat", request_body = Deed, security(("token" = [])), responses(
    (status = 200, body = Kept), (status = 400, body = Problem), (status = 401, body = Problem, description = "no such chat"),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn give(
    State(api): State<Arc<Api>>,
    chatter: Chatter,
    body: Result<Json<Deed>, JsonRejection>,
) -> Result<Json<Kept>, Problem> {
    let plan = api.off(plan_of).await??;
    Ok(Json(obey(&api, &chatter, &plan, body_of(body)?).await?))
}

/// Does it.
pub(crate) async fn obey(api: &Api, chatter: &Chatter, plan: &ChatPlan, deed: Deed) -> Result<Kept, Problem> {
    let conversation = chatter.conversation();
    let nothing = Kept { message: None, again: false };
    match deed {
        Deed::Say { client, text } => {
            let text = words(text)?;
            say(api, chatter, plan, client, What::Body(Body::Text { text })).await
        }
        Deed::Choose { client, id, title } => {
            if id.is_empty() || id.len() > CHOICE_BYTES_MAX || title.len() > CHOICE_BYTES_MAX {
                return Err(Problem::new(
                    Kind::BadRequest,
                    format!("a choice has 1 to {CHOICE_BYTES_MAX} bytes"),
                ));
            }
            say(api, chatter, plan, client, What::Body(Body::Chosen { id, title })).await
        }
        Deed::Typing { is_typing } => {
            chatter.may_ask(api, plan)?;
            kept(api, move |written| written.typing(conversation, Typist::Person, is_typing)).await?;
            Ok(nothing)
        }
        Deed::Seen { up_to } => {
            chatter.may_ask(api, plan)?;
            kept(api, move |written| written.seen(conversation, Typist::Person, MessageId(up_to))).await?;
            Ok(nothing)
        }
        Deed::Rate { stars, words } => {
            chatter.may_say(api, plan)?;
            if !(1..=5).contains(&stars)
                || words.as_ref().is_some_and(|words| words.chars().count() > TEXT_CHARS_MAX)
            {
                return Err(Problem::new(Kind::BadRequest, "a rating is 1 to 5, with few words"));
            }
            kept(api, move |written| written.rate(conversation, stars, words.as_deref())).await??;
            Ok(nothing)
        }
        Deed::Leave {} => {
            chatter.may_say(api, plan)?;
            kept(api, move |written| written.leave(conversation)).await??;
            Ok(nothing)
        }
    }
}

/// Keeps what the person says.
pub(crate) async fn say(
    api: &Api,
    chatter: &Chatter,
    plan: &ChatPlan,
    client: String,
    what: What,
) -> Result<Kept, Problem> {
    is_client(&client)?;
    chatter.may_say(api, plan)?;
    let session = chatter.session.clone();
    let taken = kept(api, move |written| written.say(&session, Said { client, what })).await??;
    Ok(Kept { message: Some(taken.message.0), again: taken.again })
}

/// Words that say something.
pub(crate) fn words(text: String) -> Result<String, Problem> {
    if text.chars().count() > TEXT_CHARS_MAX {
        let detail =
            format!("a message has at most {TEXT_CHARS_MAX} characters; send the rest as another one");
        return Err(Problem::new(Kind::TooLarge, detail));
    }
    if crate::harmless::harmless(&text).trim().is_empty() {
        return Err(Problem::new(Kind::BadRequest, "the message is empty"));
    }
    Ok(text.replace('\0', ""))
}

pub(crate) fn is_client(client: &str) -> Result<(), Problem> {
    let is_one =
        (1..=CLIENT_BYTES_MAX).contains(&client.len()) && client.bytes().all(|byte| byte.is_ascii_graphic());
    let detail = format!("`client` is 1 to {CLIENT_BYTES_MAX} characters of plain ASCII without spaces");
    is_one.then_some(()).ok_or_else(|| Problem::new(Kind::BadRequest, detail))
}

/// How a chat stands, and its messages after one, at most 100: for who has no stream.
#[utoipa::path(get, path = "/chat/messages", tag = "chat", params(After), security(("token" = [])), responses(
    (status = 200, body = Update), (status = 304), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn messages(
    State(api): State<Arc<Api>>,
    chatter: Chatter,
    after: Result<Query<After>, QueryRejection>,
) -> Result<Json<Update>, Problem> {
    let Query(After { after }) =
        after.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let plan = api.off(plan_of).await??;
    chatter.may_ask(&api, &plan)?;
    let update = kept(&api, move |written| Update::new(written, chatter.chat, after)).await?;
    Ok(Json(update))
}
