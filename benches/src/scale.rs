//! A large site: a live engine with agents who talk and callers who wait, with the time of each step.
//!
//! Agents and callers are only a few bytes of text, so that the counted memory belongs to the engine.

use core::time::Duration;
use std::collections::VecDeque;
use std::hint::black_box;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use turno_engine::{Engine, Input, Output};
use turno_ground::{Datagram, Flow, Moment, Rng, Secret, Transport};
use turno_ledger::Ledger;
use turno_media_plan::{MediaCommand, MediaEvent, StreamReport};
use turno_model::plan::{AgentPlan, Entry, NumberPlan, Plan, SeatPlan};
use turno_model::{QueueId, SeatId, SkillId};
use turno_sip::answer_challenge;

use crate::journal::Journal;
use crate::load::text::{NO_BODY, header, method, number_after, response, status, uri, with_sdp};

/// Time between two steps.
const BETWEEN_STEPS: Duration = Duration::from_micros(200);

/// How long an agent who refused gets no offer.
const COOL_DOWN: Duration = Duration::from_secs(2);

/// Port for the media of all parties.
const VOICES_PORT: u16 = 16_000;

/// Size of a site.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Agents, all of whom talk.
    pub agents: usize,
    /// Queues, each with its own skill and number, from 7000 on.
    pub queues: usize,
    /// Skills of each agent.
    pub skills: usize,
    /// Callers who wait.
    pub waiting: usize,
    /// Whether they wait in an answered call or in early media.
    pub answered: bool,
}

/// The engine, its ledger and the people.
pub struct Scale {
    pub(crate) engine: Engine,
    pub(crate) ledger: Ledger,
    size: Size,
    pub(crate) now: Moment,
    idle_until: Option<Moment>,
    rng: Rng,
    next_caller: usize,
    /// The agents who talk, the longest first, each with the INVITE to the agent.
    talking: VecDeque<(usize, Bytes)>,
    /// The agent whose phone rings, with the INVITE.
    ringing: Option<(usize, Bytes)>,
    /// Messages of the engine that are not read yet.
    mail: Vec<Bytes>,
    requests: u64,
    /// The journal of the steps, if there is one.
    pub(crate) journal: Option<Journal>,
    /// Time of all steps.
    pub(crate) spent: Duration,
}

impl Scale {
    /// A site where all agents are registered and talk, and nobody waits yet.
    ///
    /// # Panics
    /// If the engine refuses a registration or a call: then there is nothing to measure.
    pub fn new(size: Size) -> Self {
        let mut house = Self::empty(size);
        for agent in 0..size.agents {
            let (_, challenge) = house.register(agent, None);
            let challenge = challenge.expect("a REGISTER without credentials is challenged");
            house.register(agent, Some((&challenge, 1)));
        }
        while house.talking.len() < size.agents {
            // In the queue of the first skill of a free agent.
            let queue = house.talking.len() % size.queues;
            house.invite(queue);
            if house.ringing.is_some() {
                house.pick_up();
            }
        }
        house
    }

    /// A site where no agent is registered.
    pub fn empty(size: Size) -> Self {
        let (now, plan) = (Moment::from_secs(1_000_000), Arc::new(plan(size)));
        Self {
            engine: Engine::new(Arc::clone(&plan), 7, now),
            ledger: Ledger::new(plan, now),
            size,
            now,
            idle_until: None,
            rng: Rng::new(5),
            next_caller: 0,
            talking: VecDeque::new(),
            ringing: None,
            mail: Vec::new(),
            requests: 0,
            journal: None,
            spent: Duration::ZERO,
        }
    }

    /// Fills the line.
    ///
    /// # Panics
    /// If a call is refused.
    pub fn fill(&mut self) {
        for at in 0..self.size.waiting {
            self.invite(at % self.size.queues);
            assert!(self.ringing.is_none(), "nobody is free");
        }
        // Until the transactions that are only kept for retransmissions have ended.
        self.pass(Duration::from_secs(40));
        assert_eq!(self.waiting(), self.size.waiting, "everybody waits");
    }

    /// Number of callers in all queues, by the ledger.
    pub fn waiting(&self) -> usize {
        self.ledger.snapshot(self.now).queues.iter().map(|queue| queue.waiting as usize).sum()
    }

    /// One more caller; returns the time of the INVITE's step.
    pub fn invite(&mut self, queue: usize) -> Duration {
        let number = self.next_caller;
        self.next_caller += 1;
        let body = with_sdp(VOICES_PORT);
        let line = 7_000 + queue;
        let invite = format!(
            "INVITE sip:{line}@127.0.0.1:5060 SIP/2.0\r\n\
             Via: SIP/2.0/UDP 127.0.0.1:5090;branch=z9hG4bK-house-{number};rport\r\nMax-Forwards: 70\r\n\
             From: \"Citizen {number}\" <sip:099{number}@127.0.0.1:5090>;tag=caller{number}\r\n\
             To: <sip:{line}@127.0.0.1:5060>\r\nCall-ID: {number}-house@127.0.0.1\r\nCSeq: 1 INVITE\r\n\
             Contact: <sip:099{number}@127.0.0.1:5090;transport=UDP>\r\n\
             Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE\r\nSupported: timer\r\n{body}"
        );
        let span = self.say(5090, invite);
        self.read();
        span
    }

    /// The last caller gives up; returns the time of the step. Only if callers wait unanswered.
    pub fn give_up(&mut self, queue: usize) -> Duration {
        let (number, line) = (self.next_caller - 1, 7_000 + queue);
        let common = format!(
            "Via: SIP/2.0/UDP 127.0.0.1:5090;branch=z9hG4bK-house-{number};rport\r\nMax-Forwards: 70\r\n\
             From: \"Citizen {number}\" <sip:099{number}@127.0.0.1:5090>;tag=caller{number}\r\n\
             Call-ID: {number}-house@127.0.0.1\r\n"
        );
        let to = format!("sip:{line}@127.0.0.1:5060");
        let cancel = format!("CANCEL {to} SIP/2.0\r\n{common}To: <{to}>\r\nCSeq: 1 CANCEL\r\n{NO_BODY}");
        let span = self.say(5090, cancel);
        let refused = self.mail.iter().find(|message| status(message) == 487).cloned();
        let refused = refused.expect("a CANCEL ends the call");
        let ack =
            format!("ACK {to} SIP/2.0\r\n{common}To: {}\r\nCSeq: 1 ACK\r\n{NO_BODY}", header(&refused, "To"));
        self.read();
        self.say(5090, ack);
        self.read();
        span
    }

    /// The agent who has talked longest hangs up and gets the next caller in line; returns the time of the step.
    ///
    /// # Panics
    /// If no phone rings.
    pub fn hang_up(&mut self) -> Duration {
        let (agent, invite) = self.talking.pop_front().expect("everybody talks");
        self.requests += 1;
        let bye = format!(
            "BYE {} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bK-bye-{};rport\r\nMax-Forwards: 70\r\n\
             From: {};tag=agent{agent}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: 1 BYE\r\n{NO_BODY}",
            uri(header(&invite, "Contact")),
            self.requests,
            header(&invite, "To"),
            header(&invite, "From"),
            header(&invite, "Call-ID"),
        );
        let span = self.say(5080, bye);
        self.read();
        assert!(self.ringing.is_some(), "who comes free gets the next in line");
        span
    }

    /// The ringing agent answers; returns the time of the step.
    ///
    /// # Panics
    /// If no phone rings.
    pub fn pick_up(&mut self) -> Duration {
        let (agent, invite) = self.ringing.take().expect("somebody rings");
        let rest = format!("Contact: <sip:a{agent:05}@127.0.0.1:5080>\r\n{}", with_sdp(VOICES_PORT));
        let span = self.say(5080, response(&invite, "200 OK", &format!("agent{agent}"), &rest));
        self.talking.push_back((agent, invite));
        self.read();
        span
    }

    /// The ringing agent refuses with 486, and the contact goes back to its place; returns the time of the step.
    ///
    /// # Panics
    /// If no phone rings.
    pub fn refuse(&mut self) -> Duration {
        let (agent, invite) = self.ringing.take().expect("somebody rings");
        let span = self.say(5080, response(&invite, "486 Busy Here", &format!("agent{agent}"), NO_BODY));
        self.read();
        span
    }

    /// An agent's phone registers, with the answer to a challenge if it has one. Returns the time of the step, and the
    /// challenge if one came back.
    pub fn register(&mut self, agent: usize, answer: Option<(&str, u32)>) -> (Duration, Option<String>) {
        self.requests += 1;
        let (number, cseq) = (self.requests, self.requests);
        let credentials = answer.and_then(|(challenge, nc)| {
            let (user, secret) = (format!("a{agent:05}"), Secret::new("lab"));
            let answer =
                answer_challenge(challenge, "REGISTER", "sip:turno", &user, &secret, &mut self.rng, nc)?;
            Some(format!("Authorization: {answer}\r\n"))
        });
        let register = format!(
            "REGISTER sip:turno SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bK-reg-{number};rport\r\n\
             Max-Forwards: 70\r\nFrom: <sip:a{agent:05}@turno>;tag=reg{agent}\r\nTo: <sip:a{agent:05}@turno>\r\n\
             Call-ID: reg-{agent}@127.0.0.1\r\nCSeq: {cseq} REGISTER\r\n\
             Contact: <sip:a{agent:05}@127.0.0.1:5080>\r\nExpires: 3600\r\n{}{NO_BODY}",
            credentials.unwrap_or_default()
        );
        let span = self.say(5080, register);
        let reply = self.mail.pop().expect("a REGISTER is answered");
        assert!(matches!(status(&reply), 200 | 401), "{}", String::from_utf8_lossy(&reply));
        self.mail.clear();
        (span, (status(&reply) == 401).then(|| header(&reply, "WWW-Authenticate").to_owned()))
    }

    /// Lets time pass, deadline by deadline; returns the longest time of a step.
    pub fn pass(&mut self, span: Duration) -> Duration {
        let (until, mut longest) = (self.now + span, Duration::ZERO);
        while let Some(at) = self.idle_until.filter(|at| *at <= until) {
            self.now = self.now.max(at);
            longest = longest.max(self.step(Input::Wake));
            self.read();
        }
        self.now = until;
        longest
    }

    /// Lets time pass until a phone rings; returns the time of that step.
    ///
    /// # Panics
    /// If no deadline is left.
    pub fn pass_until_rung(&mut self) -> Duration {
        while self.ringing.is_none() {
            self.now = self.now.max(self.idle_until.expect("somebody will ring"));
            let span = self.step(Input::Wake);
            self.read();
            if self.ringing.is_some() {
                return span;
            }
        }
        Duration::ZERO
    }

    fn say(&mut self, port: u16, text: String) -> Duration {
        self.now = self.now + BETWEEN_STEPS;
        if self.idle_until.is_some_and(|at| at <= self.now) {
            self.step(Input::Wake);
            self.read();
        }
        let bytes = Bytes::from(text);
        let flow = Flow { transport: Transport::Udp, local: local(5060), remote: local(port) };
        self.step(Input::Datagram(Datagram { flow, bytes: &bytes }))
    }

    /// Times the engine's step up to its last output; the ledger is updated afterwards.
    #[expect(clippy::disallowed_methods, reason = "to measure is what a bench is for")]
    fn step(&mut self, input: Input<'_>) -> Duration {
        let mut outputs = Vec::with_capacity(32);
        let begin = Instant::now();
        self.engine.handle(input, self.now);
        self.idle_until = loop {
            let output = black_box(self.engine.poll_output());
            if let Output::Idle(next) = output {
                break next;
            }
            outputs.push(output);
        };
        let span = begin.elapsed();
        self.spent += span;
        for output in outputs {
            match output {
                Output::Keep(step) => {
                    if let Some(journal) = &mut self.journal {
                        journal.write(&step);
                    }
                }
                Output::Record(at, fact) => self.ledger.apply(at, &fact),
                Output::Transmit(transmit) => self.mail.push(transmit.bytes),
                Output::Media(MediaCommand::Close { stream }) => {
                    self.step(Input::Media(MediaEvent::Closed { stream, report: StreamReport::default() }));
                }
                Output::Media(_)
                | Output::Recording(_)
                | Output::Reply(_)
                | Output::Stopped
                | Output::Idle(_) => {}
            }
        }
        span
    }

    /// Reads the engine's messages: an INVITE rings, a final response gets an ACK, a BYE a 200.
    fn read(&mut self) {
        while let Some(message) = self.mail.pop() {
            match method(&message) {
                "INVITE" => {
                    let line = core::str::from_utf8(&message[..40]).unwrap_or("");
                    let agent = number_after(line, "sip:a").expect("an agent is rung");
                    self.ringing = Some((agent, message));
                }
                "BYE" => {
                    let port = if message.starts_with(b"BYE sip:a") { 5080 } else { 5090 };
                    self.say(port, response(&message, "200 OK", "", NO_BODY));
                }
                "" if status(&message) == 200 && header(&message, "CSeq").ends_with("INVITE") => {
                    let ack = ack(&message);
                    self.say(5090, ack);
                }
                "" => assert!(status(&message) < 400 || status(&message) == 487, "somebody was turned away"),
                _ => {}
            }
        }
    }
}

fn ack(success: &[u8]) -> String {
    let call_id = header(success, "Call-ID");
    let cseq = header(success, "CSeq").replace("INVITE", "ACK");
    format!(
        "ACK {} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5090;branch=z9hG4bK-ack-{call_id};rport\r\nMax-Forwards: 70\r\n\
         From: {}\r\nTo: {}\r\nCall-ID: {call_id}\r\nCSeq: {cseq}\r\n{NO_BODY}",
        uri(header(success, "Contact")),
        header(success, "From"),
        header(success, "To"),
    )
}

/// The lab plan for this size, with ports for everybody.
fn plan(size: Size) -> Plan {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sip-config/lab");
    let (mut plan, _) = turno_config::load(&folder).expect("the lab plan is valid");
    let (agent, mut queue) = (plan.agents[0].clone(), plan.queues[0].clone());
    queue.length_max = u32::MAX;
    queue.answer_on_entry = size.answered;
    queue.wait_max = None;
    // No caller may give up while agents cool down.
    queue.rona_cool_down = COOL_DOWN;
    let ids = || 0..size.queues;
    plan.skills = ids().map(|at| format!("s{at}")).collect();
    plan.queues = ids()
        .map(|at| {
            let mut queue = queue.clone();
            (queue.name, queue.skill) = (format!("q{at}"), SkillId(at as u32));
            queue
        })
        .collect();
    let number = |at: usize| NumberPlan {
        number: (7_000 + at).to_string(),
        entry: Entry::Queue(QueueId(at as u32)),
        ..plan.numbers[0].clone()
    };
    plan.numbers = ids().map(number).collect();
    plan.agents = (0..size.agents)
        .map(|at| AgentPlan {
            name: format!("a{at:05}"),
            extension: format!("a{at:05}"),
            skills: (0..size.skills).map(|more| (SkillId(((at + more) % size.queues) as u32), 1)).collect(),
            own_seat: Some(SeatId(at as u32)),
            ..agent.clone()
        })
        .collect();
    let seat = plan.seats[0].clone();
    plan.seats = (0..size.agents)
        .map(|at| SeatPlan { extension: format!("a{at:05}"), display: agent.display.clone(), ..seat.clone() })
        .collect();
    plan.media.ports = (1_024, 65_534);
    plan
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}
