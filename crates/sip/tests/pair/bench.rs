//! The test bench: two stacks on a simulated wire that can lose, duplicate and delay messages.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use turno_ground::{Datagram, Flow, Moment, Rng, Transport};
use turno_sip::{Event, Extra, Message, OutInvite, ReferId, SessionEvent, SessionId, Stack, StackSettings};

/// One of the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Alice,
    Bob,
}

/// What the wire does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Pass,
    Lose,
    Twice,
    Late(u64),
}

/// A message that left an end.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) from: Side,
    pub(crate) bytes: Bytes,
}

impl Sent {
    pub(crate) fn message(&self) -> Message {
        Message::scan(&self.bytes).expect("what a stack writes can be read")
    }

    /// `INVITE`, or `200 INVITE`.
    pub(crate) fn name(&self) -> String {
        let message = self.message();
        match message.status() {
            Some(status) => format!("{status} {}", message.method_name()),
            None => message.method_name().to_owned(),
        }
    }
}

struct Travelling {
    at: Moment,
    order: u64,
    to: Side,
    flow: Flow,
    bytes: Bytes,
}

pub(crate) struct End {
    pub(crate) stack: Stack,
    pub(crate) address: SocketAddr,
    pub(crate) events: Vec<Event>,
}

type Rule = Box<dyn FnMut(&Sent) -> Fate>;

/// The test bench: two ends, a wire, and the time.
pub(crate) struct Pair {
    pub(crate) alice: End,
    pub(crate) bob: End,
    pub(crate) now: Moment,
    pub(crate) sent: Vec<(Moment, Sent)>,
    transport: Transport,
    wire: Vec<Travelling>,
    order: u64,
    rule: Rule,
}

pub(crate) const SDP_ALICE: &[u8] = b"v=0\r\no=alice 1 1 IN IP4 10.0.0.1\r\ns=-\r\n";
pub(crate) const SDP_BOB: &[u8] = b"v=0\r\no=bob 1 1 IN IP4 10.0.0.2\r\ns=-\r\n";
pub(crate) const SDP_HOLD: &[u8] = b"v=0\r\no=alice 1 2 IN IP4 10.0.0.1\r\ns=-\r\na=sendonly\r\n";

pub(crate) fn sdp(text: &'static [u8]) -> Bytes {
    Bytes::from_static(text)
}

pub(crate) fn start() -> Moment {
    Moment::from_secs(1_000_000)
}

pub(crate) fn end(address: &str, transport: Transport, seed: u64, settings: StackSettings) -> End {
    let address: SocketAddr = address.parse().expect("an address");
    let settings = StackSettings { addresses: vec![(transport, address)], ..settings };
    End { stack: Stack::new(settings, Rng::new(seed)), address, events: Vec::new() }
}

impl Pair {
    pub(crate) fn new() -> Self {
        Self::with(StackSettings::default(), StackSettings::default(), Transport::Udp, 1)
    }

    pub(crate) fn with(alice: StackSettings, bob: StackSettings, transport: Transport, seed: u64) -> Self {
        Self {
            alice: end("10.0.0.1:5060", transport, seed, alice),
            bob: end("10.0.0.2:5060", transport, seed + 1_000, bob),
            now: start(),
            sent: Vec::new(),
            transport,
            wire: Vec::new(),
            order: 0,
            rule: Box::new(|_| Fate::Pass),
        }
    }

    /// Sets what the wire does with each message from now on.
    pub(crate) fn rule(&mut self, rule: impl FnMut(&Sent) -> Fate + 'static) {
        self.rule = Box::new(rule);
    }

    /// Loses the next `count` messages of this name.
    pub(crate) fn lose(&mut self, name: &'static str, mut count: u32) {
        self.rule(move |sent| {
            if count > 0 && sent.name() == name {
                count -= 1;
                return Fate::Lose;
            }
            Fate::Pass
        });
    }

    pub(crate) fn end(&mut self, side: Side) -> &mut End {
        match side {
            Side::Alice => &mut self.alice,
            Side::Bob => &mut self.bob,
        }
    }

    pub(crate) fn flow(&self, from: Side) -> Flow {
        let (local, remote) = match from {
            Side::Alice => (self.alice.address, self.bob.address),
            Side::Bob => (self.bob.address, self.alice.address),
        };
        Flow { transport: self.transport, local, remote }
    }

    /// An INVITE of Alice to Bob.
    pub(crate) fn out(&self) -> OutInvite {
        OutInvite {
            uri: "sip:bob@10.0.0.2".to_owned(),
            flow: self.flow(Side::Alice),
            from: "\"Alice\" <sip:alice@10.0.0.1>".to_owned(),
            to: "<sip:bob@10.0.0.2>".to_owned(),
            contact_user: "alice".to_owned(),
            route: Vec::new(),
            headers: Extra::new(),
            sdp: Some(sdp(SDP_ALICE)),
            credentials: None,
        }
    }

    /// Alice calls Bob; returns both sessions.
    pub(crate) fn call(&mut self) -> (SessionId, SessionId) {
        let out = self.out();
        self.call_with(out)
    }

    pub(crate) fn call_with(&mut self, out: OutInvite) -> (SessionId, SessionId) {
        let now = self.now;
        let calling = self.alice.stack.invite(out, now);
        self.run_millis(20);
        (calling, self.ringing())
    }

    /// The session of the last call that Bob got.
    pub(crate) fn ringing(&self) -> SessionId {
        let invites = self.bob.events.iter().filter_map(|event| match event {
            Event::Invite { session, .. } => Some(*session),
            _ => None,
        });
        invites.last().expect("a call arrived")
    }

    /// A call that is answered and confirmed.
    pub(crate) fn talk(&mut self) -> (SessionId, SessionId) {
        let (calling, ringing) = self.call();
        let now = self.now;
        self.bob.stack.accept(ringing, sdp(SDP_BOB), Extra::new(), now);
        self.run_millis(100);
        (calling, ringing)
    }

    pub(crate) fn run_millis(&mut self, millis: u64) {
        self.run(Duration::from_millis(millis), |_, _, _| {});
    }

    pub(crate) fn run_secs(&mut self, seconds: u64) {
        self.run_millis(seconds * 1_000);
    }

    /// Runs for `span`. `react` sees each event as it happens and may call the stack that reported it.
    pub(crate) fn run(&mut self, span: Duration, mut react: impl FnMut(Side, &mut Stack, (&Event, Moment))) {
        let until = self.now + span;
        loop {
            self.settle(&mut react);
            let next = [
                self.wire.iter().map(|one| one.at).min(),
                self.alice.stack.next_deadline(),
                self.bob.stack.next_deadline(),
            ];
            let Some(at) = next.into_iter().flatten().min().filter(|at| *at <= until) else { break };
            self.now = self.now.max(at);
            self.step();
        }
        self.now = until;
    }

    fn step(&mut self) {
        let now = self.now;
        self.wire.sort_by_key(|one| (one.at, one.order));
        while self.wire.first().is_some_and(|one| one.at <= now) {
            let one = self.wire.remove(0);
            let datagram = Datagram { flow: one.flow, bytes: &one.bytes };
            self.end(one.to).stack.handle_datagram(datagram, now);
        }
        self.alice.stack.handle_deadlines(now);
        self.bob.stack.handle_deadlines(now);
    }

    fn settle(&mut self, react: &mut impl FnMut(Side, &mut Stack, (&Event, Moment))) {
        for side in [Side::Alice, Side::Bob] {
            let now = self.now;
            let end = self.end(side);
            while let Some(event) = end.stack.poll_event() {
                react(side, &mut end.stack, (&event, now));
                end.events.push(event);
            }
            while let Some(transmit) = self.end(side).stack.poll_transmit() {
                let read = rsip::SipMessage::try_from(transmit.bytes.as_ref());
                assert!(read.is_ok(), "another parser can't read {:?}", transmit.bytes);
                self.send(Sent { from: side, bytes: transmit.bytes });
            }
        }
    }

    fn send(&mut self, sent: Sent) {
        let delays: &[u64] = match (self.rule)(&sent) {
            Fate::Pass => &[5],
            Fate::Lose => &[],
            Fate::Twice => &[5, 6],
            Fate::Late(millis) => &[millis],
        };
        for millis in delays {
            self.order += 1;
            let to = if sent.from == Side::Alice { Side::Bob } else { Side::Alice };
            let at = self.now + Duration::from_millis(*millis);
            let flow = self.flow(to);
            self.wire.push(Travelling { at, order: self.order, to, flow, bytes: sent.bytes.clone() });
        }
        self.sent.push((self.now, sent));
    }

    /// The events of one session.
    pub(crate) fn heard(&self, side: Side, id: SessionId) -> Vec<&SessionEvent> {
        let end = if side == Side::Alice { &self.alice } else { &self.bob };
        end.events
            .iter()
            .filter_map(|event| match event {
                Event::Session { session, event } if *session == id => Some(event),
                _ => None,
            })
            .collect()
    }

    /// The same as short texts.
    pub(crate) fn log(&self, side: Side, id: SessionId) -> Vec<String> {
        self.heard(side, id).into_iter().map(brief).collect()
    }

    /// The messages that one side sent, in order.
    pub(crate) fn said(&self, side: Side) -> Vec<String> {
        self.sent.iter().filter(|(_, sent)| sent.from == side).map(|(_, sent)| sent.name()).collect()
    }

    /// The last message of this name.
    pub(crate) fn last(&self, name: &str) -> Message {
        let found = self.sent.iter().rev().find(|(_, sent)| sent.name() == name);
        found.unwrap_or_else(|| panic!("no {name} was sent")).1.message()
    }

    /// Lets every timer expire, and asserts that nothing is left.
    pub(crate) fn assert_clean(&mut self) {
        self.run_secs(240);
        for side in [Side::Alice, Side::Bob] {
            let end = self.end(side);
            assert_eq!(end.stack.next_deadline(), None, "{side:?} still waits for something");
            let counters = end.stack.counters();
            let living = (
                counters.sessions,
                counters.server_transactions,
                counters.client_transactions,
                counters.deadlines,
            );
            assert_eq!(living, (0, 0, 0, 0), "{side:?} still keeps something");
        }
    }
}

/// An event as a short text.
pub(crate) fn brief(event: &SessionEvent) -> String {
    let with = |sdp: &Option<Bytes>| if sdp.is_some() { " with sdp" } else { "" };
    match event {
        SessionEvent::Progress { status, sdp } => format!("progress {status}{}", with(sdp)),
        SessionEvent::Accepted { sdp, .. } => format!("accepted{}", with(sdp)),
        SessionEvent::Refused { status, .. } => format!("refused {status}"),
        SessionEvent::Confirmed { sdp } => format!("confirmed{}", with(sdp)),
        SessionEvent::Cancelled => "cancelled".to_owned(),
        SessionEvent::Offered { sdp } => format!("offered{}", with(sdp)),
        SessionEvent::Answered { .. } => "answered".to_owned(),
        SessionEvent::OfferRefused { status } => format!("offer refused {status}"),
        SessionEvent::Refer { target, .. } => format!("refer to {target}"),
        SessionEvent::Notified { status } => format!("notified {status}"),
        SessionEvent::Info { content_type, .. } => format!("info {content_type}"),
        SessionEvent::Ended { by, .. } => format!("ended by {by:?}"),
    }
}

/// The last REFER that a session received.
pub(crate) fn referral(events: &[&SessionEvent]) -> ReferId {
    let mut referrals = events.iter().rev().filter_map(|event| match event {
        SessionEvent::Refer { refer, .. } => Some(*refer),
        _ => None,
    });
    referrals.next().expect("a REFER came")
}
