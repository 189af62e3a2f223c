//! Opening a chat.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use turno_model::plan::ChatPlan;
use utoipa::ToSchema;

use crate::chat::secret::{kept, name_of, plan_of, secret_of};
use crate::harmless::harmless_line;
use crate::origin::is_own_page;
use crate::problem::{Kind, Problem};
use crate::routes::session::body_of;
use crate::state::{Api, Peer};
use crate::who::peer_of;
use crate::written::{ChatForm, NewChat};

/// How many seconds the bucket of an address takes to fill.
const SESSIONS_SPAN: u64 = 3_600;

/// Longest name of a person, and of the page.
const NAME_CHARS_MAX: usize = 60;
const PAGE_CHARS_MAX: usize = 300;

/// A chat that begins.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Opening {
    /// `es` or `en`: the language of the answers.
    pub(crate) language: Language,
    /// As the person wants to be called.
    #[serde(default)]
    #[schema(max_length = 60)]
    pub(crate) name: Option<String>,
    /// A queue of the plan; without it that of the channel.
    #[serde(default)]
    pub(crate) queue: Option<String>,
    /// The page where the chat stands.
    #[serde(default)]
    #[schema(max_length = 300)]
    pub(crate) page: Option<String>,
}

/// A language of the chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Language {
    /// Spanish.
    #[default]
    Es,
    /// English.
    En,
}

impl Language {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }
}

/// A chat that is open.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Opened {
    /// The secret of the session: who has it reads and writes in this chat. turno keeps its hash alone.
    pub(crate) token: String,
    /// How it stands.
    pub(crate) chat: ChatForm,
}

/// Opens a web chat. One address may open so many an hour as the plan says.
#[utoipa::path(post, path = "/chat/sessions", tag = "chat", request_body = Opening, security(()), responses(
    (status = 201, body = Opened), (status = 400, body = Problem),
    (status = 403, body = Problem, description = "the page is of another site"),
    (status = 404, body = Problem, description = "there is no web chat"), (status = 409, body = Problem), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn open(
    State(api): State<Arc<Api>>,
    parts: Parts,
    body: Result<Json<Opening>, JsonRejection>,
) -> Result<(StatusCode, Json<Opened>), Problem> {
    let plan = api.off(plan_of).await??;
    if !is_own_page(&parts.headers, &plan.origins) {
        return Err(Problem::new(
            Kind::NotFromPage,
            "the page is neither of this host nor in `origins` of [chat]",
        ));
    }
    let peer = peer_of(&parts)?;
    let opened = opened(&api, peer, &plan, body_of(body)?).await?;
    Ok((StatusCode::CREATED, Json(opened)))
}

/// Opens a chat for somebody at this address.
pub(crate) async fn opened(
    api: &Api,
    peer: Peer,
    plan: &ChatPlan,
    opening: Opening,
) -> Result<Opened, Problem> {
    let limit = (plan.sessions, SESSIONS_SPAN);
    api.chat.sessions.take(&source_of(peer), limit, api.site.seconds()).map_err(Problem::too_much)?;
    let line = |text: Option<String>, most| {
        text.map(|text| harmless_line(&text, most)).filter(|text| !text.is_empty())
    };
    let queue = opening.queue.clone();
    let (random, has_queue) = api
        .off(move |site| {
            let plan = site.plan();
            (site.random(), queue.is_none_or(|queue| plan.queues.iter().any(|known| known.name == queue)))
        })
        .await?;
    if !has_queue {
        return Err(Problem::new(Kind::BadRequest, "the plan has no such queue"));
    }
    let random = random.map_err(|error| Problem::new(Kind::Busy, format!("no random numbers: {error}")))?;
    let token = secret_of(&random);
    let session = name_of(&token);
    let chat = NewChat {
        session: session.clone(),
        name: line(opening.name, NAME_CHARS_MAX),
        language: opening.language.word().to_owned(),
        queue: opening.queue,
        page: line(opening.page, PAGE_CHARS_MAX),
    };
    let chat = kept(api, move |written| written.open_chat(chat).map(|_| written.chat(&session))).await??;
    let chat = chat.ok_or_else(|| Problem::new(Kind::Busy, "the chat was not kept; try again"))?;
    Ok(Opened { token, chat })
}

/// What counts as one address: with IPv6 a whole network of a household.
fn source_of(Peer(ip): Peer) -> String {
    match ip.to_canonical() {
        std::net::IpAddr::V4(ip) => ip.to_string(),
        std::net::IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}
