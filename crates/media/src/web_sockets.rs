//! The sockets that all browsers share, one of each IP family.

use std::net::{SocketAddr, UdpSocket as StdSocket};

use mio::net::UdpSocket;
use mio::{Interest, Registry, Token};
use rustix::net::{SendFlags, sendto};

/// Browsers' sockets have the tokens below that of the waker.
const FIRST_TOKEN: usize = usize::MAX - 16;

/// Most sockets.
const SOCKETS_MAX: usize = 8;

/// The index of a browsers' socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WebPlace(usize);

impl WebPlace {
    /// The socket of a token, if it is a browsers' one.
    pub(crate) const fn of_token(token: Token) -> Option<Self> {
        match token.0.checked_sub(FIRST_TOKEN) {
            Some(place) if place < SOCKETS_MAX => Some(Self(place)),
            _ => None,
        }
    }

    const fn token(self) -> Token {
        Token(FIRST_TOKEN + self.0)
    }
}

/// The sockets.
#[derive(Debug, Default)]
pub(crate) struct WebSockets {
    all: Vec<(SocketAddr, UdpSocket)>,
}

impl WebSockets {
    /// Polls these sockets, in place of earlier ones at the same addresses. Returns the tokens of those that may hold
    /// packets.
    pub(crate) fn serve(&mut self, registry: &Registry, sockets: Vec<StdSocket>) -> Vec<usize> {
        for socket in sockets {
            if let Err(error) = self.add(registry, socket) {
                tracing::error!(%error, "the browsers' port can't be polled: no browser is heard there");
            }
        }
        self.tokens().collect()
    }

    fn add(&mut self, registry: &Registry, socket: StdSocket) -> std::io::Result<()> {
        socket.set_nonblocking(true)?;
        let local = socket.local_addr()?;
        let mut socket = UdpSocket::from_std(socket);
        let known = self.all.iter().position(|(at, _)| *at == local);
        let place = WebPlace(known.unwrap_or(self.all.len()));
        if place.0 >= SOCKETS_MAX {
            return Err(std::io::ErrorKind::OutOfMemory.into());
        }
        if let Some((_, before)) = self.all.get_mut(place.0) {
            registry.deregister(before)?;
        }
        registry.register(&mut socket, place.token(), Interest::READABLE)?;
        match self.all.get_mut(place.0) {
            Some(before) => before.1 = socket,
            None => self.all.push((local, socket)),
        }
        Ok(())
    }

    /// The socket for a stream whose address has the IP family of `local`.
    pub(crate) fn place(&self, local: SocketAddr) -> Option<WebPlace> {
        let exact = self.all.iter().position(|(at, _)| *at == local);
        let near = || self.all.iter().position(|(at, _)| at.is_ipv4() == local.is_ipv4());
        exact.or_else(near).map(WebPlace)
    }

    pub(crate) fn tokens(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.all.len()).map(|place| WebPlace(place).token().0)
    }

    pub(crate) fn receive(&self, place: WebPlace, buffer: &mut [u8]) -> Option<(usize, SocketAddr)> {
        let (_, socket) = self.all.get(place.0)?;
        loop {
            match socket.recv_from(buffer) {
                Ok(received) => return Some(received),
                // The port of a browser that is gone, reported by its system.
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {}
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
    }

    pub(crate) fn send(&self, place: WebPlace, to: SocketAddr, packet: &[u8]) -> bool {
        self.all
            .get(place.0)
            .is_some_and(|(_, socket)| sendto(socket, packet, SendFlags::empty(), &to).is_ok())
    }
}
