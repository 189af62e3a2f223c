//! An engine with a browser's phone, a carrier, and what they say.

use core::time::Duration;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use turno_engine::{Engine, Input, Output};
use turno_ground::{Datagram, Flow, Moment, Transmit, Transport};
use turno_media_plan::{Fingerprint, Hash, MediaCommand};
use turno_model::{AgentId, Fact, Plan};
use turno_sip::{Message, Name};

pub(crate) const OFFER: &str =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.8\r\ns=-\r\nc=IN IP4 127.0.0.8\r\nt=0 0\r\nm=audio 9000 RTP/AVP 0\r\n";
pub(crate) const DESK: &str = "00000000-0000-0000-0000-000000000001";
pub(crate) const OTHER_DESK: &str = "00000000-0000-0000-0000-000000000002";

pub(crate) struct World {
    pub(crate) plan: Arc<Plan>,
    pub(crate) engine: Engine,
    pub(crate) now: Moment,
    /// Facts and commands to the media plane since the last look.
    pub(crate) facts: Vec<Fact>,
    pub(crate) media: Vec<MediaCommand>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Plan)) -> Self {
        let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/lab");
        let (mut plan, _) = turno_config::load(&lab).expect("the lab plan is valid");
        change(&mut plan);
        let (plan, now) = (Arc::new(plan), Moment::from_secs(1_795_000_000));
        let mut engine = Engine::new(Arc::clone(&plan), 7, now);
        shows_certificates(&mut engine, &plan);
        engine.keep_journal(now);
        Self { plan, engine, now, facts: Vec::new(), media: Vec::new() }
    }

    pub(crate) fn handle(&mut self, input: Input<'_>) -> Vec<Transmit> {
        self.engine.handle(input, self.now);
        self.engine.check_invariants();
        let mut sent = Vec::new();
        loop {
            match self.engine.poll_output() {
                Output::Transmit(transmit) => sent.push(transmit),
                Output::Record(_, fact) => self.facts.push(fact),
                Output::Media(command) => self.media.push(command),
                Output::Idle(_) => return sent,
                Output::Keep(_) | Output::Recording(_) | Output::Reply(_) | Output::Stopped => {}
            }
        }
    }

    pub(crate) fn hear(&mut self, flow: Flow, text: &str) -> Vec<Transmit> {
        self.now = self.now + Duration::from_millis(10);
        let bytes = Bytes::from(text.replace('\n', "\r\n").replace("\r\r", "\r"));
        self.handle(Input::Datagram(Datagram { flow, bytes: &bytes }))
    }

    pub(crate) fn waits(&mut self, seconds: u64) -> Vec<Transmit> {
        let mut sent = Vec::new();
        for _ in 0..seconds {
            self.now = self.now + Duration::from_secs(1);
            sent.extend(self.handle(Input::Wake));
        }
        sent
    }

    pub(crate) fn is_killed(&mut self) {
        let images = self.engine.images().into_iter().map(|kept| (kept.name, kept.form));
        let engine = Engine::recover(Arc::clone(&self.plan), 8, images, self.now);
        self.engine = engine.expect("what was written can be read");
        shows_certificates(&mut self.engine, &self.plan);
        self.engine.keep_journal(self.now);
        self.handle(Input::Wake);
    }

    pub(crate) fn agent(&self, extension: &str) -> AgentId {
        self.plan.agent_by_extension(extension).expect("an agent of the lab")
    }

    /// The page of a001 connects, its person has signed in, and its phone registers: the status, and what else was sent.
    pub(crate) fn opens(&mut self, flow: Flow, desk: &str, contact: &str) -> (u16, Vec<Transmit>) {
        let agent = self.agent("a001");
        self.handle(Input::SignedIn(flow, agent));
        self.registers(flow, "a001", desk, contact)
    }

    pub(crate) fn registers(
        &mut self,
        flow: Flow,
        seat: &str,
        desk: &str,
        contact: &str,
    ) -> (u16, Vec<Transmit>) {
        let number = self.now.as_micros();
        let sent = self.hear(
            flow,
            &format!(
                "REGISTER sip:turno SIP/2.0\nVia: SIP/2.0/WS qib5gp927pd3.invalid;branch=z9hG4bK{number}\n\
                 Max-Forwards: 69\nFrom: <sip:{seat}@turno>;tag=1\nTo: <sip:{seat}@turno>\nCall-ID: {desk}{number}\n\
                 CSeq: 1 REGISTER\nContact: <sip:{contact}@qib5gp927pd3.invalid;transport=ws>;+sip.ice;reg-id=1;\
                 +sip.instance=\"<urn:uuid:{desk}>\";expires=300\nExpires: 300\nSupported: path,gruu,outbound\n\
                 Content-Length: 0\n\n"
            ),
        );
        let answer = message(sent.iter().find(|one| is_answer(one, "REGISTER")).expect("an answer"));
        assert_eq!(sent.iter().find(|one| is_answer(one, "REGISTER")).map(|one| one.flow), Some(flow));
        if answer.status() == Some(200) {
            assert_eq!(answer.header(Name::Require), Some("outbound"), "RFC 5626, 6");
            assert_eq!(answer.header(Name::FlowTimer), Some("120"), "RFC 5626, 5.4");
            let echoed = answer.header(Name::Contact).expect("the bindings");
            assert!(echoed.contains(&format!("+sip.instance=\"<urn:uuid:{desk}>\";reg-id=1")), "{echoed}");
        }
        (answer.status().expect("a response"), sent)
    }

    /// A citizen calls and the phone on this flow answers: its INVITE, and the To of the caller's dialog.
    pub(crate) fn talks(&mut self, flow: Flow) -> (Message, String) {
        let rung = self.hear(carrier(), &from_caller("INVITE", 1, "<sip:7000@turno>", OFFER));
        let invite = message(&find(&rung, "INVITE "));
        assert_eq!(find(&rung, "INVITE ").flow, flow);
        let answered = self.hear(flow, &answer_of(&invite, 200));
        let to = message(&find(&answered, "SIP/2.0 200")).header(Name::To).expect("it has one").to_owned();
        self.hear(carrier(), &from_caller("ACK", 1, &to, ""));
        (invite, to)
    }
}

/// Only where the plan has browsers their voice is secured.
fn shows_certificates(engine: &mut Engine, plan: &Plan) {
    let print = |byte: u8| Fingerprint::new(Hash::Sha256, &[byte; 32]).expect("a digest");
    if plan.browser.is_some() {
        engine.show_certificates([print(1), print(2)]);
    }
}

pub(crate) fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// A browser behind a reverse proxy on this machine, as all are.
pub(crate) fn browser(port: u16) -> Flow {
    let remote = SocketAddr::new(at("127.0.0.1:1").ip(), port);
    Flow { transport: Transport::Ws, local: at("127.0.0.1:8081"), remote }
}

pub(crate) fn carrier() -> Flow {
    Flow { transport: Transport::Udp, local: at("127.0.0.1:5060"), remote: at("127.0.0.8:5070") }
}

pub(crate) fn message(transmit: &Transmit) -> Message {
    Message::scan(&transmit.bytes).expect("the engine writes SIP")
}

pub(crate) fn is_answer(sent: &Transmit, method: &str) -> bool {
    let message = message(sent);
    message.status().is_some() && message.header(Name::CSeq).is_some_and(|cseq| cseq.ends_with(method))
}

pub(crate) fn find(sent: &[Transmit], begins: &str) -> Transmit {
    let found = sent.iter().find(|one| one.bytes.starts_with(begins.as_bytes()));
    found.unwrap_or_else(|| panic!("no {begins} in {sent:?}")).clone()
}

pub(crate) fn from_caller(method: &str, cseq: u32, to: &str, body: &str) -> String {
    let kind = if body.is_empty() { "" } else { "Content-Type: application/sdp\n" };
    format!(
        "{method} sip:7000@turno SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.8:5070;branch=z9hG4bK-{method}{cseq}\n\
         Max-Forwards: 70\nFrom: <sip:0991234567@127.0.0.8>;tag=2\nTo: {to}\nCall-ID: two\nCSeq: {cseq} {method}\n\
         Contact: <sip:c@127.0.0.8:5070>\n{kind}Content-Length: {}\n\n{body}",
        body.len()
    )
}

/// SDP of the kind that was said: a browser's, or plain.
pub(crate) fn sdp_like(said: &[u8], setup: &str) -> String {
    if !String::from_utf8_lossy(said).contains("UDP/TLS/RTP/SAVPF") {
        return OFFER.replace("9000", "9100");
    }
    let fingerprint = ["AB"; 32].join(":");
    format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\n\
         a=ice-ufrag:{setup}\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=fingerprint:sha-256 {fingerprint}\r\n\
         a=setup:{setup}\r\na=mid:0\r\na=rtcp-mux\r\na=sendrecv\r\n"
    )
}

pub(crate) fn answer_of(request: &Message, status: u16) -> String {
    let header = |name| request.header(name).expect("the engine writes it").to_owned();
    let body = if status == 200 { sdp_like(&request.body(), "active") } else { String::new() };
    let kind = if body.is_empty() { "" } else { "Content-Type: application/sdp\n" };
    format!(
        "SIP/2.0 {status} X\nVia: {}\nFrom: {}\nTo: {};tag=phone\nCall-ID: {}\nCSeq: {}\n\
         Contact: <sip:ab@qib5gp927pd3.invalid;transport=ws>\n{kind}Content-Length: {}\n\n{body}",
        header(Name::Via),
        header(Name::From),
        header(Name::To),
        header(Name::CallId),
        header(Name::CSeq),
        body.len()
    )
}

/// A request of the phone inside the call of `invite`.
pub(crate) fn from_phone(invite: &Message, method: &str, cseq: u32) -> String {
    let header = |name| invite.header(name).expect("the engine writes it");
    format!(
        "{method} sip:turno@127.0.0.1 SIP/2.0\nVia: SIP/2.0/WS qib5gp927pd3.invalid;branch=z9hG4bK-p{method}{cseq}\n\
         Max-Forwards: 70\nFrom: {};tag=phone\nTo: {}\nCall-ID: {}\nCSeq: {cseq} {method}\n\
         Contact: <sip:ab@qib5gp927pd3.invalid;transport=ws>\nContent-Length: 0\n\n",
        header(Name::To),
        header(Name::From),
        invite.call_id()
    )
}

/// The INVITE by which a page that was loaded anew takes the talk of `invite` back.
pub(crate) fn takes_back(invite: &Message, from: &str, branch: &str) -> String {
    let tag = invite.header(Name::From).and_then(|from| from.split(";tag=").nth(1)).expect("a tag");
    let body = sdp_like(&invite.body(), "actpass");
    format!(
        "INVITE sip:{from}@turno SIP/2.0\nVia: SIP/2.0/WS other.invalid;branch=z9hG4bK-{branch}\nMax-Forwards: 70\n\
         From: <sip:{from}@turno>;tag={branch}\nTo: <sip:{from}@turno>\nCall-ID: back-{branch}\nCSeq: 1 INVITE\n\
         Contact: <sip:cd@other.invalid;transport=ws>\nReplaces: {};to-tag={tag};from-tag=phone\n\
         Content-Type: application/sdp\nContent-Length: {}\n\n{body}",
        invite.call_id(),
        body.len()
    )
}

/// The ACK and the later requests of that dialog.
pub(crate) fn in_new_dialog(method: &str, cseq: u32, accepted: &Message, branch: &str) -> String {
    let to = accepted.header(Name::To).expect("it has one");
    format!(
        "{method} sip:turno@127.0.0.1 SIP/2.0\nVia: SIP/2.0/WS other.invalid;branch=z9hG4bK-{method}{cseq}{branch}\n\
         Max-Forwards: 70\nFrom: <sip:a001@turno>;tag={branch}\nTo: {to}\nCall-ID: back-{branch}\nCSeq: {cseq} {method}\n\
         Contact: <sip:cd@other.invalid;transport=ws>\nContent-Length: 0\n\n"
    )
}

/// An INVITE of a phone.
pub(crate) fn from_phone_of(seat: &str, number: &str) -> String {
    format!(
        "INVITE sip:{number}@turno SIP/2.0\nVia: SIP/2.0/WS qib5gp927pd3.invalid;branch=z9hG4bK-{seat}{number}\n\
         Max-Forwards: 70\nFrom: <sip:{seat}@turno>;tag=5\nTo: <sip:{number}@turno>\nCall-ID: own\nCSeq: 1 INVITE\n\
         Contact: <sip:ab@qib5gp927pd3.invalid;transport=ws>\nContent-Type: application/sdp\nContent-Length: {}\n\n{OFFER}",
        OFFER.len()
    )
}
