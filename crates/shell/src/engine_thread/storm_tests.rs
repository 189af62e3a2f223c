//! A call storm in virtual time: ten times more calls than the engine can handle, with a real engine.
//!
//! Every step costs a fixed number of microseconds, so the result is the same on every machine. Callers behave as in
//! RFC 3261: they retransmit until they get a response, send ACK, and later BYE.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use core::time::Duration;

use bytes::Bytes;
use turno_engine::{Engine, Input, Output};
use turno_ground::{Datagram, Flow, Moment, Transport};

use crate::net::priority_queue::{PriorityQueue, Turn, What};

/// Cost of receiving a datagram.
const RECEIVED: Duration = Duration::from_micros(10);

/// Cost of a refusal: a thirtieth of a call.
const REFUSED: Duration = Duration::from_micros(40);

/// Cost of a message of a running call.
const RUNNING: Duration = Duration::from_micros(400);

/// Cost of a call's first message.
const TAKEN: Duration = Duration::from_micros(1_200);

/// Calls in a second at full load: one INVITE, an ACK and a BYE each.
const CAPACITY: u64 = 1_000_000 / (1_200 + 2 * 400 + 3 * 10);

/// The plan's default of `delay_max`.
const DELAY_MAX: Duration = Duration::from_millis(50);

const SECOND: Duration = Duration::from_secs(1);

/// A caller's next action.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Invite { again: Duration },
    Confirm,
    Goodbye,
}

/// The state of a caller.
#[derive(Default)]
struct Caller {
    asked_at: Moment,
    heard: bool,
    /// The To of the final response.
    to: String,
    refused: bool,
    answered_after: Option<Duration>,
    left_at: Moment,
    left_after: Option<Duration>,
}

struct World {
    engine: Engine,
    queue: PriorityQueue,
    now: Moment,
    /// When the socket was last seen empty.
    emptied_at: Moment,
    deadline: Option<Moment>,
    due: BTreeMap<(Moment, usize), Act>,
    callers: Vec<Caller>,
    staged_most: usize,
}

fn flow() -> Flow {
    let (local, remote) = ("127.0.0.1:5060".parse().unwrap(), "127.0.0.9:5060".parse().unwrap());
    Flow { transport: Transport::Udp, local, remote }
}

fn field<'a>(message: &'a str, name: &str) -> &'a str {
    message.split("\r\n").find_map(|line| line.strip_prefix(name)).unwrap_or_default()
}

impl World {
    fn new() -> Self {
        let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/lab/lab.toml");
        let (plan, _) = turno_config::load(&lab).expect("the lab is a plan");
        let now = Moment::from_secs(1_000);
        Self {
            engine: Engine::new(Arc::new(plan), 7, now),
            queue: PriorityQueue::new(),
            now,
            emptied_at: now,
            deadline: None,
            due: BTreeMap::new(),
            callers: Vec::new(),
            staged_most: 0,
        }
    }

    /// Adds this many callers a second for a while, and runs until all have finished; returns their indexes.
    fn callers(&mut self, a_second: u64, span: Duration) -> core::ops::Range<usize> {
        let first = self.callers.len();
        let gap = Duration::from_micros(1_000_000 / a_second);
        let begin = self.now;
        while begin + gap * u32::try_from(self.callers.len() - first).unwrap() < begin + span {
            let at = begin + gap * u32::try_from(self.callers.len() - first).unwrap();
            self.due.insert((at, self.callers.len()), Act::Invite { again: SECOND / 2 });
            self.callers.push(Caller { asked_at: at, ..Caller::default() });
        }
        while let Some((&(at, _), _)) = self.due.first_key_value() {
            self.turn();
            if self.queue.is_empty() && at > self.now {
                self.engine.idle(self.now);
                self.now = self.deadline.map_or(at, |deadline| deadline.min(at)).max(self.now);
                self.emptied_at = self.now;
            }
        }
        first..self.callers.len()
    }

    /// One turn of the engine thread.
    fn turn(&mut self) {
        let since = self.emptied_at;
        while let Some(entry) = self.due.first_entry().filter(|entry| entry.key().0 <= self.now) {
            let ((_, number), act) = entry.remove_entry();
            if let Some(text) = self.says(number, act) {
                self.now = self.now + RECEIVED;
                let _ = self.queue.put(flow(), Bytes::from(text), since);
            }
        }
        self.emptied_at = self.now;
        self.staged_most = self.staged_most.max(self.queue.len());
        let mut turn = Turn::begin(self.now);
        while let Some(staged) = self.queue.next(&mut turn, self.now) {
            let What::Message(flow, bytes) = &staged.what else { continue };
            if staged.is_fresh {
                self.engine.waited(self.now.since(staged.since), self.now);
            }
            let price = if staged.is_fresh { TAKEN } else { RUNNING };
            self.step(Input::Datagram(Datagram { flow: *flow, bytes }), price);
        }
        if self.deadline.is_some_and(|at| at <= self.now) {
            self.step(Input::Wake, Duration::ZERO);
        }
    }

    fn step(&mut self, input: Input<'_>, price: Duration) {
        self.engine.handle(input, self.now);
        let mut messages = Vec::new();
        loop {
            match self.engine.poll_output() {
                Output::Transmit(transmit) => {
                    messages.push(String::from_utf8(transmit.bytes.to_vec()).expect("our own text"));
                }
                Output::Idle(next) => {
                    self.deadline = next;
                    break;
                }
                Output::Keep(_)
                | Output::Record(..)
                | Output::Media(_)
                | Output::Recording(_)
                | Output::Reply(_)
                | Output::Stopped => {}
            }
        }
        let is_refusal = messages.iter().any(|message| message.starts_with("SIP/2.0 503"));
        let is_dropped = price == TAKEN && messages.is_empty();
        self.now = self.now
            + match (is_refusal, is_dropped) {
                (true, _) => REFUSED,
                (_, true) => RECEIVED,
                (false, false) => price,
            };
        messages.iter().for_each(|message| self.hears(message));
    }

    /// The message that a caller sends now; a retransmission is scheduled.
    fn says(&mut self, number: usize, act: Act) -> Option<String> {
        let caller = &mut self.callers[number];
        let (method, branch, to) = match act {
            Act::Invite { .. } if caller.heard => return None,
            Act::Invite { again } => {
                if again < SECOND * 16 {
                    self.due.insert((self.now + again, number), Act::Invite { again: again * 2 });
                }
                ("INVITE", "i", "<sip:7001@turno>".to_owned())
            }
            Act::Confirm => ("ACK", if caller.refused { "i" } else { "a" }, caller.to.clone()),
            Act::Goodbye => {
                caller.left_at = self.now;
                ("BYE", "b", caller.to.clone())
            }
        };
        let (cseq, sdp) = match act {
            Act::Invite { .. } => (
                1,
                "v=0\r\no=c 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\nm=audio 9000 RTP/AVP 8\r\n",
            ),
            Act::Confirm => (1, ""),
            Act::Goodbye => (2, ""),
        };
        let length = sdp.len();
        let kind = if sdp.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
        Some(format!(
            "{method} sip:7001@turno SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.9:5060;branch=z9hG4bK{branch}{number}\r\n\
             Max-Forwards: 70\r\nFrom: <sip:099{number}@127.0.0.9>;tag=c{number}\r\nTo: {to}\r\nCall-ID: {number}\r\n\
             CSeq: {cseq} {method}\r\nContact: <sip:099{number}@127.0.0.9:5060>\r\n{kind}Content-Length: {length}\r\n\r\n{sdp}"
        ))
    }

    fn hears(&mut self, message: &str) {
        let Ok(number) = field(message, "Call-ID: ").parse::<usize>() else { return };
        let (status, method) = (&message[8..11], field(message, "CSeq: "));
        let (caller, now) = (&mut self.callers[number], self.now);
        caller.heard = true;
        if status == "100" {
            return;
        }
        if method == "2 BYE" {
            assert_eq!(status, "200");
            caller.left_after = Some(now.since(caller.left_at));
            return;
        }
        field(message, "To: ").clone_into(&mut caller.to);
        let act = if status == "503" {
            let wait: u64 = field(message, "Retry-After: ").parse().expect("a time to come back");
            assert!((5..=15).contains(&wait));
            caller.refused = true;
            Act::Confirm
        } else {
            assert_eq!(status, "200");
            caller.answered_after = Some(now.since(caller.asked_at));
            self.due.insert((now + SECOND * 3 / 10, number), Act::Goodbye);
            Act::Confirm
        };
        self.due.insert((now + Duration::from_millis(1), number), act);
    }

    /// A percentile of these callers' times until the answer.
    fn answered_after(&self, who: &core::ops::Range<usize>, percent: usize) -> Duration {
        part(self.callers[who.clone()].iter().filter_map(|caller| caller.answered_after).collect(), percent)
    }

    /// The same of their times until the response to BYE.
    fn left_after(&self, who: &core::ops::Range<usize>, percent: usize) -> Duration {
        part(self.callers[who.clone()].iter().filter_map(|caller| caller.left_after).collect(), percent)
    }

    fn taken(&self, who: &core::ops::Range<usize>) -> usize {
        self.callers[who.clone()].iter().filter(|caller| caller.answered_after.is_some()).count()
    }

    fn refused(&self, who: &core::ops::Range<usize>) -> usize {
        self.callers[who.clone()].iter().filter(|caller| caller.refused).count()
    }
}

fn part(mut spans: Vec<Duration>, percent: usize) -> Duration {
    spans.sort_unstable();
    spans.get((spans.len() * percent / 100).min(spans.len().saturating_sub(1))).copied().unwrap_or_default()
}

#[test]
fn in_a_storm_of_ten_times_the_capacity_whoever_is_accepted_notices_nothing() {
    // RFC 6357, 5.1, and the wound of a Rust peer: from 120 calls offered to 12 done.
    let mut world = World::new();
    let before = world.callers(CAPACITY / 2, SECOND * 3);
    assert_eq!(world.taken(&before), before.len());
    let storm = world.callers(CAPACITY * 10, SECOND * 4);
    let after = world.callers(CAPACITY / 2, SECOND);

    let (taken, refused) = (world.taken(&storm), world.refused(&storm));
    assert_eq!(taken + refused, storm.len(), "everybody hears 200, or 503 with a time to come back");
    let capacity = usize::try_from(CAPACITY * 4).expect("a few thousand");
    assert!(
        taken * 100 > capacity * 70,
        "{taken} of {capacity} were taken: refusing has a price, and no more"
    );
    // In the first tenth of a second a storm looks like a burst.
    let (usual, most) = (world.answered_after(&storm, 95), world.answered_after(&storm, 100));
    assert!(usual < DELAY_MAX * 2 / 3 && most < DELAY_MAX * 2, "95 % within {usual:?}, all within {most:?}");
    let (goodbye, quiet) = (world.left_after(&storm, 99), world.left_after(&before, 99));
    assert!(goodbye < quiet * 4, "calls under way: {goodbye:?} where it was {quiet:?}");
    assert!(world.staged_most < 1_000, "{} messages waited at once", world.staged_most);
    let counters = world.engine.sip_counters();
    let known = u64::try_from(before.len() + taken + after.len()).expect("a few thousand");
    assert!(counters.transactions <= known * 2, "nothing is kept of refused callers");
    assert_eq!(counters.dialogs, 0);
    assert_eq!((world.taken(&after), world.engine.overload_seen().episodes), (after.len(), 1));
    assert_eq!(world.answered_after(&after, 95), world.answered_after(&before, 95), "it ends at once");
    println!(
        "taken {taken} of {capacity}; 95 % answered within {usual:?}, {:?} before; goodbyes 99 % within {goodbye:?}",
        world.answered_after(&before, 95)
    );
}

#[test]
fn a_storm_in_which_even_refusing_takes_more_time_than_there_is_breaks_nothing() {
    // Metastable collapse: callers without a response retransmit, which makes more work, so that even more get no
    // response.
    let mut world = World::new();
    let _ = world.callers(CAPACITY / 2, SECOND * 3);
    let storm = world.callers(CAPACITY * 30, SECOND * 2);
    let after = world.callers(CAPACITY / 2, SECOND);
    let (taken, capacity) = (world.taken(&storm), usize::try_from(CAPACITY * 2).expect("a few thousand"));
    let goodbye = world.left_after(&storm, 99);
    println!(
        "taken {taken} of {capacity}; 95 % answered within {:?}; goodbyes 99 % within {goodbye:?}; {:?}",
        world.answered_after(&storm, 95),
        world.engine.overload_seen()
    );
    assert!(taken * 100 > capacity * 30, "{taken} of {capacity} were taken");
    assert!(goodbye < Duration::from_millis(10), "calls under way: {goodbye:?}");
    assert_eq!(
        world.engine.sip_counters().dialogs,
        0,
        "nobody is left in a call that its caller knows nothing of"
    );
    assert_eq!((world.taken(&after), world.answered_after(&after, 95) < DELAY_MAX / 10), (after.len(), true));
}
