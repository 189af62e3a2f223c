//! A pair of media ports, bound and marked.

use std::io;
use std::net::{SocketAddr, UdpSocket as StdSocket};

use mio::net::UdpSocket;
use socket2::{Domain, Protocol, SockRef, Socket, Type};

/// Expedited forwarding (RFC 3246): routers that care carry voice first.
const VOICE_TRAFFIC_CLASS: u32 = 0xb8;

/// The ports of a pair: `local`, and the next one for reports.
///
/// # Errors
/// What the system says, for one of both.
pub(crate) fn bind_both(local: SocketAddr) -> io::Result<(UdpSocket, UdpSocket)> {
    let next = local.port().checked_add(1).filter(|_| local.port() > 0);
    let next = next.ok_or_else(|| io::Error::from(io::ErrorKind::AddrInUse))?;
    Ok((bind(local)?, bind(SocketAddr::new(local.ip(), next))?))
}

fn bind(local: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(local), Type::DGRAM.nonblocking(), Some(Protocol::UDP))?;
    if local.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.bind(&local.into())?;
    let socket: StdSocket = socket.into();
    // A kernel that refuses the mark carries the voice all the same.
    let _ = match local {
        SocketAddr::V4(_) => SockRef::from(&socket).set_tos_v4(VOICE_TRAFFIC_CLASS),
        SocketAddr::V6(_) => SockRef::from(&socket).set_tclass_v6(VOICE_TRAFFIC_CLASS),
    };
    Ok(UdpSocket::from_std(socket))
}
