//! The listening sockets of the turno that runs, for its successor. Neither takes them from the other.

use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use turno_media::PortPair;

use crate::hand_over::line::Named;

/// What a port of voices is for, and the one behind it.
const VOICE_PORTS: [&str; 2] = ["rtp", "rtcp"];

/// How a socket is used: what differs for the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Datagrams.
    Datagrams,
    /// Connections: TCP, TLS or HTTP.
    Connections,
}

/// Sockets that another turno listens at; those that the plan asks for are used too.
#[derive(Debug, Default)]
pub(crate) struct Sockets(Vec<Named>);

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Datagrams => "datagrams",
            Self::Connections => "connections",
        }
    }
}

impl Sockets {
    /// These.
    pub(crate) const fn new(sockets: Vec<Named>) -> Self {
        Self(sockets)
    }

    /// Notes one of our own; the socket stays where it is.
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

    /// A second descriptor of the socket at this address, if there is one.
    pub(crate) fn at(&self, kind: Kind, address: SocketAddr) -> Option<OwnedFd> {
        let (_, _, socket) = self.0.iter().find(|(word, at, _)| *word == kind.word() && *at == address)?;
        socket.as_fd().try_clone_to_owned().ok()
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Second descriptors of all of them.
    ///
    /// # Errors
    /// The system gives no descriptor.
    pub(crate) fn duplicates(&self) -> std::io::Result<Vec<Named>> {
        let duplicate =
            |(word, at, socket): &Named| Ok((word.clone(), *at, socket.as_fd().try_clone_to_owned()?));
        self.0.iter().map(duplicate).collect()
    }
}

/// Ports of voices as they are sent.
pub(crate) fn named(pairs: Vec<PortPair>) -> Vec<Named> {
    let ports = pairs.into_iter().flat_map(|pair| {
        let [rtp, rtcp] = VOICE_PORTS.map(str::to_owned);
        [(rtp, pair.local, pair.rtp), (rtcp, pair.local, pair.rtcp)]
    });
    ports.collect()
}

/// Ports of voices as they are used.
pub(crate) fn pairs(sockets: Vec<Named>) -> Vec<PortPair> {
    let mut sockets = sockets.into_iter();
    let pair = || {
        let ((_, local, rtp), (_, _, rtcp)) = (sockets.next()?, sockets.next()?);
        Some(PortPair { local, rtp, rtcp })
    };
    std::iter::from_fn(pair).collect()
}
