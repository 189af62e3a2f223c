//! One call against an engine in memory: an INVITE goes in, and all outputs are printed with their times.
//!
//! `cargo run -p turno-engine --example one_call`

use core::time::Duration;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use turno_engine::{Engine, Input, Output};
use turno_ground::{Datagram, Flow, Moment, Transport};

/// A caller behind the lab's trunk.
const CALLER: &str = "127.0.0.8:5070";

fn main() {
    let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/lab");
    let (plan, _) = turno_config::load(&lab).expect("the lab plan is valid");
    let start = Moment::from_secs(1_795_532_400);
    let mut engine = Engine::new(Arc::new(plan), 7, start);
    print_outputs(&mut engine, start, start);

    let local: SocketAddr = ([127, 0, 0, 1], 5060).into();
    let remote: SocketAddr = CALLER.parse().expect("an address");
    let flow = Flow { transport: Transport::Udp, local, remote };
    let bytes = Bytes::from(invite().replace('\n', "\r\n"));
    println!("--> {CALLER} calls 7000");
    engine.handle(Input::Datagram(Datagram { flow, bytes: &bytes }), start);

    // Nobody is logged in, so the caller waits with music. Five seconds of it, deadline by deadline.
    let mut now = start;
    while let Some(at) =
        print_outputs(&mut engine, start, now).filter(|at| *at <= start + Duration::from_secs(5))
    {
        now = at;
        engine.handle(Input::Wake, now);
    }
}

/// Prints the outputs of a step; returns the time of the next one.
fn print_outputs(engine: &mut Engine, start: Moment, now: Moment) -> Option<Moment> {
    let second = now.since(start).as_secs_f64();
    loop {
        match engine.poll_output() {
            Output::Keep(_) => println!("{second:>6.3} s  write the changed rows"),
            Output::Record(_, fact) => println!("{second:>6.3} s  fact: {fact:?}"),
            Output::Transmit(transmit) => {
                let text = String::from_utf8_lossy(&transmit.bytes).into_owned();
                println!("{second:>6.3} s  send: {}", text.lines().next().unwrap_or_default());
            }
            Output::Media(command) => println!("{second:>6.3} s  media: {command:?}"),
            Output::Recording(_) | Output::Reply(_) | Output::Stopped => {}
            Output::Idle(next) => return next,
        }
    }
}

fn invite() -> String {
    let body = "v=0\no=- 1 1 IN IP4 127.0.0.8\ns=-\nc=IN IP4 127.0.0.8\nt=0 0\nm=audio 9000 RTP/AVP 8\n";
    let octets = body.len() + body.lines().count();
    format!(
        "INVITE sip:7000@turno SIP/2.0\nVia: SIP/2.0/UDP {CALLER};branch=z9hG4bK-c\nMax-Forwards: 70\n\
         From: <sip:0991234567@127.0.0.8>;tag=2\nTo: <sip:7000@turno>\nCall-ID: two\nCSeq: 1 INVITE\n\
         Contact: <sip:c@{CALLER}>\nContent-Type: application/sdp\nContent-Length: {octets}\n\n{body}"
    )
}
