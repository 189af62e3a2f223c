//! The secret of a chat's session, and the session that a request is of.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use turno_channels::ConversationId;
use turno_model::plan::ChatPlan;

use crate::problem::{Kind, Problem};
use crate::site::Site;
use crate::state::{Api, Over};
use crate::who::{bearer, cookie};
use crate::written::{ChatForm, NotDone, Written};

/// The length of a secret as text: 32 bytes in base64url.
const SECRET_CHARS: usize = 43;

/// How many seconds a bucket of messages takes to fill, and how many other requests there may be for each message.
const MESSAGES_SPAN: u64 = 60;
const OTHERS_TO_ONE: u32 = 10;

/// A fresh secret from random bytes.
pub(crate) fn secret_of(random: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(random)
}

/// The public name of the session with this secret.
pub(crate) fn name_of(secret: &str) -> String {
    let hash = Sha256::digest(secret.as_bytes());
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The cookie of the page without script.
pub(crate) const fn chat_cookie(over: Over) -> &'static str {
    match over {
        Over::Tls => "__Host-turno-chat",
        Over::Loopback => "turno-chat",
    }
}

/// The person of a chat.
#[derive(Clone, Debug)]
pub(crate) struct Chatter {
    /// The public name of the session.
    pub(crate) session: String,
    pub(crate) chat: ChatForm,
}

impl Chatter {
    /// Who has this secret.
    pub(crate) async fn known(api: &Api, secret: &str) -> Result<Self, Problem> {
        if secret.len() != SECRET_CHARS {
            return Err(not_known());
        }
        let session = name_of(secret);
        let name = session.clone();
        let chat = kept(api, move |written| written.chat(&name)).await?.ok_or_else(not_known)?;
        Ok(Self { session, chat })
    }

    pub(crate) const fn conversation(&self) -> ConversationId {
        ConversationId(self.chat.conversation)
    }

    /// Counts a message against what the session may send.
    pub(crate) fn may_say(&self, api: &Api, plan: &ChatPlan) -> Result<(), Problem> {
        let limit = (plan.messages, MESSAGES_SPAN);
        api.chat.messages.take(&self.session, limit, api.site.seconds()).map_err(Problem::too_much)
    }

    /// Counts any other request.
    pub(crate) fn may_ask(&self, api: &Api, plan: &ChatPlan) -> Result<(), Problem> {
        let limit = (plan.messages.saturating_mul(OTHERS_TO_ONE), MESSAGES_SPAN);
        api.chat.others.take(&self.session, limit, api.site.seconds()).map_err(Problem::too_much)
    }
}

impl FromRequestParts<Arc<Api>> for Chatter {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        let secret = bearer(&parts.headers).ok_or_else(not_known)?;
        Self::known(api, &secret).await
    }
}

/// The secret in the cookie of the page without script.
pub(crate) fn secret_in(headers: &HeaderMap, over: Over) -> Option<String> {
    cookie(headers, chat_cookie(over))
}

fn not_known() -> Problem {
    Problem::new(Kind::NotSignedIn, "this chat is not known, or no longer kept; open another one")
}

/// The plan's chat.
pub(crate) fn plan_of(site: &dyn Site) -> Result<ChatPlan, Problem> {
    let chat = site.plan().chat.clone();
    chat.ok_or_else(|| Problem::new(Kind::NotFound, "there is no web chat: the plan has no [chat]"))
}

/// Asks the keeper of conversations.
pub(crate) async fn kept<T: Send + 'static>(
    api: &Api,
    call: impl FnOnce(&dyn Written) -> T + Send + 'static,
) -> Result<T, Problem> {
    let answer = api.off(move |site| site.written().map(|written| call(&*written))).await?;
    answer.ok_or_else(|| Problem::new(Kind::NotFound, "there are no written channels in the plan"))
}

impl From<NotDone> for Problem {
    fn from(not: NotDone) -> Self {
        match not {
            NotDone::NoSuch => Self::new(Kind::NotFound, "there is no such conversation, queue or agent"),
            NotDone::NotYours => Self::new(Kind::Denied, "the conversation is not with this agent"),
            NotDone::Refused(why) => Self::new(Kind::Refused, why),
            NotDone::Later(why) => {
                tracing::error!(%why, "the keeper of conversations");
                Self::new(Kind::Busy, "it could not be kept; try again")
            }
        }
    }
}
