//! A port that moves to another address while its old socket still listens.

use std::net::{TcpStream, UdpSocket};

use super::*;
use crate::metrics::web;
use crate::net::streams;
use crate::net::udp::Udp;

/// Another turno process's sockets: datagrams and connections at this address.
fn old(ip: [u8; 4]) -> (UdpSocket, TcpListener, Sockets) {
    let (udp, tcp) = loop {
        let tcp = TcpListener::bind(SocketAddr::from((ip, 0))).expect("a free port");
        if let Ok(udp) = UdpSocket::bind(tcp.local_addr().expect("bound")) {
            break (udp, tcp);
        }
    };
    let mut sockets = Sockets::default();
    let at = tcp.local_addr().expect("bound");
    sockets.add(Kind::Datagrams, at, udp.as_fd()).expect("a descriptor");
    sockets.add(Kind::Connections, at, tcp.as_fd()).expect("a descriptor");
    (udp, tcp, sockets)
}

#[test]
fn a_port_moves_to_every_address_and_back_while_the_old_turno_listens() {
    // Wound: from 127.0.0.1 to 0.0.0.0, turno reported its own socket as 'the program that holds it'.
    for (from, to) in [
        ([127, 11, 7, 1], SocketAddr::from(([0, 0, 0, 0], 0))),
        ([0, 0, 0, 0], SocketAddr::from(([127, 11, 7, 1], 0))),
        ([127, 11, 7, 1], SocketAddr::from((std::net::Ipv6Addr::UNSPECIFIED, 0))),
    ] {
        let (udp, tcp, sockets) = old(from);
        let at = tcp.local_addr().expect("bound");
        let to = SocketAddr::new(to.ip(), at.port());
        let new_udp = Udp::bind(&[to], &sockets).map_err(|it| it.to_string()).expect("bound beside");
        assert_eq!(new_udp.addresses().next(), Some(to));
        let new_tcp = streams::bind(to, &sockets).map_err(|it| it.to_string()).expect("bound beside");
        drop(new_tcp);
        let new_web = web::bind(to, &sockets).map_err(|it| it.to_string()).expect("bound beside");
        // Nobody else gets the port, at the new address or the old one.
        for held in [at, to] {
            assert!(UdpSocket::bind(held).is_err() && TcpListener::bind(held).is_err(), "{held}");
        }
        let shares = |socket: BorrowedFd<'_>| {
            let socket = SockRef::from(&socket);
            socket.reuse_port().expect("an option")
        };
        assert!(!shares(tcp.as_fd()) && !shares(new_web.as_fd()));
        assert!(!SockRef::from(&udp).reuse_address().expect("an option"));
        // The old process ends, and the new one is alone.
        drop((udp, tcp, sockets));
        new_web.set_nonblocking(false).expect("a socket");
        let ip = if to.ip().is_unspecified() { SocketAddr::from(([127, 11, 7, 1], 0)).ip() } else { to.ip() };
        let phone = TcpStream::connect((ip, to.port())).expect("the new one listens");
        let (_, peer) = new_web.accept().expect("it comes");
        assert_eq!(peer.port(), phone.local_addr().expect("bound").port());
    }
}

#[test]
fn a_port_of_another_program_stays_its_own_and_the_old_turno_is_as_before() {
    let (udp, tcp, sockets) = old([127, 11, 7, 2]);
    let port = tcp.local_addr().expect("bound").port();
    let other = SocketAddr::from(([127, 11, 7, 3], port));
    let _held = (UdpSocket::bind(other).expect("free"), TcpListener::bind(other).expect("free"));
    let any = SocketAddr::from(([0, 0, 0, 0], port));
    let refused = Udp::bind(&[any], &sockets).err().expect("another program has it").to_string();
    assert!(refused.contains("in use"), "{refused}");
    assert!(streams::bind(any, &sockets).is_err() && web::bind(any, &sockets).is_err());
    assert!(!SockRef::from(&udp).reuse_address().expect("an option"));
    assert!(!SockRef::from(&tcp).reuse_port().expect("an option"));
}
