//! Binds a pair of media ports and marks its packets as voice.

use std::io;
use std::net::{SocketAddr, UdpSocket as StdSocket};

use mio::net::UdpSocket;
use socket2::{Domain, Protocol, SockRef, Socket, Type};

/// Expedited forwarding (RFC 3246): routers that honour the mark send voice first.
const VOICE_TRAFFIC_CLASS: u32 = 0xb8;

/// Binds both ports of a pair: `local` for RTP and the next port for RTCP.
///
/// # Errors
/// The operating system's error for either port.
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
    // The voice works without the mark too, so a kernel that refuses it is no error.
    let _ = match local {
        SocketAddr::V4(_) => SockRef::from(&socket).set_tos_v4(VOICE_TRAFFIC_CLASS),
        SocketAddr::V6(_) => SockRef::from(&socket).set_tclass_v6(VOICE_TRAFFIC_CLASS),
    };
    Ok(UdpSocket::from_std(socket))
}
