//! Files in and out of a chat.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;
use turno_channels::{ConversationId, FileHere, FileId};
use utoipa::IntoParams;

use crate::chat::deeds::{Kept, TEXT_CHARS_MAX, say};
use crate::chat::secret::{Chatter, kept, plan_of};
use crate::harmless::file_name;
use crate::problem::{Kind, Problem};
use crate::state::Api;
use crate::written::What;

/// Longest file that is read at all; what a chat takes may be less.
pub(crate) const FILE_BYTES_MAX: usize = 20 << 20;

/// The length of a file's name: a SHA-256 in hexadecimal.
const FILE_NAME_CHARS: usize = 64;

/// Types that a browser may show in the page; everything else is only saved.
const SHOWN: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// About a file that is sent.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    /// The page's own number of the message, as in `say`.
    pub(crate) client: String,
    /// As the person calls it.
    pub(crate) name: String,
    /// Words with it.
    #[serde(default)]
    pub(crate) caption: Option<String>,
}

/// A place for a file that is received, taken before its body is read.
pub(crate) struct Upload(#[expect(dead_code, reason = "its drop gives the place back")] OwnedSemaphorePermit);

impl FromRequestParts<Arc<Api>> for Upload {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        let place = Arc::clone(&api.chat.uploads).try_acquire_owned();
        place.map(Self).map_err(|_| Problem::new(Kind::Busy, "too many files at once; try again"))
    }
}

/// Sends a file in a chat: the body is the file. Its type is found by its first bytes.
#[utoipa::path(post, path = "/chat/files", tag = "chat", params(About), security(("token" = [])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 200, body = Kept), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "files of this type are not taken"), (status = 413, body = Problem, description = "too large"),
    (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn send(
    State(api): State<Arc<Api>>,
    chatter: Chatter,
    about: Result<Query<About>, QueryRejection>,
    _place: Upload,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Kept>, Problem> {
    let plan = api.off(plan_of).await??;
    let what = file_in(about, body, chatter.chat.file_bytes_max)?;
    Ok(Json(say(&api, &chatter, &plan, what.0, what.1).await?))
}

/// The file of a request, and its client's number.
pub(crate) fn file_in(
    about: Result<Query<About>, QueryRejection>,
    body: Result<Bytes, BytesRejection>,
    most: u64,
) -> Result<(String, What), Problem> {
    let Query(About { client, name, caption }) =
        about.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let bytes = body.map_err(|_| too_large(most))?;
    Ok((client, file_of(&name, &bytes, caption, most)?))
}

/// A file as it is kept.
pub(crate) fn file_of(name: &str, bytes: &[u8], caption: Option<String>, most: u64) -> Result<What, Problem> {
    if most == 0 {
        return Err(Problem::new(Kind::Refused, "no files are taken here"));
    }
    if bytes.len() as u64 > most {
        return Err(too_large(most));
    }
    if bytes.is_empty() {
        return Err(Problem::new(Kind::BadRequest, "the file is empty"));
    }
    let caption = caption.filter(|words| !words.trim().is_empty());
    if caption.as_ref().is_some_and(|words| words.chars().count() > TEXT_CHARS_MAX) {
        return Err(Problem::new(
            Kind::TooLarge,
            format!("words with a file have at most {TEXT_CHARS_MAX} characters"),
        ));
    }
    let file = FileHere { name: file_name(name), kind: String::new(), bytes: bytes.to_vec() };
    Ok(What::File { file, caption })
}

fn too_large(most: u64) -> Problem {
    Problem::new(Kind::TooLarge, format!("a file has at most {most} bytes"))
}

/// A file of a message in the chat.
#[utoipa::path(get, path = "/chat/files/{file}", tag = "chat", params(("file" = String, Path, description = "as in a message")),
    security(("token" = [])), responses(
    (status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn fetch(
    State(api): State<Arc<Api>>,
    chatter: Chatter,
    file: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let Path(file) = file.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let plan = api.off(plan_of).await??;
    chatter.may_ask(&api, &plan)?;
    file_out(&api, chatter.conversation(), file).await
}

/// A file of a conversation, as an answer that no browser takes for a page.
pub(crate) async fn file_out(
    api: &Api,
    conversation: ConversationId,
    file: String,
) -> Result<Response, Problem> {
    if file.len() != FILE_NAME_CHARS || !file.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(no_such());
    }
    let file = FileId(file.to_ascii_lowercase());
    let found = kept(api, move |written| written.file(conversation, &file)).await?;
    let found = found.map_err(|why| {
        tracing::error!(%why, "a file of a conversation");
        Problem::new(Kind::Busy, "the file can't be read")
    })?;
    let FileHere { name, kind, bytes } = found.ok_or_else(no_such)?;
    let mut response = bytes.into_response();
    answer_as_file(response.headers_mut(), &name, &kind);
    Ok(response)
}

fn answer_as_file(headers: &mut HeaderMap, name: &str, kind: &str) {
    let shown = SHOWN.iter().find(|shown| **shown == kind);
    headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(shown.copied().unwrap_or("application/octet-stream")));
    let way = if shown.is_some() { "inline" } else { "attachment" };
    let name = file_name(name);
    let plain: String = name
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() || "._- ()".contains(sign) { sign } else { '_' })
        .collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let line = format!("{way}; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    if let Ok(value) = HeaderValue::from_str(&line) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600, immutable"));
}

fn no_such() -> Problem {
    Problem::new(Kind::NotFound, "the conversation has no such file")
}
