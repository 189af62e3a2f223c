//! The sockets of a load, with the kernel's timestamp on each datagram.

use std::io::{self, IoSliceMut};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::{SystemTime, UNIX_EPOCH};

use nix::sys::socket::sockopt::{RcvBuf, ReceiveTimestampns, SndBuf};
use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, MsgFlags, SockFlag, SockType, SockaddrIn, bind, recvmsg, sendto,
    setsockopt, socket,
};
use nix::sys::time::TimeSpec;

/// Receive buffer of a socket, in bytes.
const SOCKET_BUFFER_BYTES: usize = 4 * 1024 * 1024;

/// Longest datagram that is read, in bytes.
const DATAGRAM_BYTES_MAX: usize = 4_096;

/// The time in nanoseconds since 1970, like the kernel's timestamps.
#[expect(clippy::disallowed_methods, reason = "to measure is what a bench is for")]
pub(crate) fn nanos() -> u64 {
    let span = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

/// One UDP socket that only talks to turno.
pub(crate) struct Wire {
    socket: OwnedFd,
    to: SockaddrIn,
    buffer: Vec<u8>,
    control: Vec<u8>,
    /// Time and size of each datagram that was sent.
    pub(crate) sent: Vec<(u64, u32)>,
    /// Number of messages that arrived.
    pub(crate) received: u64,
}

impl Wire {
    pub(crate) fn bind(port: u16, server: SocketAddrV4) -> io::Result<Self> {
        let flags = SockFlag::SOCK_NONBLOCK | SockFlag::SOCK_CLOEXEC;
        let descriptor = socket(AddressFamily::Inet, SockType::Datagram, flags, None)?;
        setsockopt(&descriptor, ReceiveTimestampns, &true)?;
        setsockopt(&descriptor, RcvBuf, &SOCKET_BUFFER_BYTES)?;
        setsockopt(&descriptor, SndBuf, &SOCKET_BUFFER_BYTES)?;
        let local = SocketAddrV4::new(Ipv4Addr::LOCALHOST, port);
        bind(descriptor.as_raw_fd(), &SockaddrIn::from(local))?;
        Ok(Self {
            socket: descriptor,
            to: SockaddrIn::from(server),
            buffer: vec![0; DATAGRAM_BYTES_MAX],
            control: nix::cmsg_space!(TimeSpec),
            sent: Vec::new(),
            received: 0,
        })
    }

    /// Sends a message and returns the time just before.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> u64 {
        let at = nanos();
        // A send error shows as a failed call.
        let _ = sendto(self.socket.as_raw_fd(), bytes, &self.to, MsgFlags::empty());
        self.sent.push((at, u32::try_from(bytes.len()).unwrap_or(0)));
        at
    }

    /// The next message and its arrival time.
    pub(crate) fn receive(&mut self) -> Option<(u64, Vec<u8>)> {
        let mut parts = [IoSliceMut::new(&mut self.buffer)];
        let descriptor = self.socket.as_raw_fd();
        let read =
            recvmsg::<SockaddrIn>(descriptor, &mut parts, Some(&mut self.control), MsgFlags::empty()).ok()?;
        let (length, mut at) = (read.bytes, nanos());
        for message in read.cmsgs().into_iter().flatten() {
            if let ControlMessageOwned::ScmTimestampns(stamp) = message {
                at = u64::try_from(stamp.tv_sec()).unwrap_or(0) * 1_000_000_000
                    + u64::try_from(stamp.tv_nsec()).unwrap_or(0);
            }
        }
        self.received += 1;
        Some((at, self.buffer[..length].to_vec()))
    }

    pub(crate) const fn descriptor(&self) -> &OwnedFd {
        &self.socket
    }
}

/// An address on this machine.
pub(crate) fn local(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}
