//! What a chat's page is told as it happens: how the chat stands, and the messages after the page's cursor.

use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Sse;
use axum::response::sse::Event;
use futures_core::Stream;
use serde::{Deserialize, Serialize};
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Instant, sleep_until, timeout};
use turno_channels::{ConversationId, MessageId};
use utoipa::{IntoParams, ToSchema};

use crate::chat::limits::Stream as Place;
use crate::chat::secret::{Chatter, kept, plan_of};
use crate::harmless::harmless_line;
use crate::problem::{Kind, Problem};
use crate::site::Counted;
use crate::state::Api;
use crate::written::{ChatForm, MessageForm, Written};

/// Messages in one update.
pub(crate) const MESSAGES_MAX: usize = 100;

/// Updates come at most this often, and at least so often that a page knows that its connection lives.
const PAUSE: Duration = Duration::from_millis(100);
const QUIET_MAX: Duration = Duration::from_secs(10);

/// A page that takes nothing for so long is cut.
pub(crate) const SLOW_SPAN: Duration = Duration::from_secs(30);

/// After which message.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    /// The number of the last message that is known; 0 for all.
    #[serde(default)]
    pub(crate) after: i64,
}

/// How a chat stands, and messages that the page lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Update {
    /// How it stands.
    pub(crate) chat: ChatForm,
    /// The messages after the cursor, the oldest first; the last one's number is the next cursor.
    pub(crate) messages: Vec<MessageForm>,
}

impl Update {
    pub(crate) fn new(written: &dyn Written, chat: ChatForm, after: i64) -> Self {
        let kept = written.messages(ConversationId(chat.conversation), MessageId(after), MESSAGES_MAX);
        Self { chat: shown(chat), messages: kept.iter().map(MessageForm::for_person).collect() }
    }
}

/// Names come from people.
fn shown(chat: ChatForm) -> ChatForm {
    ChatForm {
        name: chat.name.as_deref().map(|name| harmless_line(name, 60)),
        agent_name: chat.agent_name.as_deref().map(|name| harmless_line(name, 60)),
        ..chat
    }
}

/// A page that follows its chat.
pub(crate) struct Following {
    api: Arc<Api>,
    chatter: Chatter,
    after: i64,
    place: (Place, OwnedSemaphorePermit),
}

impl Following {
    /// A place for it, if there is one.
    pub(crate) fn open(api: Arc<Api>, chatter: Chatter, after: i64) -> Result<Self, Problem> {
        let few = || Problem::new(Kind::Busy, "too many are connected; try again");
        let place = api.chat.streams.open(&chatter.session).ok_or_else(few)?;
        let permit = Arc::clone(&api.chat.followers).try_acquire_owned().map_err(|_| few())?;
        Ok(Self { api, chatter, after, place: (place, permit) })
    }

    /// Begins to tell: updates as text.
    pub(crate) fn begin(self) -> Receiver<String> {
        let (give, given) = channel(1);
        tokio::spawn(self.tell(give));
        given
    }

    async fn tell(self, give: Sender<String>) {
        let Self { api, chatter, mut after, place: _place } = self;
        let conversation = chatter.conversation();
        let Ok(mut changes) = kept(&api, move |written| written.changes_of(conversation)).await else {
            return;
        };
        loop {
            changes.borrow_and_update();
            let began = Instant::now();
            let session = chatter.session.clone();
            let update = kept(&api, move |written| {
                let chat = written.chat(&session)?;
                Some(Update::new(written, chat, after))
            });
            let Ok(Some(update)) = update.await else { return };
            let is_more = update.messages.len() >= MESSAGES_MAX;
            after = update.messages.last().map_or(after, |message| message.id);
            let text = serde_json::to_string(&update).unwrap_or_default();
            match timeout(SLOW_SPAN, give.send(text)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                Err(_) => return api.site.count(Counted::SlowReader),
            }
            if is_more {
                continue;
            }
            tokio::select! {
                () = give.closed() => return,
                changed = timeout(QUIET_MAX, changes.changed()) => if matches!(changed, Ok(Err(_))) { return },
            }
            sleep_until(began + PAUSE).await;
        }
    }
}

/// A chat as it goes on: each event `update` has how it stands and the messages that are new. For who has no WebSocket.
#[utoipa::path(get, path = "/chat/events", tag = "chat", params(After), security(("token" = [])), responses(
    (status = 200, content_type = "text/event-stream", body = Update), (status = 400, body = Problem),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn stream(
    State(api): State<Arc<Api>>,
    chatter: Chatter,
    after: Result<Query<After>, QueryRejection>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let Query(After { after }) =
        after.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let plan = api.off(plan_of).await??;
    chatter.may_ask(&api, &plan)?;
    Ok(Sse::new(Told(Following::open(api, chatter, after)?.begin(), "update")))
}

/// Events as they come.
pub(crate) struct Told(pub(crate) Receiver<String>, pub(crate) &'static str);

impl Stream for Told {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let kind = self.1;
        self.0.poll_recv(context).map(|told| told.map(|text| Ok(Event::default().event(kind).data(text))))
    }
}
