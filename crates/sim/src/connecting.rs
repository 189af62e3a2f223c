//! Phones that do not speak by plain datagrams: who opens connections, what goes by them, and what becomes of it when they
//! are cut.

use core::time::Duration;

use bytes::Bytes;
use turno_engine::Input;
use turno_ground::{Flow, Moment, Transport};
use turno_phone::Phone;

use crate::deed::{Cut, Standstill};
use crate::errand::Errand;
use crate::letters::Letter;
use crate::life::Life;
use crate::network::{DELAY, Packet};
use crate::person::{Person, Presence, Who};
use crate::proxy;
use crate::ways::{Door, Way, Ways};
use crate::wires::{self, Passing};
use crate::world::World;

/// When the engine gives up to connect to somebody who does not even refuse.
const CONNECT_SPAN: Duration = Duration::from_secs(4);
/// The most that a connection stands whose cable was pulled.
const UNNOTICED_MAX: Duration = Duration::from_secs(60);
/// The most that phones wait before they look for an engine that is gone.
const LOOKING_MAX_MICROS: u64 = 3_000_000;
/// When a phone that could not connect tries again.
const TRIES_AGAIN: Duration = Duration::from_secs(1);

impl World {
    /// The phones of this world speak in these ways from now on.
    pub(crate) fn has_ways(&mut self, ways: Ways) {
        self.ways = ways;
        if self.carrier.is_some() {
            // To turno all of them are one machine, and each of its connections is as good as another.
            self.ways.callers_by_tcp = 0;
        }
        if self.plan.sip.contact_as_given {
            // Then it is the plan's word that every Contact can be reached.
            self.ways.open_doors = u64::MAX;
        }
        for person in &mut self.persons {
            person.takes_way(way_of(self.ways, person));
        }
    }

    /// Somebody sends who does not speak by plain datagrams.
    pub(crate) fn sends(&mut self, place: usize, bytes: Bytes) {
        let (person, to) = (&mut self.persons[place], self.server);
        let (from, bytes) = match person.way {
            Way::Datagrams => (person.local(), bytes),
            Way::ByProxy(sends, listens) => (sends, proxy::forwarded(&bytes, sends, listens)),
            Way::WithoutRport(sends) => (sends, proxy::without_rport(&bytes)),
            Way::Tcp(_) => {
                person.link.unsent.push(bytes);
                return self.says(place);
            }
        };
        self.network.send(Packet { from, to, bytes }, self.now);
    }

    /// Something arrives by a connection.
    pub(crate) fn passes(&mut self, passing: Passing) {
        match passing {
            Passing::ToEngine(flow, bytes) => self.hand_over(flow, &bytes),
            Passing::ToPhone(flow, place, bytes) => self.reaches_phone(flow, place, &bytes),
            Passing::Closed(flow) => {
                let asked = self.wires.forget(&flow);
                self.tell_closed(flow);
                if let Some(asked) = asked {
                    self.tell_closed(asked);
                }
            }
        }
    }

    /// The engine hears that a connection is gone. What is due at the same moment is done before, so that all that happens
    /// in this step is its doing.
    pub(crate) fn tell_closed(&mut self, flow: Flow) {
        if self.is_kept_back(|| Letter::Closed(flow)) {
            return;
        }
        let is_alone = self.life == Life::Lives && flow.local.port() != 0;
        if is_alone {
            self.tell(Input::Wake);
        }
        self.chronicle.shown(b'x', self.now, &flow);
        self.is_told_closed = is_alone;
        self.tell(Input::FlowClosed(flow));
        self.is_told_closed = false;
    }

    /// The engine says something by a connection, or wants one.
    pub(crate) fn leaves_by_connection(&mut self, flow: Flow, bytes: Bytes) {
        let by = self.wires.towards(flow).or_else(|| self.is_connected_to(flow));
        if let Some(by) = by {
            let from = self.network.cut_off_until(by.remote.ip(), self.now);
            self.wires.send(by, bytes, false, from, self.network.weather);
        }
    }

    /// Whose phone the engine speaks to by `flow`, by place.
    pub(crate) fn whose(&self, flow: Flow) -> Option<usize> {
        self.wires.whose(&flow).or_else(|| self.by_address.get(&flow.remote).copied())
    }

    /// A connection is cut, by whichever side it was opened.
    pub(crate) fn connection_is_cut(&mut self, place: usize, cut: Cut) {
        let flows = self.wires.of(place);
        if flows.is_empty() {
            return;
        }
        self.cuts += 1;
        let is_sure = matches!(self.persons[place].way, Way::Tcp(Door::Open));
        let (span, says_again) = match cut {
            Cut::Reset(span) | Cut::Unnoticed(span) => (span, true),
            // Nothing is lost, so the listener may as well wait for what comes.
            Cut::Closed(span) => (span, !is_sure || self.wires.dice.below(2) == 0),
        };
        for flow in flows {
            match cut {
                Cut::Reset(_) => self.wires.breaks(flow, wires::TELLING, self.now),
                Cut::Closed(_) => self.wires.close(flow, self.now),
                // Between us and somebody who listens nothing forgets.
                Cut::Unnoticed(_) if self.wires.is_ours(&flow) => {
                    self.wires.breaks(flow, wires::TELLING, self.now);
                }
                Cut::Unnoticed(_) => self.wires.breaks(flow, UNNOTICED_MAX, self.now),
            }
        }
        self.persons[place].link.is_forgotten = matches!(cut, Cut::Unnoticed(_));
        self.is_unconnected(place, span, says_again);
    }

    /// A caller's connection is cut.
    pub(crate) fn caller_connection_is_cut(&mut self, caller: u32, cut: Cut) {
        if let Some(place) = self.guests.get(&caller).map(|guest| guest.person) {
            self.connection_is_cut(place, cut);
        }
    }

    /// Every connection is cut.
    pub(crate) fn all_connections_are_cut(&mut self, cut: Cut) {
        self.wires.people().into_iter().for_each(|place| self.connection_is_cut(place, cut));
    }

    /// A caller's phone closes its connection and is gone for good.
    pub(crate) fn caller_leaves(&mut self, caller: u32) {
        if let Some(place) = self.guests.get(&caller).map(|guest| guest.person) {
            self.leaves(place);
        }
    }

    /// Somebody's phone closes its connection and is gone for good.
    fn leaves(&mut self, place: usize) {
        let flows = self.wires.of(place);
        if !flows.is_empty() {
            self.cuts += 1;
            flows.into_iter().for_each(|flow| self.wires.close(flow, self.now));
            self.vanishes(place);
        }
    }

    /// The same of an agent, whose next phone knows nothing of it.
    pub(crate) fn agent_leaves(&mut self, place: usize) {
        if !self.wires.of(place).is_empty() {
            self.leaves(place);
            let local = self.persons[place].local();
            self.persons[place].is_reborn(local);
            self.plan_wake(place);
        }
    }

    /// A phone has lost its power or its network: its connections stand for a while, and nothing passes.
    pub(crate) fn cables_are_pulled(&mut self, place: usize) {
        for flow in self.wires.of(place) {
            self.wires.breaks(flow, UNNOTICED_MAX, self.now);
        }
        self.persons[place].link.current = None;
    }

    /// The engine is gone, and all connections with it: their phones look for it.
    pub(crate) fn connections_end(&mut self) {
        for place in self.wires.all_end() {
            let span = Duration::from_micros(self.wires.dice.below(LOOKING_MAX_MICROS));
            self.is_unconnected(place, span, true);
        }
    }

    /// Phones and callers without a connection may open one now.
    pub(crate) fn connections_heal(&mut self) {
        self.wires.heal(self.now);
        for place in 0..self.persons.len() {
            if self.persons[place].link.back_at.is_some() {
                self.persons[place].link.back_at = Some(self.now);
                self.may_connect(place);
            }
        }
    }

    /// A phone that had to wait may open a connection. Agents do; callers if they have something to say.
    pub(crate) fn may_connect(&mut self, place: usize) {
        let now = self.now;
        let link = &mut self.persons[place].link;
        if link.back_at.take_if(|at| *at <= now).is_none() {
            return;
        }
        if link.says_again {
            self.says_again(place);
        }
        let is_agent = matches!(self.persons[place].who, Who::Agent(_));
        if is_agent || !self.persons[place].link.unsent.is_empty() {
            self.connects(place);
        } else if self.persons[place].way != Way::Tcp(Door::Open) || self.persons[place].link.is_forgotten {
            // Nobody finds this phone until it has something to say.
            self.persons[place].is_deaf();
        }
    }

    fn is_unconnected(&mut self, place: usize, span: Duration, says_again: bool) {
        let person = &mut self.persons[place];
        person.link.says_again |= says_again;
        if person.link.is_cut(span, self.now) {
            person.is_deaf();
        }
        self.means_to(self.now + span, Errand::Connects(place));
    }

    /// Whatever somebody has to say goes by the connection, which is opened if that may be.
    fn says(&mut self, place: usize) {
        let link = &mut self.persons[place].link;
        let current = link.current.filter(|flow| self.wires.is_open(flow));
        let Some(flow) = current.or_else(|| self.wires.of(place).first().copied()) else {
            if link.back_at.is_none() {
                self.connects(place);
            }
            return;
        };
        link.current = Some(flow);
        link.heard_since.get_or_insert(self.now);
        let from = self.network.cut_off_until(flow.remote.ip(), self.now);
        for bytes in core::mem::take(&mut link.unsent) {
            self.wires.send(flow, bytes, true, from, self.network.weather);
        }
    }

    /// A phone opens a connection, registers by it, and says what it could not say or what may be lost.
    fn connects(&mut self, place: usize) {
        let now = self.now;
        let ip = self.persons[place].local().ip();
        let is_there = self.persons[place].presence == Presence::There;
        let is_gone = matches!(self.life, Life::Dead(_) | Life::StandsStill(Standstill::Machine));
        if !is_there || is_gone || self.network.is_cut_off(ip, now) {
            self.persons[place].link.back_at = Some(now + TRIES_AGAIN);
            return self.means_to(now + TRIES_AGAIN, Errand::Connects(place));
        }
        let last = self.persons[place].link.last;
        let same = last.filter(|flow| !self.wires.is_known(flow) && self.wires.dice.below(4) == 0);
        let flow = same.unwrap_or_else(|| wires::flow(self.server, ip, self.wires.fresh_port()));
        self.wires.stands(flow, place, None, now);
        let person = &mut self.persons[place];
        let link = &mut person.link;
        (link.current, link.last, link.heard_since) = (Some(flow), Some(flow), None);
        link.is_forgotten = false;
        let is_back = core::mem::take(&mut link.says_again);
        let registers = is_back && person.phone.wants_registration();
        let is_first = self.wires.dice.below(2) == 0;
        if registers && is_first {
            self.registers_ahead(place);
        }
        if is_back {
            self.says_again(place);
        }
        self.says(place);
        if registers && !is_first {
            self.act(place, Phone::register);
        }
    }

    /// The registration goes ahead of what waits.
    fn registers_ahead(&mut self, place: usize) {
        let waiting = core::mem::take(&mut self.persons[place].link.unsent);
        self.act(place, Phone::register);
        self.persons[place].link.unsent = waiting;
    }

    fn says_again(&mut self, place: usize) {
        let person = &mut self.persons[place];
        person.phone.say_again();
        while let Some(bytes) = person.poll_transmit() {
            if person.hears() && !person.link.unsent.contains(&bytes) {
                person.link.unsent.push(bytes);
            }
        }
    }

    fn reaches_phone(&mut self, flow: Flow, place: usize, bytes: &Bytes) {
        let now = self.now;
        if !self.persons[place].hears() {
            return;
        }
        // What it says at once goes back by the same connection.
        let before = self.persons[place].link.current;
        if self.wires.is_open(&flow) {
            self.persons[place].link.current = Some(flow);
        }
        self.persons[place].receives(bytes, now);
        self.act(place, |_, _| ());
        if let Some(before) = before.filter(|before| self.wires.is_open(before)) {
            self.persons[place].link.current = Some(before);
        }
    }

    /// The engine connects to where a Contact or a sent-by says that somebody listens.
    fn is_connected_to(&mut self, asked: Flow) -> Option<Flow> {
        let now = self.now;
        let place = self.by_address.get(&asked.remote).copied();
        let place = place.filter(|_| asked.transport == Transport::Tcp);
        let is_silent = place.is_some_and(|place| self.persons[place].presence == Presence::Gone)
            || self.network.is_cut_off(asked.remote.ip(), now);
        let takes = place.map(|place| self.persons[place].way).is_some_and(|way| match way {
            Way::Tcp(Door::Open) => true,
            Way::Tcp(Door::Ajar) => self.wires.dice.below(2) == 0,
            Way::Tcp(Door::Shut) | Way::Datagrams | Way::ByProxy(..) | Way::WithoutRport(_) => false,
        });
        let Some(place) = place.filter(|_| takes && !is_silent) else {
            let after = if is_silent { CONNECT_SPAN } else { DELAY * 2 };
            self.wires.refuses(asked, after, now);
            return None;
        };
        let mut flow = asked;
        flow.local.set_ip(self.server.ip());
        flow.local.set_port(self.wires.fresh_port());
        self.wires.stands(flow, place, Some(asked), now);
        let link = &mut self.persons[place].link;
        if link.current.is_none_or(|current| !self.wires.is_open(&current)) {
            (link.current, link.heard_since) = (Some(flow), Some(now));
        }
        Some(flow)
    }
}

/// The way of somebody's phone.
pub(crate) fn way_of(ways: Ways, person: &Person) -> Way {
    match person.who {
        Who::Agent(desk) => ways.of_desk(desk),
        Who::Caller(caller) => ways.of_caller(caller, person.local()),
    }
}

/// Since when this phone can be reached, if it can be now.
pub(crate) fn found_since(person: &Person, is_open: impl Fn(&Flow) -> bool) -> Option<Moment> {
    match person.way {
        Way::Datagrams | Way::ByProxy(..) | Way::WithoutRport(_) | Way::Tcp(Door::Open) => {
            Some(Moment::default())
        }
        Way::Tcp(Door::Ajar | Door::Shut) => {
            person.link.heard_since.filter(|_| person.link.current.is_some_and(|flow| is_open(&flow)))
        }
    }
}
