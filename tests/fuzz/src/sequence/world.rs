//! The world of a sequence: the engine, its peers, the media plane and the checks.

use core::time::Duration;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use turno_engine::{Engine, Input, Output};
use turno_ground::{Datagram, Flow, Moment, Transport};
use turno_ledger::Ledger;
use turno_media_plan::MediaEvent;
use turno_model::{Asker, Command, Plan};
use turno_sip::Message;

use crate::sequence::peer::Peer;
use crate::sequence::plane::Plane;
use crate::sequence::rules::Rules;

/// A Tuesday, 10:00 in Quito.
const BEGIN: Moment = Moment::from_secs(1_795_532_400);

/// Address of the engine.
pub(crate) const SERVER: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 1)), 5060);

/// Automatic messages of peers after one step; further ones are lost.
const FOLLOWING_MAX: usize = 60;

/// Maximum number of deadlines at one moment.
const DUE_MAX: u32 = 10_000;

/// Longest waiting time in a queue.
const WAIT_MAX: Duration = Duration::from_secs(1_200);

/// The stage's site with few seats and few ports, so that both run out.
static PLAN: LazyLock<Arc<Plan>> = LazyLock::new(|| {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../src/stage/site.toml");
    let (mut plan, _) = turno_config::load(&path).unwrap_or_else(|refused| panic!("{refused}"));
    let mut places = 0..4;
    plan.retain_agents(|_| places.next().is_some());
    plan.media.ports = (20_000, 20_019);
    plan.sip.listen.push((Transport::Tcp, SERVER));
    for queue in &mut plan.queues {
        // A caller who vanishes in early media sends nothing more: only the plan's limit ends such a wait.
        queue.wait_max = Some(WAIT_MAX);
        queue.when_waited = queue.when_full;
    }
    Arc::new(plan)
});

/// The engine, its peers and the checks.
pub(crate) struct World {
    pub(crate) now: Moment,
    pub(crate) peers: Vec<Peer>,
    pub(crate) plane: Plane,
    pub(crate) plan: Arc<Plan>,
    engine: Engine,
    ledger: Ledger,
    rules: Rules,
    wake: Option<Moment>,
    /// Messages of the engine that have not yet arrived.
    posted: VecDeque<(SocketAddr, Bytes)>,
    commands: u64,
    aloud: bool,
}

impl World {
    /// A new world in the morning; `seed` is the engine's seed.
    pub(crate) fn new(seed: u64, aloud: bool) -> Self {
        let plan = Arc::clone(&PLAN);
        let mut world = Self {
            now: BEGIN,
            peers: Peer::all(&plan),
            plane: Plane::default(),
            engine: Engine::new(plan.clone(), seed, BEGIN),
            ledger: Ledger::new(plan.clone(), BEGIN),
            rules: Rules::default(),
            plan,
            wake: None,
            posted: VecDeque::new(),
            commands: 0,
            aloud,
        };
        world.drain();
        world.signs_in();
        world.carry();
        world
    }

    /// Prints something when a finding is replayed.
    pub(crate) fn say(&self, what: impl FnOnce() -> String) {
        if self.aloud {
            println!("{:>14.6} {}", self.now.since(BEGIN).as_secs_f64(), what());
        }
    }

    /// Delivers a peer's bytes to the engine, and then all messages that follow automatically.
    pub(crate) fn send(&mut self, flow: Flow, bytes: Bytes) {
        self.arrive(flow, &bytes);
        self.carry();
    }

    /// Lets time pass, deadline by deadline.
    pub(crate) fn pass(&mut self, span: Duration) {
        let end = self.now + span;
        while self.wake_by(end) {}
        self.now = self.now.max(end);
    }

    /// Wakes the engine for its next deadline, if that is by `end`.
    pub(crate) fn wake_by(&mut self, end: Moment) -> bool {
        let Some(at) = self.wake.filter(|at| *at <= end) else { return false };
        self.now = self.now.max(at);
        let mut due = 0;
        while self.wake.is_some_and(|at| at <= self.now) {
            self.tell(Input::Wake);
            due += 1;
            assert!(due < DUE_MAX, "a deadline is due for ever");
        }
        self.carry();
        true
    }

    /// Passes an event of the media plane to the engine.
    pub(crate) fn media(&mut self, event: MediaEvent) {
        self.say(|| format!("media: {event:?}"));
        self.tell(Input::Media(event));
        self.carry();
    }

    /// Passes a command to the engine.
    pub(crate) fn command(&mut self, command: Command) {
        self.say(|| format!("command: {command:?}"));
        self.commands += 1;
        self.tell(Input::Command(self.commands, Asker::Shell, command, None));
        self.carry();
    }

    /// Closes a connection.
    pub(crate) fn close(&mut self, flow: Flow) {
        self.say(|| format!("closed: {flow:?}"));
        self.tell(Input::FlowClosed(flow));
        self.signs_in();
        self.carry();
    }

    /// The page of the browser's phone connects, or connects again.
    fn signs_in(&mut self) {
        let pages = self.peers.iter().filter(|peer| peer.flow.transport == Transport::Ws);
        let pages: Vec<_> = pages.map(|peer| (peer.flow, self.plan.agent_by_extension(&peer.user))).collect();
        for (flow, agent) in pages {
            if let Some(agent) = agent {
                self.tell(Input::SignedIn(flow, agent));
            }
        }
    }

    /// Whether no call, dialog or transaction is left.
    pub(crate) fn is_quiet(&self) -> bool {
        self.engine.is_quiet()
    }

    /// Checks at the end that nothing is left.
    pub(crate) fn prove(&self) {
        let counters = self.engine.sip_counters();
        assert!(self.engine.is_quiet(), "something is left in the engine: {counters:?}");
        assert_eq!(self.plane.open(), [], "streams are left open");
        self.rules.finish();
        if let Err(imbalance) = self.ledger.books(self.now) {
            panic!("the books do not balance: {imbalance}");
        }
    }

    fn arrive(&mut self, flow: Flow, bytes: &Bytes) {
        self.say(|| format!("{} -> engine\n{}", flow.remote, indented(bytes)));
        self.tell(Input::Datagram(Datagram { flow, bytes }));
    }

    /// Delivers the engine's messages, and the answers that peers give automatically.
    fn carry(&mut self) {
        let mut following = 0;
        loop {
            if let Some(event) = self.plane.told() {
                self.tell(Input::Media(event));
                continue;
            }
            let Some((to, bytes)) = self.posted.pop_front() else { return };
            let Some(place) = self.peers.iter().position(|peer| peer.flow.remote == to) else { continue };
            for answer in self.peers[place].hear(&bytes) {
                following += 1;
                if following <= FOLLOWING_MAX {
                    let flow = self.peers[place].flow;
                    self.arrive(flow, &answer);
                }
            }
        }
    }

    fn tell(&mut self, input: Input<'_>) {
        self.engine.handle(input, self.now);
        self.drain();
        self.engine.check_invariants();
    }

    fn drain(&mut self) {
        loop {
            match self.engine.poll_output() {
                Output::Keep(_) => {}
                Output::Record(at, fact) => {
                    self.say(|| format!("fact: {fact:?}"));
                    self.rules.add(at, &fact);
                    self.ledger.apply(at, &fact);
                }
                Output::Transmit(transmit) => {
                    let to = transmit.flow.remote;
                    self.say(|| format!("engine -> {to}\n{}", indented(&transmit.bytes)));
                    assert!(
                        Message::scan(&transmit.bytes).is_ok(),
                        "nobody can read what the engine sent: {}",
                        String::from_utf8_lossy(&transmit.bytes)
                    );
                    self.posted.push_back((to, transmit.bytes));
                }
                Output::Media(command) => {
                    self.say(|| format!("media plane: {command:?}"));
                    self.plane.obey(&command);
                }
                Output::Recording(order) => self.say(|| format!("recorder: {order:?}")),
                Output::Reply(reply) => assert_eq!(reply.command, self.commands),
                Output::Stopped => self.say(|| "stopped".to_owned()),
                Output::Idle(wake) => {
                    self.wake = wake;
                    return;
                }
            }
        }
    }
}

fn indented(bytes: &[u8]) -> String {
    let lines = String::from_utf8_lossy(bytes).into_owned();
    lines.trim_end().lines().map(|line| format!("                   | {line}\n")).collect()
}
