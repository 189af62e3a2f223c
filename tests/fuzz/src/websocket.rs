//! Target `websocket`: any bytes of a stranger where browsers' phones connect: the upgrade, frames of WebSockets, SIP in them.
//!
//! What is heard is compared with what a small reader of RFC 6455 finds in the same bytes.

mod frames;

use std::sync::Arc;

use axum::Router;
use axum::extract::WebSocketUpgrade;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bytes::Bytes;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::runtime::Builder;
use tokio::sync::Notify;
use tokio::sync::mpsc::{Receiver, Sender, UnboundedSender, channel, unbounded_channel};
use turno_api::{PhoneEnd, PhoneLine, Said, for_sip, serve_phone};
use turno_sip::Message;

use crate::raw::Raw;
use crate::websocket::frames::{End, built, read};

const UPGRADE: &[u8] = b"GET /sip HTTP/1.1\r\nHost: turno\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n\r\n";

/// How much may be under way in each direction.
const PIPE_BYTES: usize = 64 * 1_024;

/// The answer to a keep-alive.
const PONG: &[u8] = b"\r\n";

/// The first byte chooses where the bytes begin: at the upgrade, behind it, or as a list of frames that are well made. The second
/// is the size of the pieces in which they come.
pub fn websocket(bytes: &[u8]) {
    let mut raw = Raw::new(bytes);
    let (kind, piece) = (raw.byte() % 3, usize::from(raw.byte()) * 8 + 1);
    let frames = match kind {
        0 | 1 => raw.rest().to_vec(),
        _ => built(&mut raw),
    };
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime without sockets");
    if kind == 0 {
        let (said, told) = runtime.block_on(talk(&[], &frames, piece));
        judge_upgrade(&frames, &said, &told);
    } else {
        let (said, told) = runtime.block_on(talk(UPGRADE, &frames, piece));
        judge_frames(&frames, &said, &told);
    }
}

/// Whatever asks for something else than SIP is no phone.
fn judge_upgrade(sent: &[u8], said: &[Said], told: &[u8]) {
    assert!(told.is_empty() || told.starts_with(b"HTTP/1."), "{told:?}");
    let asked = sent.to_ascii_lowercase();
    let has = |words: &[u8]| asked.windows(words.len()).any(|window| window == words);
    let is_phone = has(b"sec-websocket-protocol") && has(b"sip") && has(b"upgrade");
    assert!(said.is_empty() || is_phone, "taken for a phone");
}

/// What was heard is what RFC 6455 makes of the bytes, and what is told are whole frames.
fn judge_frames(frames: &[u8], said: &[Said], told: &[u8]) {
    let (expected, end) = read(frames, true);
    let expected: Vec<Bytes> = expected.into_iter().filter_map(spoken).collect();
    let Some((Said::Over(over), heard)) = said.split_last() else { panic!("no end: {said:?}") };
    let heard: Vec<Bytes> = heard
        .iter()
        .map(|said| match said {
            Said::Message(bytes) => bytes.clone(),
            other @ (Said::SignedOut | Said::Over(_)) => panic!("{other:?} in between"),
        })
        .collect();
    assert_eq!(heard, expected, "other messages than were sent");
    let of_rules = if end == End::Broken { PhoneEnd::Malformed } else { PhoneEnd::Phone };
    assert_eq!(*over, of_rules, "after {end:?}");
    let head = told.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer's head") + 4;
    assert!(told.starts_with(b"HTTP/1.1 101 "), "an upgrade that is right is taken");
    let (told, end) = read(&told[head..], false);
    assert_ne!(end, End::Broken, "turno breaks the rules");
    let told: Vec<Vec<u8>> = told.into_iter().filter(|told| told != PONG).collect();
    let echoed = heard.iter().filter(|bytes| is_sip(bytes));
    let echoed: Vec<Vec<u8>> = echoed.take(told.len()).map(|bytes| bytes.to_vec()).collect();
    assert_eq!(told, echoed, "other messages than turno said");
}

/// What a message says, without the empty lines before it (RFC 3261, 7.5); `None`: a keep-alive, or nothing.
fn spoken(message: Vec<u8>) -> Option<Bytes> {
    let begin = message.iter().position(|byte| !matches!(byte, b'\r' | b'\n'))?;
    Some(Bytes::from(message).slice(begin..))
}

/// Whether these bytes are SIP.
fn is_sip(bytes: &Bytes) -> bool {
    Message::scan(bytes).is_ok_and(|read| {
        assert!(read.body().len() <= bytes.len(), "a body out of nothing");
        true
    })
}

/// What turno hears of these bytes, and what it answers. They follow when `first` has its answer: turno takes nobody on who has left
/// before.
async fn talk(first: &[u8], sent: &[u8], piece: usize) -> (Vec<Said>, Vec<u8>) {
    let (ours, theirs) = duplex(PIPE_BYTES);
    let (hears, mut heard) = unbounded_channel();
    let (mut from, mut to) = tokio::io::split(theirs);
    let is_answered = Notify::new();
    let says = async {
        if !first.is_empty() {
            to.write_all(first).await.expect("turno reads a request");
            is_answered.notified().await;
        }
        for piece in sent.chunks(piece) {
            // turno may have closed before everything was sent.
            if to.write_all(piece).await.is_err() {
                return;
            }
            tokio::task::yield_now().await;
        }
        let _ = to.shutdown().await;
    };
    let is_told = async {
        let mut told = Vec::new();
        while from.read_buf(&mut told).await.expect("a pipe is read to its end") > 0 {
            is_answered.notify_one();
        }
        told
    };
    let ((), (), told) = tokio::join!(serve(ours, hears), says, is_told);
    let mut said = Vec::new();
    while let Some(one) = heard.recv().await {
        said.push(one);
    }
    (said, told)
}

/// Answers at one end of a pipe like the HTTP API.
async fn serve(stream: DuplexStream, hears: UnboundedSender<Said>) {
    let open = async move |upgrade: WebSocketUpgrade| -> Response {
        match for_sip(upgrade) {
            Ok(upgrade) => upgrade.on_upgrade(move |socket| serve_phone(socket, line(hears))),
            Err(problem) => problem.into_response(),
        }
    };
    let router = Router::new().route("/sip", get(open));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .with_upgrades();
    // What is no HTTP ends with an error.
    let _ = connection.await;
}

/// A line whose site says again what it hears, if it is SIP.
fn line(hears: UnboundedSender<Said>) -> PhoneLine {
    let ((says, said), (tell, told)) = (channel(4), channel(4));
    tokio::spawn(echo(said, tell, hears));
    PhoneLine { says, told, cut: Arc::new(Notify::new()) }
}

async fn echo(mut said: Receiver<Said>, tell: Sender<Bytes>, hears: UnboundedSender<Said>) {
    while let Some(one) = said.recv().await {
        if let Said::Message(bytes) = &one
            && is_sip(bytes)
        {
            // A phone that has gone hears nothing more.
            let _ = tell.try_send(bytes.clone());
        }
        hears.send(one).expect("the target listens until the end");
    }
}
