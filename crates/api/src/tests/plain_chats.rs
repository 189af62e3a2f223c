//! Tests of the chat without script.

use axum::body::{Body as Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use tower::ServiceExt as _;
use turno_channels::{Body, Choice, Choices};

use super::Client;
use crate::state::Peer;

/// A phone without script.
struct Phone {
    client: Client,
    cookie: String,
    html: String,
}

impl Phone {
    async fn begins(text: &str) -> Self {
        let mut phone = Self { client: Client::new(), cookie: String::new(), html: String::new() };
        let form = [("language", "es"), ("name", "persona 1"), ("text", text)];
        let (status, headers) = phone.posts("/chat/plain/open", &form).await;
        assert_eq!(
            (status, &headers["location"]),
            (StatusCode::SEE_OTHER, &"/chat/plain#end".parse().expect("a value"))
        );
        let cookie = headers["set-cookie"].to_str().expect("text");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Secure"),
            "{cookie}"
        );
        phone.cookie = cookie.split(';').next().expect("a cookie").to_owned();
        phone.looks("/chat/plain").await;
        phone
    }

    async fn posts(&mut self, path: &str, form: &[(&str, &str)]) -> (StatusCode, HeaderMap) {
        let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let body: Vec<String> =
            form.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        let request = Request::builder().method(Method::POST).uri(path).extension(Peer(self.client.address));
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", &self.cookie);
        let request = request.body(Bytes::from(body.join("&"))).expect("a request");
        let (parts, body) = self.client.app.clone().oneshot(request).await.expect("never fails").into_parts();
        self.html = String::from_utf8(to_bytes(body, 1 << 20).await.expect("a body").to_vec()).expect("text");
        (parts.status, parts.headers)
    }

    async fn looks(&mut self, path: &str) {
        let request =
            Request::builder().uri(path).extension(Peer(self.client.address)).header("cookie", &self.cookie);
        let request = request.body(Bytes::empty()).expect("a request");
        let (parts, body) = self.client.app.clone().oneshot(request).await.expect("never fails").into_parts();
        assert_eq!(parts.status, StatusCode::OK);
        let policy = parts.headers["content-security-policy"].to_str().expect("text");
        assert_eq!(
            parts.headers["referrer-policy"], "same-origin",
            "else a browser says that its form comes from nowhere"
        );
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
        self.html = String::from_utf8(to_bytes(body, 1 << 20).await.expect("a body").to_vec()).expect("text");
    }

    /// The value of a hidden field.
    fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.html.split_once(&mark).expect("a field").1;
        rest.split_once('"').expect("its end").0.to_owned()
    }
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_one_message_and_one_of_another_site_is_none() {
    let mut phone = Phone::begins("¿Cuánto cuesta la patente?").await;
    assert!(phone.html.contains("¿Cuánto cuesta la patente?"), "{}", phone.html);
    let (csrf, client) = (phone.field("csrf"), phone.field("client"));
    let form = [("csrf", csrf.as_str()), ("client", client.as_str()), ("text", "Gracias")];
    for _ in 0..2 {
        assert_eq!(phone.posts("/chat/plain/say", &form).await.0, StatusCode::SEE_OTHER);
    }
    phone.looks("/chat/plain").await;
    assert_eq!(phone.html.matches("Gracias").count(), 1);
    assert_ne!(phone.field("client"), client, "the next message has another number");
    let foreign = [("csrf", "x"), ("client", "n"), ("text", "no")];
    assert_eq!(phone.posts("/chat/plain/say", &foreign).await.0, StatusCode::FORBIDDEN);
    let cookie = std::mem::take(&mut phone.cookie);
    assert_eq!(phone.posts("/chat/plain/say", &form).await.0, StatusCode::UNAUTHORIZED);
    phone.cookie = cookie;
    let empty = [("csrf", csrf.as_str()), ("client", "n"), ("text", " ")];
    assert_eq!(phone.posts("/chat/plain/say", &empty).await.0, StatusCode::BAD_REQUEST);
    assert!(phone.html.contains("role=\"alert\""), "{}", phone.html);
}

#[tokio::test]
async fn script_in_a_message_stays_text() {
    let mut phone = Phone::begins("<script>alert(1)</script>\u{202E}txt").await;
    phone.client.site.keeping.bot_says(1, Body::Text { text: "<img src=x onerror=alert(1)>\"'&".to_owned() });
    phone.looks("/chat/plain?lang=en").await;
    assert!(
        !phone.html.contains("<script") && !phone.html.contains("<img") && !phone.html.contains('\u{202E}')
    );
    assert!(phone.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;txt"));
    assert!(phone.html.contains("lang=\"en\""));
}

#[tokio::test]
async fn choices_are_buttons_and_only_what_was_asked_is_taken() {
    let mut phone = Phone::begins("hola").await;
    let choice = |id: &str, title: &str| Choice { id: id.to_owned(), title: title.to_owned(), detail: None };
    let asked = Choices {
        text: "¿Cuál?".to_owned(),
        choices: vec![choice("luae", "LUAE"), choice("x\"y", "Otra")],
    };
    phone.client.site.keeping.bot_says(1, Body::Choices(asked));
    phone.looks("/chat/plain").await;
    assert!(phone.html.contains("value=\"x&quot;y\">Otra</button>"), "{}", phone.html);
    let (csrf, client) = (phone.field("csrf"), phone.field("client"));
    let none = [("csrf", csrf.as_str()), ("client", client.as_str()), ("choice", "nothing")];
    assert_eq!(phone.posts("/chat/plain/choose", &none).await.0, StatusCode::BAD_REQUEST);
    let one = [("csrf", csrf.as_str()), ("client", client.as_str()), ("choice", "luae")];
    assert_eq!(phone.posts("/chat/plain/choose", &one).await.0, StatusCode::SEE_OTHER);
    assert_eq!(phone.posts("/chat/plain/leave", &[("csrf", csrf.as_str())]).await.0, StatusCode::SEE_OTHER);
    phone.looks("/chat/plain").await;
    assert!(phone.html.contains("¿Cómo fue la atención?"), "{}", phone.html);
    assert_eq!(
        phone.posts("/chat/plain/rate", &[("csrf", csrf.as_str()), ("stars", "4")]).await.0,
        StatusCode::SEE_OTHER
    );
    assert_eq!(phone.client.site.keeping.memory().ratings[&1], 4);
    let (status, headers) = phone.posts("/chat/plain/new", &[("csrf", csrf.as_str())]).await;
    assert!(
        status == StatusCode::SEE_OTHER
            && headers["set-cookie"].to_str().expect("text").contains("Max-Age=0")
    );
}

#[tokio::test]
async fn a_long_chat_has_pages() {
    let mut phone = Phone::begins("el primero").await;
    for number in 0..60 {
        phone.client.site.keeping.bot_says(1, Body::Text { text: format!("mensaje {number}.") });
    }
    phone.looks("/chat/plain").await;
    assert!(!phone.html.contains("el primero") && phone.html.contains("mensaje 59."));
    assert_eq!(phone.client.site.keeping.memory().forms[&1].seen_by_person, 61);
    let before =
        phone.html.split_once("?before=").expect("a link").1.split('"').next().expect("a number").to_owned();
    phone.looks(&format!("/chat/plain?before={before}")).await;
    assert!(phone.html.contains("el primero") && !phone.html.contains("mensaje 59."));
}
