//! A test bench in virtual time: one clock, an engine, people with phones, a network and a media plane that only
//! records.
//!
//! Nothing here waits: time jumps to the next event. After every step the engine checks its invariants, and rsip parses
//! every message that was sent; [`Stage::finish`] checks that nothing is left and that the ledger balances.

mod books;
mod desk;
pub mod plan;
mod reading;
mod seeing;
mod surviving;

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use turno_engine::{Engine, Input, Output};
use turno_ground::{Datagram, Flow, Moment, Rng, Transport};
use turno_ledger::Ledger;
use turno_media_plan::{MediaCommand, MediaEvent};
use turno_model::{AgentState, Asker, Command, Done, Fact, Plan, Refusal};
use turno_phone::{CallId, Phone, PhoneEvent};
use turno_trace::CapturedMessage;

pub use desk::{Desk, Line, answering, millis, refusing, ringing, secs};
pub use reading::value;
pub use surviving::{Images, TakenUp};
pub use turno_sim::{DELAY, MESSAGE_SPAN, PROMPT_SPAN, Stream, TONE_SPAN};

use turno_sim::{Network, Packet, Recorder, Weather};

/// Longest delay of a datagram when the network has faults.
const LATE: Duration = Duration::from_millis(30);

/// A phone at its address.
#[derive(Debug)]
pub(crate) struct Placed {
    phone: Phone,
    local: SocketAddr,
    due: Option<Moment>,
    gone: bool,
    events: Vec<(Moment, PhoneEvent)>,
    /// The calls made from this phone.
    dialled: Vec<CallId>,
}

/// The test bench.
#[derive(Debug)]
pub struct Stage {
    /// What the recorder was asked, in order.
    pub recording_orders: Vec<turno_engine::RecordingOrder>,
    pub(crate) now: Moment,
    pub(crate) engine: Engine,
    /// The engine's plan.
    pub plan: Arc<Plan>,
    pub(crate) server: SocketAddr,
    pub(crate) desks: Vec<Placed>,
    pub(crate) by_address: BTreeMap<SocketAddr, Desk>,
    pub(crate) due: BTreeSet<(Moment, Desk)>,
    /// The network: set its faults at any time.
    pub network: Network,
    pub(crate) media: Recorder,
    pub(crate) facts: Vec<(Moment, Fact)>,
    pub(crate) states: Vec<AgentState>,
    pub(crate) ledger: Ledger,
    pub(crate) confusions: Vec<String>,
    /// Messages to addresses without a phone.
    pub(crate) letters: Vec<(SocketAddr, Bytes)>,
    pub(crate) rng: Rng,
    wake: Option<Moment>,
    commands: u64,
    replies: BTreeMap<u64, Result<Done, Refusal>>,
    pub(crate) is_stopped: bool,
    /// The number of messages that the engine sent or received.
    pub(crate) messages: u64,
    /// Every message that the engine sent or received, if the test asked for it by [`Stage::keep_messages`].
    pub(crate) captured_messages: Option<Vec<CapturedMessage>>,
    /// Whether rsip also parses each message and the values are compared.
    pub is_strict: bool,
    pub(crate) finished: bool,
    /// The journal's rows, if the test asked for them by [`Stage::keeps_journal`].
    pub(crate) images: Option<surviving::Images>,
    /// Every journal step, if the test asked for them by [`Stage::keeps_steps`].
    pub(crate) steps: Option<Vec<turno_model::Step>>,
    /// Whether the engine is down at present.
    pub(crate) is_down: bool,
}

impl Stage {
    /// The test bench's own site, on a Tuesday at ten.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// The test bench's own site, changed.
    pub fn with(change: impl FnOnce(&mut Plan)) -> Self {
        let mut plan = plan::site();
        change(&mut plan);
        Self::open(plan, 1, plan::TUESDAY_AT_TEN)
    }

    /// With any plan, seed and time.
    pub fn open(plan: Plan, seed: u64, now: Moment) -> Self {
        let plan = Arc::new(plan);
        let mut rng = Rng::new(seed);
        let server = plan.sip.listen.first().expect("a plan listens somewhere").1;
        let mut stage = Self {
            recording_orders: Vec::new(),
            now,
            engine: Engine::new(plan.clone(), rng.number(), now),
            server,
            desks: Vec::new(),
            by_address: BTreeMap::new(),
            due: BTreeSet::new(),
            network: Network::new(rng.fork()),
            media: Recorder::default(),
            facts: Vec::new(),
            states: vec![AgentState::LoggedOut; plan.agents.len()],
            ledger: Ledger::new(plan.clone(), now),
            confusions: Vec::new(),
            letters: Vec::new(),
            rng,
            wake: None,
            commands: 0,
            replies: BTreeMap::new(),
            is_stopped: false,
            messages: 0,
            captured_messages: None,
            is_strict: true,
            finished: false,
            images: None,
            steps: None,
            is_down: false,
            plan,
        };
        stage.drain();
        stage
    }

    /// From now on the network loses and duplicates these percentages of datagrams, and delays some.
    pub fn weather(&mut self, loss: u64, doubling: u64) {
        let late = if loss + doubling > 0 { LATE } else { Duration::ZERO };
        self.network.weather = Weather { loss, doubling, late };
    }

    /// Runs for this time.
    pub fn run_for(&mut self, span: Duration) {
        let end = self.now + span;
        while self.step(end) {}
        self.now = end;
    }

    /// Runs until a condition is true.
    ///
    /// # Panics
    /// If it is not true within `span`.
    pub fn until(&mut self, what: &str, span: Duration, is_true: impl Fn(&Self) -> bool) {
        let end = self.now + span;
        while !is_true(self) {
            if !self.step(end) {
                let last: Vec<_> = self.facts.iter().rev().take(12).collect();
                panic!("not within {span:?}: {what}. The last facts, newest first: {last:#?}");
            }
        }
    }

    /// Sends a command to the engine.
    ///
    /// # Errors
    /// The engine's reason.
    pub fn command(&mut self, command: Command) -> Result<Done, Refusal> {
        self.ordered(Asker::Shell, command, None)
    }

    /// Gives the engine a command of this asker, with a reason.
    pub fn ordered(&mut self, by: Asker, command: Command, why: Option<&str>) -> Result<Done, Refusal> {
        self.commands += 1;
        let number = self.commands;
        self.tell(Input::Command(number, by, command, why.map(Into::into)));
        self.replies.remove(&number).expect("every command is answered at once")
    }

    /// Hands a datagram to the engine as if it came from `from`.
    pub fn throw_in(&mut self, from: SocketAddr, bytes: &[u8]) {
        let bytes = Bytes::copy_from_slice(bytes);
        let flow = Flow { transport: Transport::Udp, local: self.server, remote: from };
        if let Some(captured_messages) = &mut self.captured_messages {
            captured_messages.push(CapturedMessage::received(self.now, flow, bytes.clone()));
        }
        self.tell(Input::Datagram(Datagram { flow, bytes: &bytes }));
    }

    /// How many calls were refused unparsed, one number for each fact that reports them.
    pub fn calls_refused(&self) -> Vec<u32> {
        let refused = |(_, fact): &(Moment, Fact)| {
            if let Fact::CallsRefused { calls } = fact { Some(*calls) } else { None }
        };
        self.facts.iter().filter_map(refused).collect()
    }

    /// Tells the engine that a new request waited for this long.
    pub fn lay_unread(&mut self, span: Duration) {
        self.engine.waited(span, self.now);
    }

    /// Tells the engine that no request waits.
    pub fn lies_nothing_unread(&mut self) {
        self.engine.idle(self.now + Duration::from_secs(1));
    }

    /// Ignores confusions of phones caused by answers to forged requests: they are no fault of the engine.
    pub fn forgets_confusions(&mut self) {
        self.confusions.clear();
    }

    /// Takes the messages to addresses without a phone; returns their number.
    pub fn take_letters(&mut self) -> usize {
        core::mem::take(&mut self.letters).len()
    }

    /// The messages that the engine sent to an address without a phone since the last call.
    pub fn letters_to(&mut self, address: SocketAddr) -> Vec<String> {
        let (ours, others) =
            core::mem::take(&mut self.letters).into_iter().partition(|(to, _)| *to == address);
        self.letters = others;
        let ours: Vec<(SocketAddr, Bytes)> = ours;
        ours.into_iter().map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned()).collect()
    }

    /// The recorder answers.
    pub fn recorder_says(&mut self, event: turno_engine::RecordingEvent) {
        self.tell(Input::Recording(event));
    }

    pub(crate) fn media_says(&mut self, event: MediaEvent) {
        self.tell(Input::Media(event));
    }

    /// Handles the next event that is due by `end`; false if there is none.
    pub fn step(&mut self, end: Moment) -> bool {
        let next =
            [self.wake, self.network.next(), self.media.next(self.now), self.due.first().map(|&(at, _)| at)];
        let Some(at) = next.into_iter().flatten().min().filter(|at| *at <= end) else { return false };
        self.now = self.now.max(at);
        if let Some(packet) = self.network.arrived(self.now) {
            self.deliver(&packet);
        } else if let Some(event) = self.media.due(self.now) {
            self.tell(Input::Media(event));
        } else if let Some(&(_, desk)) = self.due.first().filter(|&&(at, _)| at <= self.now) {
            self.act(desk, Phone::handle_deadlines);
        } else {
            self.tell(Input::Wake);
        }
        true
    }

    fn deliver(&mut self, packet: &Packet) {
        self.messages += 1;
        if packet.to == self.server {
            let flow = Flow { transport: Transport::Udp, local: self.server, remote: packet.from };
            if let Some(captured_messages) = &mut self.captured_messages {
                captured_messages.push(CapturedMessage::received(self.now, flow, packet.bytes.clone()));
            }
            self.tell(Input::Datagram(Datagram { flow, bytes: &packet.bytes }));
        } else if let Some(&desk) = self.by_address.get(&packet.to) {
            if !self.desks[desk.0].gone {
                self.act(desk, |phone, now| phone.handle_datagram(&packet.bytes, now));
            }
        } else {
            self.letters.push((packet.to, packet.bytes.clone()));
        }
    }

    pub(crate) fn forget_wake(&mut self) {
        self.wake = None;
    }

    pub(crate) fn tell(&mut self, input: Input<'_>) {
        if self.is_down {
            return;
        }
        self.engine.handle(input, self.now);
        self.engine.check_invariants();
        self.drain();
    }

    pub(crate) fn drain(&mut self) {
        loop {
            match self.engine.poll_output() {
                Output::Keep(step) => self.writes(&step),
                Output::Record(at, fact) => self.record(at, fact),
                Output::Transmit(transmit) => {
                    if self.is_strict {
                        reading::check_by_rsip(&transmit.bytes);
                    }
                    if let Some(captured_messages) = &mut self.captured_messages {
                        captured_messages.push(CapturedMessage::sent(
                            self.now,
                            transmit.flow,
                            transmit.bytes.clone(),
                        ));
                    }
                    let (from, to) = (transmit.flow.local, transmit.flow.remote);
                    self.network.send(Packet { from, to, bytes: transmit.bytes }, self.now);
                }
                Output::Media(command) => self.obey(command),
                Output::Recording(order) => self.recording_orders.push(order),
                Output::Reply(reply) => {
                    self.replies.insert(reply.command, reply.result);
                }
                Output::Stopped => self.is_stopped = true,
                Output::Idle(wake) => {
                    self.wake = wake;
                    break;
                }
            }
        }
    }

    fn obey(&mut self, command: MediaCommand) {
        self.media.obey(command, self.now);
    }

    fn record(&mut self, at: Moment, fact: Fact) {
        if let Fact::AgentChanged { agent, from, to } = &fact {
            let state = &mut self.states[agent.index()];
            assert_eq!(state, from, "an agent's states follow one another");
            *state = *to;
        }
        self.ledger.apply(at, &fact);
        self.facts.push((at, fact));
    }

    /// Lets a phone act, and delivers its messages.
    pub(crate) fn act<T>(&mut self, desk: Desk, act: impl FnOnce(&mut Phone, Moment) -> T) -> T {
        let now = self.now;
        let placed = &mut self.desks[desk.0];
        let done = act(&mut placed.phone, now);
        while let Some(bytes) = placed.phone.poll_transmit() {
            if !placed.gone {
                self.network.send(Packet { from: placed.local, to: self.server, bytes }, now);
            }
        }
        while let Some(event) = placed.phone.poll_event() {
            if let PhoneEvent::Confused { what } = &event
                && !placed.gone
                && !(what.contains("CSeq went back") && self.network.was_bad())
            {
                // A request that was lost and retransmitted may arrive after a later one.
                self.confusions.push(format!("{}: {what}", placed.local));
            }
            placed.events.push((now, event));
        }
        let due = placed.phone.next_deadline().filter(|_| !placed.gone);
        if let Some(before) = core::mem::replace(&mut placed.due, due) {
            self.due.remove(&(before, desk));
        }
        if let Some(due) = due {
            self.due.insert((due, desk));
        }
        done
    }

    /// The address of a phone.
    pub fn address_of(&self, desk: Desk) -> SocketAddr {
        self.desks[desk.0].local
    }

    pub(crate) fn line(&mut self, desk: Desk, call: CallId) -> Line {
        self.desks[desk.0].dialled.push(call);
        Line { desk, call }
    }
}

impl Default for Stage {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // A test that does not call `finish` is invalid.
        if !self.finished && !std::thread::panicking() {
            panic!("the stage was left without Stage::finish");
        }
    }
}
