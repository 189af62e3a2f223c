//! The chat without script, for weak phones: forms, and each answer a redirection, so that a page loaded again sends nothing
//! twice. The session is in a cookie; each form carries what another site can't know.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::{FormRejection, PathRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, SET_COOKIE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use turno_access::csrf_of;
use turno_channels::{Body, Choices, ConversationId, MessageId};
use turno_model::plan::ChatPlan;

use crate::chat::deeds::{Deed, obey, words};
use crate::chat::files::file_out;
use crate::chat::plain_page::{STYLE, Shown, begin_page, chat_page, trouble_page};
use crate::chat::plain_words::{Words, words_of};
use crate::chat::secret::{Chatter, chat_cookie, kept, plan_of, secret_in, secret_of};
use crate::chat::sessions::{Language, Opening, opened};
use crate::origin::is_own_page;
use crate::problem::{Kind, Problem};
use crate::state::{Api, Over};
use crate::who::{language_of, peer_of};
use crate::written::{MessageForm, Typist};

/// Messages on one page.
const MESSAGES_MAX: usize = 50;

/// How long the browser keeps the cookie.
const COOKIE_SECONDS: u32 = 7 * 24 * 3_600;

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What the address asks for.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    lang: Option<String>,
    queue: Option<String>,
    before: Option<i64>,
}

/// What a form says; each form has some of it.
#[derive(Deserialize, Default)]
pub(crate) struct Filled {
    csrf: Option<String>,
    client: Option<String>,
    text: Option<String>,
    choice: Option<String>,
    stars: Option<u8>,
    name: Option<String>,
    language: Option<String>,
    queue: Option<String>,
}

type Sent = Result<Form<Filled>, FormRejection>;

/// The styles.
pub(crate) async fn style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=3600")];
    (headers, STYLE).into_response()
}

/// The chat as it is, or where it begins.
pub(crate) async fn show(State(api): State<Arc<Api>>, headers: HeaderMap, asked: Query<Asked>) -> Response {
    let chosen = asked.lang.clone();
    let spoken = if language_of(&headers) == turno_model::Language::English { "en" } else { "es" };
    let words = words_of(chosen.as_deref().unwrap_or(spoken));
    match page(&api, &headers, &asked, words).await {
        Ok(html) => answered(StatusCode::OK, html),
        Err(problem) => trouble(words, &problem),
    }
}

async fn page(
    api: &Api,
    headers: &HeaderMap,
    asked: &Asked,
    words: &'static Words,
) -> Result<String, Problem> {
    let plan = api.off(plan_of).await??;
    let begin = || begin_page(words, &plan.title, asked.queue.as_deref());
    let Some(secret) = secret_in(headers, api.over) else { return Ok(begin()) };
    let chatter = match Chatter::known(api, &secret).await {
        Ok(chatter) => chatter,
        Err(problem) if problem.is(Kind::NotSignedIn) => return Ok(begin()),
        Err(problem) => return Err(problem),
    };
    chatter.may_ask(api, &plan)?;
    let words = asked.lang.as_deref().map_or_else(|| words_of(&chatter.chat.language), words_of);
    let (conversation, before) = (chatter.conversation(), asked.before.map(MessageId));
    let mut messages = last_messages(api, conversation, before).await?;
    let is_more = messages.len() > MESSAGES_MAX;
    if is_more {
        messages.remove(0);
    }
    if let (None, Some(last)) = (before, messages.last()) {
        let last = MessageId(last.id);
        kept(api, move |written| written.seen(conversation, Typist::Person, last)).await?;
    }
    let client = api.off(|site| site.random()).await?;
    let client = client.map_err(|error| Problem::new(Kind::Busy, format!("no random numbers: {error}")))?;
    Ok(chat_page(&Shown {
        words,
        title: &plan.title,
        chat: &chatter.chat,
        messages: &messages,
        is_more,
        is_earlier: before.is_some(),
        csrf: &csrf_of(&secret),
        client: &secret_of(&client),
        now: i64::try_from(api.site.seconds()).unwrap_or_default() * 1_000,
    }))
}

/// One message more than a page has, if there are so many.
async fn last_messages(
    api: &Api,
    conversation: ConversationId,
    before: Option<MessageId>,
) -> Result<Vec<MessageForm>, Problem> {
    kept(api, move |written| {
        let kept = written.messages_before(conversation, before, MESSAGES_MAX + 1);
        kept.iter().map(MessageForm::for_person).collect()
    })
    .await
}

/// Opens a chat with its first words.
pub(crate) async fn open(State(api): State<Arc<Api>>, parts: Parts, sent: Sent) -> Response {
    let words = words_of(sent.as_ref().ok().and_then(|form| form.language.as_deref()).unwrap_or("es"));
    match begin(&api, &parts, sent).await {
        Ok(secret) => {
            let cookie = cookie_line(api.over, &secret, COOKIE_SECONDS);
            let mut response = back();
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                response.headers_mut().insert(SET_COOKIE, cookie);
            }
            response
        }
        Err(problem) => trouble(words, &problem),
    }
}

async fn begin(api: &Api, parts: &Parts, sent: Sent) -> Result<String, Problem> {
    let plan = api.off(plan_of).await??;
    if !is_own_page(&parts.headers, &[]) {
        return Err(Problem::new(Kind::NotFromPage, "the form is of another site"));
    }
    let form = filled(sent)?;
    let text = words(form.text.unwrap_or_default())?;
    let language = if form.language.as_deref() == Some("en") { Language::En } else { Language::Es };
    let opening = Opening { language, name: form.name, queue: form.queue, page: None };
    let opened = opened(api, peer_of(parts)?, &plan, opening).await?;
    let chatter = Chatter::known(api, &opened.token).await?;
    obey(api, &chatter, &plan, Deed::Say { client: "first".to_owned(), text }).await?;
    Ok(opened.token)
}

/// Says something.
pub(crate) async fn say(State(api): State<Arc<Api>>, headers: HeaderMap, sent: Sent) -> Response {
    done(&api, &headers, sent, |form, _| {
        Ok(Deed::Say { client: form.client.unwrap_or_default(), text: form.text.unwrap_or_default() })
    })
    .await
}

/// Chooses an answer of the last question that had it.
pub(crate) async fn choose(State(api): State<Arc<Api>>, headers: HeaderMap, sent: Sent) -> Response {
    done(&api, &headers, sent, |form, asked| {
        let wanted = form.choice.unwrap_or_default();
        let title = asked.iter().rev().find_map(|body| {
            let (Body::Choices(Choices { choices, .. }) | Body::Card { choices, .. }) = body else {
                return None;
            };
            choices.iter().find(|choice| choice.id == wanted).map(|choice| choice.title.clone())
        });
        let title = title.ok_or_else(|| Problem::new(Kind::BadRequest, "nobody asked that"))?;
        Ok(Deed::Choose { client: form.client.unwrap_or_default(), id: wanted, title })
    })
    .await
}

/// Rates what was done.
pub(crate) async fn rate(State(api): State<Arc<Api>>, headers: HeaderMap, sent: Sent) -> Response {
    done(&api, &headers, sent, |form, _| {
        Ok(Deed::Rate { stars: form.stars.unwrap_or_default(), words: None })
    })
    .await
}

/// Closes the chat.
pub(crate) async fn leave(State(api): State<Arc<Api>>, headers: HeaderMap, sent: Sent) -> Response {
    done(&api, &headers, sent, |_, _| Ok(Deed::Leave {})).await
}

/// Forgets the chat, so that another one may begin.
pub(crate) async fn anew(State(api): State<Arc<Api>>, headers: HeaderMap, sent: Sent) -> Response {
    let words = words_of("es");
    match proved(&api, &headers, sent).await {
        Ok(_) => {
            let mut response = back();
            if let Ok(cookie) = HeaderValue::from_str(&cookie_line(api.over, "", 0)) {
                response.headers_mut().insert(SET_COOKIE, cookie);
            }
            response
        }
        Err(problem) => trouble(words, &problem),
    }
}

/// A file of the chat.
pub(crate) async fn file(
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    file: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let Path(file) = file.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let plan = api.off(plan_of).await??;
    let secret = secret_in(&headers, api.over).ok_or_else(Problem::not_signed_in)?;
    let chatter = Chatter::known(&api, &secret).await?;
    chatter.may_ask(&api, &plan)?;
    file_out(&api, chatter.conversation(), file).await
}

/// Does what a form asks for, and leads back to the chat.
async fn done(
    api: &Api,
    headers: &HeaderMap,
    sent: Sent,
    deed: impl FnOnce(Filled, &[Body]) -> Result<Deed, Problem> + Send,
) -> Response {
    let mut words = words_of("es");
    let came = async {
        let (chatter, plan, form) = proved(api, headers, sent).await?;
        words = words_of(&chatter.chat.language);
        let conversation = chatter.conversation();
        let bodies: Vec<Body> = match form.choice {
            Some(_) => kept(api, move |written| written.messages_before(conversation, None, MESSAGES_MAX))
                .await?
                .into_iter()
                .map(|kept| kept.message.body)
                .collect(),
            None => Vec::new(),
        };
        let deed = deed(form, &bodies)?;
        obey(api, &chatter, &plan, deed).await
    }
    .await;
    match came {
        Ok(_) => back(),
        Err(problem) => trouble(words, &problem),
    }
}

/// The chat of the cookie, if the form is of our own page.
async fn proved(api: &Api, headers: &HeaderMap, sent: Sent) -> Result<(Chatter, ChatPlan, Filled), Problem> {
    let plan = api.off(plan_of).await??;
    let secret = secret_in(headers, api.over).ok_or_else(Problem::not_signed_in)?;
    let form = filled(sent)?;
    if form.csrf.as_deref() != Some(csrf_of(&secret).as_str()) {
        return Err(Problem::new(
            Kind::NotFromPage,
            "the form is of another site, or of a chat that is over",
        ));
    }
    Ok((Chatter::known(api, &secret).await?, plan, form))
}

fn filled(sent: Sent) -> Result<Filled, Problem> {
    match sent {
        Ok(Form(form)) => Ok(form),
        Err(rejected) if rejected.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Err(Problem::new(Kind::TooLarge, "a message has at most 4096 characters"))
        }
        Err(rejected) => Err(Problem::new(Kind::BadRequest, rejected.body_text())),
    }
}

fn cookie_line(over: Over, secret: &str, seconds: u32) -> String {
    let secure = if over == Over::Tls { "; Secure" } else { "" };
    format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", chat_cookie(over))
}

fn back() -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, "/chat/plain#end")]).into_response()
}

fn trouble(words: &Words, problem: &Problem) -> Response {
    answered(problem.http_status(), trouble_page(words, "", problem.detail()))
}

fn answered(status: StatusCode, html: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "same-origin"),
    ];
    (status, headers, html).into_response()
}
