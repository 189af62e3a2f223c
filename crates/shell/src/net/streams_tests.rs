//! Stream connections of phones and carriers, over loopback.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream as StdStream};

use prometheus::Registry;
use tokio::runtime::Runtime;

use super::*;
use crate::engine_thread::inbox::{InboxReader, inbox};
use crate::net::places::STREAMS_PER_ADDRESS_MAX;
use crate::small_plan::loopback;

const OPTIONS: &[u8] = b"OPTIONS sip:turno@127.0.0.1 SIP/2.0\r\nContent-Length: 0\r\n\r\n";

struct Stage {
    runtime: Runtime,
    streams: Streams,
    reader: InboxReader,
    address: SocketAddr,
}

impl Stage {
    fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let (inbox, reader) = inbox().expect("an inbox");
        let meters = StreamMeters::new(&Registry::new());
        let streams = Streams::new(runtime.handle().clone(), inbox, Clock::new(), meters, true, None);
        let listener = bind(loopback(), &Sockets::default()).expect("a free port");
        let address = listener.local_addr().expect("bound");
        streams.listen(Transport::Tcp, listener);
        Self { runtime, streams, reader, address }
    }

    fn engine_message(&mut self) -> EngineMessage {
        loop {
            if let Some(engine_message) = self.reader.take() {
                return engine_message;
            }
            std::thread::yield_now();
        }
    }

    fn message(&mut self) -> (Flow, Bytes) {
        match self.engine_message() {
            EngineMessage::Message(flow, bytes) => (flow, bytes),
            EngineMessage::FlowClosed(_)
            | EngineMessage::Recording(_)
            | EngineMessage::Media(_)
            | EngineMessage::Command(..)
            | EngineMessage::Bans(_)
            | EngineMessage::CallerLists(_)
            | EngineMessage::Skills(..)
            | EngineMessage::Callbacks(_)
            | EngineMessage::Breaks(_)
            | EngineMessage::ExpectedWait(..)
            | EngineMessage::SignedIn(..)
            | EngineMessage::SignedOut(_)
            | EngineMessage::SeatOf(..)
            | EngineMessage::Replan(..)
            | EngineMessage::Pause(_)
            | EngineMessage::Halt => {
                panic!("a message was expected")
            }
        }
    }

    fn closed(&mut self) -> Flow {
        match self.engine_message() {
            EngineMessage::FlowClosed(flow) => flow,
            EngineMessage::Message(..)
            | EngineMessage::Recording(_)
            | EngineMessage::Media(_)
            | EngineMessage::Command(..)
            | EngineMessage::Bans(_)
            | EngineMessage::CallerLists(_)
            | EngineMessage::Skills(..)
            | EngineMessage::Callbacks(_)
            | EngineMessage::Breaks(_)
            | EngineMessage::ExpectedWait(..)
            | EngineMessage::SignedIn(..)
            | EngineMessage::SignedOut(_)
            | EngineMessage::SeatOf(..)
            | EngineMessage::Replan(..)
            | EngineMessage::Pause(_)
            | EngineMessage::Halt => {
                panic!("a closed flow was expected")
            }
        }
    }
}

#[test]
fn two_messages_in_pieces_arrive_as_two_and_the_answer_goes_back_the_same_way() {
    // RFC 3261, 18.3: Content-Length frames a stream.
    let mut stage = Stage::new();
    let mut phone = StdStream::connect(stage.address).expect("accepted");
    let both = [OPTIONS, OPTIONS].concat();
    let (first, rest) = both.split_at(20);
    phone.write_all(first).expect("written");
    phone.write_all(rest).expect("written");
    let (flow, bytes) = stage.message();
    assert_eq!(&bytes[..], OPTIONS);
    assert_eq!(flow.remote, phone.local_addr().expect("connected"));
    assert_eq!(&stage.message().1[..], OPTIONS);
    assert!(stage.streams.send(&Transmit { flow, bytes: Bytes::from_static(b"answer") }));
    let mut answer = [0; 6];
    phone.read_exact(&mut answer).expect("the answer");
    assert_eq!(&answer, b"answer");
}

#[test]
fn a_phone_that_pings_gets_a_pong() {
    // RFC 5626, 3.5.1: double CRLF is answered with a single one.
    let stage = Stage::new();
    let mut phone = StdStream::connect(stage.address).expect("accepted");
    phone.write_all(b"\r\n\r\n").expect("written");
    let mut pong = [0; 2];
    phone.read_exact(&mut pong).expect("the pong");
    assert_eq!(&pong, b"\r\n");
}

#[test]
fn a_phone_that_hangs_up_the_line_is_told_to_the_engine() {
    let mut stage = Stage::new();
    let phone = StdStream::connect(stage.address).expect("accepted");
    let local = phone.local_addr().expect("connected");
    phone.shutdown(Shutdown::Both).expect("closed");
    assert_eq!(stage.closed().remote, local);
}

#[test]
fn a_peer_that_has_said_all_still_hears_the_answer() {
    // Wound: a probe sends its request, closes its direction (`nc -N`), and reads: it got nothing.
    let mut stage = Stage::new();
    let mut probe = StdStream::connect(stage.address).expect("accepted");
    probe.write_all(OPTIONS).expect("written");
    probe.shutdown(Shutdown::Write).expect("half closed");
    let (flow, _) = stage.message();
    // The end is told at once, so that calls look for another way.
    assert_eq!(stage.closed(), flow);
    assert!(stage.streams.send(&Transmit { flow, bytes: Bytes::from_static(b"answer") }));
    stage.streams.let_go(&flow);
    let mut answer = String::new();
    probe.read_to_string(&mut answer).expect("the answer and the end");
    assert_eq!(answer, "answer");
}

#[test]
fn a_web_browser_on_the_sip_port_is_closed() {
    let mut stage = Stage::new();
    let mut stranger = StdStream::connect(stage.address).expect("accepted");
    stranger.write_all(b"GET / HTTP/1.1\r\nHost: turno\r\n\r\n").expect("written");
    stage.closed();
    let mut rest = Vec::new();
    assert_eq!(stranger.read_to_end(&mut rest).unwrap_or(0), 0);
}

#[test]
fn a_carrier_is_called_once_for_two_messages() {
    let mut stage = Stage::new();
    let carrier = std::net::TcpListener::bind(loopback()).expect("a free port");
    let remote = carrier.local_addr().expect("bound");
    let flow = Flow { transport: Transport::Tcp, local: loopback(), remote };
    assert!(stage.streams.send(&Transmit { flow, bytes: Bytes::from_static(b"one") }));
    assert!(stage.streams.send(&Transmit { flow, bytes: Bytes::from_static(b"two") }));
    let (mut stream, from) = carrier.accept().expect("one connection");
    let mut both = [0; 6];
    stream.read_exact(&mut both).expect("both messages on one connection");
    assert_eq!(&both, b"onetwo");
    stream.write_all(OPTIONS).expect("written");
    let (true_flow, _) = stage.message();
    assert_eq!((true_flow.local, true_flow.remote), (from, remote));
    drop(stream);
    assert_eq!(stage.closed(), true_flow);
    assert_eq!(stage.closed(), flow);
}

#[test]
fn a_carrier_that_is_not_there_closes_the_flow_that_was_asked_for() {
    let mut stage = Stage::new();
    let gone = std::net::TcpListener::bind(loopback()).expect("a free port");
    let remote = gone.local_addr().expect("bound");
    drop(gone);
    let flow = Flow { transport: Transport::Tcp, local: loopback(), remote };
    stage.streams.send(&Transmit { flow, bytes: Bytes::from_static(b"one") });
    assert_eq!(stage.closed(), flow);
}

#[test]
fn a_reader_who_sleeps_loses_its_connection_and_nobody_else_waits() {
    // Wound: a slow reader must never slow the engine.
    let mut stage = Stage::new();
    let mut sleeper = StdStream::connect(stage.address).expect("accepted");
    sleeper.write_all(OPTIONS).expect("written");
    let (flow, _) = stage.message();
    let page = Bytes::from(vec![b'x'; 60_000]);
    let mut left = 10_000;
    while stage.streams.send(&Transmit { flow, bytes: page.clone() }) {
        left -= 1;
        assert!(left > 0, "600 MB were taken for a reader who reads nothing");
    }
    assert_eq!(stage.closed(), flow);
}

#[test]
fn the_last_words_are_heard_before_turno_ends() {
    let mut stage = Stage::new();
    let mut phone = StdStream::connect(stage.address).expect("accepted");
    phone.write_all(OPTIONS).expect("written");
    let (flow, _) = stage.message();
    stage.streams.send(&Transmit { flow, bytes: Bytes::from_static(b"BYE") });
    stage.runtime.block_on(stage.streams.finish(Duration::from_secs(5)));
    let mut heard = Vec::new();
    phone.read_to_end(&mut heard).expect("a clean end");
    assert_eq!(&heard, b"BYE");
}

#[test]
fn an_address_that_opens_too_many_connections_is_held_to_its_limit() {
    let stage = Stage::new();
    let shared = &stage.streams.shared;
    let peer = IpAddr::from([127, 0, 0, 9]);
    assert!((0..STREAMS_PER_ADDRESS_MAX).all(|_| shared.admit(Some(peer))));
    assert!(!shared.admit(Some(peer)));
    assert!(shared.admit(Some(IpAddr::from([127, 0, 0, 10]))), "its neighbour is not held to account");
    shared.places.leave(Some(peer));
    assert!(shared.admit(Some(peer)), "a place that was given back is free");
}
