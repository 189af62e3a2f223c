//! One load from the first registration to the last BYE.

use core::cmp::Reverse;
use core::time::Duration;
use std::collections::BinaryHeap;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags, PollTimeout, ppoll};
use nix::sys::time::TimeSpec;

use crate::load::agent::{self, AGENTS_RTP, Agents};
use crate::load::caller::{self, CALLERS_RTP, Callers};
use crate::load::figures::Figures;
use crate::load::process::Spent;
use crate::load::register::register;
use crate::load::wire::{Wire, local, nanos};

/// How long calls may go on after the last one has begun.
const TAIL: Duration = Duration::from_secs(15);

/// Settings of a load.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Registered agents.
    pub agents: u16,
    /// New calls a second, 0 for an idle site; the calls for `waiting` come in addition.
    pub rate: f64,
    /// How long new calls come.
    pub span: Duration,
    /// How long a call rings at an agent.
    pub ring: Duration,
    /// Length of a talk.
    pub talk: Duration,
    /// If not 0, this many callers wait at all times, the agents hang up, and each call that ends starts a new one.
    pub waiting: usize,
    /// The process whose CPU time is counted.
    pub pid: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Call,
    Answer(usize),
    AgentLeaves(usize),
    CallerLeaves(usize),
}

/// A running load.
pub struct Load {
    plan: Plan,
    caller_wire: Wire,
    agent_wire: Wire,
    callers: Callers,
    agents: Agents,
    figures: Figures,
    due: BinaryHeap<Reverse<(u64, Due)>>,
    begin: u64,
    /// Sockets at the media ports, which nobody reads, as with SIPp.
    _ears: [UdpSocket; 2],
}

impl Load {
    /// Registers the agents.
    ///
    /// # Errors
    /// A port is taken, or nobody answers.
    pub fn new(plan: Plan) -> Result<Self, String> {
        let server = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 5060);
        let open = |port| Wire::bind(port, server).map_err(|error| format!("port {port}: {error}"));
        let ear = |port| UdpSocket::bind(local(port)).map_err(|error| format!("port {port}: {error}"));
        let (caller_wire, mut agent_wire) = (open(5090)?, open(5080)?);
        let ears = [ear(CALLERS_RTP)?, ear(AGENTS_RTP)?];
        register(plan.agents, &mut agent_wire, SocketAddr::V4(server))?;
        agent_wire.sent.clear();
        agent_wire.received = 0;
        Ok(Self {
            plan,
            caller_wire,
            agent_wire,
            callers: Callers::default(),
            agents: Agents::new(plan.agents),
            figures: Figures::default(),
            due: BinaryHeap::new(),
            begin: nanos(),
            _ears: ears,
        })
    }

    /// Calls until the span is over and all calls have ended, and prints the figures. Returns the datagrams that were
    /// sent, the CPU time for each message in nanoseconds, and whether no call failed and no rule was broken.
    pub fn run(mut self) -> (Vec<(u64, u32)>, f64, bool) {
        let before = Spent::of(self.plan.pid);
        self.begin = nanos();
        let crowd = if self.plan.waiting > 0 {
            self.plan.waiting + usize::from(self.plan.agents)
        } else {
            usize::from(self.plan.rate > 0.0)
        };
        for at in 0..crowd {
            // The first callers come within a second, not all at once.
            let share = Duration::from_secs(1).mul_f64(at as f64 / crowd as f64);
            self.due.push(Reverse((self.begin + span(share), Due::Call)));
        }
        let end = self.begin + span(self.plan.span);
        while nanos() < end + span(TAIL) && (nanos() < end || !self.is_over()) {
            self.wait(end);
            self.take_messages(end);
            self.do_due(end);
        }
        let elapsed = nanos() - self.begin;
        let spent = Spent::of(self.plan.pid).since(&before);
        self.figures.failed += self.callers.open as u64;
        self.print(&spent, elapsed)
    }

    /// Whether all calls have ended, also at the agents: turno would retransmit a BYE to an agent that left before.
    fn is_over(&self) -> bool {
        self.callers.open == 0 && self.agents.are_free()
    }

    fn wait(&mut self, end: u64) {
        let next = self.due.peek().map_or(end, |Reverse((at, _))| *at);
        let left = Duration::from_nanos(next.saturating_sub(nanos()).min(50_000_000));
        let mut wires = [&self.caller_wire, &self.agent_wire]
            .map(|wire| PollFd::new(wire.descriptor().as_fd(), PollFlags::POLLIN));
        let _ = ppoll(&mut wires, Some(TimeSpec::from_duration(left)), None);
    }

    fn take_messages(&mut self, end: u64) {
        while let Some((at, message)) = self.agent_wire.receive() {
            let invited = |caller: usize| self.callers.all.get(caller).map(|caller| caller.invited_at);
            let (wire, figures) = (&mut self.agent_wire, &mut self.figures);
            match self.agents.take(at, &message, wire, figures, invited) {
                agent::Step::Rings(place) => self.later(self.plan.ring, Due::Answer(place)),
                agent::Step::Talks(place) if self.plan.waiting > 0 => {
                    self.later(self.plan.talk, Due::AgentLeaves(place));
                }
                agent::Step::Talks(_) | agent::Step::Nothing => {}
            }
        }
        while let Some((at, message)) = self.caller_wire.receive() {
            let (wire, figures) = (&mut self.caller_wire, &mut self.figures);
            match self.callers.take(at, &message, wire, figures) {
                caller::Step::Talks(number) if self.plan.waiting == 0 => {
                    self.later(self.plan.talk, Due::CallerLeaves(number));
                }
                caller::Step::Over if self.plan.waiting > 0 && nanos() < end => {
                    self.callers.call(&mut self.caller_wire);
                }
                caller::Step::Talks(_) | caller::Step::Over | caller::Step::Nothing => {}
            }
        }
    }

    fn do_due(&mut self, end: u64) {
        let now = nanos();
        while let Some(Reverse((at, due))) = self.due.peek().copied().filter(|Reverse((at, _))| *at <= now) {
            self.due.pop();
            match due {
                Due::Call => {
                    self.callers.call(&mut self.caller_wire);
                    let next = at + (1e9 / self.plan.rate) as u64;
                    if self.plan.waiting == 0 && next < end {
                        self.due.push(Reverse((next, Due::Call)));
                    }
                }
                Due::Answer(place) => self.agents.answer(place, &mut self.agent_wire),
                Due::AgentLeaves(place) => self.agents.hang_up(place, &mut self.agent_wire),
                Due::CallerLeaves(number) => self.callers.hang_up(number, &mut self.caller_wire),
            }
        }
    }

    fn later(&mut self, after: Duration, due: Due) {
        self.due.push(Reverse((nanos() + span(after), due)));
    }

    fn print(mut self, spent: &[(String, u64)], elapsed: u64) -> (Vec<(u64, u32)>, f64, bool) {
        self.figures.print();
        let calls = self.figures.completed.max(1) as f64;
        let total = spent.iter().map(|(_, nanos)| nanos).sum::<u64>() as f64;
        let mut sent = core::mem::take(&mut self.caller_wire.sent);
        sent.append(&mut self.agent_wire.sent);
        sent.sort_unstable();
        let messages = (sent.len() as u64 + self.caller_wire.received + self.agent_wire.received) as f64;
        println!("calls a second            {:.0}", calls * 1e9 / elapsed as f64);
        println!(
            "CPU of turno              {:.4} ms a completed call, {:.2}% of a core",
            total / calls / 1e6,
            total * 100.0 / elapsed as f64
        );
        for (thread, nanos) in spent.iter().filter(|(_, nanos)| *nanos as f64 > total / 500.0) {
            println!("  {thread:<23} {:.4} ms", *nanos as f64 / calls / 1e6);
        }
        println!(
            "messages                  {:.1} a call in and out, {:.2} us each",
            messages / calls,
            total / messages / 1e3
        );
        (sent, total / messages, self.figures.is_clean())
    }
}

/// Sends datagrams of the same sizes at the same times to an echo server and reads the echoes. Returns the server's CPU
/// time for each message in and out, in nanoseconds.
///
/// # Errors
/// The port is taken.
pub fn echo(sent: &[(u64, u32)], port: u16, pid: u32) -> Result<f64, String> {
    let server = SocketAddrV4::new(Ipv4Addr::LOCALHOST, port);
    let mut wire = Wire::bind(5091, server).map_err(|error| format!("port 5091: {error}"))?;
    let payload = vec![b'x'; 4_096];
    let (before, begin) = (Spent::of(pid), nanos());
    let first = sent.first().map_or(0, |(at, _)| *at);
    for &(at, size) in sent {
        while let Some(left) = (begin + at - first).checked_sub(nanos()).filter(|left| *left > 0) {
            let mut wires = [PollFd::new(wire.descriptor().as_fd(), PollFlags::POLLIN)];
            let _ = ppoll(&mut wires, Some(TimeSpec::from_duration(Duration::from_nanos(left))), None);
            while wire.receive().is_some() {}
        }
        wire.send(&payload[..size as usize]);
    }
    let mut wires = [PollFd::new(wire.descriptor().as_fd(), PollFlags::POLLIN)];
    let _ = nix::poll::poll(&mut wires, PollTimeout::from(200u8));
    while wire.receive().is_some() {}
    let total: u64 = Spent::of(pid).since(&before).iter().map(|(_, nanos)| nanos).sum();
    Ok(total as f64 / (sent.len() as u64 + wire.received) as f64)
}

fn span(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}
