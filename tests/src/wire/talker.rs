//! Sends and receives voice at an RTP port, packet by packet.

use core::time::Duration;
use std::net::{SocketAddr, UdpSocket};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use turno_ground::Rng;
use turno_media_plan::{Direction, Encoding};
use turno_phone::{Heard, Sound, Voice};
use turno_shell::Clock;

/// How long a test waits for audio.
const PATIENCE: Duration = Duration::from_secs(90);
/// Interval between two checks, and the longest sleep: that of one packet.
const PACKET_SPAN: Duration = Duration::from_millis(20);

type Verb = Box<dyn FnOnce(&mut Living) + Send>;

/// A talker with its own thread; when dropped, it stops sending.
#[derive(Debug)]
pub struct Talker {
    verbs: Option<Sender<Verb>>,
    thread: Option<JoinHandle<()>>,
}

impl Talker {
    /// Sends `sound` from `at` to `to`; without `to`, to the address that it receives from.
    pub fn new(at: SocketAddr, to: Option<SocketAddr>, sound: Sound, encoding: Encoding) -> Self {
        let socket = UdpSocket::bind(at).expect("the test has this address for itself");
        socket.set_nonblocking(true).expect("a socket that does not wait");
        let clock = Clock::new();
        let mut voice = Voice::new(sound, &mut Rng::new(u64::from(at.port())));
        voice.agree(encoding, Direction::SendRecv, clock.now());
        let (verbs, asked) = channel();
        let living = Living { socket, to, voice, clock, asked };
        Self { verbs: Some(verbs), thread: Some(std::thread::spawn(|| living.run())) }
    }

    /// Uses other payload type numbers from now on.
    pub fn agrees(&self, encoding: Encoding) {
        self.orders(move |living| living.voice.agree(encoding, Direction::SendRecv, living.clock.now()));
    }

    /// Presses a key, by telephone-event.
    pub fn presses(&self, key: char) {
        self.orders(move |living| living.voice.send_digit(key));
    }

    /// Forgets the received audio.
    pub fn listens_anew(&self) {
        self.orders(|living| living.voice.forget_heard());
    }

    /// The received audio.
    pub fn heard(&self) -> Heard {
        let (tell, told) = channel();
        self.orders(move |living| {
            let _ = tell.send(living.voice.heard().clone());
        });
        told.recv_timeout(PATIENCE).expect("the talker's thread lives")
    }

    /// Waits until `is_so`, and returns the audio received by then.
    pub fn hears(&self, what: &str, is_so: impl Fn(&Heard) -> bool) -> Heard {
        let mut heard = self.heard();
        for _ in 0..PATIENCE.as_millis() / PACKET_SPAN.as_millis() {
            if is_so(&heard) {
                return heard;
            }
            let _ = poll(&mut [], Some(&span(PACKET_SPAN)));
            heard = self.heard();
        }
        let (received, lost, refused) = (heard.received, heard.lost(), heard.refused);
        panic!("never heard: {what}; {received} packets came, {lost} are missing, {refused} were refused");
    }

    /// Waits until each of these has received `packets` more than now.
    pub fn all_hear_more<'a>(all: impl IntoIterator<Item = &'a Self>, packets: u64) {
        let before: Vec<(&Self, u64)> = all.into_iter().map(|it| (it, it.heard().received)).collect();
        for (talker, before) in before {
            talker.hears("more packets", |heard| heard.received >= before + packets);
        }
    }

    fn orders(&self, verb: impl FnOnce(&mut Living) + Send + 'static) {
        let verbs = self.verbs.as_ref().expect("only a drop takes them");
        verbs.send(Box::new(verb)).expect("the talker's thread lives");
    }
}

impl Drop for Talker {
    fn drop(&mut self) {
        drop(self.verbs.take());
        if let Some(thread) = self.thread.take() {
            assert!(thread.join().is_ok() || std::thread::panicking(), "the talker panicked");
        }
    }
}

/// The state of the talker's thread.
struct Living {
    socket: UdpSocket,
    to: Option<SocketAddr>,
    voice: Voice,
    clock: Clock,
    asked: Receiver<Verb>,
}

impl Living {
    fn run(mut self) {
        let mut packet = [0; 2_048];
        loop {
            while let Ok((length, from)) = self.socket.recv_from(&mut packet) {
                self.to = self.to.or(Some(from));
                self.voice.handle_packet(&packet[..length], self.clock.now());
            }
            while let Some(packet) = self.voice.poll_packet(self.clock.now()) {
                // Without a received packet there is no destination yet; a closed port is a lost packet.
                let _ = self.to.map(|to| self.socket.send_to(&packet, to));
            }
            match self.asked.try_recv() {
                Ok(verb) => verb(&mut self),
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => self.nap(),
            }
        }
    }

    fn nap(&self) {
        let due = self.voice.next_deadline().map_or(PACKET_SPAN, |due| due.since(self.clock.now()));
        // An interrupted wait is a short wait: everything is checked again.
        let _ = poll(&mut [PollFd::new(&self.socket, PollFlags::IN)], Some(&span(due.min(PACKET_SPAN))));
    }
}

fn span(span: Duration) -> Timespec {
    Timespec::try_from(span).expect("a nap is short")
}
