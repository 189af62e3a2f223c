//! The ports of the streams: bound in pairs, polled together, never waited for.

use std::io;
use std::net::{SocketAddr, UdpSocket as StdSocket};

use mio::net::UdpSocket;
use mio::{Interest, Registry, Token};
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use turno_media_plan::MediaEvent;

use crate::exchange::Wire;
use crate::gauges::PlaneGauges;

/// Expedited forwarding (RFC 3246): routers that care carry voice first.
const VOICE_TRAFFIC_CLASS: u32 = 0xb8;

/// The token that wakes the thread for commands; streams have the ones below.
pub(crate) const WAKE: Token = Token(usize::MAX);

/// How often a receive that fails is repeated.
const RECEIVE_ATTEMPTS_MAX: usize = 8;

/// Which of a stream's two ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    /// Voice.
    Rtp,
    /// Reports.
    Rtcp,
}

/// All sockets, by slot.
pub(crate) struct Sockets<E> {
    registry: Registry,
    pairs: Vec<Option<Pair>>,
    events: E,
    /// What was counted so far.
    pub(crate) gauges: PlaneGauges,
}

struct Pair {
    rtp: UdpSocket,
    rtcp: UdpSocket,
}

/// A pair that has no slot yet.
pub(crate) struct Bound(Pair);

impl Bound {
    /// Binds the RTP port and the next one.
    pub(crate) fn new(local: SocketAddr) -> io::Result<Self> {
        let next = local.port().checked_add(1).filter(|_| local.port() > 0);
        let next = next.ok_or_else(|| io::Error::from(io::ErrorKind::AddrNotAvailable))?;
        let (rtp, rtcp) = (bind(local)?, bind(SocketAddr::new(local.ip(), next))?);
        Ok(Self(Pair { rtp, rtcp }))
    }
}

impl<E: Fn(MediaEvent)> Sockets<E> {
    /// No sockets; `events` hears what happens.
    pub(crate) fn new(registry: Registry, events: E) -> Self {
        Self { registry, pairs: Vec::new(), events, gauges: PlaneGauges::default() }
    }

    /// Puts a pair into a slot, to be polled.
    pub(crate) fn place(&mut self, slot: usize, mut bound: Bound) -> io::Result<()> {
        let Bound(pair) = &mut bound;
        self.registry.register(&mut pair.rtp, token(slot, Port::Rtp), Interest::READABLE)?;
        self.registry.register(&mut pair.rtcp, token(slot, Port::Rtcp), Interest::READABLE)?;
        if self.pairs.len() <= slot {
            self.pairs.resize_with(slot + 1, || None);
        }
        self.pairs[slot] = Some(bound.0);
        Ok(())
    }

    /// Closes the pair of a slot.
    pub(crate) fn remove(&mut self, slot: usize) {
        // Closing a socket ends its polling.
        if let Some(pair) = self.pairs.get_mut(slot) {
            *pair = None;
        }
    }

    /// The next datagram of a port, if one is there.
    pub(crate) fn receive(&self, slot: usize, port: Port, buffer: &mut [u8]) -> Option<(usize, SocketAddr)> {
        let pair = self.pairs.get(slot)?.as_ref()?;
        let socket = match port {
            Port::Rtp => &pair.rtp,
            Port::Rtcp => &pair.rtcp,
        };
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

    fn send(&mut self, slot: usize, port: Port, to: SocketAddr, packet: &[u8]) {
        let Some(Some(pair)) = self.pairs.get(slot) else { return };
        let socket = match port {
            Port::Rtp => &pair.rtp,
            Port::Rtcp => &pair.rtcp,
        };
        let sent = socket.send_to(packet, to).is_ok();
        match (sent, port) {
            (true, Port::Rtp) => {
                self.gauges.packets_sent += 1;
                self.gauges.bytes_sent += packet.len() as u64;
            }
            (true, Port::Rtcp) => {}
            (false, Port::Rtp | Port::Rtcp) => self.gauges.packets_unsent += 1,
        }
    }
}

impl<E: Fn(MediaEvent)> Wire for Sockets<E> {
    fn rtp(&mut self, slot: usize, to: SocketAddr, packet: &[u8]) {
        self.send(slot, Port::Rtp, to, packet);
    }

    fn rtcp(&mut self, slot: usize, to: SocketAddr, packet: &[u8]) {
        self.send(slot, Port::Rtcp, to, packet);
    }

    fn event(&mut self, event: MediaEvent) {
        (self.events)(event);
    }
}

/// The token of a stream's port.
fn token(slot: usize, port: Port) -> Token {
    Token(slot * 2 + usize::from(port == Port::Rtcp))
}

/// Whose token it is.
pub(crate) fn port_of(token: Token) -> (usize, Port) {
    (token.0 / 2, if token.0.is_multiple_of(2) { Port::Rtp } else { Port::Rtcp })
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
