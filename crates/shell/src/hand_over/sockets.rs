//! The running process's listening sockets, shared with its successor.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use socket2::{Domain, Protocol, SockRef, Socket, Type};
use turno_media::PortPair;

use crate::hand_over::line::Named;

/// The purposes of a pair of media ports.
const VOICE_PORTS: [&str; 2] = ["rtp", "rtcp"];

/// The kind of a socket, as far as the system treats them differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Datagrams.
    Datagrams,
    /// Connections: TCP, TLS or HTTP.
    Connections,
}

/// Sockets on which another turno process listens; those that the plan needs are reused.
#[derive(Debug, Default)]
pub(crate) struct Sockets(Vec<Named>);

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Datagrams => "datagrams",
            Self::Connections => "connections",
        }
    }

    /// Whether a socket shares its port with others; on Linux, datagram sockets use another option than listeners.
    fn shares(self, socket: &SockRef<'_>) -> io::Result<bool> {
        match self {
            Self::Datagrams => socket.reuse_address(),
            Self::Connections => socket.reuse_port(),
        }
    }

    fn share(self, socket: &SockRef<'_>, shares: bool) -> io::Result<()> {
        match self {
            Self::Datagrams => socket.set_reuse_address(shares),
            Self::Connections => socket.set_reuse_port(shares),
        }
    }
}

impl Sockets {
    /// Wraps these sockets.
    pub(crate) const fn new(sockets: Vec<Named>) -> Self {
        Self(sockets)
    }

    /// Adds a duplicate of one of our own sockets.
    ///
    /// # Errors
    /// The system gives no descriptor.
    pub(crate) fn add(
        &mut self,
        kind: Kind,
        address: SocketAddr,
        socket: BorrowedFd<'_>,
    ) -> std::io::Result<()> {
        let copy = socket.try_clone_to_owned()?;
        self.0.push((kind.word().to_owned(), address, copy));
        Ok(())
    }

    /// A duplicate of the socket at this address, if there is one.
    pub(crate) fn at(&self, kind: Kind, address: SocketAddr) -> Option<OwnedFd> {
        let (_, _, socket) = self.0.iter().find(|(word, at, _)| *word == kind.word() && *at == address)?;
        socket.as_fd().try_clone_to_owned().ok()
    }

    /// Binds a socket at a new address. If the other turno process's sockets with the same port block it, they share
    /// the port for the moment of the bind; afterwards their options are as before, whether it succeeded or not.
    ///
    /// # Errors
    /// The system's error, for example because another program has the port.
    pub(crate) fn bind_beside(
        &self,
        (kind, address): (Kind, SocketAddr),
        new: impl Fn() -> io::Result<Socket>,
        bind: impl Fn(Socket) -> io::Result<Socket>,
    ) -> io::Result<Socket> {
        match new().and_then(&bind) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            bound => return bound,
        }
        let at_port = |(word, at, _): &&Named| *word == kind.word() && at.port() == address.port();
        let olds: Vec<SockRef<'_>> =
            self.0.iter().filter(at_port).map(|(_, _, socket)| SockRef::from(socket)).collect();
        let before: Vec<bool> = olds.iter().map(|old| kind.shares(old).unwrap_or(false)).collect();
        let bound = new().and_then(|socket| {
            kind.share(&SockRef::from(&socket), true)?;
            olds.iter().try_for_each(|old| kind.share(old, true))?;
            bind(socket)
        });
        for (old, before) in olds.iter().zip(before) {
            if let Err(error) = kind.share(old, before) {
                tracing::warn!(%error, %address, "a listening socket keeps sharing its port");
            }
        }
        let bound = bound?;
        kind.share(&SockRef::from(&bound), false)?;
        Ok(bound)
    }

    /// A listener of our own at this address, even if another turno process's socket blocks it. A listener at `[::]`
    /// also accepts IPv4, unless `is_of_one_family` is set.
    ///
    /// # Errors
    /// As [`Sockets::bind_beside`].
    pub(crate) fn listen_beside(
        &self,
        address: SocketAddr,
        backlog: i32,
        is_of_one_family: bool,
    ) -> io::Result<TcpListener> {
        let new = || {
            let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
            if address.is_ipv6() && is_of_one_family {
                socket.set_only_v6(true)?;
            }
            // A port whose last connections are in TIME_WAIT is free for a new listener.
            socket.set_reuse_address(true)?;
            socket.set_nonblocking(true)?;
            Ok(socket)
        };
        let listen = |socket: Socket| {
            socket.bind(&address.into())?;
            socket.listen(backlog)?;
            Ok(socket)
        };
        Ok(self.bind_beside((Kind::Connections, address), new, listen)?.into())
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Duplicates of all of them.
    ///
    /// # Errors
    /// The system gives no descriptor.
    pub(crate) fn duplicates(&self) -> std::io::Result<Vec<Named>> {
        let duplicate =
            |(word, at, socket): &Named| Ok((word.clone(), *at, socket.as_fd().try_clone_to_owned()?));
        self.0.iter().map(duplicate).collect()
    }
}

/// Converts media ports to the form in which they are sent.
pub(crate) fn named(pairs: Vec<PortPair>) -> Vec<Named> {
    let ports = pairs.into_iter().flat_map(|pair| {
        let [rtp, rtcp] = VOICE_PORTS.map(str::to_owned);
        [(rtp, pair.local, pair.rtp), (rtcp, pair.local, pair.rtcp)]
    });
    ports.collect()
}

/// Converts received media ports to pairs.
pub(crate) fn pairs(sockets: Vec<Named>) -> Vec<PortPair> {
    let mut sockets = sockets.into_iter();
    let pair = || {
        let ((_, local, rtp), (_, _, rtcp)) = (sockets.next()?, sockets.next()?);
        Some(PortPair { local, rtp, rtcp })
    };
    std::iter::from_fn(pair).collect()
}

#[cfg(test)]
#[path = "sockets_tests.rs"]
mod tests;
