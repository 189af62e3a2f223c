//! Tests of registering with carriers that challenge, refuse, forget or do not answer.

mod service;

use core::time::Duration;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use turno_engine::{Engine, Input, Output};
use turno_ground::{Datagram, Flow, Moment, Rng, Secret, Transmit, Transport};
use turno_model::plan::TrunkTrust;
use turno_model::{Asker, Command, Fact, Plan, TrunkId};
use turno_sip::{Algorithm, Authenticator, Message, Method, Name, Verdict};

const CARRIER: &str = "127.0.0.7:5060";
const PASSWORD: &str = "wonder";

struct Room {
    engine: Engine,
    now: Moment,
    wake_at: Option<Moment>,
    sent: Vec<Transmit>,
    facts: Vec<Fact>,
    is_stopped: bool,
}

impl Room {
    fn new(change: impl FnOnce(&mut Plan)) -> Self {
        let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/lab");
        let (mut plan, _) = turno_config::load(&lab).expect("the lab plan is valid");
        plan.trunks[0].host = Some("127.0.0.7".to_owned());
        plan.trunks[0].trust = TrunkTrust::Registration {
            username: "1800510510".to_owned(),
            password: Secret::new(PASSWORD),
            expires: Duration::from_secs(600),
        };
        plan.trunks[0].options_interval = None;
        change(&mut plan);
        let now = Moment::from_secs(1_795_000_000);
        let engine = Engine::new(Arc::new(plan), 7, now);
        let (sent, facts) = (Vec::new(), Vec::new());
        let mut room = Self { engine, now, wake_at: None, sent, facts, is_stopped: false };
        room.drain();
        room
    }

    fn handle(&mut self, input: Input<'_>) {
        self.engine.handle(input, self.now);
        self.engine.check_invariants();
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            match self.engine.poll_output() {
                Output::Keep(_) | Output::Media(_) | Output::Recording(_) | Output::Reply(_) => {}
                Output::Record(_, fact) => self.facts.push(fact),
                Output::Transmit(transmit) => self.sent.push(transmit),
                Output::Stopped => self.is_stopped = true,
                Output::Idle(wake_at) => {
                    self.wake_at = wake_at;
                    return;
                }
            }
        }
    }

    fn hear(&mut self, from: &str, bytes: &Bytes) {
        let flow = Flow { transport: Transport::Udp, local: at("127.0.0.1:5060"), remote: at(from) };
        self.handle(Input::Datagram(Datagram { flow, bytes }));
    }

    /// Advances time, for at most `span`, until a request of `method` is sent, and takes it.
    fn asked(&mut self, method: Method, span: Duration) -> Option<(Message, SocketAddr)> {
        let end = self.now + span;
        loop {
            let found = self.sent.iter().position(|transmit| message(transmit).method() == method);
            if let Some(place) = found {
                let transmit = self.sent.remove(place);
                self.sent.clear();
                return Some((message(&transmit), transmit.flow.remote));
            }
            let Some(at) = self.wake_at.filter(|at| *at <= end) else {
                self.now = end;
                return None;
            };
            self.now = self.now.max(at);
            self.handle(Input::Wake);
        }
    }

    fn register(&mut self, span: u64) -> Message {
        self.asked(Method::Register, Duration::from_secs(span)).expect("a REGISTER").0
    }

    fn answer(&mut self, request: &Message, status: &str, headers: &[&str]) {
        let bytes = response(request, status, headers);
        self.hear(CARRIER, &bytes);
    }

    /// Reports about trunks since the last call.
    fn told(&mut self) -> Vec<String> {
        let told = self.facts.iter().filter_map(|fact| {
            if let Fact::TrunkTold { text, .. } = fact { Some(text.to_string()) } else { None }
        });
        let told = told.collect();
        self.facts.retain(|fact| !matches!(fact, Fact::TrunkTold { .. }));
        told
    }

    fn is_up(&self) -> bool {
        let last = self.facts.iter().rev().find_map(|fact| {
            if let Fact::TrunkChanged { trunk: TrunkId(0), up } = fact { Some(*up) } else { None }
        });
        last.unwrap_or(true)
    }
}

fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

fn message(transmit: &Transmit) -> Message {
    Message::scan(&transmit.bytes).expect("the engine writes SIP")
}

fn response(request: &Message, status: &str, headers: &[&str]) -> Bytes {
    let mut text = format!("SIP/2.0 {status}\r\n");
    for (name, _, value) in request.headers() {
        if matches!(name, Name::Via | Name::From | Name::CallId | Name::CSeq) {
            text += &format!("{}: {value}\r\n", name.text());
        } else if name == Name::To {
            text += &format!("To: {value};tag=carrier\r\n");
        }
    }
    headers.iter().for_each(|header| text += &format!("{header}\r\n"));
    Bytes::from(text + "Content-Length: 0\r\n\r\n")
}

fn contact(request: &Message) -> String {
    format!("Contact: {}", request.header(Name::Contact).expect("a Contact"))
}

fn cseq(request: &Message) -> u32 {
    request.cseq().expect("a CSeq").number
}

// RFC 8760, 2.4: a 401 with three challenges; RFC 7616, 3.4: the nonce is counted on at the next renewal.
#[test]
fn a_carrier_that_offers_three_hashes_gets_its_registration() {
    let mut room = Room::new(|_| {});
    let mut rng = Rng::new(3);
    let kinds = vec![Algorithm::Sha512_256, Algorithm::Sha256, Algorithm::Md5];
    let mut guard = Authenticator::new("carrier", kinds, Duration::from_secs(3_600), &mut rng);
    let secret = |user: &str| (user == "1800510510").then(|| Secret::new(PASSWORD));
    let first = room.register(1);
    let challenges: Vec<String> =
        guard.challenge(false, room.now).iter().map(|one| format!("WWW-Authenticate: {one}")).collect();
    let challenges: Vec<&str> = challenges.iter().map(String::as_str).collect();
    room.answer(&first, "401 Unauthorized", &challenges);
    let second = room.register(1);
    assert_eq!((first.call_id(), cseq(&first) + 1), (second.call_id(), cseq(&second)), "RFC 3261, 10.2.4");
    assert!(second.header(Name::Authorization).is_some_and(|it| it.contains("algorithm=SHA-512-256")));
    let verdict = guard.verify(&second, Name::Authorization, secret, room.now);
    assert_eq!(verdict, Verdict::Valid { username: "1800510510".to_owned() });
    room.answer(&second, "200 OK", &[&contact(&second), "Expires: 600"]);
    assert!(room.is_up() && room.told().is_empty());
    // The renewal has credentials before any challenge.
    let renewal = room.register(541);
    assert_eq!(cseq(&renewal), cseq(&second) + 1);
    assert!(renewal.header(Name::Authorization).is_some_and(|it| it.contains("nc=00000002")));
    let verdict = guard.verify(&renewal, Name::Authorization, secret, room.now);
    assert_eq!(verdict, Verdict::Valid { username: "1800510510".to_owned() });
    // The carrier has forgotten its nonces: a fresh challenge is no refusal.
    room.answer(&renewal, "401 Unauthorized", &["WWW-Authenticate: Digest realm=\"carrier\", nonce=\"new\""]);
    let fresh = room.register(1);
    assert!(fresh.header(Name::Authorization).is_some_and(|it| it.contains("nonce=\"new\"")));
}

// RFC 3261, 10.2.8: 423 between two challenges.
#[test]
fn a_carrier_that_wants_a_longer_registration_gets_it() {
    let mut room = Room::new(|_| {});
    let asks = "WWW-Authenticate: Digest realm=\"c\", nonce=\"1\", qop=\"auth\"";
    let first = room.register(1);
    room.answer(&first, "401 Unauthorized", &[asks]);
    let second = room.register(1);
    room.answer(&second, "423 Interval Too Brief", &["Min-Expires: 1800"]);
    let third = room.register(1);
    assert_eq!(third.header(Name::Expires), Some("1800"));
    assert!(third.has(Name::Authorization), "it need not be asked again");
    room.answer(
        &third,
        "401 Unauthorized",
        &["WWW-Authenticate: Digest realm=\"c\", nonce=\"2\", stale=true"],
    );
    let fourth = room.register(1);
    room.answer(&fourth, "200 OK", &[&format!("{};expires=1800", contact(&fourth))]);
    assert!(room.is_up());
    assert!(room.asked(Method::Register, Duration::from_secs(1_500)).is_none(), "renewed too soon");
    assert_eq!(room.register(200).header(Name::Expires), Some("1800"));
}

#[test]
fn a_wrong_password_is_told_and_tried_ever_more_rarely() {
    let mut room = Room::new(|_| {});
    let asks = "WWW-Authenticate: Digest realm=\"c\", nonce=\"1\"";
    let first = room.register(1);
    room.answer(&first, "401 Unauthorized", &[asks]);
    let second = room.register(1);
    room.answer(&second, "401 Unauthorized", &[asks]);
    let told = room.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("cannot register: 401 Unauthorized") && told[0].contains("wrong"), "{told:?}");
    assert!(!room.is_up());
    for pause in [30, 60, 120] {
        assert!(room.asked(Method::Register, Duration::from_secs(pause - 1)).is_none());
        let again = room.register(2);
        assert!(!again.has(Name::Authorization), "what was refused is not sent again");
        room.answer(&again, "403 Forbidden\u{7f}", &[]);
    }
    let told = room.told();
    assert!(told.iter().all(|line| line.contains("has not been registered for")), "{told:?}");
    assert!(told.len() <= 2, "after one minute and after five: {told:?}");
    let last = room.register(241);
    room.answer(&last, "200 OK", &[&contact(&last)]);
    assert!(room.is_up());
    let told = room.told();
    assert!(told.last().is_some_and(|line| line.contains("is registered again after 7 min")), "{told:?}");
}

// RFC 3261, 21.5.4: Retry-After says when the server is available again.
#[test]
fn a_carrier_that_names_a_time_is_not_asked_before() {
    let mut room = Room::new(|_| {});
    let first = room.register(1);
    room.answer(&first, "503 Service Unavailable", &["Retry-After: 300 (upgrade)"]);
    assert!(room.asked(Method::Register, Duration::from_secs(299)).is_none());
    assert!(room.asked(Method::Register, Duration::from_secs(2)).is_some());
}

// RFC 3263, 4.3: 5xx and silence lead to the next address at once.
#[test]
fn the_next_address_is_asked_at_once() {
    let mut room = Room::new(|_| {});
    let addresses = vec![at("127.0.0.7:5060"), at("127.0.0.8:5060")];
    let resolved = Command::TrunkResolved(TrunkId(0), addresses);
    room.handle(Input::Command(1, Asker::Shell, resolved, None));
    let (first, remote) = room.asked(Method::Register, Duration::from_secs(1)).expect("a REGISTER");
    assert_eq!(remote, at("127.0.0.7:5060"));
    room.answer(&first, "500 Broken", &[]);
    let (_, remote) = room.asked(Method::Register, Duration::from_secs(1)).expect("a REGISTER");
    assert_eq!(remote, at("127.0.0.8:5060"));
    assert!(room.told().is_empty(), "one of two is enough");
    // The last address does not answer either: 64*T1, then a pause.
    let mut next = None;
    for _ in 0..70 {
        match room.asked(Method::Register, Duration::from_secs(1)) {
            Some(copy) if copy.1 == at("127.0.0.8:5060") => {}
            other => next = next.or(other),
        }
    }
    assert_eq!(next.map(|(_, remote)| remote), Some(at("127.0.0.7:5060")));
    assert!(room.told().iter().any(|line| line.contains("no answer to REGISTER from 127.0.0.8:5060")));
}

// RFC 3261, 10.3: a 200 that lists only other Contacts means that we have no binding.
#[test]
fn a_carrier_that_took_somebody_elses_contact_has_not_taken_ours() {
    let mut room = Room::new(|_| {});
    let first = room.register(1);
    room.answer(&first, "200 OK", &["Contact: <sip:1800510510@192.0.2.99>;expires=600"]);
    assert!(!room.is_up());
    let told = room.told();
    assert!(told[0].contains("does not list our Contact") && told[0].contains("192.0.2.99"), "{told:?}");
    assert!(room.asked(Method::Register, Duration::from_secs(31)).is_some());
}

// RFC 3261, 10.2.2: removes only our own Contact, for good.
#[test]
fn a_turno_that_ends_takes_its_contact_back() {
    let mut room = Room::new(|_| {});
    let first = room.register(1);
    room.answer(&first, "401 Unauthorized", &["WWW-Authenticate: Digest realm=\"c\", nonce=\"1\""]);
    let second = room.register(1);
    room.answer(&second, "200 OK", &[&contact(&second)]);
    room.handle(Input::Command(1, Asker::Shell, Command::Stop, None));
    let last = room.register(0);
    assert!(!room.is_stopped, "it waits for a moment");
    assert_eq!(
        (last.header(Name::Expires), last.header(Name::Contact)),
        (Some("0"), second.header(Name::Contact))
    );
    assert!(last.has(Name::Authorization));
    room.answer(&last, "401 Unauthorized", &["WWW-Authenticate: Digest realm=\"c\", nonce=\"2\""]);
    let again = room.register(0);
    assert_eq!(again.header(Name::Expires), Some("0"));
    room.answer(&again, "200 OK", &[]);
    assert!(room.is_stopped);
}

#[test]
fn a_silent_carrier_does_not_keep_a_turno_that_ends() {
    let mut room = Room::new(|_| {});
    let first = room.register(1);
    room.answer(&first, "200 OK", &[&contact(&first)]);
    room.handle(Input::Command(1, Asker::Shell, Command::Stop, None));
    assert!(room.asked(Method::Invite, Duration::from_secs(1)).is_none() && room.is_stopped);
}

// A carrier that answers OPTIONS and refuses the registration is not in service.
#[test]
fn an_answer_to_options_does_not_hide_that_the_registration_is_refused() {
    let mut room = Room::new(|plan| plan.trunks[0].options_interval = Some(Duration::from_secs(30)));
    let first = room.register(1);
    room.answer(&first, "403 Forbidden", &[]);
    assert!(!room.is_up());
    let options = room.asked(Method::Options, Duration::from_secs(31)).expect("OPTIONS").0;
    room.answer(&options, "200 OK", &[]);
    assert!(!room.is_up());
}

#[test]
fn a_carrier_that_is_silent_is_told_when_it_begins_lasts_and_ends() {
    let mut room = Room::new(|plan| {
        plan.trunks[0].trust = TrunkTrust::Addresses(Vec::new());
        plan.trunks[0].options_interval = Some(Duration::from_secs(30));
    });
    let mut told = Vec::new();
    for _ in 0..900 {
        let _ = room.asked(Method::Invite, Duration::from_secs(1));
        room.sent.clear();
        told.extend(room.told());
    }
    assert_eq!(told.len(), 3, "{told:?}");
    let name = "trunk `loopback`";
    assert!(told[0].contains("does not answer: no answer to OPTIONS from 127.0.0.7:5060"), "{told:?}");
    assert!(told[0].starts_with("trunk `") || told[0].contains(name));
    assert!(
        told[1].contains("has not answered for 60 s") && told[2].contains("has not answered for 5 min"),
        "{told:?}"
    );
    let options = room.asked(Method::Options, Duration::from_secs(61)).expect("OPTIONS").0;
    room.answer(&options, "200 OK", &[]);
    assert!(room.told()[0].contains("answers again after"));
    assert!(room.is_up());
}

// RFC 3608: the carrier names the way of our requests.
#[test]
fn a_call_by_a_registered_trunk_is_the_accounts() {
    let mut room = Room::new(|plan| {
        plan.dial_out.trunk = Some(TrunkId(0));
        plan.dial_out.allow = vec!["09.".to_owned()];
    });
    let first = room.register(1);
    let route = "Service-Route: <sip:edge.carrier.example;lr>";
    room.answer(&first, "200 OK", &[&contact(&first), route]);
    assert_eq!(first.request_uri(), "sip:127.0.0.7");
    assert!(first.header(Name::From).is_some_and(|from| from.starts_with("<sip:1800510510@127.0.0.7>")));
    assert_eq!(first.header(Name::Contact), Some("<sip:1800510510@127.0.0.1:5060>"));
}
