//! PortPairs of bound ports, and how they rest between two streams.
//!
//! To bind and to close a pair costs the system more than a whole call's commands cost us, so a pair whose stream has
//! ended stays bound and polled until the brain gives its port to another stream, or nobody has wanted it for a minute.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, OwnedFd};

use mio::net::UdpSocket;
use mio::{Interest, Registry, Token};
use rustix::net::{SendFlags, sendto};
use turno_ground::Moment;
use turno_media_plan::{RESTING_PORTS_MAX, Want};

use crate::binding::bind_both;
use crate::shortage::{LaidBy, of_descriptors};

/// How often a receive that fails is repeated.
const RECEIVE_ATTEMPTS_MAX: usize = 8;

/// How long after another turno's ports have come the streams are opened that they belong to.
const INHERITED_SPAN: Duration = Duration::from_secs(1);

/// Most late packets of an earlier stream that are thrown away before a pair serves the next.
const LATE_PACKETS_MAX: usize = 1_024;

/// How long a pair rests before it is closed.
const REST_SPAN_MAX: Duration = Duration::from_secs(60);

/// Most pairs closed at one time, and how long until the next are: after a flood a thousand have rested enough at once.
const CLOSED_AT_ONCE_MAX: usize = 8;
const BETWEEN_CLOSINGS: Duration = Duration::from_millis(20);

/// How long after descriptors ran out it is tried to lay some by again.
const LAYING_BY_INTERVAL: Duration = Duration::from_secs(1);

/// Which of a stream's two ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    /// Voice.
    Rtp,
    /// Reports.
    Rtcp,
}

/// Where a pair stands in the list of pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PairIndex(usize);

/// A bound pair on its way from one turno to the next.
#[derive(Debug)]
pub struct PortPair {
    /// Where voice comes; reports come to the next port.
    pub local: SocketAddr,
    /// Voice.
    pub rtp: OwnedFd,
    /// Reports.
    pub rtcp: OwnedFd,
}

/// All pairs, by place.
pub(crate) struct PortPairs {
    registry: Registry,
    /// PortPairs that may be open, unless more are in use.
    most: usize,
    all: Vec<Option<Pair>>,
    /// PlanIndex without a pair.
    vacant: Vec<PairIndex>,
    /// PortPairs without a stream, by their RTP address.
    resting: BTreeMap<SocketAddr, PairIndex>,
    /// The same by since when they rest; those that are reserved are not among them.
    by_age: BTreeSet<(Moment, PairIndex)>,
    /// When pairs that have rested enough are closed at the earliest.
    close_at: Moment,
    laid_by: LaidBy,
    /// When descriptors are laid by anew.
    lay_by_at: Option<Moment>,
    /// What was used up when the last pair was bound with what is laid by.
    scarce: Option<Want>,
    /// PortPairs from another turno that wait for their streams, by port: its plan may have bound another address.
    inherited: BTreeMap<u16, SocketAddr>,
    /// Until when they wait.
    inherited_until: Moment,
}

struct Pair {
    local: SocketAddr,
    rtp: UdpSocket,
    rtcp: UdpSocket,
    /// The stream's slot; `None` while it rests.
    slot: Option<usize>,
    rests_since: Moment,
    /// Came from another turno, with what its peer has sent meanwhile, and has had no stream here: it is not read.
    is_inherited: bool,
}

impl Pair {
    const fn socket(&self, port: Port) -> &UdpSocket {
        match port {
            Port::Rtp => &self.rtp,
            Port::Rtcp => &self.rtcp,
        }
    }
}

impl PortPairs {
    /// No pairs, and some descriptors laid by; of so many pairs that are open at a time the oldest that rest are closed.
    pub(crate) fn new(registry: Registry, most: usize) -> Self {
        let mut laid_by = LaidBy::default();
        laid_by.fill();
        Self {
            registry,
            most,
            all: Vec::new(),
            vacant: Vec::new(),
            resting: BTreeMap::new(),
            by_age: BTreeSet::new(),
            close_at: Moment::from_micros(0),
            laid_by,
            lay_by_at: None,
            scarce: None,
            inherited: BTreeMap::new(),
            inherited_until: Moment::from_micros(0),
        }
    }

    /// The pair at `local` and the next port: one that rests, without what came meanwhile, or one bound now. A stream that
    /// another turno had keeps its pair, whatever address that is bound to.
    pub(crate) fn bind(&mut self, local: SocketAddr, now: Moment) -> io::Result<PairIndex> {
        let at = self.inherited.remove(&local.port()).filter(|_| now <= self.inherited_until);
        if let Some(place) = self.resting.remove(&at.unwrap_or(local)) {
            let pair = self.all.get_mut(place.0).and_then(Option::as_mut);
            if let Some(pair) = &pair {
                self.by_age.remove(&(pair.rests_since, place));
            }
            // What a talk's peer sent while turno changed hands is still to be heard.
            if let Some(pair) = pair.filter(|pair| !pair.is_inherited || now > self.inherited_until) {
                pair.is_inherited = false;
                self.forget_late_packets(place);
            }
            return Ok(place);
        }
        self.make_room(now);
        loop {
            let error = match bind_both(local) {
                Ok((rtp, rtcp)) => return self.poll(local, rtp, rtcp, false),
                Err(error) => error,
            };
            if self.close_elsewhere(local) {
                continue;
            }
            let Some(want) = of_descriptors(&error) else { return Err(error) };
            // A pair that rests is worth less than one that somebody wants.
            if self.close_the_oldest(now) {
                continue;
            }
            if !self.laid_by.makes_room() {
                return Err(error);
            }
            self.scarce = Some(want);
            self.lay_by_at = Some(now + LAYING_BY_INTERVAL);
        }
    }

    /// Binds a pair for a stream that may come, with nothing of what is laid by. It is not closed for having rested.
    pub(crate) fn reserve(&mut self, local: SocketAddr, now: Moment) -> io::Result<()> {
        if let Some(&place) = self.resting.get(&local) {
            let since = self.all.get(place.0).and_then(Option::as_ref).map(|pair| pair.rests_since);
            self.by_age.remove(&(since.unwrap_or(now), place));
            return Ok(());
        }
        self.make_room(now);
        let (rtp, rtcp) = loop {
            match bind_both(local) {
                Ok(both) => break both,
                Err(_) if self.close_elsewhere(local) => {}
                Err(error) if of_descriptors(&error).is_none() || !self.close_the_oldest(now) => {
                    return Err(error);
                }
                Err(_) => {}
            }
        };
        let place = self.poll(local, rtp, rtcp, false)?;
        self.resting.insert(local, place);
        Ok(())
    }

    /// What was used up when a pair was bound of late with what was laid by; told once.
    pub(crate) fn scarce(&mut self) -> Option<Want> {
        self.scarce.take()
    }

    /// Closes pairs that have rested enough, and lays descriptors by again.
    pub(crate) fn handle_time(&mut self, now: Moment) {
        if self.close_at <= now {
            let enough = |since: Moment| since + REST_SPAN_MAX <= now;
            for _ in 0..CLOSED_AT_ONCE_MAX {
                if !self.by_age.first().is_some_and(|&(since, _)| enough(since)) {
                    break;
                }
                self.close_the_oldest(now);
                self.close_at = now + BETWEEN_CLOSINGS;
            }
        }
        if self.lay_by_at.is_some_and(|at| at <= now) {
            self.laid_by.fill();
            self.lay_by_at = self.laid_by.is_short().then_some(now + LAYING_BY_INTERVAL);
        }
    }

    /// When [`PortPairs::handle_time`] has something to do.
    pub(crate) fn next_deadline(&self) -> Option<Moment> {
        let closing = self.by_age.first().map(|&(since, _)| (since + REST_SPAN_MAX).max(self.close_at));
        [closing, self.lay_by_at].into_iter().flatten().min()
    }

    /// Closes pairs that rest until there is room for one more: their descriptors were counted for those in use.
    fn make_room(&mut self, now: Moment) {
        while self.all.len() - self.vacant.len() >= self.most && self.close_the_oldest(now) {}
    }

    /// Closes the pair that has rested longest; false if none rests that may be closed.
    fn close_the_oldest(&mut self, now: Moment) -> bool {
        let Some((_, place)) = self.by_age.pop_first() else { return false };
        // PortPairs from another turno wait for their streams.
        let is_awaited = |pair: &Pair| pair.is_inherited && now <= self.inherited_until;
        if let Some(pair) = self.all.get_mut(place.0).and_then(|pair| pair.take_if(|it| !is_awaited(it))) {
            self.resting.remove(&pair.local);
            self.vacant.push(place);
        }
        true
    }

    /// Closes a pair that rests at another address with the port of `local`, where the plan had RTP bound before: it may bar
    /// this one. False if there is none.
    fn close_elsewhere(&mut self, local: SocketAddr) -> bool {
        let is_elsewhere = |at: &SocketAddr| at.port() == local.port() && *at != local;
        let Some((&at, &place)) = self.resting.iter().find(|(at, _)| is_elsewhere(at)) else { return false };
        self.resting.remove(&at);
        if let Some(pair) = self.all.get_mut(place.0).and_then(Option::take) {
            self.by_age.remove(&(pair.rests_since, place));
            self.vacant.push(place);
        }
        true
    }

    /// Takes a pair that another turno had bound. Its stream is opened here in a moment, or nobody has it any more.
    pub(crate) fn adopt(&mut self, pair: PortPair, now: Moment) -> io::Result<()> {
        self.inherited_until = now + INHERITED_SPAN;
        let PortPair { local, rtp, rtcp } = pair;
        self.inherited.insert(local.port(), local);
        let place = self.poll(local, rtp.into(), rtcp.into(), true)?;
        self.is_at_rest(place, now);
        Ok(())
    }

    /// Duplicates of every pair that has a stream, for another turno. PortPairs that rest are closed: the other one may bind
    /// their ports, and here they are bound again when they are needed.
    pub(crate) fn duplicates(&mut self) -> io::Result<Vec<PortPair>> {
        self.by_age.clear();
        for place in core::mem::take(&mut self.resting).into_values() {
            self.all[place.0] = None;
            self.vacant.push(place);
        }
        let pairs = self.all.iter().flatten().filter(|pair| pair.slot.is_some());
        let duplicate = |pair: &Pair| {
            let (rtp, rtcp) =
                (pair.rtp.as_fd().try_clone_to_owned()?, pair.rtcp.as_fd().try_clone_to_owned()?);
            Ok(PortPair { local: pair.local, rtp, rtcp })
        };
        pairs.map(duplicate).collect()
    }

    /// The numbers of the tokens of every port with a stream.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = usize> + '_ {
        let seated = self
            .all
            .iter()
            .enumerate()
            .filter(|(_, pair)| pair.as_ref().is_some_and(|pair| pair.slot.is_some()));
        seated.flat_map(|(place, _)| [Port::Rtp, Port::Rtcp].map(|port| token(PairIndex(place), port).0))
    }

    fn poll(
        &mut self,
        local: SocketAddr,
        mut rtp: UdpSocket,
        mut rtcp: UdpSocket,
        is_inherited: bool,
    ) -> io::Result<PairIndex> {
        let place = self.vacant.pop().unwrap_or_else(|| {
            self.all.push(None);
            PairIndex(self.all.len() - 1)
        });
        let registered = self
            .registry
            .register(&mut rtp, token(place, Port::Rtp), Interest::READABLE)
            .and_then(|()| self.registry.register(&mut rtcp, token(place, Port::Rtcp), Interest::READABLE));
        if let Err(error) = registered {
            self.vacant.push(place);
            return Err(error);
        }
        self.all[place.0] =
            Some(Pair { local, rtp, rtcp, slot: None, rests_since: Moment::from_micros(0), is_inherited });
        Ok(place)
    }

    /// Gives a pair to a stream. True if packets may wait that the operating system has told of already.
    pub(crate) fn seat(&mut self, place: PairIndex, slot: usize) -> bool {
        let Some(Some(pair)) = self.all.get_mut(place.0) else { return false };
        pair.slot = Some(slot);
        core::mem::take(&mut pair.is_inherited)
    }

    /// A pair's stream has ended, or none came. It is closed at once only if enough others rest.
    pub(crate) fn rest(&mut self, place: PairIndex, now: Moment) {
        let Some(Some(pair)) = self.all.get_mut(place.0) else { return };
        (pair.slot, pair.is_inherited) = (None, false);
        if self.resting.len() <= RESTING_PORTS_MAX {
            self.is_at_rest(place, now);
        } else {
            // Closing a socket ends its polling.
            self.all[place.0] = None;
            self.vacant.push(place);
        }
    }

    fn is_at_rest(&mut self, place: PairIndex, now: Moment) {
        let Some(Some(pair)) = self.all.get_mut(place.0) else { return };
        pair.rests_since = now;
        self.resting.insert(pair.local, place);
        self.by_age.insert((now, place));
    }

    /// The slot of the stream that has this pair.
    pub(crate) fn slot(&self, place: PairIndex) -> Option<usize> {
        self.all.get(place.0)?.as_ref()?.slot
    }

    /// The next datagram of a port, if one is there.
    pub(crate) fn receive(
        &self,
        place: PairIndex,
        port: Port,
        buffer: &mut [u8],
    ) -> Option<(usize, SocketAddr)> {
        let pair = self.all.get(place.0)?.as_ref().filter(|pair| !pair.is_inherited)?;
        let socket = pair.socket(port);
        for _ in 0..RECEIVE_ATTEMPTS_MAX {
            match socket.recv_from(buffer) {
                Ok(received) => return Some(received),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return None,
                // A signal or an ICMP error is taken by this call; what waits behind it is read by the next.
                Err(_) => {}
            }
        }
        None
    }

    /// Sends from a port; whether the system took it.
    pub(crate) fn send(&self, place: PairIndex, port: Port, to: SocketAddr, packet: &[u8]) -> bool {
        let pair = self.all.get(place.0).and_then(Option::as_ref);
        // The system's own call: the C library's is a point of cancellation, which costs a few instructions in a hundred.
        pair.is_some_and(|pair| sendto(pair.socket(port), packet, SendFlags::NOSIGNAL, &to).is_ok())
    }

    fn forget_late_packets(&self, place: PairIndex) {
        let mut byte = [0];
        for port in [Port::Rtp, Port::Rtcp] {
            for _ in 0..LATE_PACKETS_MAX {
                if self.receive(place, port, &mut byte).is_none() {
                    break;
                }
            }
        }
    }
}

/// The token of a pair's port.
pub(crate) fn token(place: PairIndex, port: Port) -> Token {
    Token(place.0 * 2 + usize::from(port == Port::Rtcp))
}

/// Whose token it is.
pub(crate) const fn port_of(token: Token) -> (PairIndex, Port) {
    (PairIndex(token.0 / 2), if token.0.is_multiple_of(2) { Port::Rtp } else { Port::Rtcp })
}

#[cfg(test)]
#[path = "port_pairs_tests.rs"]
mod tests;
