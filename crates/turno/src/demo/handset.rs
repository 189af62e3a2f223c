//! A phone with its socket and its ears: moves bytes and leaves the people to their own files.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tokio::net::UdpSocket;
use turno_ground::{Moment, Rng, Secret};
use turno_media_plan::Codec;
use turno_phone::{Behaviour, CallId, Phone, PhoneEvent, PhoneSettings};
use turno_shell::Clock;

use core::time::Duration;

use crate::demo::ear::{Ear, Order};
use crate::demo::news::{News, NewsSender};

/// How long a demo's registrations last.
const EXPIRES: Duration = Duration::from_secs(300);

/// The first RTP port of a phone; each phone's address is its own.
const RTP_PORT: u16 = 40_000;

/// A phone on real sockets.
#[derive(Debug)]
pub(crate) struct Handset {
    pub(crate) phone: Phone,
    pub(crate) clock: Clock,
    pub(crate) rng: Rng,
    socket: UdpSocket,
    /// The same socket for sending, which never waits: no message is lost when a wait is broken off.
    outlet: std::net::UdpSocket,
    server: SocketAddr,
    ears: BTreeMap<CallId, Ear>,
    news: NewsSender,
}

/// Who a handset is.
pub(crate) struct Owner {
    pub(crate) user: String,
    pub(crate) password: Secret,
    pub(crate) domain: String,
    pub(crate) address: std::net::Ipv4Addr,
    pub(crate) calls_max: usize,
}

impl Handset {
    /// Binds a phone's socket; must run on a tokio runtime.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub(crate) fn new(
        owner: Owner,
        server: SocketAddr,
        mut rng: Rng,
        clock: Clock,
        news: NewsSender,
    ) -> std::io::Result<Self> {
        let socket = std::net::UdpSocket::bind((owner.address, 0))?;
        socket.set_nonblocking(true)?;
        let local = socket.local_addr()?;
        let settings = PhoneSettings {
            user: owner.user,
            password: owner.password,
            domain: owner.domain,
            server,
            local,
            rtp: SocketAddr::new(local.ip(), RTP_PORT),
            codecs: vec![Codec::Pcma, Codec::Pcmu],
            expires: EXPIRES,
            behaviour: Behaviour { calls_max: owner.calls_max, ..Behaviour::default() },
        };
        let phone = Phone::new(settings, rng.fork());
        let outlet = socket.try_clone()?;
        let socket = UdpSocket::from_std(socket)?;
        Ok(Self { phone, clock, rng, socket, outlet, server, ears: BTreeMap::new(), news })
    }

    /// Waits until something arrives or the phone's or the person's deadline has come, and lets the phone react.
    pub(crate) async fn step(&mut self, person: Option<Moment>) {
        self.flush();
        let due = [self.phone.next_deadline(), person].into_iter().flatten().min();
        let mut datagram = [0u8; 4_096];
        let now = self.clock.now();
        let sleep = due.map_or(Duration::from_secs(1), |due| due.since(now));
        tokio::select! {
            received = self.socket.recv_from(&mut datagram) => if let Ok((length, _)) = received {
                self.phone.handle_datagram(&datagram[..length], self.clock.now());
            },
            () = tokio::time::sleep(sleep) => {}
        }
        self.phone.handle_deadlines(self.clock.now());
        self.flush();
    }

    /// Sends what the phone has to say.
    pub(crate) fn flush(&mut self) {
        while let Some(bytes) = self.phone.poll_transmit() {
            let _ = self.outlet.send_to(&bytes, self.server);
        }
    }

    /// The phone's next event; media is seen to on the way.
    pub(crate) fn event(&mut self) -> Option<PhoneEvent> {
        let event = self.phone.poll_event()?;
        match &event {
            PhoneEvent::Media { call, local_rtp, remote_rtp, encoding, direction } => {
                if !self.ears.contains_key(call) {
                    match Ear::open(*local_rtp, &mut self.rng, self.clock, self.news.clone()) {
                        Ok(ear) => drop(self.ears.insert(*call, ear)),
                        Err(error) => tracing::warn!(%error, %local_rtp, "a simulated phone is deaf"),
                    }
                }
                self.order(*call, Order::Agree(*remote_rtp, *encoding, *direction));
            }
            PhoneEvent::Ended { call, .. } => drop(self.ears.remove(call)),
            PhoneEvent::Refused { call, status } => {
                self.ears.remove(call);
                self.tell(News::Refused(*status));
            }
            PhoneEvent::Confused { what } => self.tell(News::Confused(what.clone())),
            PhoneEvent::Registered
            | PhoneEvent::Unregistered
            | PhoneEvent::RegistrationFailed(_)
            | PhoneEvent::Incoming { .. }
            | PhoneEvent::Ringing { .. }
            | PhoneEvent::Answered { .. }
            | PhoneEvent::Held { .. }
            | PhoneEvent::Resumed { .. }
            | PhoneEvent::HoldRefused { .. }
            | PhoneEvent::TransferResult { .. } => {}
        }
        Some(event)
    }

    /// Orders something of a call's ear.
    pub(crate) fn order(&self, call: CallId, order: Order) {
        if let Some(ear) = self.ears.get(&call) {
            ear.order(order);
        }
    }

    /// Tells the view something.
    pub(crate) fn tell(&self, news: News) {
        let _ = self.news.send(news);
    }
}
