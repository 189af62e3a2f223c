//! Tests of the chat as a stranger's page meets it.

mod sockets;

use axum::body::{Body as Bytes, to_bytes};
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use turno_channels::{Body, Choice, Choices};
use turno_model::plan::ChatPlan;

use super::{Client, Heard};
use crate::state::Peer;
use crate::tests::keeping::FILE_BYTES_MAX;

pub(super) fn chat_plan() -> ChatPlan {
    ChatPlan {
        origins: vec!["https://www.example".to_owned()],
        title: String::new(),
        sessions: 60,
        messages: 30,
        answers: vec![("hola".to_owned(), "Buenos días.".to_owned())],
    }
}

/// A person with a chat.
struct Person {
    client: Client,
    token: String,
    conversation: i64,
}

impl Person {
    async fn begins() -> Self {
        let client = Client::new();
        let opened =
            client.post("/chat/sessions", json!({ "language": "es", "name": "persona\u{202E} 1" })).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
        let token = opened.body["token"].as_str().expect("a secret").to_owned();
        let conversation = opened.body["chat"]["conversation"].as_i64().expect("a number");
        Self { client, token, conversation }
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Heard {
        let bearer = format!("Bearer {}", self.token);
        self.client.send(method, path, body, &[("authorization", &bearer)]).await
    }

    async fn does(&self, deed: Value) -> Heard {
        self.send(Method::POST, "/chat/deeds", Some(deed)).await
    }

    async fn sends(&self, name: &str, client: &str, bytes: Vec<u8>) -> StatusCode {
        let path = format!("/chat/files?client={client}&name={name}");
        let request = Request::builder().method(Method::POST).uri(path).extension(Peer(self.client.address));
        let request = request.header("authorization", format!("Bearer {}", self.token));
        let request = request.body(Bytes::from(bytes)).expect("a request");
        self.client.app.clone().oneshot(request).await.expect("never fails").status()
    }

    async fn sees(&self, after: i64) -> Value {
        let heard = self.send(Method::GET, &format!("/chat/messages?after={after}"), None).await;
        assert_eq!(heard.status, StatusCode::OK, "{}", heard.body);
        heard.body
    }
}

#[tokio::test]
async fn what_a_page_sends_twice_is_one_message_and_another_page_goes_on_by_its_secret() {
    let person = Person::begins().await;
    let said = json!({ "do": "say", "client": "a1", "text": "¿Cuánto cuesta la patente?" });
    let (first, second) = (person.does(said.clone()).await, person.does(said).await);
    assert_eq!((&first.body["message"], &first.body["again"]), (&1.into(), &false.into()));
    assert_eq!((&second.body["message"], &second.body["again"]), (&1.into(), &true.into()));
    assert_eq!(
        person.does(json!({ "do": "say", "client": "a2", "text": "Gracias" })).await.status,
        StatusCode::OK
    );
    let all = person.sees(0).await;
    assert_eq!(all["messages"].as_array().map(Vec::len), Some(2));
    assert_eq!((&all["messages"][0]["client"], &all["messages"][0]["by"]), (&"a1".into(), &"citizen".into()));
    assert_eq!(person.sees(1).await["messages"][0]["body"]["text"], "Gracias");
    assert_eq!(all["chat"]["name"], "persona 1", "marks of direction are left out");
    // The store never has the secret.
    let memory = person.client.site.keeping.memory();
    let name = memory.chats.keys().next().expect("a chat");
    assert!(name.len() == 64 && *name != person.token);
}

#[tokio::test]
async fn who_has_no_secret_or_a_wrong_one_sees_nothing() {
    let mut person = Person::begins().await;
    for wrong in [String::new(), "x".repeat(43), format!("{}x", person.token), person.token.to_uppercase()] {
        person.token = wrong;
        for (method, path) in
            [(Method::GET, "/chat/messages"), (Method::GET, "/chat/events"), (Method::GET, "/chat/files/0")]
        {
            assert_eq!(person.send(method, path, None).await.status, StatusCode::UNAUTHORIZED, "{path}");
        }
        assert_eq!(person.does(json!({ "do": "leave" })).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn what_is_no_message_is_refused_with_its_reason() {
    let person = Person::begins().await;
    let say = |client: &str, text: String| json!({ "do": "say", "client": client, "text": text });
    let long = person.does(say("a", "😀".repeat(4_096))).await;
    assert_eq!(long.status, StatusCode::OK, "4,096 characters of four bytes: {}", long.body);
    for (deed, status) in [
        (say("b", "x".repeat(4_097)), StatusCode::PAYLOAD_TOO_LARGE),
        (say("b", "x".repeat(100_000)), StatusCode::PAYLOAD_TOO_LARGE),
        (say("b", " \n\u{202E}".to_owned()), StatusCode::BAD_REQUEST),
        (say("", "x".to_owned()), StatusCode::BAD_REQUEST),
        (say("a b", "x".to_owned()), StatusCode::BAD_REQUEST),
        (say(&"a".repeat(65), "x".to_owned()), StatusCode::BAD_REQUEST),
        (json!({ "do": "rate", "stars": 6 }), StatusCode::BAD_REQUEST),
        (json!({ "do": "rate", "stars": 0 }), StatusCode::BAD_REQUEST),
        (json!({ "do": "choose", "client": "c", "id": "", "title": "x" }), StatusCode::BAD_REQUEST),
        (json!({ "do": "fly" }), StatusCode::BAD_REQUEST),
        (json!({ "do": "leave", "more": 1 }), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(
            person.does(deed.clone()).await.status,
            status,
            "{}",
            deed.to_string().get(..80).unwrap_or_default()
        );
    }
    assert_eq!(person.sees(0).await["messages"].as_array().map(Vec::len), Some(1));
    person.client.site.keeping.memory().is_broken = true;
    assert_eq!(person.does(say("d", "x".to_owned())).await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_thousand_chats_of_one_address_are_as_many_as_the_plan_says_and_others_go_on() {
    let mut client = Client::new();
    let mut opened = 0;
    let mut refused = None;
    for _ in 0..1_000 {
        let heard = client.post("/chat/sessions", json!({ "language": "en" })).await;
        match heard.status {
            StatusCode::CREATED => opened += 1,
            StatusCode::TOO_MANY_REQUESTS => refused = heard.headers.get("retry-after").cloned(),
            other => panic!("{other}"),
        }
    }
    assert_eq!(opened, 60);
    assert!(refused.is_some(), "it says when to come again");
    client.address = "192.0.2.7".parse().expect("an address");
    assert_eq!(client.post("/chat/sessions", json!({ "language": "en" })).await.status, StatusCode::CREATED);
    // One household has one network of IPv6.
    let mut statuses = Vec::new();
    for host in 0..61 {
        client.address = format!("2001:db8::{host:x}").parse().expect("an address");
        statuses.push(client.post("/chat/sessions", json!({ "language": "en" })).await.status);
    }
    assert_eq!(statuses.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    client.site.later(60);
    assert_eq!(client.post("/chat/sessions", json!({ "language": "en" })).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_session_that_floods_waits() {
    let person = Person::begins().await;
    let mut said = 0;
    for number in 0..100 {
        let deed = json!({ "do": "say", "client": format!("n{number}"), "text": "x" });
        said += usize::from(person.does(deed).await.status == StatusCode::OK);
    }
    assert_eq!(said, 30);
    person.client.site.later(2);
    let deed = json!({ "do": "say", "client": "later", "text": "x" });
    assert_eq!(person.does(deed).await.status, StatusCode::OK, "one more each two seconds");
}

#[tokio::test]
async fn a_page_of_another_site_opens_no_chat() {
    let client = Client::new();
    let open = async |origin: &'static str| {
        let body = Some(json!({ "language": "es" }));
        let headers = [("origin", origin), ("host", "turno.example")];
        client.send(Method::POST, "/chat/sessions", body, &headers).await
    };
    for origin in ["https://turno.example", "https://www.example"] {
        assert_eq!(open(origin).await.status, StatusCode::CREATED, "{origin}");
    }
    for origin in ["https://evil.example", "null", "https://www.example.evil", "http://www.example"] {
        assert_eq!(open(origin).await.status, StatusCode::FORBIDDEN, "{origin}");
    }
    let queue = json!({ "language": "es", "queue": "nowhere" });
    assert_eq!(client.post("/chat/sessions", queue).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn files_go_both_ways_and_no_browser_takes_one_for_a_page() {
    let person = Person::begins().await;
    let png = b"\x89PNG\r\n\x1a\n rest".to_vec();
    assert_eq!(person.sends("..%2F..%2Fcédula%E2%80%AEgnp.exe", "f1", png.clone()).await, StatusCode::OK);
    assert_eq!(person.sends("page.html", "f2", b"<script>alert(1)</script>".to_vec()).await, StatusCode::OK);
    assert_eq!(
        person.sends("x", "f3", b"MZ program".to_vec()).await,
        StatusCode::CONFLICT,
        "by its first bytes"
    );
    assert_eq!(person.sends("x", "f4", Vec::new()).await, StatusCode::BAD_REQUEST);
    let large = usize::try_from(FILE_BYTES_MAX).expect("fits");
    assert_eq!(person.sends("x", "f5", vec![1; large + 1]).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(person.sends("x", "f6", vec![1; 30 << 20]).await, StatusCode::PAYLOAD_TOO_LARGE);
    let messages = person.sees(0).await["messages"].clone();
    assert_eq!(messages.as_array().map(Vec::len), Some(2));
    assert_eq!(messages[0]["body"]["name"], "cédulagnp.exe");
    for (place, kind, way) in [(0, "image/png", "inline"), (1, "application/octet-stream", "attachment")] {
        let file = messages[place]["body"]["file"].as_str().expect("a file");
        let heard = person.send(Method::GET, &format!("/chat/files/{file}"), None).await;
        assert_eq!(heard.headers["content-type"], kind);
        assert!(heard.headers["content-disposition"].to_str().expect("text").starts_with(way));
        assert_eq!(heard.headers["content-security-policy"], "default-src 'none'; sandbox");
        assert_eq!(heard.headers["x-content-type-options"], "nosniff");
    }
    // Nobody else's chat has it.
    let other = Person { token: String::new(), conversation: 0, client: Client::new() };
    let opened = person.client.post("/chat/sessions", json!({ "language": "es" })).await;
    let other = Person { token: opened.body["token"].as_str().expect("a secret").to_owned(), ..other };
    let file = messages[0]["body"]["file"].as_str().expect("a file");
    let bearer = format!("Bearer {}", other.token);
    let path = format!("/chat/files/{file}");
    let heard = person.client.send(Method::GET, &path, None, &[("authorization", &bearer)]).await;
    assert_eq!(heard.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_choice_a_rating_and_the_end_are_kept() {
    let person = Person::begins().await;
    let choice = |id: &str, title: &str| Choice { id: id.to_owned(), title: title.to_owned(), detail: None };
    let asked = Choices {
        text: "¿Cuál?".to_owned(),
        choices: vec![choice("luae", "LUAE"), choice("other", "Otra")],
    };
    person.client.site.keeping.bot_says(person.conversation, Body::Choices(asked));
    let told = person.sees(0).await;
    assert_eq!(told["messages"][0]["body"]["choices"][1]["title"], "Otra");
    let chosen = json!({ "do": "choose", "client": "c1", "id": "luae", "title": "LUAE" });
    assert_eq!(person.does(chosen).await.status, StatusCode::OK);
    assert_eq!(person.does(json!({ "do": "seen", "up_to": 1 })).await.status, StatusCode::OK);
    assert_eq!(person.does(json!({ "do": "typing", "is_typing": true })).await.status, StatusCode::OK);
    assert_eq!(person.does(json!({ "do": "leave" })).await.status, StatusCode::OK);
    assert_eq!(person.does(json!({ "do": "rate", "stars": 5 })).await.status, StatusCode::OK);
    let told = person.sees(1).await;
    assert_eq!((&told["chat"]["stage"], &told["chat"]["rating"]), (&"done".into(), &5.into()));
    assert_eq!(told["messages"][0]["body"], json!({ "kind": "chosen", "id": "luae", "title": "LUAE" }));
    assert_eq!(person.client.site.keeping.memory().forms[&person.conversation].seen_by_person, 1);
}

#[tokio::test]
async fn a_stream_tells_what_is_new_after_the_cursor_and_what_comes_later() {
    let person = Person::begins().await;
    for (client, text) in [("a", "uno"), ("b", "dos")] {
        person.does(json!({ "do": "say", "client": client, "text": text })).await;
    }
    let bearer = format!("Bearer {}", person.token);
    let mut request = person.client.request(Method::GET, "/chat/events?after=1", None, &[]);
    request.headers_mut().insert("authorization", bearer.parse().expect("a value"));
    let response = person.client.app.clone().oneshot(request).await.expect("never fails");
    assert_eq!(response.status(), StatusCode::OK);
    let mut body = response.into_body();
    let first = next(&mut body).await;
    assert!(
        first.starts_with("event: update\ndata: ") && first.contains("dos") && !first.contains("uno"),
        "{first}"
    );
    person.client.site.keeping.bot_says(person.conversation, Body::Text { text: "tres".to_owned() });
    let second = next(&mut body).await;
    assert!(second.contains("tres") && !second.contains("dos"), "{second}");
    // Few streams a session; a place is free again when one is gone.
    let mut open = Vec::new();
    for _ in 0..4 {
        let mut request = person.client.request(Method::GET, "/chat/events", None, &[]);
        request.headers_mut().insert("authorization", bearer.parse().expect("a value"));
        open.push(person.client.app.clone().oneshot(request).await.expect("never fails"));
    }
    let statuses: Vec<u16> = open.iter().map(|open| open.status().as_u16()).collect();
    assert_eq!(statuses, [200, 200, 200, 503]);
}

async fn next(body: &mut Bytes) -> String {
    use std::future::poll_fn;
    use std::pin::Pin;

    use axum::body::HttpBody as _;
    let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
    let data = frame.expect("a stream").expect("no fault").into_data().expect("data");
    String::from_utf8(data.to_vec()).expect("text")
}

#[tokio::test]
async fn the_chats_page_may_stand_in_frames_of_listed_pages_alone() {
    let client = Client::new();
    let request = client.request(Method::GET, "/chat", None, &[]);
    let response = client.app.clone().oneshot(request).await.expect("never fails");
    assert_eq!(response.status(), StatusCode::OK);
    let policy = response.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(
        policy.contains("frame-ancestors 'self' https://www.example") && !policy.contains("unsafe"),
        "{policy}"
    );
    let html = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    assert!(!html.is_empty());
}
