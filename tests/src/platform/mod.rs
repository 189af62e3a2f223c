//! A double of WhatsApp's Cloud API: takes messages by the rules of its OpenAPI file, keeps files, sends signed webhooks, and
//! misbehaves on demand.
#![expect(clippy::disallowed_types, reason = "requests of the program under test run at the same time")]

mod schema;

use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use schema::fault;

/// The number that the double serves.
pub const NUMBER: &str = "1122334455667";

/// What the double does with the next request for a message, in place of taking it.
#[derive(Clone, Debug)]
pub enum Misbehaviour {
    /// Answers with this status and this error of its own.
    Refuses(u16, u32),
    /// Answers with this status, as a machine in front would.
    Breaks(u16),
    /// Asks for a pause of so many seconds.
    Throttles(u32),
    /// Takes the message and answers late.
    TakesSlowly(Duration),
    /// Takes the message and never answers.
    TakesSilently,
}

/// What the double has seen and what it is to do.
#[derive(Default)]
struct Inner {
    token: String,
    taken: Vec<(String, Value)>,
    marks: Vec<Value>,
    faults: Vec<String>,
    next: VecDeque<Misbehaviour>,
    is_down: bool,
    version: Option<String>,
    requests: u64,
    files: BTreeMap<String, (String, Vec<u8>)>,
    uploads: Vec<Vec<u8>>,
    base: String,
}

type Shared = Arc<Mutex<Inner>>;

/// The double at its loopback address.
pub struct Platform {
    address: SocketAddr,
    inner: Shared,
    server: JoinHandle<()>,
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock(inner: &Shared) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Platform {
    /// Serves at a free port, or at this one.
    pub async fn start(port: u16, token: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let inner = Inner { token: token.to_owned(), base: format!("http://{address}"), ..Inner::default() };
        let inner = Arc::new(Mutex::new(inner));
        let routes = Router::new()
            .route("/{version}/{number}/messages", post(messages))
            .route("/{version}/{number}/media", post(upload))
            .route("/{version}/{media}", get(media))
            .route("/files/{media}", get(file))
            .layer(DefaultBodyLimit::max(128 * 1_048_576))
            .with_state(Arc::clone(&inner));
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.expect("it serves") });
        Self { address, inner, server }
    }

    /// Its address without a path.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Misbehaves at the next request for a message; further calls stand in line.
    pub fn misbehave(&self, how: Misbehaviour) {
        lock(&self.inner).next.push_back(how);
    }

    /// From now on every request meets a platform that is down, or none does.
    pub fn set_down(&self, is_down: bool) {
        lock(&self.inner).is_down = is_down;
    }

    /// From now on the interface has this version alone.
    pub fn set_version(&self, version: &str) {
        lock(&self.inner).version = Some(version.to_owned());
    }

    /// Only this token is good from now on.
    pub fn set_token(&self, token: &str) {
        token.clone_into(&mut lock(&self.inner).token);
    }

    /// Messages that were taken, with their names, in order.
    #[must_use]
    pub fn taken(&self) -> Vec<(String, Value)> {
        lock(&self.inner).taken.clone()
    }

    /// Marks that were taken.
    #[must_use]
    pub fn marks(&self) -> Vec<Value> {
        lock(&self.inner).marks.clone()
    }

    /// Requests that had a wrong form. A test asserts that there are none.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        lock(&self.inner).faults.clone()
    }

    /// All requests for messages.
    #[must_use]
    pub fn requests(&self) -> u64 {
        lock(&self.inner).requests
    }

    /// Bodies of uploads.
    #[must_use]
    pub fn uploads(&self) -> Vec<Vec<u8>> {
        lock(&self.inner).uploads.clone()
    }

    /// A person's file, to be fetched by its name.
    pub fn has_file(&self, name: &str, kind: &str, bytes: &[u8]) {
        lock(&self.inner).files.insert(name.to_owned(), (kind.to_owned(), bytes.to_vec()));
    }
}

/// A webhook's bytes as the platform writes them: nothing above U+007F stands as itself.
#[must_use]
pub fn written(webhook: &Value) -> Vec<u8> {
    let mut text = String::new();
    for sign in webhook.to_string().chars() {
        if sign.is_ascii() {
            text.push(sign);
        } else {
            sign.encode_utf16(&mut [0; 2]).iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}")));
        }
    }
    text.into_bytes()
}

/// A webhook in which a person says something.
#[must_use]
pub fn says(person: &str, name: &str, content: Value) -> Value {
    let mut message = json!({ "from": person, "id": name, "timestamp": "1796000000" });
    message.as_object_mut().expect("an object").extend(content.as_object().cloned().unwrap_or_default());
    webhook(json!({ "contacts": [contact(person)], "messages": [message] }))
}

/// A webhook with the status of a message.
#[must_use]
pub fn status(name: &str, status: &str, data: Option<&str>) -> Value {
    let pricing =
        json!({ "billable": true, "pricing_model": "PMP", "category": "service", "type": "regular" });
    let mut one = json!({ "id": name, "status": status, "timestamp": "1796000001", "recipient_id": "593990000001", "pricing": pricing });
    if let Some(data) = data {
        one["biz_opaque_callback_data"] = data.into();
    }
    webhook(json!({ "contacts": [contact("593990000001")], "statuses": [one] }))
}

/// Since 2026 a person has a name of the platform's beside the number.
fn contact(person: &str) -> Value {
    json!({ "profile": { "name": "Quitumbe" }, "wa_id": person, "user_id": format!("EC.{person}") })
}

fn webhook(mut value: Value) -> Value {
    value["messaging_product"] = "whatsapp".into();
    value["metadata"] = json!({ "display_phone_number": "59322222222", "phone_number_id": NUMBER });
    let change = json!({ "field": "messages", "value": value });
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [change] }] })
}

fn error(status: u16, code: u32, message: &str) -> Response {
    let error = json!({ "error": { "message": format!("(#{code}) {message}"), "type": "OAuthException", "code": code, "fbtrace_id": "A" } });
    (StatusCode::from_u16(status).expect("a status"), Json(error)).into_response()
}

fn is_allowed(inner: &Inner, headers: &HeaderMap) -> bool {
    headers
        .get(header::AUTHORIZATION)
        .is_some_and(|value| value == format!("Bearer {}", inner.token).as_str())
}

async fn messages(
    State(shared): State<Shared>,
    Path((version, number)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(request) = serde_json::from_slice::<Value>(&body) else { return error(400, 100, "no JSON") };
    let next = {
        let mut inner = lock(&shared);
        inner.requests += 1;
        if inner.is_down {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        if !is_allowed(&inner, &headers) {
            return error(401, 190, "Error validating access token");
        }
        if inner.version.as_ref().is_some_and(|known| *known != version) {
            return error(400, 2_500, &format!("Unknown path components: /{version}/{number}/messages"));
        }
        if number != NUMBER || !version.starts_with('v') {
            return error(400, 100, "Unsupported post request");
        }
        if let Some(fault) = fault(&request) {
            inner.faults.push(fault.clone());
            return error(400, 131_009, &fault);
        }
        if request["status"].is_string() {
            inner.marks.push(request);
            return Json(json!({ "success": true })).into_response();
        }
        inner.next.pop_front()
    };
    match next {
        Some(Misbehaviour::Refuses(status, code)) => error(status, code, "as asked"),
        Some(Misbehaviour::Breaks(status)) => StatusCode::from_u16(status).expect("a status").into_response(),
        Some(Misbehaviour::Throttles(secs)) => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, secs.to_string())]).into_response()
        }
        Some(Misbehaviour::TakesSlowly(span)) => {
            let answer = take(&shared, request);
            // The answer is late.
            let _ = tokio::time::timeout(span, core::future::pending::<()>()).await;
            answer
        }
        Some(Misbehaviour::TakesSilently) => {
            take(&shared, request);
            // A body that promises more than it has: the connection ends in the middle of the answer.
            let broken =
                axum::body::Body::from_stream(futures_util::stream::once(async { Err::<Bytes, _>("gone") }));
            Response::new(broken)
        }
        None => take(&shared, request),
    }
}

fn take(shared: &Shared, request: Value) -> Response {
    let mut inner = lock(shared);
    let name = format!("wamid.{}", inner.taken.len() + 1);
    let person =
        request["to"].as_str().or_else(|| request["recipient"].as_str()).unwrap_or_default().to_owned();
    inner.taken.push((name.clone(), request));
    let contact = json!({ "input": person, "wa_id": person });
    Json(json!({ "messaging_product": "whatsapp", "contacts": [contact], "messages": [{ "id": name }] }))
        .into_response()
}

async fn upload(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let mut inner = lock(&shared);
    if !is_allowed(&inner, &headers) {
        return error(401, 190, "Error validating access token");
    }
    inner.uploads.push(body.to_vec());
    Json(json!({ "id": format!("upload{}", inner.uploads.len()) })).into_response()
}

async fn media(
    State(shared): State<Shared>,
    Path((_, media)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let inner = lock(&shared);
    if !is_allowed(&inner, &headers) {
        return error(401, 190, "Error validating access token");
    }
    let Some((kind, bytes)) = inner.files.get(&media) else {
        return error(400, 100, "Unsupported get request");
    };
    let url = format!("{}/files/{media}", inner.base);
    Json(json!({ "messaging_product": "whatsapp", "id": media, "url": url, "mime_type": kind, "file_size": bytes.len() })).into_response()
}

async fn file(State(shared): State<Shared>, Path(media): Path<String>, headers: HeaderMap) -> Response {
    let inner = lock(&shared);
    match inner.files.get(&media) {
        Some((kind, bytes)) if is_allowed(&inner, &headers) => {
            ([(header::CONTENT_TYPE, kind.clone())], bytes.clone()).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
