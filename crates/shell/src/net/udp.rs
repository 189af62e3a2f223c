//! SIP over UDP: the listening sockets, read and written only by the engine thread.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};

use bytes::Bytes;
use socket2::{Domain, Protocol, Socket, Type};
use turno_ground::{Flow, Transmit, Transport, is_for_documentation};

use crate::hand_over::sockets::{Kind, Sockets};
use crate::refusal::StartRefused;

/// The longest datagram that UDP can carry, in bytes.
const DATAGRAM_BYTES_MAX: usize = 65_535;

/// Buffer requested for each socket, in bytes: enough for 4,000 INVITEs at once.
const SOCKET_BUFFER_BYTES: usize = 4 * 1024 * 1024;

/// The listening sockets.
pub(crate) struct Udp {
    sockets: Vec<Listener>,
    scratch: Box<[u8]>,
}

struct Listener {
    socket: UdpSocket,
    local: SocketAddr,
}

/// The result of sending one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// The system accepted it.
    Taken,
    /// The socket's buffer is full, or the system refused: SIP retransmits it.
    Refused,
    /// No listening socket has this address family.
    NoSocket,
}

impl Udp {
    /// Binds every address that was not inherited from another turno process.
    ///
    /// # Errors
    /// [`StartRefused::Address`] for the first address that can't be bound.
    pub(crate) fn bind(addresses: &[SocketAddr], inherited: &Sockets) -> Result<Self, StartRefused> {
        let mut sockets = Vec::with_capacity(addresses.len());
        for &address in addresses {
            let refused = |error| StartRefused::Address { purpose: "SIP over UDP", address, error };
            let handed = inherited.at(Kind::Datagrams, address);
            let socket =
                handed.map_or_else(|| bind_one(address, inherited), |socket| Ok(UdpSocket::from(socket)));
            let socket = socket.map_err(refused)?;
            let local = socket.local_addr().unwrap_or(address);
            sockets.push(Listener { socket, local });
        }
        Ok(Self { sockets, scratch: vec![0; DATAGRAM_BYTES_MAX].into_boxed_slice() })
    }

    /// The bound addresses, in the order of the plan.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = SocketAddr> + '_ {
        self.sockets.iter().map(|listener| listener.local)
    }

    /// The sockets' descriptors, in the same order.
    pub(crate) fn descriptors(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.sockets.iter().map(|listener| listener.socket.as_fd())
    }

    /// How many sockets there are.
    pub(crate) fn len(&self) -> usize {
        self.sockets.len()
    }

    /// Receives one datagram from the socket at `place`, if there is one.
    ///
    /// Each gets its own allocation: slices of a shared buffer would keep the whole buffer alive as long as one dialog
    /// keeps one header of it.
    pub(crate) fn receive(&mut self, place: usize) -> Option<(Flow, Bytes)> {
        let listener = self.sockets.get(place)?;
        // Errors other than 'nothing there' are ICMP errors caused by what we sent. The transaction's timer handles
        // them; the next datagram is read in the next turn.
        let (length, remote) = listener.socket.recv_from(&mut self.scratch).ok()?;
        let flow = Flow { transport: Transport::Udp, local: listener.local, remote };
        Some((flow, Bytes::copy_from_slice(&self.scratch[..length])))
    }

    /// Sends one message from the socket that its flow names, or from the first of its address family.
    pub(crate) fn send(&self, transmit: &Transmit) -> Sent {
        let flow = &transmit.flow;
        if is_for_documentation(flow.remote.ip()) {
            return Sent::Refused;
        }
        let named = self.sockets.iter().find(|listener| listener.local == flow.local);
        let of_family = || self.sockets.iter().find(|l| l.local.is_ipv4() == flow.remote.is_ipv4());
        let Some(listener) = named.or_else(of_family) else { return Sent::NoSocket };
        match listener.socket.send_to(&transmit.bytes, flow.remote) {
            Ok(_) => Sent::Taken,
            Err(_) => Sent::Refused,
        }
    }
}

fn bind_one(address: SocketAddr, inherited: &Sockets) -> io::Result<UdpSocket> {
    let new = || {
        let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
        if address.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        socket.set_nonblocking(true)?;
        Ok(socket)
    };
    let socket = inherited.bind_beside((Kind::Datagrams, address), new, |socket| {
        socket.bind(&address.into()).map(|()| socket)
    })?;
    enlarge(&socket);
    Ok(socket.into())
}

fn enlarge(socket: &Socket) {
    // Setting a size never fails, but the system may reduce it; Linux reports twice the size that it gives.
    let _ = socket.set_recv_buffer_size(SOCKET_BUFFER_BYTES);
    let _ = socket.set_send_buffer_size(SOCKET_BUFFER_BYTES);
    let given = socket.recv_buffer_size().unwrap_or(0);
    if given < SOCKET_BUFFER_BYTES {
        tracing::info!(
            bytes = given,
            "the system cut the receive buffer short; for storms of calls: sysctl -w net.core.rmem_max=4194304"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_leaves_by_the_socket_that_the_question_came_by() {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut udp = Udp::bind(&[any, any], &Sockets::default()).expect("two free ports");
        let second = udp.addresses().nth(1).expect("two sockets");
        let phone = UdpSocket::bind(any).expect("a free port");
        phone.send_to(b"question", second).expect("loopback");
        let (flow, bytes) = loop {
            if let Some(received) = udp.receive(1) {
                break received;
            }
        };
        assert_eq!(&bytes[..], b"question");
        assert_eq!(udp.send(&Transmit { flow, bytes }), Sent::Taken);
        let mut buffer = [0; 16];
        let (length, from) = phone.recv_from(&mut buffer).expect("the answer");
        assert_eq!((&buffer[..length], from), (&b"question"[..], second));
    }

    #[test]
    fn a_port_that_somebody_holds_is_refused_by_name() {
        let held = UdpSocket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
        let address = held.local_addr().expect("bound");
        let line = Udp::bind(&[address], &Sockets::default()).err().expect("refused").to_string();
        assert!(line.contains(&address.to_string()) && line.contains("in use"), "{line}");
    }
}
