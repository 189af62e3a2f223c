//! Bare loops that only receive and send packets, to measure the cost of the system itself.

use core::time::Duration;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use rustix::net::{SendFlags, send, sendto};

use crate::voices::cores::{MEASURED, stay_on, thread_named};
use crate::voices::crowd::{PACKET_BYTES, nanos, packet, rest};
use crate::voices::heard::FRAME;

/// After this many milliseconds without a packet a loop checks whether it should end.
const PATIENCE_MS: u8 = 50;

/// The name of a loop's thread.
const NAME: &str = "bare";

/// A loop that runs until it is dropped.
pub(super) struct Bare {
    stops: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Bare {
    /// A loop with one socket, which sends every packet on to `to`.
    pub(super) fn one_socket(at: SocketAddr, to: SocketAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind(at)?;
        socket.set_read_timeout(Some(Duration::from_millis(PATIENCE_MS.into())))?;
        Self::run(move |stops| {
            let mut buffer = [0; 2_048];
            while !stops.load(Ordering::Relaxed) {
                if let Ok((length, _)) = socket.recv_from(&mut buffer) {
                    let _ = socket.send_to(&buffer[..length], to);
                }
            }
        })
    }

    /// A loop with a socket for each stream: a packet at one goes out at its partner's socket, to the partner's address
    /// in
    /// `to`.
    pub(super) fn many_sockets(at: &[SocketAddr], to: Vec<SocketAddr>) -> io::Result<Self> {
        let sockets = bind_all(at)?;
        let poll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        for (place, socket) in sockets.iter().enumerate() {
            poll.add(socket, EpollEvent::new(EpollFlags::EPOLLIN, place as u64))?;
        }
        Self::run(move |stops| {
            let mut buffer = [0; 2_048];
            let mut events = [EpollEvent::empty(); 1_024];
            while !stops.load(Ordering::Relaxed) {
                let ready = poll.wait(&mut events, EpollTimeout::from(PATIENCE_MS)).unwrap_or(0);
                for event in &events[..ready] {
                    let place = event.data() as usize;
                    if let Ok((length, _)) = sockets[place].recv_from(&mut buffer) {
                        let _ = sockets[place ^ 1].send_to(&buffer[..length], to[place ^ 1]);
                    }
                }
            }
        })
    }

    /// A loop with a socket for each listener, which gets a packet every 20 ms. A connected socket saves the system the
    /// look-up of a route, but receives only from its peer; turno's sockets must also receive from another address.
    pub(super) fn sender(at: &[SocketAddr], to: Vec<SocketAddr>, connected: bool) -> io::Result<Self> {
        let sockets = bind_all(at)?;
        for (socket, to) in sockets.iter().zip(&to).filter(|_| connected) {
            socket.connect(to)?;
        }
        Self::run(move |stops| {
            let mut packets: Vec<[u8; PACKET_BYTES]> = (0..to.len()).map(|place| packet(place, 0)).collect();
            let mut next = nanos();
            while !stops.load(Ordering::Relaxed) {
                for ((socket, to), packet) in sockets.iter().zip(&to).zip(&mut packets) {
                    packet[3] = packet[3].wrapping_add(1);
                    let _ = if connected {
                        send(socket, &packet[..], SendFlags::NOSIGNAL)
                    } else {
                        sendto(socket, &packet[..], SendFlags::NOSIGNAL, to)
                    };
                }
                next += FRAME;
                rest(Duration::from_nanos(next.saturating_sub(nanos())));
            }
        })
    }

    /// The id of the loop's thread.
    pub(super) fn thread(&self) -> i32 {
        loop {
            // A thread sets its name when it begins to run.
            if let Some(thread) = thread_named(NAME) {
                return thread;
            }
            rest(Duration::from_millis(1));
        }
    }

    fn run(work: impl FnOnce(&AtomicBool) + Send + 'static) -> io::Result<Self> {
        let stops = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stops);
        let thread = std::thread::Builder::new().name(NAME.to_owned()).spawn(move || {
            stay_on(MEASURED);
            work(&seen);
        })?;
        Ok(Self { stops, thread: Some(thread) })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        self.stops.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn bind_all(at: &[SocketAddr]) -> io::Result<Vec<UdpSocket>> {
    at.iter()
        .map(|at| {
            let socket = UdpSocket::bind(at)?;
            socket.set_nonblocking(true)?;
            Ok(socket)
        })
        .collect()
}
