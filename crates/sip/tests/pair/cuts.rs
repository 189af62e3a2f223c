//! Two stacks on connections that are cut at any moment, with the messages in transit: no call ends because of it.

use core::time::Duration;
use std::collections::BTreeMap;
use std::net::SocketAddr;

use bytes::Bytes;
use turno_ground::{Datagram, Flow, Moment, Rng, Transport};
use turno_sip::{Event, Extra, HangUp, OutInvite, SessionId, Stack, StackSettings};

use crate::bench::{SDP_ALICE, SDP_BOB, SDP_HOLD, brief, sdp, start};

/// How long a message is in transit.
const DELAY: Duration = Duration::from_millis(5);
/// When somebody hangs up: long after the last cut.
const HANGING_UP: Duration = Duration::from_secs(60);

struct End {
    stack: Stack,
    address: SocketAddr,
    session: Option<SessionId>,
    log: Vec<String>,
    /// The stream that was opened for each flow that asked for a new one.
    opened: BTreeMap<Flow, Flow>,
}

/// A scheduled event of the wire.
enum Next {
    Arrives { to: usize, flow: Flow, bytes: Bytes },
    IsTold { who: usize, flow: Flow },
    Cut,
    Changes(usize),
    HangsUp(usize),
}

struct Wire {
    ends: [End; 2],
    now: Moment,
    agenda: BTreeMap<(Moment, u64), Next>,
    /// Each open connection: the flow at one end, and the other end with its flow.
    open: BTreeMap<(usize, Flow), (usize, Flow)>,
    numbered: u64,
    port: u16,
}

fn end(address: &str, seed: u64) -> End {
    let address: SocketAddr = address.parse().expect("an address");
    let settings = StackSettings { addresses: vec![(Transport::Tcp, address)], ..StackSettings::default() };
    let stack = Stack::new(settings, Rng::new(seed));
    End { stack, address, session: None, log: Vec::new(), opened: BTreeMap::new() }
}

impl Wire {
    fn new(seed: u64) -> Self {
        Self {
            ends: [end("10.0.0.1:5060", seed), end("10.0.0.2:5060", seed + 1_000_000)],
            now: start(),
            agenda: BTreeMap::new(),
            open: BTreeMap::new(),
            numbered: 0,
            port: 30_000,
        }
    }

    fn plan(&mut self, after: Duration, next: Next) {
        self.numbered += 1;
        self.agenda.insert((self.now + after, self.numbered), next);
    }

    /// Runs until `end`; each end answers calls and offers.
    fn lives_until(&mut self, end: Moment) {
        loop {
            self.settle();
            let next = [
                self.agenda.keys().next().map(|&(at, _)| at),
                self.ends[0].stack.next_deadline(),
                self.ends[1].stack.next_deadline(),
            ];
            let Some(at) = next.into_iter().flatten().min().filter(|at| *at <= end) else { break };
            self.now = self.now.max(at);
            if let Some(entry) = self.agenda.first_entry().filter(|entry| entry.key().0 <= self.now) {
                let next = entry.remove();
                self.happens(next);
            }
            for end in &mut self.ends {
                end.stack.handle_deadlines(self.now);
            }
        }
        self.now = end;
    }

    fn happens(&mut self, next: Next) {
        let now = self.now;
        match next {
            Next::Arrives { to, flow, bytes } => {
                // Messages in transit on a closed connection are lost.
                if self.open.contains_key(&(to, flow)) {
                    self.ends[to].stack.handle_datagram(Datagram { flow, bytes: &bytes }, now);
                }
            }
            Next::IsTold { who, flow } => self.ends[who].stack.handle_flow_closed(flow, now),
            Next::Cut => self.cut(),
            Next::Changes(who) => {
                if let Some(session) = self.ends[who].session {
                    self.ends[who].stack.offer(session, sdp(SDP_HOLD), now);
                }
            }
            Next::HangsUp(who) => {
                let session = self.ends[who].session.expect("the call has come");
                self.ends[who].stack.hang_up(session, HangUp::default(), now);
            }
        }
    }

    /// All connections close.
    fn cut(&mut self) {
        for (who, flow) in core::mem::take(&mut self.open).into_keys() {
            self.numbered += 1;
            let late = Duration::from_millis(self.numbered % 40);
            self.plan(late, Next::IsTold { who, flow });
            let asked: Vec<Flow> = self.ends[who]
                .opened
                .iter()
                .filter(|(_, opened)| **opened == flow)
                .map(|(asked, _)| *asked)
                .collect();
            for asked in asked {
                self.ends[who].opened.remove(&asked);
                self.plan(late, Next::IsTold { who, flow: asked });
            }
        }
    }

    fn settle(&mut self) {
        for who in 0..2 {
            let now = self.now;
            let end = &mut self.ends[who];
            while let Some(event) = end.stack.poll_event() {
                match event {
                    Event::Invite { session, .. } => {
                        end.session = Some(session);
                        end.stack.ring(session, now);
                        end.stack.accept(session, sdp(SDP_BOB), Extra::new(), now);
                    }
                    Event::Session { session, event } => {
                        let told = brief(&event);
                        if told.starts_with("offered") {
                            end.stack.answer(session, sdp(SDP_BOB), now);
                        }
                        end.log.push(told);
                    }
                    _ => {}
                }
            }
            while let Some(transmit) = self.ends[who].stack.poll_transmit() {
                self.send(who, transmit.flow, transmit.bytes);
            }
        }
    }

    /// Sends as the shell does: over the connection of that flow, or over a new one.
    fn send(&mut self, who: usize, flow: Flow, bytes: Bytes) {
        let mut by = *self.ends[who].opened.get(&flow).unwrap_or(&flow);
        if !self.open.contains_key(&(who, by)) && flow.local.port() == 0 {
            by = self.opens(who, flow);
        }
        match self.open.get(&(who, by)) {
            Some(&(to, flow)) => self.plan(DELAY, Next::Arrives { to, flow, bytes }),
            None => self.plan(DELAY, Next::IsTold { who, flow }),
        }
    }

    fn opens(&mut self, who: usize, asked: Flow) -> Flow {
        self.port += 1;
        let other = 1 - who;
        assert_eq!(asked.remote, self.ends[other].address, "nobody listens elsewhere");
        let local = SocketAddr::new(self.ends[who].address.ip(), self.port);
        let here = Flow { local, ..asked };
        let there = Flow { local: asked.remote, remote: local, ..asked };
        self.ends[who].opened.insert(asked, here);
        self.open.insert((who, here), (other, there));
        self.open.insert((other, there), (who, here));
        here
    }

    fn calls(&mut self) {
        let [caller, callee] = &mut self.ends;
        let local = SocketAddr::new(caller.address.ip(), 0);
        let out = OutInvite {
            uri: "sip:bob@10.0.0.2;transport=tcp".to_owned(),
            flow: Flow { transport: Transport::Tcp, local, remote: callee.address },
            from: "<sip:alice@10.0.0.1>".to_owned(),
            to: "<sip:bob@10.0.0.2>".to_owned(),
            contact_user: "alice".to_owned(),
            route: Vec::new(),
            headers: Extra::new(),
            sdp: Some(sdp(SDP_ALICE)),
            credentials: None,
        };
        caller.session = Some(caller.stack.invite(out, self.now));
    }
}

#[test]
fn no_call_ends_because_its_connections_are_cut() {
    // RFC 3261, 12, 13.3.1.4, 17 and 18: lost messages are sent again, and only a person ends the call.
    for seed in 0..400 {
        let mut rng = Rng::new(seed);
        let mut wire = Wire::new(seed);
        wire.calls();
        // The first connection must deliver a response, or the call fails at once.
        let first = Duration::from_millis(12);
        for _ in 0..1 + rng.below(6) {
            let longest = [40, 400, 4_000, 30_000][usize::try_from(rng.below(4)).unwrap_or(0)];
            wire.plan(first + Duration::from_millis(rng.below(longest)), Next::Cut);
        }
        for _ in 0..rng.below(4) {
            let who = usize::try_from(rng.below(2)).unwrap_or(0);
            wire.plan(Duration::from_millis(50 + rng.below(30_000)), Next::Changes(who));
        }
        let begun = wire.now;
        wire.lives_until(begun + HANGING_UP);
        for end in &wire.ends {
            let ended = end.log.iter().find(|told| told.starts_with("ended") || told.starts_with("refused"));
            assert_eq!(ended, None, "seed {seed}: {:?}", end.log);
        }
        assert!(wire.ends[0].log.iter().any(|told| told.starts_with("accepted")), "seed {seed}");
        assert!(wire.ends[1].log.iter().any(|told| told.starts_with("confirmed")), "seed {seed}");
        let who = usize::try_from(rng.below(2)).unwrap_or(0);
        wire.plan(Duration::ZERO, Next::HangsUp(who));
        wire.plan(Duration::from_millis(rng.below(12)), Next::Cut);
        wire.lives_until(begun + HANGING_UP * 4);
        for end in &wire.ends {
            let last = end.log.last().map(String::as_str);
            assert!(matches!(last, Some("ended by Us" | "ended by Peer")), "seed {seed}: {:?}", end.log);
            let counters = end.stack.counters();
            let left = (counters.sessions, counters.client_transactions, counters.server_transactions);
            assert_eq!((left, counters.deadlines), ((0, 0, 0), 0), "seed {seed}");
        }
    }
}
