//! Pairs of bound ports, and how they rest between two streams.
//!
//! Binding and closing a pair costs the system more than all the commands of a call cost us. So a pair whose stream has
//! ended stays bound and polled until the engine assigns its port to another stream, or for a minute.

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
use crate::shortage::{SpareDescriptors, of_descriptors};

/// How often a failed receive is repeated.
const RECEIVE_ATTEMPTS_MAX: usize = 8;

/// How long pairs from another turno process wait for their streams to be opened.
const INHERITED_SPAN: Duration = Duration::from_secs(1);

/// Most late packets of the previous stream that are discarded before a pair serves the next stream.
const LATE_PACKETS_MAX: usize = 1_024;

/// How long a pair rests before it is closed.
const REST_SPAN_MAX: Duration = Duration::from_secs(60);

/// Most pairs closed at one time, and the interval between: after a flood a thousand expire at once.
const CLOSED_AT_ONCE_MAX: usize = 8;
const BETWEEN_CLOSINGS: Duration = Duration::from_millis(20);

/// How often the reserve of descriptors is refilled after it was used.
const REFILL_INTERVAL: Duration = Duration::from_secs(1);

/// One of a stream's two ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    /// Voice.
    Rtp,
    /// Reports.
    Rtcp,
}

/// The index of a pair in the list of pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PairIndex(usize);

/// A bound pair on its way from one turno process to the next.
#[derive(Debug)]
pub struct PortPair {
    /// The address for voice; reports come to the next port.
    pub local: SocketAddr,
    /// Voice.
    pub rtp: OwnedFd,
    /// Reports.
    pub rtcp: OwnedFd,
}

/// All pairs, by index.
pub(crate) struct PortPairs {
    registry: Registry,
    /// Limit of open pairs; pairs in use may exceed it.
    most: usize,
    all: Vec<Option<Pair>>,
    /// Indexes without a pair.
    vacant: Vec<PairIndex>,
    /// Pairs without a stream, by their RTP address.
    resting: BTreeMap<SocketAddr, PairIndex>,
    /// The same, by the time since when they rest; reserved pairs are not included.
    by_age: BTreeSet<(Moment, PairIndex)>,
    /// The earliest time at which expired pairs are closed.
    close_at: Moment,
    spare: SpareDescriptors,
    /// When the reserve of descriptors is refilled.
    refill_at: Option<Moment>,
    /// The resource that had run out when the last pair was bound with a reserved descriptor.
    scarce: Option<Want>,
    /// Pairs from another turno process that wait for their streams, by port: its plan may have used another address.
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
    /// It came from another turno process, holds packets that its peer has sent since, and has had no stream here: it
    /// is not read yet.
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
    /// No pairs, and a filled reserve of descriptors. Above `most` open pairs the longest resting ones are closed.
    pub(crate) fn new(registry: Registry, most: usize) -> Self {
        let mut spare = SpareDescriptors::default();
        spare.fill();
        Self {
            registry,
            most,
            all: Vec::new(),
            vacant: Vec::new(),
            resting: BTreeMap::new(),
            by_age: BTreeSet::new(),
            close_at: Moment::from_micros(0),
            spare,
            refill_at: None,
            scarce: None,
            inherited: BTreeMap::new(),
            inherited_until: Moment::from_micros(0),
        }
    }

    /// The pair at `local` and the next port: a resting one, without the late packets, or a newly bound one. A stream
    /// taken over from another turno process keeps its pair at whichever address it is bound.
    pub(crate) fn bind(&mut self, local: SocketAddr, now: Moment) -> io::Result<PairIndex> {
        let at = self.inherited.remove(&local.port()).filter(|_| now <= self.inherited_until);
        if let Some(place) = self.resting.remove(&at.unwrap_or(local)) {
            let pair = self.all.get_mut(place.0).and_then(Option::as_mut);
            if let Some(pair) = &pair {
                self.by_age.remove(&(pair.rests_since, place));
            }
            // Packets that the peer sent during the takeover must still be heard.
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
            // A wanted pair is more important than a resting one.
            if self.close_the_oldest(now) {
                continue;
            }
            if !self.spare.makes_room() {
                return Err(error);
            }
            self.scarce = Some(want);
            self.refill_at = Some(now + REFILL_INTERVAL);
        }
    }

    /// Binds a pair for a future stream, without the reserve of descriptors. It is not closed for resting too long.
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

    /// The resource that had run out when a pair was lately bound with a reserved descriptor; returned once.
    pub(crate) fn scarce(&mut self) -> Option<Want> {
        self.scarce.take()
    }

    /// Closes expired pairs, and refills the reserve of descriptors.
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
        if self.refill_at.is_some_and(|at| at <= now) {
            self.spare.fill();
            self.refill_at = self.spare.is_short().then_some(now + REFILL_INTERVAL);
        }
    }

    /// When [`PortPairs::handle_time`] must be called next.
    pub(crate) fn next_deadline(&self) -> Option<Moment> {
        let closing = self.by_age.first().map(|&(since, _)| (since + REST_SPAN_MAX).max(self.close_at));
        [closing, self.refill_at].into_iter().flatten().min()
    }

    /// Closes resting pairs until one more fits: their descriptors are planned for pairs in use.
    fn make_room(&mut self, now: Moment) {
        while self.all.len() - self.vacant.len() >= self.most && self.close_the_oldest(now) {}
    }

    /// Closes the pair that has rested longest; false if none may be closed.
    fn close_the_oldest(&mut self, now: Moment) -> bool {
        let Some((_, place)) = self.by_age.pop_first() else { return false };
        // Pairs from another turno process wait for their streams.
        let is_awaited = |pair: &Pair| pair.is_inherited && now <= self.inherited_until;
        if let Some(pair) = self.all.get_mut(place.0).and_then(|pair| pair.take_if(|it| !is_awaited(it))) {
            self.resting.remove(&pair.local);
            self.vacant.push(place);
        }
        true
    }

    /// Closes a resting pair with the port of `local` at another address, where the plan had RTP bound before: it may
    /// block this one. False if there is none.
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

    /// Adopts a pair that another turno process had bound. Its stream is opened here shortly, or the pair is not needed
    /// any more.
    pub(crate) fn adopt(&mut self, pair: PortPair, now: Moment) -> io::Result<()> {
        self.inherited_until = now + INHERITED_SPAN;
        let PortPair { local, rtp, rtcp } = pair;
        self.inherited.insert(local.port(), local);
        let place = self.poll(local, rtp.into(), rtcp.into(), true)?;
        self.is_at_rest(place, now);
        Ok(())
    }

    /// Duplicates of every pair that has a stream, for another turno process. Resting pairs are closed, so that the
    /// other process can bind their ports; here they are bound again when needed.
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

    /// The token numbers of all ports with a stream.
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

    /// Assigns a pair to a stream. True if packets may wait that the operating system has already reported.
    pub(crate) fn seat(&mut self, place: PairIndex, slot: usize) -> bool {
        let Some(Some(pair)) = self.all.get_mut(place.0) else { return false };
        pair.slot = Some(slot);
        core::mem::take(&mut pair.is_inherited)
    }

    /// A pair's stream has ended, or none came. It rests, or is closed at once if enough others rest.
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

    /// The slot of the pair's stream.
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
                // This call returns a signal or an ICMP error; the next one reads what waits behind it.
                Err(_) => {}
            }
        }
        None
    }

    /// Sends from a port; returns whether the system accepted it.
    pub(crate) fn send(&self, place: PairIndex, port: Port, to: SocketAddr, packet: &[u8]) -> bool {
        let pair = self.all.get(place.0).and_then(Option::as_ref);
        // Uses the system call directly: the C library's function is a cancellation point and costs a few percent more
        // instructions.
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

/// The pair and port of a token.
pub(crate) const fn port_of(token: Token) -> (PairIndex, Port) {
    (PairIndex(token.0 / 2), if token.0.is_multiple_of(2) { Port::Rtp } else { Port::Rtcp })
}

#[cfg(test)]
#[path = "port_pairs_tests.rs"]
mod tests;
