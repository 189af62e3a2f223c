//! A stack whose peer's messages are written by hand, and its connections.

use core::time::Duration;
use std::net::SocketAddr;

use bytes::Bytes;
use turno_ground::{Datagram, Flow, Moment, Rng, Transmit, Transport};
use turno_sip::{Event, Extra, Message, Name, OutInvite, ServerKey, SessionId, Stack, StackSettings};

use crate::bench::{SDP_ALICE, SDP_BOB, brief, sdp, start};

pub(crate) fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// The peer's stream from this address.
pub(crate) fn stream(transport: Transport, remote: &str) -> Flow {
    Flow { transport, local: at("10.0.0.2:5060"), remote: at(remote) }
}

pub(crate) fn tcp(port: u16) -> Flow {
    stream(Transport::Tcp, &format!("10.0.0.9:{port}"))
}

/// A flow that asks the shell for a new stream to `remote`.
pub(crate) fn asked_for(transport: Transport, remote: &str) -> Flow {
    Flow { local: at("10.0.0.2:0"), ..stream(transport, remote) }
}

/// A stack whose peer's messages are written by hand.
pub(crate) struct Desk {
    pub(crate) stack: Stack,
    pub(crate) now: Moment,
    pub(crate) session: Option<SessionId>,
    pub(crate) log: Vec<String>,
    pub(crate) elsewhere: Vec<ServerKey>,
    pub(crate) to: String,
    pub(crate) from: String,
    pub(crate) call_id: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            stack: Stack::new(StackSettings::default(), Rng::new(6)),
            now: start(),
            session: None,
            log: Vec::new(),
            elsewhere: Vec::new(),
            to: "<sip:desk@10.0.0.2>".to_owned(),
            from: "<sip:eve@10.0.0.9>;tag=e1".to_owned(),
            call_id: "c1".to_owned(),
        }
    }

    pub(crate) fn hear(&mut self, flow: Flow, text: &str) -> Vec<Transmit> {
        let bytes = Bytes::from(text.replace('\n', "\r\n"));
        self.stack.handle_datagram(Datagram { flow, bytes: &bytes }, self.now);
        self.sent()
    }

    pub(crate) fn closes(&mut self, flow: Flow) -> Vec<Transmit> {
        self.stack.handle_flow_closed(flow, self.now);
        self.sent()
    }

    pub(crate) fn later(&mut self, millis: u64) -> Vec<Transmit> {
        self.now = self.now + Duration::from_millis(millis);
        self.stack.handle_deadlines(self.now);
        self.sent()
    }

    pub(crate) fn sent(&mut self) -> Vec<Transmit> {
        while let Some(event) = self.stack.poll_event() {
            match event {
                Event::Invite { session, .. } => self.session = Some(session),
                Event::Session { event, .. } => self.log.push(brief(&event)),
                Event::Elsewhere { key, .. } => self.elsewhere.push(key),
                Event::Unanswered { .. } => self.log.push("unanswered".to_owned()),
                _ => {}
            }
        }
        core::iter::from_fn(|| self.stack.poll_transmit()).collect()
    }

    pub(crate) fn session(&self) -> SessionId {
        self.session.expect("a call is there")
    }

    pub(crate) fn request(&self, method: &str, cseq: u32, contact: &str) -> String {
        let (to, from, call_id) = (&self.to, &self.from, &self.call_id);
        format!(
            "{method} sip:desk@10.0.0.2 SIP/2.0\nVia: SIP/2.0/TCP 10.0.0.9:5080;branch=z9hG4bK{method}{cseq}\n\
             Max-Forwards: 70\nFrom: {from}\nTo: {to}\nCall-ID: {call_id}\nCSeq: {cseq} {method}\n\
             Contact: <sip:eve@{contact};transport=tcp>\nContent-Length: 0\n\n"
        )
    }

    pub(crate) fn invite(&self, contact: &str) -> String {
        let sdp = String::from_utf8_lossy(SDP_ALICE).replace("\r\n", "\n");
        let head = self.request("INVITE", 1, contact).replace("Content-Length: 0\n\n", "");
        format!("{head}Content-Type: application/sdp\nContent-Length: {}\n\n{sdp}", SDP_ALICE.len())
    }

    /// A caller by TCP from port 40000 with this Contact, in a confirmed call.
    pub(crate) fn talks_to(contact: &str) -> Self {
        let mut desk = Self::rung_by(contact);
        let (session, now) = (desk.session(), desk.now);
        desk.stack.accept(session, sdp(SDP_BOB), Extra::new(), now);
        let accepted = desk.sent();
        desk.takes_tag_of(&accepted[0]);
        desk.hear(tcp(40_000), &desk.request("ACK", 1, contact));
        assert_eq!(desk.log, ["confirmed"]);
        desk
    }

    pub(crate) fn rung_by(contact: &str) -> Self {
        let mut desk = Self::new();
        let invite = desk.invite(contact);
        desk.hear(tcp(40_000), &invite);
        desk
    }

    pub(crate) fn takes_tag_of(&mut self, response: &Transmit) {
        self.to = message(response).header(Name::To).unwrap().to_owned();
    }

    /// A phone that registered by TCP from port 40000, and rings.
    pub(crate) fn rings(contact: &str) -> (Self, Message) {
        let mut desk = Self::new();
        let out = OutInvite {
            uri: format!("sip:a001@{contact};transport=tcp"),
            flow: tcp(40_000),
            from: "<sip:turno@10.0.0.2>".to_owned(),
            to: "<sip:a001@10.0.0.2>".to_owned(),
            contact_user: "turno".to_owned(),
            route: Vec::new(),
            headers: Extra::new(),
            sdp: Some(sdp(SDP_ALICE)),
            credentials: None,
        };
        let session = desk.stack.invite(out, desk.now);
        desk.session = Some(session);
        let invite = message(&desk.sent()[0]);
        desk.call_id = invite.call_id().to_owned();
        desk.to = invite.header(Name::From).unwrap().to_owned();
        desk.from = "<sip:a001@10.0.0.2>;tag=p1".to_owned();
        (desk, invite)
    }
}

pub(crate) fn message(transmit: &Transmit) -> Message {
    Message::scan(&transmit.bytes).expect("what a stack writes can be read")
}

pub(crate) fn names(sent: &[Transmit]) -> Vec<String> {
    let name = |one: &Transmit| match message(one).status() {
        Some(status) => status.to_string(),
        None => message(one).method_name().to_owned(),
    };
    sent.iter().map(name).collect()
}

pub(crate) fn answer(request: &Message, status: u16, contact: &str) -> String {
    let header = |name| request.header(name).unwrap();
    let to = header(Name::To);
    let tag = if to.contains(";tag=") { "" } else { ";tag=p1" };
    format!(
        "SIP/2.0 {status} X\nVia: {}\nFrom: {}\nTo: {to}{tag}\nCall-ID: {}\nCSeq: {}\n\
         Contact: <sip:a001@{contact};transport=tcp>\nContent-Length: 0\n\n",
        header(Name::Via),
        header(Name::From),
        request.call_id(),
        header(Name::CSeq)
    )
}

/// A Contact behind a NAT: no stream can be opened there.
pub(crate) const HIDDEN: &str = "192.168.7.7:5090";
/// The same phone, seen from here.
pub(crate) const SHOWN: &str = "198.51.100.9";
