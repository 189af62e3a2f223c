//! Connections: each brings what it is given in order and whole, for as long as it stands.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use turno_ground::{Flow, Moment, Rng};

use crate::network::{DELAY, Weather};

/// Something on its way by a connection.
#[derive(Clone, Debug)]
pub(crate) enum Passing {
    /// A message for the engine.
    ToEngine(Flow, Bytes),
    /// A message for the phone at this place.
    ToPhone(Flow, usize, Bytes),
    /// The engine hears that a connection is gone, or that there is none.
    Closed(Flow),
}

/// What still passes by a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Everything.
    Open,
    /// What the engine says before it hears that the phone has ended it.
    Ending,
    /// Nothing.
    Dead,
}

/// One connection that the engine has not heard the end of, under the engine's name for it.
#[derive(Debug)]
struct Wire {
    /// Whose phone is at the other end, by place among all persons.
    person: usize,
    /// What the engine asked for, where it has opened the connection.
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
    /// The connections that the engine has opened, by their peers.
    opened: BTreeMap<SocketAddr, Flow>,
    /// What the engine was told, or is about to be told, that it can't have.
    refused: BTreeSet<Flow>,
    flying: BTreeMap<(Moment, u64), Passing>,
    pub(crate) rng: Rng,
    numbered: u64,
    port: u16,
}

/// The first port of connections.
const PORTS: u16 = 32_768;
/// How long the engine's side takes to say that a connection is gone.
pub(crate) const TELLING: Duration = Duration::from_millis(40);
/// How long a segment that the network has lost is missing, at least.
const REPEATED_AFTER: Duration = Duration::from_millis(200);

impl Wires {
    /// None.
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

    /// Whether the engine has not heard that this connection is gone.
    pub(crate) fn is_known(&self, flow: &Flow) -> bool {
        self.standing.contains_key(flow)
    }

    /// Whether the engine has opened it.
    pub(crate) fn is_ours(&self, flow: &Flow) -> bool {
        self.standing.get(flow).is_some_and(|wire| wire.asked.is_some())
    }

    /// Whose phone is at the other end, by place.
    pub(crate) fn whose(&self, flow: &Flow) -> Option<usize> {
        self.standing.get(flow).map(|wire| wire.person)
    }

    /// A port that no connection has had of late.
    pub(crate) const fn fresh_port(&mut self) -> u16 {
        self.port = (self.port + 1) % 30_000;
        PORTS + self.port
    }

    /// A connection stands from now on.
    pub(crate) fn stands(&mut self, flow: Flow, person: usize, asked: Option<Flow>, now: Moment) {
        if asked.is_some() {
            self.opened.insert(flow.remote, flow);
        }
        self.standing.insert(flow, Wire { person, asked, state: State::Open, last: (now, now) });
    }

    /// Whether something passes by a connection.
    pub(crate) fn is_open(&self, flow: &Flow) -> bool {
        self.standing.get(flow).is_some_and(Wire::is_open)
    }

    /// The connections of somebody that stand.
    pub(crate) fn of(&self, person: usize) -> Vec<Flow> {
        let of_person = self.standing.iter().filter(|(_, wire)| wire.person == person && wire.is_open());
        of_person.map(|(flow, _)| *flow).collect()
    }

    /// Everybody who has a connection.
    pub(crate) fn people(&self) -> BTreeSet<usize> {
        self.standing.values().filter(|wire| wire.is_open()).map(|wire| wire.person).collect()
    }

    /// By which connection the engine's message for `flow` goes, if there is one; as `shell/net/streams` finds it.
    pub(crate) fn towards(&self, flow: Flow) -> Option<Flow> {
        if self.is_known(&flow) {
            return Some(flow);
        }
        self.opened.get(&flow.remote).copied()
    }

    /// A message leaves by a connection, no sooner than `from`.
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

    /// Nobody is there for what the engine asked for: it hears so after this span.
    pub(crate) fn refuses(&mut self, flow: Flow, after: Duration, now: Moment) {
        if self.refused.insert(flow) {
            self.fly(now + after, Passing::Closed(flow));
        }
    }

    /// The phone ends a connection: what was said before still arrives, either way.
    pub(crate) fn close(&mut self, flow: Flow, now: Moment) {
        let Some(wire) = self.standing.get_mut(&flow).filter(|wire| wire.is_open()) else { return };
        wire.state = State::Ending;
        let at = wire.last.0.max(now) + Duration::from_micros(self.rng.below(40_000));
        self.fly(at, Passing::Closed(flow));
    }

    /// A connection is gone with all that is on its way, and the engine hears so within this span: at once where it was
    /// reset, later where a cable was pulled.
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

    /// The engine has heard that a connection is gone; what it had asked for by it, if it had.
    pub(crate) fn forget(&mut self, flow: &Flow) -> Option<Flow> {
        let asked = self.standing.remove(flow)?.asked?;
        self.opened.retain(|_, opened| opened != flow);
        Some(asked)
    }

    /// The engine is gone, and with it every connection; what it has said still arrives. Gives those who had one.
    pub(crate) fn all_end(&mut self) -> BTreeSet<usize> {
        let people = self.people();
        self.standing.clear();
        self.opened.clear();
        self.refused.clear();
        self.flying.retain(|_, passing| matches!(passing, Passing::ToPhone(..)));
        people
    }

    /// Whatever was held up is not any more.
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

/// The engine's name for the connection of a phone at `from`.
pub(crate) const fn flow(server: SocketAddr, from: IpAddr, port: u16) -> Flow {
    Flow { transport: turno_ground::Transport::Tcp, local: server, remote: SocketAddr::new(from, port) }
}
