//! A live engine with phones of agents and of a caller; only the engine's steps are timed.

use core::time::Duration;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use turno_engine::{Engine, Input, Output};
use turno_ground::{Datagram, Flow, Moment, Rng, Secret, Transport};
use turno_media_plan::{Codec, MediaCommand, MediaEvent, StreamReport};
use turno_phone::{Behaviour, Identity, Phone, PhoneSettings};

use crate::told::Told;

/// How long an agent rings and a caller talks.
const RING: Duration = Duration::from_millis(20);
const TALK: Duration = Duration::from_millis(400);

/// Time between calls: longer than the life of a transaction, so that every call finds the engine in the same state.
const BETWEEN_CALLS: Duration = Duration::from_secs(40);

/// Kind of the engine's input in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A caller's INVITE; in the same step the agent is chosen and the INVITE to the agent written.
    Invite,
    /// A caller's ACK or BYE.
    Request,
    /// A response of an agent's phone.
    Response,
    /// A seat's REGISTER.
    Register,
    /// A deadline.
    Wake,
    /// An event of the media plane, such as the end of a stream.
    Media,
}

/// The engine and its phones.
pub struct Stage {
    engine: Engine,
    phones: Vec<Phone>,
    places: BTreeMap<SocketAddr, usize>,
    server: SocketAddr,
    now: Moment,
    idle_until: Option<Moment>,
    spans: Vec<(Step, Duration)>,
    offers: u64,
    recording: Option<Vec<(Moment, Told)>>,
}

impl Stage {
    /// The lab plan with `agents` registered and available.
    ///
    /// # Panics
    /// If the lab plan is refused, or a phone cannot register: then there is nothing to measure.
    pub fn new(agents: u16) -> Self {
        Self::open(agents, None)
    }

    /// The same, and records all inputs of the engine.
    pub(crate) fn recorded(agents: u16) -> Self {
        Self::open(agents, Some(Vec::new()))
    }

    fn open(agents: u16, recording: Option<Vec<(Moment, Told)>>) -> Self {
        let (engine, now) = new_engine();
        let server = local(5060);
        let mut stage = Self {
            engine,
            phones: Vec::new(),
            places: BTreeMap::new(),
            server,
            now,
            idle_until: None,
            spans: Vec::new(),
            offers: 0,
            recording,
        };
        stage.seat("citizen", 9_000, Behaviour { talk_for: Some(TALK), ..Behaviour::default() });
        for agent in 1..=agents {
            let phone = stage.seat(&format!("a{agent:03}"), 10_000 + agent, Behaviour::answering(RING));
            stage.phones[phone].register(now);
        }
        stage.live_until(now + Duration::from_secs(1));
        stage.spans.clear();
        stage
    }

    /// Plays one call from the INVITE to the end of its last transaction. Returns the engine's steps with their times.
    ///
    /// # Panics
    /// If the call was offered to no agent.
    pub fn call(&mut self) -> &[(Step, Duration)] {
        self.spans.clear();
        let offers = self.offers;
        let who = Identity { number: "0991234567".to_owned(), display: "Citizen".to_owned(), asserted: None };
        self.phones[0].call_as(&who, "7000", self.now);
        self.live_until(self.now + BETWEEN_CALLS);
        assert_eq!(self.offers, offers + 1, "the call rang once at an agent");
        &self.spans
    }

    /// The recorded inputs of the engine; empty if they are not recorded.
    pub(crate) fn recording(&self) -> &[(Moment, Told)] {
        self.recording.as_deref().unwrap_or_default()
    }

    fn seat(&mut self, user: &str, port: u16, behaviour: Behaviour) -> usize {
        let settings = PhoneSettings {
            user: user.to_owned(),
            password: Secret::new("lab".to_owned()),
            domain: "turno".to_owned(),
            server: self.server,
            local: local(port),
            rtp: local(40_000),
            codecs: vec![Codec::Pcma],
            expires: Duration::from_secs(3_600),
            behaviour,
        };
        self.places.insert(settings.local, self.phones.len());
        self.phones.push(Phone::new(settings, Rng::new(u64::from(port))));
        self.phones.len() - 1
    }

    /// Lets engine and phones handle everything that is due until this moment.
    fn live_until(&mut self, until: Moment) {
        loop {
            self.carry_mail();
            let next = self.phones.iter_mut().filter_map(Phone::next_deadline).chain(self.idle_until).min();
            let Some(at) = next.filter(|at| *at <= until) else { break };
            self.now = self.now.max(at);
            for phone in &mut self.phones {
                phone.handle_deadlines(self.now);
            }
            if self.idle_until.is_some_and(|at| at <= self.now) {
                self.step(Step::Wake, Input::Wake);
            }
        }
        self.now = until;
    }

    fn carry_mail(&mut self) {
        let mut busy = true;
        while busy {
            busy = false;
            for place in 0..self.phones.len() {
                while let Some(bytes) = self.phones[place].poll_transmit() {
                    busy = true;
                    let remote = self.phones[place].settings().local;
                    let flow = Flow { transport: Transport::Udp, local: self.server, remote };
                    self.step(kind(&bytes), Input::Datagram(Datagram { flow, bytes: &bytes }));
                }
                while self.phones[place].poll_event().is_some() {}
            }
        }
    }

    /// Times the engine's step up to its last output, without the delivery of the outputs.
    #[expect(clippy::disallowed_methods, reason = "to measure is what a bench is for")]
    fn step(&mut self, step: Step, input: Input<'_>) {
        let mut outputs = Vec::with_capacity(64);
        if let Some(recording) = &mut self.recording {
            recording.push((self.now, told(&input)));
        }
        let begin = Instant::now();
        self.engine.handle(input, self.now);
        self.idle_until = loop {
            let output = black_box(self.engine.poll_output());
            if let Output::Idle(next) = output {
                break next;
            }
            outputs.push(output);
        };
        self.spans.push((step, begin.elapsed()));
        for output in outputs {
            self.carry_out(output);
        }
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Transmit(transmit) => {
                let place = self.places.get(&transmit.flow.remote).copied();
                let place = place.expect("the engine sends to phones that exist");
                self.offers += u64::from(transmit.bytes.starts_with(b"INVITE "));
                self.phones[place].handle_datagram(&transmit.bytes, self.now);
            }
            Output::Media(MediaCommand::Close { stream }) => {
                let event = MediaEvent::Closed { stream, report: StreamReport::default() };
                self.step(Step::Media, Input::Media(event));
            }
            Output::Media(_)
            | Output::Keep(_)
            | Output::Record(..)
            | Output::Recording(_)
            | Output::Reply(_)
            | Output::Stopped
            | Output::Idle(_) => {}
        }
    }
}

/// The engine of every stage, and the moment when it begins.
pub(crate) fn new_engine() -> (Engine, Moment) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sip-config/lab");
    let (plan, _) = turno_config::load(&folder).expect("the lab plan is valid");
    let now = Moment::from_secs(1_000_000);
    (Engine::new(Arc::new(plan), 7, now), now)
}

fn told(input: &Input<'_>) -> Told {
    match input {
        Input::Datagram(datagram) => Told::Datagram(datagram.flow, datagram.bytes.clone()),
        Input::Media(event) => Told::Media(event.clone()),
        Input::Wake
        | Input::FlowClosed(_)
        | Input::SignedIn(..)
        | Input::SignedOut(_)
        | Input::Recording(_)
        | Input::Command(..) => Told::Wake,
    }
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

fn kind(bytes: &Bytes) -> Step {
    match bytes.get(..7) {
        Some(b"INVITE ") => Step::Invite,
        Some(b"SIP/2.0") => Step::Response,
        Some(b"REGISTE") => Step::Register,
        Some(_) | None => Step::Request,
    }
}
