//! Tests of the chat over a WebSocket.

use std::net::SocketAddr;

use axum::http::{Request, StatusCode};
use futures_util::SinkExt as _;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite;
use turno_channels::Body;

use super::Person;
use crate::tests::cutting::{next, serve};

type Socket = tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>;

async fn open(at: SocketAddr, origin: &str) -> Result<Socket, StatusCode> {
    let request = Request::get(format!("ws://{at}/chat/socket"))
        .header("host", at.to_string())
        .header("origin", origin)
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", tungstenite::handshake::client::generate_key())
        .body(())
        .expect("a request");
    let stream = tokio::net::TcpStream::connect(at).await.expect("it listens");
    match tokio_tungstenite::client_async(request, stream).await {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::Error::Http(response)) => Err(response.status()),
        Err(error) => panic!("{error}"),
    }
}

async fn says(socket: &mut Socket, what: &Value) {
    socket.send(tungstenite::Message::Text(what.to_string().into())).await.expect("it leaves");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_goes_on_after_the_cursor_and_tells_what_came_of_each_deed() {
    let person = Person::begins().await;
    let at = serve(&person.client).await;
    person.does(json!({ "do": "say", "client": "a", "text": "uno" })).await;
    person.does(json!({ "do": "say", "client": "b", "text": "dos" })).await;
    let mut socket = open(at, &format!("http://{at}")).await.expect("a page of this host");
    says(&mut socket, &json!({ "token": person.token, "after": 1 })).await;
    let first = next(&mut socket).await;
    assert_eq!(first["update"]["messages"].as_array().map(Vec::len), Some(1));
    assert_eq!(first["update"]["messages"][0]["body"]["text"], "dos");
    let said = json!({ "do": "say", "client": "c", "text": "tres" });
    let (mut kept, mut shown) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        says(&mut socket, &said).await;
    }
    while kept.len() < 2 || shown.is_empty() {
        let told = next(&mut socket).await;
        if told["kept"].is_object() {
            assert_eq!(told["client"], "c");
            kept.push(told["kept"]["again"].clone());
        }
        shown.extend(told["update"]["messages"].as_array().cloned().unwrap_or_default());
    }
    assert_eq!(kept, [false, true], "sent twice, it is one message");
    assert_eq!((shown.len(), &shown[0]["client"]), (1, &"c".into()));
    person.client.site.keeping.bot_says(person.conversation, Body::Text { text: "cuatro".to_owned() });
    let news = loop {
        let told = next(&mut socket).await;
        if told["update"]["messages"][0].is_object() {
            break told;
        }
    };
    assert_eq!(news["update"]["messages"][0]["body"]["text"], "cuatro");
    for wrong in [json!({ "do": "fly" }), json!({ "do": "say", "client": "d", "text": " " }), json!(7)] {
        says(&mut socket, &wrong).await;
        let problem = loop {
            let told = next(&mut socket).await;
            if told["update"].is_null() {
                break told;
            }
        };
        assert_eq!(problem["problem"]["kind"], "bad-request", "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_of_another_page_or_without_a_secret_is_refused() {
    let person = Person::begins().await;
    let at = serve(&person.client).await;
    for origin in ["https://evil.example", "null"] {
        assert_eq!(open(at, origin).await.err(), Some(StatusCode::FORBIDDEN), "{origin}");
    }
    let mut socket = open(at, "https://www.example").await.expect("a page that the plan lists");
    says(&mut socket, &json!({ "token": "x".repeat(43) })).await;
    assert_eq!(next(&mut socket).await["problem"]["kind"], "not-signed-in");
    let mut socket = open(at, "https://www.example").await.expect("a page that the plan lists");
    says(&mut socket, &json!({ "do": "leave" })).await;
    assert_eq!(next(&mut socket).await["problem"]["kind"], "bad-request");
}
