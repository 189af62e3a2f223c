//! Readers of events over real connections that are cut at any byte, and go on after their cursor.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use axum::Extension;
use axum::http::{Request, StatusCode};
use tokio_tungstenite::tungstenite;

use crate::site::Counted;
use crate::state::Peer;
use crate::tests::Client;
use crate::tests::events::{arrival, position};

/// How many facts there are.
const FACTS: u64 = 3_000;

/// Serves the API of a client on a port of its own.
pub(super) async fn serve(client: &Client) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("it is bound");
    let app = client.app.clone().layer(Extension(Peer(address.ip())));
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

fn has_facts(client: &Client, facts: u64) {
    *client.site.facts.lock().expect("no panic") = (1..=facts).map(arrival).collect();
    client.site.newest.send_replace(position(facts));
}

/// Reads at most so many bytes of the events after a cursor: the cursors of the events that came whole.
fn reads(at: SocketAddr, cookie: &str, after: &str, bytes: usize) -> Vec<String> {
    let mut stream = TcpStream::connect(at).expect("it listens");
    write!(
        stream,
        "GET /api/v1/events?after=oldest HTTP/1.1\r\nHost: {at}\r\nCookie: {cookie}\r\nLast-Event-ID: {after}\r\n\r\n"
    )
    .expect("it reads");
    let mut all = Vec::new();
    while all.len() < bytes {
        let mut some = vec![0; bytes - all.len()];
        let read = stream.read(&mut some).expect("it goes on");
        assert!(read > 0, "the stream ended");
        all.extend_from_slice(&some[..read]);
        if all.windows(9).any(|end| end == format!("{FACTS:>9}").as_bytes()) {
            break;
        }
    }
    let text = String::from_utf8_lossy(&all);
    let Some(whole) = text.rfind("\n\n") else { return Vec::new() };
    let lines = text[..whole].lines();
    lines.filter_map(|line| line.strip_prefix("id: ")).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_cut_connections_lose_nothing_and_see_nothing_twice() {
    // Wound: after a cut connection a wallboard counts a call twice, or never.
    let client = Client::signed_in("boss").await;
    has_facts(&client, FACTS);
    let (at, cookie) = (serve(&client).await, client.cookie.clone().expect("signed in"));
    let seen = tokio::task::spawn_blocking(move || {
        let mut random = fastrand::Rng::with_seed(7);
        let (mut seen, mut after) = (Vec::new(), "oldest".to_owned());
        for _ in 0..1_000 {
            let bytes = random.usize(1..2_200);
            seen.extend(reads(at, &cookie, &after, bytes));
            after = seen.last().cloned().unwrap_or(after);
        }
        seen
    });
    let seen = seen.await.expect("no panic");
    let due: Vec<String> = (1..=seen.len() as u64).map(|number| position(number).to_string()).collect();
    assert!(seen.len() > 300, "only {} events came", seen.len());
    assert_eq!(seen, due);
}

/// A WebSocket of this client after a cursor, with an `Origin`.
async fn socket(
    client: &Client,
    at: SocketAddr,
    (after, origin): (&str, &str),
) -> Result<tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>, StatusCode> {
    let request = Request::get(format!("ws://{at}/api/v1/events/socket?after={after}"))
        .header("host", at.to_string())
        .header("origin", origin)
        .header("cookie", client.cookie.clone().unwrap_or_default())
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

/// The next text of a WebSocket.
pub(super) async fn next(
    socket: &mut tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>,
) -> serde_json::Value {
    loop {
        let message = core::future::poll_fn(|context| {
            futures_core::Stream::poll_next(core::pin::Pin::new(&mut *socket), context)
        });
        match message.await.expect("it goes on").expect("no fault") {
            tungstenite::Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
            tungstenite::Message::Ping(_) => {}
            tungstenite::Message::Binary(_)
            | tungstenite::Message::Pong(_)
            | tungstenite::Message::Close(_)
            | tungstenite::Message::Frame(_) => panic!("neither an event nor a ping came"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_websocket_tells_the_same_events_and_only_to_a_page_of_this_host() {
    let client = Client::signed_in("boss").await;
    has_facts(&client, 5);
    let at = serve(&client).await;
    let own = format!("https://{at}");
    assert_eq!(
        socket(&client, at, ("oldest", "https://evil.example")).await.expect_err("refused"),
        StatusCode::FORBIDDEN
    );
    let mut first = socket(&client, at, ("oldest", &own)).await.expect("a WebSocket");
    assert_eq!(next(&mut first).await["event"], "names");
    let mut last = serde_json::Value::Null;
    for number in 1..=3 {
        last = next(&mut first).await;
        assert_eq!(last["id"], position(number).to_string());
        assert_eq!(last["data"]["fact"]["ContactArrived"]["contact"], number, "{last}");
    }
    drop(first);
    let mut again = socket(&client, at, (last["id"].as_str().expect("a cursor"), &own)).await.expect("again");
    assert_eq!(next(&mut again).await["event"], "names");
    assert_eq!(next(&mut again).await["id"], position(4).to_string());
    assert!(socket(&client, at, ("9999999999999999-1", &own)).await.is_err());
    assert!(client.get("/api/v1/events/socket").await.status.is_client_error(), "no WebSocket was asked for");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_is_counted() {
    let client = Client::signed_in("boss").await;
    client.get("/api/v1/nothing").await;
    let counted = client.site.counted.lock().expect("no panic").clone();
    assert_eq!((counted[&Counted::Answered(200)], counted[&Counted::Answered(404)]), (1, 1));
}
