//! Written conversations for agents and supervisors: the list, the messages, the files.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use turno_access::{Deed, Principal, Role, View};
use turno_channels::{ConversationId, MessageId};
use utoipa::{IntoParams, ToSchema};

use crate::chat::files::file_out;
use crate::chat::secret::kept;
use crate::harmless::{harmless, harmless_line};
use crate::problem::{Kind, Problem};
use crate::state::Api;
use crate::who::Who;
use crate::written::{ConversationForm, MessageForm, Stage, Typist, Written};

/// Messages of one answer, at most and without a wish.
const MOST: usize = 200;
const MOST_USUALLY: usize = 100;

/// Conversations that a page is shown.
const CONVERSATIONS_MAX: usize = 500;

/// Open conversations.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Conversations {
    /// An agent's own, and those that wait, without words and names; for supervisors all of their queues. At most 500.
    pub(crate) conversations: Vec<ConversationForm>,
    /// How many there are, also those that are not shown.
    pub(crate) open: usize,
}

impl Conversations {
    pub(crate) fn new(written: &dyn Written, who: &Principal) -> Self {
        let all = written.conversations().into_iter();
        let mut conversations: Vec<ConversationForm> = all.filter_map(|form| seen_by(form, who)).collect();
        let open = conversations.len();
        conversations.truncate(CONVERSATIONS_MAX);
        Self { conversations, open }
    }
}

/// Whether they may read what was said: agents in their own conversations, supervisors in those of their queues.
pub(crate) fn may_read(form: &ConversationForm, who: &Principal) -> bool {
    is_own(form, who) || who.scope.role >= Role::Supervisor && is_in_queues(form, who)
}

/// Whether it is with this agent, parked by, or offered to.
pub(crate) fn is_own(form: &ConversationForm, who: &Principal) -> bool {
    who.scope.role >= Role::Agent && who.scope.agent.is_some() && form.agent == who.scope.agent
}

fn is_in_queues(form: &ConversationForm, who: &Principal) -> bool {
    form.queue.as_deref().map_or(who.scope.queues.is_none(), |queue| who.sees_queue(queue))
}

/// What they see of a conversation; `None`: nothing.
fn seen_by(form: ConversationForm, who: &Principal) -> Option<ConversationForm> {
    if may_read(&form, who) {
        return Some(shown(form, who));
    }
    let waits = form.stage == Stage::Waiting && is_in_queues(&form, who);
    waits.then(|| ConversationForm {
        name: None,
        address: None,
        subject: None,
        last_words: None,
        draft: None,
        procedures: Vec::new(),
        marks: Vec::new(),
        ..form
    })
}

/// Numbers are for who may see them, or writes to them; what people wrote is made harmless.
fn shown(form: ConversationForm, who: &Principal) -> ConversationForm {
    let sees = is_own(&form, who) || who.may(&Deed::See(View::Numbers)).is_ok();
    let line = |text: Option<String>| text.map(|text| harmless_line(&text, 200));
    ConversationForm {
        name: line(form.name),
        address: line(form.address.filter(|_| sees)),
        subject: line(form.subject),
        last_words: line(form.last_words),
        draft: form.draft.filter(|_| form.agent == who.scope.agent).map(|text| harmless(&text)),
        ..form
    }
}

/// Open conversations.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "conversations", responses(
    (status = 200, body = Conversations), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "the plan has no written channels"), (status = 503, body = Problem)))]
pub(crate) async fn list(State(api): State<Arc<Api>>, who: Who) -> Result<Json<Conversations>, Problem> {
    who.may_see(&api, View::Conversations).await?;
    let principal = who.principal.clone();
    Ok(Json(kept(&api, move |written| Conversations::new(written, &principal)).await?))
}

/// One conversation, also one that is done.
#[utoipa::path(get, path = "/api/v1/conversations/{conversation}", tag = "conversations",
    params(("conversation" = i64, Path, description = "its number")), responses(
    (status = 200, body = ConversationForm), (status = 304), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn one(
    State(api): State<Arc<Api>>,
    who: Who,
    path: Result<Path<i64>, PathRejection>,
) -> Result<Json<ConversationForm>, Problem> {
    let form = readable(&api, &who, numbered(path)?).await?;
    Ok(Json(shown(form, &who.principal)))
}

/// Which messages.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Those before this number; without it and without `after` the last ones.
    before: Option<i64>,
    /// Those after this number.
    after: Option<i64>,
    /// At most so many, 1 to 200; 100 without it.
    most: Option<usize>,
}

/// Messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Messages {
    /// They, the oldest first.
    messages: Vec<MessageForm>,
}

/// Messages of a conversation.
#[utoipa::path(get, path = "/api/v1/conversations/{conversation}/messages", tag = "conversations",
    params(("conversation" = i64, Path, description = "its number"), Wanted), responses(
    (status = 200, body = Messages), (status = 304), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn messages(
    State(api): State<Arc<Api>>,
    who: Who,
    path: Result<Path<i64>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Messages>, Problem> {
    let conversation = numbered(path)?;
    let Query(Wanted { before, after, most }) =
        wanted.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let most = most.unwrap_or(MOST_USUALLY);
    if !(1..=MOST).contains(&most) || before.is_some() && after.is_some() {
        return Err(Problem::new(
            Kind::BadRequest,
            format!("`most` is 1 to {MOST}, and `before` stands without `after`"),
        ));
    }
    readable(&api, &who, conversation).await?;
    let messages = kept(&api, move |written| {
        let kept = match after {
            Some(after) => written.messages(conversation, MessageId(after), most),
            None => written.messages_before(conversation, before.map(MessageId), most),
        };
        kept.iter().map(MessageForm::for_agent).collect()
    });
    Ok(Json(Messages { messages: messages.await? }))
}

/// A file of a message.
#[utoipa::path(get, path = "/api/v1/conversations/{conversation}/files/{file}", tag = "conversations",
    params(("conversation" = i64, Path, description = "its number"), ("file" = String, Path, description = "as in a message")), responses(
    (status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn file(
    State(api): State<Arc<Api>>,
    who: Who,
    path: Result<Path<(i64, String)>, PathRejection>,
) -> Result<Response, Problem> {
    let Path((conversation, file)) =
        path.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let conversation = ConversationId(conversation);
    readable(&api, &who, conversation).await?;
    file_out(&api, conversation, file).await
}

/// A conversation that they may read; another one is not told from one that is not there.
pub(crate) async fn readable(
    api: &Api,
    who: &Who,
    conversation: ConversationId,
) -> Result<ConversationForm, Problem> {
    who.may_see(api, View::Conversations).await?;
    let form = kept(api, move |written| written.conversation(conversation)).await?;
    let form = form.filter(|form| may_read(form, &who.principal));
    form.ok_or_else(|| Problem::new(Kind::NotFound, "there is no such conversation, or it is not yours"))
}

/// Tells the keeper that an agent has seen, or types.
pub(crate) fn note(
    written: &dyn Written,
    conversation: ConversationId,
    agent: &str,
    (is_typing, up_to): (Option<bool>, Option<i64>),
) {
    if let Some(is_typing) = is_typing {
        written.typing(conversation, Typist::Agent(agent), is_typing);
    }
    if let Some(up_to) = up_to {
        written.seen(conversation, Typist::Agent(agent), MessageId(up_to));
    }
}

/// A path's number.
pub(crate) fn numbered(path: Result<Path<i64>, PathRejection>) -> Result<ConversationId, Problem> {
    let number = path.map(|Path(number)| ConversationId(number));
    number.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))
}
