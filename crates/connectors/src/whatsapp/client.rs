//! Requests to the platform: messages, files up, files down in two hops.

use core::time::Duration;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response, Url};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use turno_channels::FileHere;
use turno_channels::whatsapp::{Answer, MediaPlace, Uploaded, kind_of, media_id, media_place};

use super::form::form;
use super::settings::Settings;

/// How long a connection may take.
const CONNECT_SPAN: Duration = Duration::from_secs(5);
/// How long the platform may take to answer.
const ANSWER_SPAN: Duration = Duration::from_secs(20);
/// How long a file may take, up or down.
const FILE_SPAN: Duration = Duration::from_secs(120);
/// How long an idle connection is used again. The shorter, the rarer a request meets one that was just closed.
const IDLE_SPAN: Duration = Duration::from_secs(15);
/// Bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 65_536;

/// Where the platform keeps files, beside its own host.
const FILE_HOSTS: [&str; 4] = [".fbsbx.com", ".fbcdn.net", ".facebook.com", ".whatsapp.net"];

/// Why there can't be a connector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoClient(pub String);

impl core::fmt::Display for NoClient {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a file was not fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unfetched {
    /// Not now.
    Later(String),
    /// Never.
    Never(String),
}

/// The way to the platform.
pub(crate) struct Client {
    http: reqwest::Client,
    base: Url,
    version: String,
    number: String,
    token_file: PathBuf,
    token: watch::Sender<HeaderValue>,
    file_bytes_max: usize,
}

fn read_token(path: &Path) -> Result<HeaderValue, NoClient> {
    let text = std::fs::read_to_string(path)
        .map_err(|why| NoClient(format!("the access token can't be read from {}: {why}", path.display())))?;
    let mut value = HeaderValue::from_str(&format!("Bearer {}", text.trim()))
        .map_err(|_| NoClient(format!("{} holds no access token", path.display())))?;
    value.set_sensitive(true);
    Ok(value)
}

impl Client {
    pub(crate) fn new(settings: &Settings) -> Result<Self, NoClient> {
        let base = Url::parse(&settings.base_url)
            .map_err(|why| NoClient(format!("{} is no address: {why}", settings.base_url)))?;
        if base.cannot_be_a_base() || !matches!(base.scheme(), "https" | "http") {
            return Err(NoClient(format!("{} is no address of a platform", settings.base_url)));
        }
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_SPAN)
            .timeout(ANSWER_SPAN)
            .pool_idle_timeout(IDLE_SPAN)
            .user_agent(concat!("turno/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|why| NoClient(format!("no HTTP client: {why}")))?;
        let token = watch::Sender::new(read_token(&settings.token_file)?);
        Ok(Self {
            http,
            base,
            version: settings.version.clone(),
            number: settings.number_id.clone(),
            token_file: settings.token_file.clone(),
            token,
            file_bytes_max: settings.file_bytes_max,
        })
    }

    /// Reads the token again; whether it is another one.
    pub(crate) fn read_token_again(&self) -> bool {
        let Ok(token) = read_token(&self.token_file) else { return false };
        self.token.send_if_modified(|known| {
            let is_new = *known != token;
            *known = token;
            is_new
        })
    }

    fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(&self.version).extend(path);
        }
        self.http.request(method, url).header(AUTHORIZATION, self.token.borrow().clone())
    }

    /// Sends a message.
    pub(crate) async fn send(&self, message: &Value) -> Answer {
        let request = self.request(Method::POST, &[&self.number, "messages"]);
        let request = request.header(CONTENT_TYPE, "application/json").body(message.to_string());
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) if has_not_left(&error) => return Answer::Unreached(reason(&error)),
            Err(error) => return Answer::Silent(reason(&error)),
        };
        let (status, retry_after) = (answer.status().as_u16(), retry_after(&answer));
        match read(answer, ANSWER_BYTES_MAX).await {
            Ok(body) => Answer::read(status, retry_after, &body),
            Err(_) if status >= 300 => Answer::Refused { status, error: None, retry_after },
            Err(why) => Answer::Silent(why),
        }
    }

    /// Gives a file to the platform. One that was given twice harms nobody, so silence is no more than a failure.
    pub(crate) async fn upload(&self, file: &FileHere) -> Result<Uploaded, Answer> {
        let (body, kind) = form(file);
        let request = self.request(Method::POST, &[&self.number, "media"]).timeout(FILE_SPAN);
        let answer = request.header(CONTENT_TYPE, kind).body(body).send().await;
        let answer = answer.map_err(|error| Answer::Unreached(reason(&error)))?;
        let (status, retry_after) = (answer.status().as_u16(), retry_after(&answer));
        let body = read(answer, ANSWER_BYTES_MAX).await.map_err(Answer::Unreached)?;
        match media_id(&body) {
            Some(uploaded) if status < 300 => Ok(uploaded),
            _ if status < 300 => Err(Answer::Unreached("it did not say the file's name".to_owned())),
            _ => Err(Answer::read(status, retry_after, &body)),
        }
    }

    /// Fetches a file: first where it is, then its bytes.
    pub(crate) async fn fetch(&self, reference: &str, name: Option<&str>) -> Result<FileHere, Unfetched> {
        let request = self.request(Method::GET, &[reference]).query(&[("phone_number_id", &self.number)]);
        let body = answered(request, ANSWER_BYTES_MAX).await?;
        let place =
            media_place(&body).ok_or_else(|| Unfetched::Later("it did not say where the file is".into()))?;
        if place.size.is_some_and(|size| size > self.file_bytes_max as u64) {
            return Err(Unfetched::Never(format!("it has more than {} bytes", self.file_bytes_max)));
        }
        let url = self.file_url(&place)?;
        let request =
            self.http.get(url).header(AUTHORIZATION, self.token.borrow().clone()).timeout(FILE_SPAN);
        let bytes = answered(request, self.file_bytes_max).await?;
        if !is_whole(&place, &bytes) {
            return Err(Unfetched::Later("its digest is not what the platform says".to_owned()));
        }
        let kind = kind_of(&bytes, &place.media);
        Ok(FileHere { name: name.map_or_else(|| named(&kind), str::to_owned), kind, bytes })
    }

    /// The token must not go to a host that is not the platform's.
    fn file_url(&self, place: &MediaPlace) -> Result<Url, Unfetched> {
        let url =
            Url::parse(&place.url).map_err(|_| Unfetched::Later("the file's address is none".to_owned()))?;
        let host = url.host_str().unwrap_or_default();
        let is_ours = (url.scheme(), url.host_str(), url.port_or_known_default())
            == (self.base.scheme(), self.base.host_str(), self.base.port_or_known_default());
        let is_theirs = url.scheme() == "https" && FILE_HOSTS.iter().any(|end| host.ends_with(end));
        if is_ours || is_theirs {
            Ok(url)
        } else {
            Err(Unfetched::Never(format!("the file lies at a strange host, {host}")))
        }
    }
}

/// Whether nothing of the request can have arrived.
fn has_not_left(error: &reqwest::Error) -> bool {
    error.is_connect() || error.is_builder()
}

/// What went wrong, from the innermost cause, without the address.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut cause: &dyn core::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

fn retry_after(answer: &Response) -> Option<u32> {
    answer.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

/// The body, if it is not too long.
async fn read(mut answer: Response, most: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| reason(&error))? {
        if body.len() + chunk.len() > most {
            return Err(format!("the answer has more than {most} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

async fn answered(request: RequestBuilder, most: usize) -> Result<Vec<u8>, Unfetched> {
    let answer = request.send().await.map_err(|error| Unfetched::Later(reason(&error)))?;
    let status = answer.status().as_u16();
    let is_long = answer.content_length().is_some_and(|length| length > most as u64);
    match status {
        200..300 if is_long => Err(Unfetched::Never(format!("it has more than {most} bytes"))),
        200..300 => read(answer, most).await.map_err(|why| {
            if why.contains("more than") { Unfetched::Never(why) } else { Unfetched::Later(why) }
        }),
        // The address was given for five minutes, and a token may be renewed.
        401 | 403 | 404 | 408 | 429 | 500.. => Err(Unfetched::Later(format!("it answered {status}"))),
        _ => Err(Unfetched::Never(format!("it answered {status}"))),
    }
}

/// Whether the bytes are those that the platform meant. It says the digest in base64 or in hexadecimal.
fn is_whole(place: &MediaPlace, bytes: &[u8]) -> bool {
    let Some(told) = &place.sha256 else { return true };
    let digest = Sha256::digest(bytes);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    told.eq_ignore_ascii_case(&hex) || *told == STANDARD.encode(digest)
}

/// A name for a file that has none.
fn named(kind: &str) -> String {
    let (begin, end) = match kind {
        "image/jpeg" => ("foto", "jpg"),
        "image/png" => ("foto", "png"),
        "image/webp" => ("sticker", "webp"),
        "audio/ogg" => ("audio", "ogg"),
        "audio/mpeg" => ("audio", "mp3"),
        "audio/amr" => ("audio", "amr"),
        "audio/aac" => ("audio", "aac"),
        "audio/mp4" => ("audio", "m4a"),
        "video/mp4" => ("video", "mp4"),
        "video/3gpp" => ("video", "3gp"),
        "application/pdf" => ("documento", "pdf"),
        _ => ("documento", "bin"),
    };
    format!("{begin}.{end}")
}
