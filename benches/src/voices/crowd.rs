//! The phones: many streams on a few sockets, with the kernel's timestamp on each arriving datagram.

use core::time::Duration;
use std::io::{self, IoSliceMut};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::{SystemTime, UNIX_EPOCH};

use nix::poll::ppoll;
use nix::sys::socket::sockopt::{RcvBuf, ReceiveTimestampns};
use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, MsgFlags, SockFlag, SockType, SockaddrIn, bind, recvmsg, sendto,
    setsockopt, socket,
};
use nix::sys::time::TimeSpec;

use crate::voices::cores::{Spent, this_thread};
use crate::voices::figures::Figures;
use crate::voices::heard::{FRAME, Heard};

/// Sockets of all phones.
const EARS: usize = 8;

/// Address of the first socket. The sockets use every second port, because RTCP goes to the ports between.
const EAR: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(127, 20, 0, 2), 9_000);

/// Receive buffer of a socket, in bytes.
const SOCKET_BUFFER_BYTES: usize = 4 * 1024 * 1024;

/// Bytes of an RTP packet of 20 ms of G.711.
pub(super) const PACKET_BYTES: usize = 172;

/// Pause of the phones between two rounds of sending and listening.
const REST: Duration = Duration::from_micros(400);

/// How long the phones listen after their last packet.
const TAIL: Duration = Duration::from_millis(300);

/// PCMA.
const PAYLOAD_TYPE: u8 = 8;

/// The time in nanoseconds since 1970, like the kernel's timestamps.
#[expect(clippy::disallowed_methods, reason = "to measure is what a bench is for")]
pub(super) fn nanos() -> u64 {
    let span = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

/// Sleeps for this span.
pub(super) fn rest(span: Duration) {
    let _ = ppoll(&mut [], Some(TimeSpec::from_duration(span)), None);
}

/// Address where a stream's phone listens.
pub(super) fn ear_of(stream: usize) -> SocketAddrV4 {
    SocketAddrV4::new(*EAR.ip(), EAR.port() + 2 * (stream % EARS) as u16)
}

/// A packet of a stream, with room for its sending time.
pub(super) fn packet(stream: usize, number: u64) -> [u8; PACKET_BYTES] {
    let mut packet = [0xd5; PACKET_BYTES];
    packet[0] = 0x80;
    packet[1] = PAYLOAD_TYPE | if number == 0 { 0x80 } else { 0 };
    packet[2..4].copy_from_slice(&(number as u16).to_be_bytes());
    packet[4..8].copy_from_slice(&(number as u32).wrapping_mul(160).to_be_bytes());
    packet[8..12].copy_from_slice(&(stream as u32 + 1).to_be_bytes());
    packet
}

/// All phones.
pub(super) struct Crowd {
    ears: Vec<OwnedFd>,
    buffer: Vec<u8>,
    control: Vec<u8>,
}

impl Crowd {
    /// Opens the sockets; nobody talks yet.
    pub(super) fn gather() -> io::Result<Self> {
        let ears = (0..EARS).map(open).collect::<io::Result<_>>()?;
        Ok(Self { ears, buffer: vec![0; 2_048], control: nix::cmsg_space!(TimeSpec) })
    }

    /// Sends a packet of each stream every 20 ms to its address in `to`, evenly spread, and listens. Measures `thread`.
    pub(super) fn talk(&mut self, to: &[SocketAddr], span: Duration, thread: Option<i32>) -> Figures {
        let to: Vec<SockaddrIn> = to.iter().filter_map(v4).collect();
        let streams = to.len();
        let mut figures = Figures::new(streams);
        // Discards packets of an earlier run.
        self.listen(&mut Figures::default());
        let (spent, ours) = (thread.map(Spent::of), Spent::of(this_thread()));
        let begin = nanos();
        let end = span.as_nanos() as u64;
        let mut place = 0;
        loop {
            let elapsed = nanos() - begin;
            while place * FRAME / streams as u64 <= elapsed.min(end) {
                let (stream, number) = ((place % streams as u64) as usize, place / streams as u64);
                let mut packet = packet(stream, number);
                packet[12..16].copy_from_slice(&(stream as u32).to_be_bytes());
                let at = nanos();
                packet[20..28].copy_from_slice(&at.to_be_bytes());
                figures.late((at - begin).saturating_sub(place * FRAME / streams as u64));
                let _ = sendto(self.ears[stream % EARS].as_raw_fd(), &packet, &to[stream], MsgFlags::empty());
                figures.sent += 1;
                place += 1;
            }
            self.listen(&mut figures);
            if elapsed > end {
                break;
            }
            rest(REST);
        }
        self.listen_on(&mut figures, TAIL);
        figures.elapsed = nanos() - begin;
        figures.crowd = Spent::of(this_thread()).since(ours);
        figures.spent =
            thread.zip(spent).map(|(thread, before)| Spent::of(thread).since(before)).unwrap_or_default();
        figures
    }

    /// Only listens, and measures `thread`.
    pub(super) fn hear(&mut self, streams: usize, span: Duration, thread: i32) -> Figures {
        let mut figures = Figures::new(streams);
        self.listen(&mut Figures::default());
        let (spent, ours, begin) = (Spent::of(thread), Spent::of(this_thread()), nanos());
        self.listen_on(&mut figures, span);
        figures.spent = Spent::of(thread).since(spent);
        figures.elapsed = nanos() - begin;
        figures.crowd = Spent::of(this_thread()).since(ours);
        figures
    }

    fn listen_on(&mut self, figures: &mut Figures, span: Duration) {
        let end = nanos() + span.as_nanos() as u64;
        while nanos() < end {
            rest(REST);
            self.listen(figures);
        }
    }

    fn listen(&mut self, figures: &mut Figures) {
        for ear in 0..self.ears.len() {
            while let Some(heard) = self.receive(ear) {
                figures.heard(&heard);
            }
        }
    }

    fn receive(&mut self, ear: usize) -> Option<Heard> {
        let mut parts = [IoSliceMut::new(&mut self.buffer)];
        let descriptor = self.ears[ear].as_raw_fd();
        let read =
            recvmsg::<SockaddrIn>(descriptor, &mut parts, Some(&mut self.control), MsgFlags::empty()).ok()?;
        let (length, mut arrived) = (read.bytes, 0);
        for message in read.cmsgs().into_iter().flatten() {
            if let ControlMessageOwned::ScmTimestampns(stamp) = message {
                arrived = stamp.tv_sec() as u64 * 1_000_000_000 + stamp.tv_nsec() as u64;
            }
        }
        let bytes = &self.buffer[..length];
        let number =
            |at: usize| bytes.get(at..at + 4).map_or(0, |n| u32::from_be_bytes([n[0], n[1], n[2], n[3]]));
        let sent = u64::from(number(20)) << 32 | u64::from(number(24));
        // A packet of the phones has bytes of A-law silence around its stream and its time.
        if number(16) == 0xd5d5_d5d5 && number(28) == 0xd5d5_d5d5 && number(12) != 0xd5d5_d5d5 {
            return Some(Heard { stream: number(12), sent, arrived });
        }
        Some(Heard { stream: number(8), sent: 0, arrived })
    }
}

fn open(ear: usize) -> io::Result<OwnedFd> {
    let flags = SockFlag::SOCK_NONBLOCK | SockFlag::SOCK_CLOEXEC;
    let descriptor = socket(AddressFamily::Inet, SockType::Datagram, flags, None)?;
    setsockopt(&descriptor, ReceiveTimestampns, &true)?;
    setsockopt(&descriptor, RcvBuf, &SOCKET_BUFFER_BYTES)?;
    bind(descriptor.as_raw_fd(), &SockaddrIn::from(ear_of(ear)))?;
    Ok(descriptor)
}

fn v4(address: &SocketAddr) -> Option<SockaddrIn> {
    match address {
        SocketAddr::V4(address) => Some(SockaddrIn::from(*address)),
        SocketAddr::V6(_) => None,
    }
}
