//! Simulated connections: each delivers everything in order, as long as it stands.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use turno_ground::{Flow, Moment, Rng};

use crate::network::{DELAY, Weather};

/// Something under way on a connection.
#[derive(Clone, Debug)]
pub(crate) enum Passing {
    /// A message for the engine.
    ToEngine(Flow, Bytes),
    /// A message for the phone of this index.
    ToPhone(Flow, usize, Bytes),
    /// The engine is told that a connection is gone, or could not be opened.
    Closed(Flow),
}

/// What a connection still delivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Everything.
    Open,
    /// Messages of the engine, until it is told that the phone has closed the connection.
    Ending,
    /// Nothing.
    Dead,
}

/// One connection that the engine still knows.
#[derive(Debug)]
struct Wire {
    /// The phone at the other end, by index among all persons.
    person: usize,
    /// The flow that the engine asked for, if it opened the connection.
    asked: Option<Flow>,
    state: State,
    /// When the last message arrives at the engine, and at the phone.
    last: (Moment, Moment),
}

impl Wire {
    fn is_open(&self) -> bool {
        self.state == State::Open
    }
}

/// All connections.
#[derive(Debug)]
pub(crate) struct Wires {
    standing: BTreeMap<Flow, Wire>,
    /// The connections that the engine opened, by peer.
    opened: BTreeMap<SocketAddr, Flow>,
    /// The flows that could not be opened, until the engine is told so.
    refused: BTreeSet<Flow>,
    flying: BTreeMap<(Moment, u64), Passing>,
    pub(crate) rng: Rng,
    numbered: u64,
    port: u16,
}

/// The first port of connections.
const PORTS: u16 = 32_768;
/// How long it takes at most until the engine is told that a connection is gone.
pub(crate) const TELLING: Duration = Duration::from_millis(40);
/// How late a segment is that the network has lost, at least.
const REPEATED_AFTER: Duration = Duration::from_millis(200);

impl Wires {
    /// No connections.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            standing: BTreeMap::new(),
            opened: BTreeMap::new(),
            refused: BTreeSet::new(),
            flying: BTreeMap::new(),
            rng: Rng::new(seed ^ 0x7769_7265),
            numbered: 0,
            port: 0,
        }
    }

    /// When something arrives next.
    pub(crate) fn next(&self) -> Option<Moment> {
        self.flying.keys().next().map(|&(at, _)| at)
    }

    /// What arrives by `now`.
    pub(crate) fn arrived(&mut self, now: Moment) -> Option<Passing> {
        let passing =
            self.flying.first_entry().filter(|entry| entry.key().0 <= now).map(|entry| entry.remove())?;
        if let Passing::Closed(flow) = &passing {
            self.refused.remove(flow);
        }
        Some(passing)
    }

    /// Whether the engine still knows this connection.
    pub(crate) fn is_known(&self, flow: &Flow) -> bool {
        self.standing.contains_key(flow)
    }

    /// Whether the engine opened it.
    pub(crate) fn is_ours(&self, flow: &Flow) -> bool {
        self.standing.get(flow).is_some_and(|wire| wire.asked.is_some())
    }

    /// The phone at the other end, by index.
    pub(crate) fn whose(&self, flow: &Flow) -> Option<usize> {
        self.standing.get(flow).map(|wire| wire.person)
    }

    /// A port that no recent connection had.
    pub(crate) const fn fresh_port(&mut self) -> u16 {
        self.port = (self.port + 1) % 30_000;
        PORTS + self.port
    }

    /// A new connection.
    pub(crate) fn stands(&mut self, flow: Flow, person: usize, asked: Option<Flow>, now: Moment) {
        if asked.is_some() {
            self.opened.insert(flow.remote, flow);
        }
        self.standing.insert(flow, Wire { person, asked, state: State::Open, last: (now, now) });
    }

    /// Whether a connection is open.
    pub(crate) fn is_open(&self, flow: &Flow) -> bool {
        self.standing.get(flow).is_some_and(Wire::is_open)
    }

    /// The open connections of a person.
    pub(crate) fn of(&self, person: usize) -> Vec<Flow> {
        let of_person = self.standing.iter().filter(|(_, wire)| wire.person == person && wire.is_open());
        of_person.map(|(flow, _)| *flow).collect()
    }

    /// All persons with a connection.
    pub(crate) fn people(&self) -> BTreeSet<usize> {
        self.standing.values().filter(|wire| wire.is_open()).map(|wire| wire.person).collect()
    }

    /// The connection for the engine's message to `flow`, if there is one; chosen as in `shell/net/streams`.
    pub(crate) fn towards(&self, flow: Flow) -> Option<Flow> {
        if self.is_known(&flow) {
            return Some(flow);
        }
        self.opened.get(&flow.remote).copied()
    }

    /// Sends a message over a connection, no sooner than `from`.
    pub(crate) fn send(&mut self, flow: Flow, bytes: Bytes, to_engine: bool, from: Moment, weather: Weather) {
        let passes = |wire: &&mut Wire| wire.is_open() || !to_engine && wire.state == State::Ending;
        let Some(wire) = self.standing.get_mut(&flow).filter(passes) else { return };
        let is_lost = self.rng.below(100) < weather.loss;
        let late = u64::try_from(weather.late.as_micros()).unwrap_or(0);
        let travels = DELAY
            + Duration::from_micros(self.rng.below(late))
            + if is_lost { REPEATED_AFTER } else { Duration::ZERO };
        let last = if to_engine { &mut wire.last.0 } else { &mut wire.last.1 };
        *last = (*last).max(from + travels);
        let (at, person) = (*last, wire.person);
        let passing =
            if to_engine { Passing::ToEngine(flow, bytes) } else { Passing::ToPhone(flow, person, bytes) };
        self.fly(at, passing);
    }

    /// A connection can't be opened: the engine is told so after this span.
    pub(crate) fn refuses(&mut self, flow: Flow, after: Duration, now: Moment) {
        if self.refused.insert(flow) {
            self.fly(now + after, Passing::Closed(flow));
        }
    }

    /// The phone closes a connection: what was sent before still arrives, both ways.
    pub(crate) fn close(&mut self, flow: Flow, now: Moment) {
        let Some(wire) = self.standing.get_mut(&flow).filter(|wire| wire.is_open()) else { return };
        wire.state = State::Ending;
        let at = wire.last.0.max(now) + Duration::from_micros(self.rng.below(40_000));
        self.fly(at, Passing::Closed(flow));
    }

    /// A connection is lost with everything under way. The engine is told within this span: soon after a reset, later
    /// if a cable was pulled.
    pub(crate) fn breaks(&mut self, flow: Flow, within: Duration, now: Moment) {
        let Some(wire) = self.standing.get_mut(&flow).filter(|wire| wire.is_open()) else { return };
        wire.state = State::Dead;
        self.flying.retain(|_, passing| match passing {
            Passing::ToEngine(by, _) | Passing::ToPhone(by, ..) => *by != flow,
            Passing::Closed(_) => true,
        });
        let within = u64::try_from(within.as_micros()).unwrap_or(0);
        let at = now + Duration::from_micros(self.rng.below(within));
        self.fly(at, Passing::Closed(flow));
    }

    /// The engine knows that a connection is gone. Returns the flow that it had asked for, if it opened it.
    pub(crate) fn forget(&mut self, flow: &Flow) -> Option<Flow> {
        let asked = self.standing.remove(flow)?.asked?;
        self.opened.retain(|_, opened| opened != flow);
        Some(asked)
    }

    /// The engine is gone, and every connection with it; what it has sent still arrives. Returns the persons who had
    /// one.
    pub(crate) fn all_end(&mut self) -> BTreeSet<usize> {
        let people = self.people();
        self.standing.clear();
        self.opened.clear();
        self.refused.clear();
        self.flying.retain(|_, passing| matches!(passing, Passing::ToPhone(..)));
        people
    }

    /// Everything under way arrives without further delay.
    pub(crate) fn heal(&mut self, now: Moment) {
        for passing in core::mem::take(&mut self.flying).into_values() {
            self.fly(now + DELAY, passing);
        }
        for wire in self.standing.values_mut() {
            wire.last = (now + DELAY, now + DELAY);
        }
    }

    fn fly(&mut self, at: Moment, passing: Passing) {
        self.numbered += 1;
        self.flying.insert((at, self.numbered), passing);
    }
}

/// The engine's flow for the connection of a phone at `from`.
pub(crate) const fn flow(server: SocketAddr, from: IpAddr, port: u16) -> Flow {
    Flow { transport: turno_ground::Transport::Tcp, local: server, remote: SocketAddr::new(from, port) }
}
