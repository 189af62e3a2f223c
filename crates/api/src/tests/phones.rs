//! Browsers' phones over real WebSockets: who may connect, and what their frames become.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;

use axum::Extension;
use axum::http::{Request, StatusCode};
use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::Message;

use crate::phone::{Ends, PhoneEnd, Said};
use crate::state::Peer;
use crate::tests::{Client, PhoneSide};

type Socket = tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>;

/// Serves the API of a client on a port of its own.
async fn serve(client: &Client) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let local = listener.local_addr().expect("it is bound");
    let app = client.app.clone().layer(Extension(Peer(local.ip())));
    let app = app.layer(Extension(Ends { local, remote: local }));
    tokio::spawn(async move { axum::serve(listener, app).await });
    local
}

/// A WebSocket with these headers.
async fn opens(at: SocketAddr, headers: &[(&str, &str)]) -> Result<Socket, StatusCode> {
    let stream = tokio::net::TcpStream::connect(at).await.expect("it listens");
    let mut request = Request::get(format!("ws://{at}/sip"))
        .header("host", at.to_string())
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", tungstenite::handshake::client::generate_key());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    match tokio_tungstenite::client_async(request.body(()).expect("a request"), stream).await {
        Ok((socket, answer)) => {
            assert_eq!(answer.headers()["sec-websocket-protocol"], "sip");
            Ok(socket)
        }
        Err(tungstenite::Error::Http(response)) => Err(response.status()),
        Err(other) => panic!("{other}"),
    }
}

const SIP: (&str, &str) = ("sec-websocket-protocol", "sip");

fn taken(client: &Client) -> PhoneSide {
    client.site.phones.lock().expect("no panic").pop().expect("the site has taken a phone on")
}

#[tokio::test]
async fn a_phone_connects_by_a_session_from_an_own_page_or_as_a_program() {
    // RFC 7118, 4 and 5.
    let client = Client::signed_in("agent").await;
    let (at, cookie) = (serve(&client).await, client.cookie.clone().expect("signed in"));
    let cookie = ("cookie", cookie.as_str());
    let own = format!("http://{at}");
    assert_eq!(opens(at, &[]).await.err(), Some(StatusCode::BAD_REQUEST), "no sub-protocol");
    let chat = ("sec-websocket-protocol", "chat");
    assert_eq!(opens(at, &[chat]).await.err(), Some(StatusCode::BAD_REQUEST), "another sub-protocol");
    for evil in ["https://evil.example", "null", ""] {
        assert_eq!(opens(at, &[SIP, cookie, ("origin", evil)]).await.err(), Some(StatusCode::FORBIDDEN));
    }
    for origin in [own.as_str(), "https://crm.example"] {
        assert!(opens(at, &[SIP, cookie, ("origin", origin)]).await.is_ok(), "{origin}");
        assert_eq!(taken(&client).agent.as_deref(), Some("1001"));
    }
    assert!(opens(at, &[SIP]).await.is_ok());
    assert_eq!(taken(&client).agent, None, "a stranger proves a password by digest");
    assert!(opens(at, &[SIP, ("cookie", "__Host-turno=turno_s_old")]).await.is_ok());
    assert_eq!(taken(&client).agent, None, "a session that has ended is none");
    assert!(opens(at, &[SIP, ("sec-websocket-protocol", "chat")]).await.is_ok(), "one of several");
    taken(&client);
    client.site.is_full.store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(opens(at, &[SIP]).await.err(), Some(StatusCode::SERVICE_UNAVAILABLE));
}

#[tokio::test]
async fn messages_go_both_ways_one_a_frame_and_keep_alives_are_answered() {
    // RFC 7118, 5 and 6; RFC 5626, 3.5.1.
    let client = Client::signed_in("agent").await;
    let at = serve(&client).await;
    let mut socket = opens(at, &[SIP]).await.expect("a phone");
    let mut side = taken(&client);
    let options = "OPTIONS sip:turno SIP/2.0\r\n\r\n";
    for message in
        [Message::text(options), Message::binary(options), Message::text("\r\n\r\n".to_owned() + options)]
    {
        send(&mut socket, message).await;
        assert_eq!(side.said.recv().await, Some(Said::Message(Bytes::from_static(options.as_bytes()))));
    }
    send(&mut socket, Message::text("\r\n\r\n")).await;
    assert_eq!(next_of_ours(&mut socket).await, Message::text("\r\n"));
    send(&mut socket, Message::text("\r\n")).await;
    send(&mut socket, Message::text("")).await;
    side.tell.send(Bytes::from_static("SIP/2.0 200 Más\r\n\r\n".as_bytes())).await.expect("it is served");
    assert_eq!(next_of_ours(&mut socket).await, Message::text("SIP/2.0 200 Más\r\n\r\n"));
    side.tell.send(Bytes::from_static(b"SIP/2.0 200 M\xe1s\r\n\r\n")).await.expect("it is served");
    assert_eq!(
        next_of_ours(&mut socket).await,
        Message::binary(&b"SIP/2.0 200 M\xe1s\r\n\r\n"[..]),
        "Latin-1"
    );
    drop(side.tell);
    assert_eq!(side.said.recv().await, Some(Said::Over(PhoneEnd::Ours)));
    let Message::Close(Some(close)) = next_of_ours(&mut socket).await else { panic!("no close") };
    assert_eq!(u16::from(close.code), 1001);
}

#[tokio::test]
async fn a_session_that_ends_is_told_and_a_phone_that_reads_too_slowly_is_cut() {
    let client = Client::signed_in("agent").await;
    let (at, cookie) = (serve(&client).await, client.cookie.clone().expect("signed in"));
    let mut socket = opens(at, &[SIP, ("cookie", &cookie)]).await.expect("a phone");
    let mut side = taken(&client);
    let heard = client.send(axum::http::Method::DELETE, "/api/v1/session", None, &[]).await;
    assert_eq!(heard.status, StatusCode::NO_CONTENT);
    assert_eq!(side.said.recv().await, Some(Said::SignedOut), "within a ping");
    send(&mut socket, Message::text("BYE")).await;
    assert_eq!(
        side.said.recv().await,
        Some(Said::Message(Bytes::from_static(b"BYE"))),
        "the connection goes on"
    );
    side.cut.notify_one();
    assert_eq!(side.said.recv().await, Some(Said::Over(PhoneEnd::Slow)));
}

/// What a hostile client sends after the handshake, byte for byte, and how its connection ends; `None`: it goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_frames_end_their_connection_and_nothing_else() {
    // RFC 6455, 5. Masked frames have the mask 0, so that their bytes can be read here.
    let client = Client::signed_in("agent").await;
    let at = serve(&client).await;
    let masked = |first: u8, text: &[u8]| {
        let length = u8::try_from(text.len()).expect("short");
        let mut frame = vec![first, 0x80 | length, 0, 0, 0, 0];
        frame.extend_from_slice(text);
        frame
    };
    let long = {
        let mut frame = vec![0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        frame.resize(70_000, b'a');
        frame
    };
    let mut many = masked(0x01, b"OPT");
    (0..700).for_each(|_| many.extend(masked(0x00, &[b'a'; 100])));
    let cases: [(&str, Vec<u8>, Option<PhoneEnd>); 10] = [
        ("not masked", vec![0x81, 3, b'B', b'Y', b'E'], Some(PhoneEnd::Malformed)),
        ("longer than any message", long, Some(PhoneEnd::Malformed)),
        ("fragments that are too long together", many, Some(PhoneEnd::Malformed)),
        ("no UTF-8", masked(0x81, &[0xff, 0xfe]), Some(PhoneEnd::Malformed)),
        ("a reserved bit", masked(0xc1, b"BYE"), Some(PhoneEnd::Malformed)),
        ("a reserved opcode", masked(0x83, b"BYE"), Some(PhoneEnd::Malformed)),
        ("a fragmented ping", masked(0x09, b"x"), Some(PhoneEnd::Malformed)),
        ("a fragment of nothing", masked(0x80, b"BYE"), Some(PhoneEnd::Malformed)),
        ("half a frame, then gone", vec![0x81, 0x83, 0, 0], Some(PhoneEnd::Phone)),
        ("fragments", [masked(0x01, b"B"), masked(0x00, b"Y"), masked(0x80, b"E")].concat(), None),
    ];
    for (what, bytes, end) in cases {
        let is_gone = what.ends_with("gone");
        let sent = tokio::task::spawn_blocking(move || {
            let mut stream = std::net::TcpStream::connect(at).expect("it listens");
            write!(
                stream,
                "GET /sip HTTP/1.1\r\nHost: {at}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                 Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
                 Sec-WebSocket-Protocol: sip\r\n\r\n"
            )
            .expect("it reads");
            let mut head = [0; 16];
            stream.read_exact(&mut head).expect("it answers");
            assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
            // It may be closed while we write.
            let _ = stream.write_all(&bytes);
            (!is_gone).then_some(stream)
        });
        let _stream = sent.await.expect("no panic");
        let mut side = taken(&client);
        let said = side.said.recv().await;
        match end {
            Some(end) => assert_eq!(said, Some(Said::Over(end)), "{what}"),
            None => assert_eq!(said, Some(Said::Message(Bytes::from_static(b"BYE"))), "{what}"),
        }
    }
}

#[tokio::test]
async fn a_page_is_told_how_its_phone_registers_or_why_there_is_none() {
    let client = Client::signed_in("agent").await;
    let heard = client.get("/api/v1/desk/phone").await;
    assert_eq!(heard.status, StatusCode::OK, "{}", heard.body);
    assert!(heard.body["uri"].as_str().is_some_and(|uri| uri.starts_with("sip:2001@")), "the agent's seat");
    assert_eq!(heard.body["address"], "/sip");
    assert!(heard.body["expires"].as_u64().is_some_and(|expires| expires > 0));
    let other = Client::signed_in("reader").await;
    assert_eq!(other.get("/api/v1/desk/phone").await.status, StatusCode::NOT_FOUND, "no agent");
    assert_eq!(Client::new().get("/api/v1/desk/phone").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_agent_is_told_where_they_sit_and_where_they_could() {
    let client = Client::signed_in("agent").await;
    let heard = client.get("/api/v1/desk/seat").await;
    assert_eq!((heard.status, heard.body["seat"].as_str()), (StatusCode::OK, Some("2001")));
    let site = client.get("/api/v1/site").await.body;
    let seats = site["seats"].as_array().expect("the plan has seats");
    assert!(seats.iter().all(|seat| seat["extension"].is_string() && seat["password"].is_null()), "{site}");
    let other = Client::signed_in("reader").await;
    assert_eq!(other.get("/api/v1/desk/seat").await.status, StatusCode::NOT_FOUND, "no agent");
}

async fn send(socket: &mut Socket, message: Message) {
    socket.send(message).await.expect("it is read");
}

/// The next frame that is no ping.
async fn next_of_ours(socket: &mut Socket) -> Message {
    loop {
        let message = socket.next().await.expect("it goes on").expect("a frame");
        if !message.is_ping() {
            return message;
        }
    }
}
