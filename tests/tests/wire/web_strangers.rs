//! Strangers at the WebSocket of browsers' phones, byte for byte: turno answers calls meanwhile, and its memory is bounded.

use core::time::Duration;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};

use turno_tests::wire::{API_PORT, Server, Softphone};

const BROWSER: (&str, &str) = ("[http]", "[api]\nlisten = \"127.0.0.1:8081\"\n\n[browser]\n\n[http]");

/// How many connections each stranger opens one after the other, and how many frames go over each.
const ROUNDS: usize = 10;
const FRAMES: usize = 125;
/// How many strangers there are at a time: together they send ten thousand frames.
const STRANGERS: usize = 8;
/// How many half handshakes stand meanwhile.
const HALF_OPEN: usize = 64;
/// How many calls must be answered meanwhile.
const CALLS: usize = 10;
/// How much more memory turno may have afterwards, in KiB.
const MORE_MAX: u64 = 64 * 1_024;
/// How long a stranger waits for an answer, and for the end of a connection.
const PATIENCE: Duration = Duration::from_secs(15);

/// A connection, and the first line of the answer to its handshake.
fn opens(at: SocketAddr, protocol: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(at).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    let request = format!(
        "GET /sip HTTP/1.1\r\nHost: {at}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{protocol}\r\n"
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|many| many == 1) {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head);
    (stream, head.lines().next().unwrap_or_default().to_owned())
}

fn is_open(status: &str) -> bool {
    status.starts_with("HTTP/1.1 101")
}

const SIP: &str = "Sec-WebSocket-Protocol: sip\r\n";

/// A frame with this first byte, which says that it has this many bytes; the mask is 0.
fn frame(first: u8, length: u64, is_masked: bool, bytes: &[u8]) -> Vec<u8> {
    let masked = if is_masked { 0x80 } else { 0 };
    let mut frame = vec![first, masked | 127];
    frame.extend_from_slice(&length.to_be_bytes());
    if is_masked {
        frame.extend_from_slice(&[0; 4]);
    }
    frame.extend_from_slice(bytes);
    frame
}

/// The frame of a whole message.
fn whole(first: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u64::try_from(bytes.len()).expect("short");
    frame(first, length, true, bytes)
}

/// Whether turno ends the connection.
fn is_ended(mut stream: TcpStream) -> bool {
    let mut some = [0; 4_096];
    loop {
        match stream.read(&mut some) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        }
    }
}

/// What a stranger says in one round: SIP that means nothing, garbage, keep-alives, pings that nobody reads the answers of.
fn round(at: SocketAddr, number: usize, sent: &AtomicUsize) {
    let (mut stream, status) = opens(at, SIP);
    if !is_open(&status) {
        // So many of one address are refused, which is right too.
        return;
    }
    let invite = format!(
        "INVITE sip:7000@turno SIP/2.0\r\nVia: SIP/2.0/WS x{number}.invalid;branch=z9hG4bK{number}\r\nFrom: <sip:a001@turno>;tag=1\r\n\
         To: <sip:7000@turno>\r\nCall-ID: {number}\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n\
         Contact: <sip:x@x.invalid;transport=ws>\r\nContent-Length: 0\r\n\r\n"
    );
    let long = vec![b'a'; 60_000];
    for turn in 0..FRAMES {
        let frame = match turn % 6 {
            0 => whole(0x81, invite.as_bytes()),
            1 => whole(0x82, b"\0\xff\xfe garbage \r\n\r\n"),
            2 => whole(0x81, b"\r\n\r\n"),
            3 => vec![0x89, 0x80, 0, 0, 0, 0],
            4 => whole(0x82, &long),
            _ => whole(0x81, b"OPTIONS sip:turno SIP/2.0\r\n\r\n"),
        };
        if stream.write_all(&frame).is_err() {
            return;
        }
        sent.fetch_add(1, Ordering::Relaxed);
    }
}

/// What turno's process has in memory, in KiB.
fn memory(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.program().id())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("Linux says it");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[test]
fn strangers_at_the_websocket_hold_up_nobody() {
    // RFC 6455, 5 and 10.4; RFC 7118, 4. Wounds: memory grows with what was announced; one slow reader holds up all.
    let mut server = Server::lab_kept_with(&[BROWSER]);
    let at = SocketAddr::new(server.http().ip(), API_PORT);
    let _agent = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    let before = memory(&server);
    // Handshakes that never end.
    let half: Vec<TcpStream> = (0..HALF_OPEN)
        .map(|_| {
            let mut stream = TcpStream::connect(at).expect("it listens");
            stream.write_all(b"GET /sip HTTP/1.1\r\nHost: x\r\nUpgr").expect("it reads");
            stream
        })
        .collect();
    let sent = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let strangers: Vec<_> = (0..STRANGERS)
            .map(|stranger| {
                let sent = &sent;
                scope.spawn(move || (0..ROUNDS).for_each(|turn| round(at, stranger * ROUNDS + turn, sent)))
            })
            .collect();
        for _ in 0..CALLS {
            let call = line.calls("0991234567", "7000");
            line.is_answered(call);
            line.hangs_up(call);
            server.wait_until("the agent is free", |now| {
                now.sum("turno_agents", &["state=\"available\""]) == 1.0
            });
        }
        strangers.into_iter().for_each(|stranger| stranger.join().expect("it has said everything"));
    });
    let many = sent.load(Ordering::Relaxed);
    assert!(many >= STRANGERS * ROUNDS * FRAMES / 2, "only {many} frames left");
    let after = memory(&server);
    println!("{many} frames, {HALF_OPEN} half handshakes: {before} KiB before, {after} KiB after");
    assert!(after < before + MORE_MAX, "{before} KiB before, {after} KiB after");
    drop(half);
    server.stop();
}

#[test]
fn what_breaks_the_rules_of_websockets_ends_its_connection_and_costs_no_memory() {
    // RFC 6455, 5.1 (masks), 5.4 (fragments), 10.4 (limits); RFC 7118, 4 (the sub-protocol).
    let mut server = Server::lab_kept_with(&[BROWSER]);
    let at = SocketAddr::new(server.http().ip(), API_PORT);
    let _agent = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    for protocol in ["", "Sec-WebSocket-Protocol: chat\r\n"] {
        let (_, status) = opens(at, protocol);
        assert!(status.starts_with("HTTP/1.1 400"), "{protocol:?}: {status}");
    }
    let before = memory(&server);
    let fragment = whole(0x01, &[b'a'; 60_000]);
    let more = whole(0x00, &[b'a'; 60_000]);
    let hostile: [(&str, Vec<u8>); 7] = [
        ("a frame without a mask", frame(0x81, 4, false, b"BYE ")),
        ("64 MB announced", frame(0x82, 64 << 20, true, &[0; 1_000])),
        ("more than there is", frame(0x82, u64::MAX >> 1, true, &[])),
        ("fragments without end", [fragment, more.clone(), more].concat()),
        ("a ping that is too long", frame(0x89, 126, true, &[0; 126])),
        ("a reserved opcode", whole(0x83, b"x")),
        ("text that is none", whole(0x81, b"\xff\xff")),
    ];
    for (what, bytes) in hostile {
        for _ in 0..10 {
            let (mut stream, status) = opens(at, SIP);
            assert!(is_open(&status), "{what}: {status}");
            // turno may have closed before everything was sent.
            let _ = stream.write_all(&bytes);
            assert!(is_ended(stream), "{what} does not end the connection");
        }
    }
    let after = memory(&server);
    assert!(after < before + MORE_MAX, "{before} KiB before, {after} KiB after");
    let call = line.calls("0991234567", "7000");
    line.is_answered(call);
    line.hangs_up(call);
    server.wait_until("all is over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
    server.stop();
}
