//! Tests of the engine through its public interface: bytes, media events and time in; facts, messages and commands out.

use core::time::Duration;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use turno_engine::{Engine, Input, Output};
use turno_ground::{Datagram, Flow, Moment, Rng, Secret, Transmit, Transport};
use turno_media_plan::{MediaCommand, MediaEvent, StreamFailure};
use turno_model::{Fact, Plan, TrunkId};
use turno_sip::{Message, Name, answer_challenge};

struct Room {
    engine: Engine,
    now: Moment,
}

/// Outputs of one step.
#[derive(Default)]
struct Step {
    facts: Vec<Fact>,
    sent: Vec<Transmit>,
    media: Vec<MediaCommand>,
    wake_at: Option<Moment>,
}

impl Room {
    fn new(change: impl FnOnce(&mut Plan)) -> (Self, Step) {
        let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/lab");
        let (mut plan, _) = turno_config::load(&lab).expect("the lab plan is valid");
        change(&mut plan);
        let now = Moment::from_secs(1_795_000_000);
        let mut room = Self { engine: Engine::new(Arc::new(plan), 7, now), now };
        let step = room.drain();
        (room, step)
    }

    fn handle(&mut self, input: Input<'_>) -> Step {
        self.engine.handle(input, self.now);
        self.engine.check_invariants();
        self.drain()
    }

    fn drain(&mut self) -> Step {
        let mut step = Step::default();
        loop {
            match self.engine.poll_output() {
                Output::Keep(_) => {}
                Output::Record(_, fact) => step.facts.push(fact),
                Output::Transmit(transmit) => step.sent.push(transmit),
                Output::Media(command) => step.media.push(command),
                Output::Recording(_) | Output::Reply(_) | Output::Stopped => {}
                Output::Idle(wake_at) => {
                    step.wake_at = wake_at;
                    return step;
                }
            }
        }
    }

    fn hear(&mut self, from: &str, text: &str) -> Step {
        let flow = Flow { transport: Transport::Udp, local: here(), remote: at(from) };
        let bytes = Bytes::from(text.replace('\n', "\r\n"));
        self.handle(Input::Datagram(Datagram { flow, bytes: &bytes }))
    }

    /// Advances time, for at most `span`, until `wanted` is among the facts.
    fn wait_for(&mut self, span: Duration, wanted: &Fact) -> bool {
        let end = self.now + span;
        let mut wake_at = self.handle(Input::Wake).wake_at;
        while let Some(at) = wake_at.filter(|at| *at <= end) {
            self.now = at;
            let step = self.handle(Input::Wake);
            if step.facts.contains(wanted) {
                return true;
            }
            wake_at = step.wake_at;
        }
        false
    }
}

fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

fn here() -> SocketAddr {
    at("127.0.0.1:5060")
}

fn message(transmit: &Transmit) -> Message {
    Message::scan(&transmit.bytes).expect("the engine writes SIP")
}

fn register(cseq: u32, authorization: &str) -> String {
    format!(
        "REGISTER sip:turno SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.9:5080;branch=z9hG4bK-{cseq}\nMax-Forwards: 70\n\
         From: <sip:a001@turno>;tag=1\nTo: <sip:a001@turno>\nCall-ID: one\nCSeq: {cseq} REGISTER\n\
         Contact: <sip:a001@127.0.0.9:5080>\nExpires: 60\n{authorization}Content-Length: 0\n\n"
    )
}

const OFFER: &str = "v=0\no=- 1 1 IN IP4 127.0.0.8\ns=-\nc=IN IP4 127.0.0.8\nt=0 0\nm=audio 9000 RTP/AVP 0\n";

fn invite(number: &str) -> String {
    let offer = OFFER.replace('\n', "\r\n");
    format!(
        "INVITE sip:{number}@turno SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.8:5070;branch=z9hG4bK-c\nMax-Forwards: 70\n\
         From: <sip:0991234567@127.0.0.8>;tag=2\nTo: <sip:{number}@turno>\nCall-ID: two\nCSeq: 1 INVITE\n\
         Contact: <sip:c@127.0.0.8:5070>\nContent-Type: application/sdp\nContent-Length: {}\n\n{OFFER}",
        offer.len()
    )
}

fn answer(challenge: &Message, password: &str) -> String {
    let value = challenge.header(Name::WwwAuthenticate).expect("a challenge");
    let secret = Secret::new(password);
    let answer = answer_challenge(value, "REGISTER", "sip:turno", "a001", &secret, &mut Rng::new(3), 1);
    format!("Authorization: {}\n", answer.expect("the challenge can be answered"))
}

// FusionPBX#2831: an unregistered agent stays available.
#[test]
fn a_seat_is_challenged_registers_and_is_gone_when_the_registration_ends() {
    let (mut room, first) = Room::new(|_| {});
    assert_eq!(first.facts, [Fact::Started]);
    let challenge = room.hear("127.0.0.9:5080", &register(1, ""));
    let challenge = message(&challenge.sent[0]);
    assert_eq!(challenge.status(), Some(401));
    let wrong = room.hear("127.0.0.9:5080", &register(2, &answer(&challenge, "guess")));
    assert_eq!(message(&wrong.sent[0]).status(), Some(401), "a wrong password is told nothing");
    let right = room.hear("127.0.0.9:5080", &register(3, &answer(&message(&wrong.sent[0]), "lab")));
    assert_eq!(message(&right.sent[0]).status(), Some(200));
    let agent = turno_model::AgentId(0);
    assert!(right.facts.contains(&Fact::Registered { agent, contacts: 1 }), "{:?}", right.facts);
    assert!(room.wait_for(Duration::from_secs(61), &Fact::Registered { agent, contacts: 0 }));
}

// RFC 3261, 8.2.7: a stranger's many requests must not fill the table of transactions.
#[test]
fn who_is_challenged_leaves_nothing_behind_and_a_copy_is_met_alike() {
    let (mut room, _) = Room::new(|_| {});
    let before = room.engine.sip_counters().transactions;
    let first = message(&room.hear("127.0.0.9:5080", &register(1, "")).sent[0]);
    let copy = message(&room.hear("127.0.0.9:5080", &register(1, "")).sent[0]);
    assert_eq!((first.status(), copy.status()), (Some(401), Some(401)));
    let tag = |message: &Message| message.to().expect("a To").tag().map(str::to_owned);
    assert_eq!(tag(&first), tag(&copy), "one transaction, one tag");
    assert_eq!(room.engine.sip_counters().transactions, before);
    let right = register(2, &answer(&copy, "lab"));
    let once = room.hear("127.0.0.9:5080", &right);
    let again = room.hear("127.0.0.9:5080", &right);
    assert_eq!(message(&once.sent[0]).status(), Some(200));
    assert_eq!(
        once.sent[0].bytes, again.sent[0].bytes,
        "what changed something is remembered for its copies"
    );
}

// RFC 3261, 10.3: nobody may register for another address of record.
#[test]
fn a_seat_cannot_register_for_another() {
    let (mut room, _) = Room::new(|_| {});
    let challenge = room.hear("127.0.0.9:5080", &register(1, ""));
    let answer = answer(&message(&challenge.sent[0]), "lab");
    let others = register(2, &answer).replace("To: <sip:a001@turno>", "To: <sip:a002@turno>");
    assert_eq!(message(&room.hear("127.0.0.9:5080", &others).sent[0]).status(), Some(403));
}

// A port that can't be bound: one clear line that names the port.
#[test]
fn a_media_port_that_is_taken_ends_that_call_alone_and_raises_an_alarm() {
    let (mut room, _) = Room::new(|_| {});
    let entered = room.hear("127.0.0.8:5070", &invite("7001"));
    let Some(&MediaCommand::Open { stream, local }) = entered.media.first() else {
        panic!("a caller's stream is opened first: {:?}", entered.media)
    };
    let failed = MediaEvent::Failed { stream, failure: StreamFailure::PortRefused };
    let step = room.handle(Input::Media(failed));
    let port = local.port().to_string();
    let is_told = |fact: &Fact| matches!(fact, Fact::Alarm { text } if text.contains(&port));
    assert!(step.facts.iter().any(is_told), "{:?}", step.facts);
}

// RFC 3263, 4.3. Wound: carriers that go away. A trunk is probed by OPTIONS.
#[test]
fn a_carrier_that_answers_nothing_is_out_of_service() {
    let (mut room, first) = Room::new(|plan| {
        plan.trunks[0].host = Some("127.0.0.7".to_owned());
        plan.trunks[0].options_interval = Some(Duration::from_secs(30));
    });
    assert!(first.sent.is_empty(), "the first OPTIONS leaves with the first deadline");
    let down = Fact::TrunkChanged { trunk: TrunkId(0), up: false };
    assert!(room.wait_for(Duration::from_secs(60), &down), "64*T1 without an answer");
}
