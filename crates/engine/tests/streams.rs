//! Phones on streams, and an engine that is killed: the stream is gone, the call is not.

use core::time::Duration;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use turno_engine::{Engine, Input, Output};
use turno_ground::{Datagram, Dice, Flow, Moment, Secret, Transmit, Transport};
use turno_model::Plan;
use turno_sip::{Message, Name, answer_challenge};

const OFFER: &str =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.8\r\ns=-\r\nc=IN IP4 127.0.0.8\r\nt=0 0\r\nm=audio 9000 RTP/AVP 0\r\n";

struct World {
    plan: Arc<Plan>,
    engine: Engine,
    now: Moment,
}

impl World {
    fn new() -> Self {
        let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/lab");
        let (mut plan, _) = turno_config::load(&lab).expect("the lab plan is valid");
        plan.sip.contact_as_given = false;
        let (plan, now) = (Arc::new(plan), Moment::from_secs(1_795_000_000));
        let mut engine = Engine::new(Arc::clone(&plan), 7, now);
        engine.keep_journal(now);
        Self { plan, engine, now }
    }

    fn hear(&mut self, flow: Flow, text: &str) -> Vec<Transmit> {
        self.now = self.now + Duration::from_millis(10);
        let bytes = Bytes::from(text.replace('\n', "\r\n").replace("\r\r", "\r"));
        self.engine.handle(Input::Datagram(Datagram { flow, bytes: &bytes }), self.now);
        self.sent()
    }

    fn sent(&mut self) -> Vec<Transmit> {
        let mut sent = Vec::new();
        loop {
            match self.engine.poll_output() {
                Output::Transmit(transmit) => sent.push(transmit),
                Output::Idle(_) => return sent,
                Output::Keep(_)
                | Output::Record(..)
                | Output::Media(_)
                | Output::Reply(_)
                | Output::Stopped => {}
            }
        }
    }

    fn is_killed(&mut self) -> Vec<Transmit> {
        let images = self.engine.images().into_iter().map(|kept| (kept.name, kept.form));
        let engine = Engine::recover(Arc::clone(&self.plan), 8, images, self.now);
        self.engine = engine.expect("what was written can be read");
        self.engine.keep_journal(self.now);
        self.sent()
    }

    /// The phone of a001 registers by `flow` under the Contact of that flow.
    fn registers(&mut self, flow: Flow, call_id: &str) -> Vec<Transmit> {
        let port = flow.remote.port();
        let text = |cseq: u32, authorization: &str| {
            format!(
                "REGISTER sip:turno SIP/2.0\nVia: SIP/2.0/TCP 127.0.0.9:{port};branch=z9hG4bK-{call_id}{cseq}\n\
                 Max-Forwards: 70\nFrom: <sip:a001@turno>;tag=1\nTo: <sip:a001@turno>\nCall-ID: {call_id}\n\
                 CSeq: {cseq} REGISTER\nContact: <sip:a001@127.0.0.9:{port};transport=tcp>;\
                 +sip.instance=\"<urn:uuid:00000000-0000-0000-0000-000000000001>\"\nExpires: 60\n\
                 {authorization}Content-Length: 0\n\n"
            )
        };
        let challenge = self.hear(flow, &text(1, ""));
        let challenge = message(&challenge[0]);
        let value = challenge.header(Name::WwwAuthenticate).expect("a challenge");
        let secret = Secret::new("lab");
        let answer = answer_challenge(value, "REGISTER", "sip:turno", "a001", &secret, &mut Dice::new(3), 1);
        let answer = format!("Authorization: {}\n", answer.expect("the challenge can be answered"));
        let sent = self.hear(flow, &text(2, &answer));
        assert!(sent.iter().any(|one| message(one).status() == Some(200)), "registered");
        sent
    }
}

fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

fn stream(port: u16) -> Flow {
    let remote = SocketAddr::new(at("127.0.0.9:1").ip(), port);
    Flow { transport: Transport::Tcp, local: at("127.0.0.1:5060"), remote }
}

fn carrier() -> Flow {
    Flow { transport: Transport::Udp, local: at("127.0.0.1:5060"), remote: at("127.0.0.8:5070") }
}

fn message(transmit: &Transmit) -> Message {
    Message::scan(&transmit.bytes).expect("the engine writes SIP")
}

fn find(sent: &[Transmit], begins: &str) -> Transmit {
    let found = sent.iter().find(|one| one.bytes.starts_with(begins.as_bytes()));
    found.unwrap_or_else(|| panic!("no {begins} in {sent:?}")).clone()
}

fn from_caller(method: &str, cseq: u32, to: &str, body: &str) -> String {
    let kind = if body.is_empty() { "" } else { "Content-Type: application/sdp\n" };
    format!(
        "{method} sip:7000@turno SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.8:5070;branch=z9hG4bK-{method}{cseq}\n\
         Max-Forwards: 70\nFrom: <sip:0991234567@127.0.0.8>;tag=2\nTo: {to}\nCall-ID: two\nCSeq: {cseq} {method}\n\
         Contact: <sip:c@127.0.0.8:5070>\n{kind}Content-Length: {}\n\n{body}",
        body.len()
    )
}

fn answer_of(request: &Message, body: &str) -> String {
    let header = |name| request.header(name).expect("the engine writes it").to_owned();
    format!(
        "SIP/2.0 200 OK\nVia: {}\nFrom: {}\nTo: {};tag=phone\nCall-ID: {}\nCSeq: {}\n\
         Contact: <sip:a001@127.0.0.9:40000;transport=tcp>\nContent-Type: application/sdp\nContent-Length: {}\n\n{body}",
        header(Name::Via),
        header(Name::From),
        header(Name::To),
        header(Name::CallId),
        header(Name::CSeq),
        body.len()
    )
}

/// a001 talks by the stream from port 40000; gives the To of the caller's dialog.
fn talking() -> (World, String) {
    let mut world = World::new();
    world.registers(stream(40_000), "one");
    let rung = world.hear(carrier(), &from_caller("INVITE", 1, "<sip:7000@turno>", OFFER));
    let invite = message(&find(&rung, "INVITE "));
    let answered = world.hear(stream(40_000), &answer_of(&invite, OFFER));
    let accepted = message(&find(&answered, "SIP/2.0 200"));
    let to = accepted.header(Name::To).expect("a response has it").to_owned();
    world.hear(carrier(), &from_caller("ACK", 1, &to, ""));
    (world, to)
}

#[test]
fn a_phone_that_comes_back_by_another_stream_hears_that_its_caller_has_left() {
    // RFC 5626: the phone opens another connection; a device is known by its instance.
    let (mut world, to) = talking();
    world.is_killed();
    let gone = world.hear(carrier(), &from_caller("BYE", 2, &to, ""));
    let bye = find(&gone, "BYE ");
    assert_eq!(bye.flow, stream(40_000), "there is no other way yet");
    let back = world.registers(stream(41_000), "two-streams");
    let again = find(&back, "BYE ");
    assert_eq!(
        (again.flow, &again.bytes),
        (stream(41_000), &bye.bytes),
        "the same request, by the new stream"
    );
}

#[test]
fn a_phone_that_comes_back_by_another_stream_is_rung_there() {
    // Wound: a phone whose address has changed is registered and never rung.
    let (mut world, to) = talking();
    world.is_killed();
    world.registers(stream(41_000), "two-streams");
    let gone = world.hear(carrier(), &from_caller("BYE", 2, &to, ""));
    let bye = find(&gone, "BYE ");
    assert_eq!(bye.flow, stream(41_000), "the call has moved with its phone");
    world.hear(stream(41_000), &answer_of(&message(&bye), "").replace(";tag=phone", ""));
    // The lab has after-call work of a few seconds.
    world.now = world.now + Duration::from_secs(120);
    world.engine.handle(Input::Wake, world.now);
    world.sent();
    let second = from_caller("INVITE", 1, "<sip:7000@turno>", OFFER)
        .replace("Call-ID: two", "Call-ID: three")
        .replace("tag=2", "tag=3")
        .replace("z9hG4bK-", "z9hG4bK-again");
    world.registers(stream(41_000), "three-streams");
    let rung = world.hear(carrier(), &second);
    assert_eq!(find(&rung, "INVITE ").flow, stream(41_000));
}
