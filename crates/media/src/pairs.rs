//! Pairs of bound ports, and how they rest between two streams.
//!
//! To bind and to close a pair costs the system more than a whole call's commands cost us, so a pair whose stream has
//! ended stays bound and polled until the brain gives its port to another stream.

use core::time::Duration;
use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, UdpSocket as StdSocket};
use std::os::fd::{AsFd, OwnedFd};

use mio::net::UdpSocket;
use mio::{Interest, Registry, Token};
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use turno_ground::Moment;
use turno_media_plan::RESTING_PORTS_MAX;

/// Expedited forwarding (RFC 3246): routers that care carry voice first.
const VOICE_TRAFFIC_CLASS: u32 = 0xb8;

/// How often a receive that fails is repeated.
const RECEIVE_ATTEMPTS_MAX: usize = 8;

/// How long after another turno's ports have come the streams are opened that they belong to.
const INHERITED_SPAN: Duration = Duration::from_secs(1);

/// Most late packets of an earlier stream that are thrown away before a pair serves the next.
const LATE_PACKETS_MAX: usize = 1_024;

/// Which of a stream's two ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    /// Voice.
    Rtp,
    /// Reports.
    Rtcp,
}

/// Where a pair stands in the list of pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(usize);

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
pub(crate) struct Pairs {
    registry: Registry,
    all: Vec<Option<Pair>>,
    /// Places without a pair.
    vacant: Vec<Place>,
    /// Pairs without a stream, by their RTP address.
    resting: BTreeMap<SocketAddr, Place>,
    /// Until when pairs from another turno wait for their streams.
    inherited_until: Moment,
}

struct Pair {
    local: SocketAddr,
    rtp: UdpSocket,
    rtcp: UdpSocket,
    /// The stream's slot; `None` while it rests.
    slot: Option<usize>,
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

impl Pairs {
    /// No pairs.
    pub(crate) const fn new(registry: Registry) -> Self {
        Self {
            registry,
            all: Vec::new(),
            vacant: Vec::new(),
            resting: BTreeMap::new(),
            inherited_until: Moment::from_micros(0),
        }
    }

    /// The pair at `local` and the next port: one that rests, without what came meanwhile, or one bound now.
    pub(crate) fn bind(&mut self, local: SocketAddr, now: Moment) -> io::Result<Place> {
        if let Some(place) = self.resting.remove(&local) {
            let pair = self.all.get_mut(place.0).and_then(Option::as_mut);
            // What a talk's peer sent while turno changed hands is still to be heard.
            if let Some(pair) = pair.filter(|pair| !pair.is_inherited || now > self.inherited_until) {
                pair.is_inherited = false;
                self.forget_late_packets(place);
            }
            return Ok(place);
        }
        let next = local.port().checked_add(1).filter(|_| local.port() > 0);
        let next = next.ok_or_else(|| io::Error::from(io::ErrorKind::AddrNotAvailable))?;
        let (rtp, rtcp) = (bind(local)?, bind(SocketAddr::new(local.ip(), next))?);
        self.poll(local, rtp, rtcp, false)
    }

    /// Takes a pair that another turno had bound. Its stream is opened here in a moment, or nobody has it any more.
    pub(crate) fn adopt(&mut self, pair: PortPair, now: Moment) -> io::Result<()> {
        self.inherited_until = now + INHERITED_SPAN;
        let PortPair { local, rtp, rtcp } = pair;
        let place = self.poll(local, rtp.into(), rtcp.into(), true)?;
        self.resting.insert(local, place);
        Ok(())
    }

    /// Duplicates of every pair that has a stream, for another turno. Pairs that rest are closed: the other one may bind
    /// their ports, and here they are bound again when they are needed.
    pub(crate) fn duplicates(&mut self) -> io::Result<Vec<PortPair>> {
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
        seated.flat_map(|(place, _)| [Port::Rtp, Port::Rtcp].map(|port| token(Place(place), port).0))
    }

    fn poll(
        &mut self,
        local: SocketAddr,
        mut rtp: UdpSocket,
        mut rtcp: UdpSocket,
        is_inherited: bool,
    ) -> io::Result<Place> {
        let place = self.vacant.pop().unwrap_or_else(|| {
            self.all.push(None);
            Place(self.all.len() - 1)
        });
        let registered = self
            .registry
            .register(&mut rtp, token(place, Port::Rtp), Interest::READABLE)
            .and_then(|()| self.registry.register(&mut rtcp, token(place, Port::Rtcp), Interest::READABLE));
        if let Err(error) = registered {
            self.vacant.push(place);
            return Err(error);
        }
        self.all[place.0] = Some(Pair { local, rtp, rtcp, slot: None, is_inherited });
        Ok(place)
    }

    /// Gives a pair to a stream. True if packets may wait that the operating system has told of already.
    pub(crate) fn seat(&mut self, place: Place, slot: usize) -> bool {
        let Some(Some(pair)) = self.all.get_mut(place.0) else { return false };
        pair.slot = Some(slot);
        core::mem::take(&mut pair.is_inherited)
    }

    /// A pair's stream has ended, or none came. It is closed only if enough others rest.
    pub(crate) fn rest(&mut self, place: Place) {
        let Some(Some(pair)) = self.all.get_mut(place.0) else { return };
        (pair.slot, pair.is_inherited) = (None, false);
        if self.resting.len() <= RESTING_PORTS_MAX {
            self.resting.insert(pair.local, place);
        } else {
            // Closing a socket ends its polling.
            self.all[place.0] = None;
            self.vacant.push(place);
        }
    }

    /// The slot of the stream that has this pair.
    pub(crate) fn slot(&self, place: Place) -> Option<usize> {
        self.all.get(place.0)?.as_ref()?.slot
    }

    /// The next datagram of a port, if one is there.
    pub(crate) fn receive(&self, place: Place, port: Port, buffer: &mut [u8]) -> Option<(usize, SocketAddr)> {
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
    pub(crate) fn send(&self, place: Place, port: Port, to: SocketAddr, packet: &[u8]) -> bool {
        let pair = self.all.get(place.0).and_then(Option::as_ref);
        pair.is_some_and(|pair| pair.socket(port).send_to(packet, to).is_ok())
    }

    fn forget_late_packets(&self, place: Place) {
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
pub(crate) fn token(place: Place, port: Port) -> Token {
    Token(place.0 * 2 + usize::from(port == Port::Rtcp))
}

/// Whose token it is.
pub(crate) const fn port_of(token: Token) -> (Place, Port) {
    (Place(token.0 / 2), if token.0.is_multiple_of(2) { Port::Rtp } else { Port::Rtcp })
}

fn bind(local: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(local), Type::DGRAM, Some(Protocol::UDP))?;
    if local.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&local.into())?;
    let socket: StdSocket = socket.into();
    // A kernel that refuses the mark carries the voice all the same.
    let _ = match local {
        SocketAddr::V4(_) => SockRef::from(&socket).set_tos_v4(VOICE_TRAFFIC_CLASS),
        SocketAddr::V6(_) => SockRef::from(&socket).set_tclass_v6(VOICE_TRAFFIC_CLASS),
    };
    Ok(UdpSocket::from_std(socket))
}
