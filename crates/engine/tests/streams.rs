//! Tests of phones and callers on streams that close, and of an engine that is killed: calls outlive their streams.

use core::time::Duration;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use turno_engine::{Engine, Input, Output};
use turno_ground::{Datagram, Flow, Moment, Rng, Secret, Transmit, Transport};
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

    /// The stream is gone: closed by the peer, reset, or silent for too long.
    fn closes(&mut self, flow: Flow) -> Vec<Transmit> {
        self.engine.handle(Input::FlowClosed(flow), self.now);
        self.sent()
    }

    fn waits(&mut self, seconds: u64) -> Vec<Transmit> {
        self.now = self.now + Duration::from_secs(seconds);
        self.engine.handle(Input::Wake, self.now);
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
                | Output::Recording(_)
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

    /// The phone of a001 registers on `flow` with the Contact of that flow.
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
        let answer = answer_challenge(value, "REGISTER", "sip:turno", "a001", &secret, &mut Rng::new(3), 1);
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

/// A request of the phone inside the call of `invite`.
fn from_phone(invite: &Message, method: &str, cseq: u32, more: &str) -> String {
    let header = |name| invite.header(name).expect("the engine writes it");
    format!(
        "{method} sip:turno@127.0.0.1 SIP/2.0\nVia: SIP/2.0/TCP 127.0.0.9:5090;branch=z9hG4bK-p{method}{cseq}\n\
         Max-Forwards: 70\nFrom: {};tag=phone\nTo: {}\nCall-ID: {}\nCSeq: {cseq} {method}\n\
         Contact: <sip:a001@127.0.0.9:41000;transport=tcp>\n{more}Content-Length: 0\n\n",
        header(Name::To),
        header(Name::From),
        invite.call_id()
    )
}

fn by_tcp(text: &str) -> String {
    text.replace("SIP/2.0/UDP", "SIP/2.0/TCP")
}

/// The stream of the carrier's call; the carrier listens at its sent-by.
fn carriers_stream() -> Flow {
    Flow { transport: Transport::Tcp, remote: at("127.0.0.8:45000"), ..carrier() }
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

/// a001 talks on the stream from port 40000; returns the To of the caller's dialog.
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
    let anew = Flow { local: at("127.0.0.1:0"), ..stream(40_000) };
    assert_eq!(bye.flow, anew, "the Contact may still be there");
    world.closes(anew);
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

/// a001 talks; returns the INVITE that it answered and the To of the caller's dialog.
fn talking_by_stream() -> (World, Message, String) {
    let mut world = World::new();
    world.registers(stream(40_000), "one");
    let rung = world.hear(carrier(), &from_caller("INVITE", 1, "<sip:7000@turno>", OFFER));
    let invite = message(&find(&rung, "INVITE "));
    let answered = world.hear(stream(40_000), &answer_of(&invite, OFFER));
    let to = message(&find(&answered, "SIP/2.0 200")).header(Name::To).expect("a response has it").to_owned();
    world.hear(carrier(), &from_caller("ACK", 1, &to, ""));
    (world, invite, to)
}

#[test]
fn an_agents_talk_goes_on_when_the_phones_connection_closes() {
    // RFC 3261, 12. Wound: a call ended with its connection, and its caller was offered again.
    let (mut world, invite, _) = talking_by_stream();
    assert!(world.closes(stream(40_000)).is_empty(), "nobody hears anything of it");
    assert!(world.waits(1).is_empty());
    let left = world.hear(stream(41_000), &from_phone(&invite, "BYE", 1, ""));
    assert_eq!(find(&left, "SIP/2.0 200").flow, stream(41_000));
    assert_eq!(find(&left, "BYE ").flow, carrier(), "the agent hung up, and the caller hears it");
}

#[test]
fn a_caller_who_leaves_while_the_phone_is_away_is_told_to_the_phone_when_it_is_back() {
    // RFC 5626: handled like a crash of ours.
    let (mut world, _, to) = talking_by_stream();
    world.closes(stream(40_000));
    let left = world.hear(carrier(), &from_caller("BYE", 2, &to, ""));
    find(&left, "SIP/2.0 200");
    world.closes(Flow { local: at("127.0.0.1:0"), ..stream(40_000) });
    let back = world.registers(stream(41_000), "two");
    assert_eq!(find(&back, "BYE ").flow, stream(41_000));
}

#[test]
fn a_phone_that_has_left_its_connection_without_a_word_is_told_by_the_next_that_its_caller_has_left() {
    // Wound: a middlebox between phone and turno forgets a connection. The phone registers on another one, but its call
    // stayed on the first until turno noticed.
    let (mut world, _, to) = talking_by_stream();
    let back = world.registers(stream(41_000), "two");
    assert!(!back.iter().any(|one| one.bytes.starts_with(b"BYE")), "the talk goes on: {back:?}");
    let left = world.hear(carrier(), &from_caller("BYE", 2, &to, ""));
    assert_eq!(find(&left, "BYE ").flow, stream(41_000));
    assert!(world.closes(stream(40_000)).is_empty(), "it was left before");
}

#[test]
fn nobody_but_the_phone_ends_its_talk() {
    // Attack: a connection from elsewhere knows the ids of the dialog.
    let (mut world, invite, _) = talking_by_stream();
    let elsewhere = Flow { remote: at("127.0.0.66:40000"), ..stream(1) };
    for is_closed in [false, true] {
        if is_closed {
            world.closes(stream(40_000));
        }
        let cseq = if is_closed { 20 } else { 10 };
        let sent = world.hear(elsewhere, &from_phone(&invite, "BYE", cseq, ""));
        assert_eq!(sent.len(), 1, "{sent:?}");
        // The lab's trunks cover all of 127/8: a carrier that is not this call's gets 481.
        assert!(matches!(message(&sent[0]).status(), Some(401 | 481)), "{sent:?}");
    }
    let left = world.hear(stream(41_000), &from_phone(&invite, "BYE", 30, ""));
    assert_eq!(find(&left, "SIP/2.0 200").flow, stream(41_000));
}

#[test]
fn a_phone_that_rings_without_its_connection_may_still_answer() {
    // The offer keeps its ring span; the 200 arrives on the phone's next connection.
    let mut world = World::new();
    world.registers(stream(40_000), "one");
    let rung = world.hear(carrier(), &from_caller("INVITE", 1, "<sip:7000@turno>", OFFER));
    let invite = message(&find(&rung, "INVITE "));
    let ringing = answer_of(&invite, "")
        .replace("200 OK", "180 Ringing")
        .replace("Content-Type: application/sdp\n", "");
    world.hear(stream(40_000), &ringing);
    let closed = world.closes(stream(40_000));
    assert!(!closed.iter().any(|one| one.bytes.starts_with(b"CANCEL")), "{closed:?}");
    world.waits(3);
    let answered = world.hear(stream(41_000), &answer_of(&invite, OFFER));
    assert_eq!(find(&answered, "ACK ").flow, stream(41_000));
    assert_eq!(find(&answered, "SIP/2.0 200").flow, carrier(), "the caller is through");
}

#[test]
fn a_phone_without_its_connection_gets_no_offer_until_it_is_back() {
    // RFC 5626, 5.3: there is no flow to it.
    let mut world = World::new();
    world.registers(stream(40_000), "one");
    world.closes(stream(40_000));
    let waits = world.hear(carrier(), &from_caller("INVITE", 1, "<sip:7000@turno>", OFFER));
    assert!(!waits.iter().any(|one| one.bytes.starts_with(b"INVITE")), "{waits:?}");
    let back = world.registers(stream(41_000), "two");
    assert_eq!(find(&back, "INVITE ").flow, stream(41_000));
}

#[test]
fn a_waiting_caller_whose_connection_closes_keeps_its_place() {
    // RFC 3261, 18.2.2: the response goes to the address in the Via.
    let mut world = World::new();
    let came = world.hear(carriers_stream(), &by_tcp(&from_caller("INVITE", 1, "<sip:7000@turno>", OFFER)));
    assert_eq!(came[0].flow, carriers_stream());
    assert!(world.closes(carriers_stream()).is_empty());
    world.waits(2);
    let back = world.registers(stream(40_000), "one");
    let invite = message(&find(&back, "INVITE "));
    let answered = world.hear(stream(40_000), &answer_of(&invite, OFFER));
    let accepted =
        answered.iter().find(|one| one.flow.remote == at("127.0.0.8:5070")).expect("the caller hears");
    assert_eq!(
        (accepted.flow.transport, accepted.flow.local.port()),
        (Transport::Tcp, 0),
        "a new connection"
    );
    assert!(accepted.bytes.starts_with(b"SIP/2.0 200") || accepted.bytes.starts_with(b"INVITE"));
}

#[test]
fn a_caller_who_hangs_up_by_another_connection_has_hung_up() {
    // RFC 3261, 9.2: a CANCEL belongs to its INVITE, not to a connection.
    let mut world = World::new();
    world.hear(carriers_stream(), &by_tcp(&from_caller("INVITE", 1, "<sip:7000@turno>", OFFER)));
    world.closes(carriers_stream());
    let next = Flow { remote: at("127.0.0.8:45001"), ..carriers_stream() };
    let cancel = by_tcp(&from_caller("CANCEL", 1, "<sip:7000@turno>", "")).replace("-CANCEL1", "-INVITE1");
    let left = world.hear(next, &cancel);
    assert_eq!(find(&left, "SIP/2.0 200").flow, next);
}

#[test]
fn a_connection_that_knew_the_old_password_is_asked_for_the_new_one_at_once() {
    // Wound: a stolen password is changed, but the thief's connection can still dial.
    let mut world = World::new();
    world.registers(stream(40_000), "one");
    let dials = |call_id: &str| {
        format!(
            "INVITE sip:a002@turno SIP/2.0\nVia: SIP/2.0/TCP 127.0.0.9:40000;branch=z9hG4bK-{call_id}\n\
             Max-Forwards: 70\nFrom: <sip:a001@turno>;tag=3\nTo: <sip:a002@turno>\nCall-ID: {call_id}\nCSeq: 1 INVITE\n\
             Contact: <sip:a001@127.0.0.9:40000;transport=tcp>\nContent-Type: application/sdp\n\
             Content-Length: {}\n\n{OFFER}",
            OFFER.len()
        )
    };
    let is_challenged = |sent: &[Transmit]| sent.iter().any(|one| message(one).status() == Some(401));
    assert!(!is_challenged(&world.hear(stream(40_000), &dials("before"))), "the connection is the phone's");
    let mut plan = Plan::clone(&world.plan);
    let seat = plan.seats.iter_mut().find(|seat| seat.extension == "a001").expect("a seat of the lab");
    seat.password = Secret::new("other");
    world.engine.replan(Arc::new(plan), world.now).expect("an aligned plan is taken");
    assert!(is_challenged(&world.hear(stream(40_000), &dials("after"))), "the old password calls nobody");
}
