//! A phone with its line and its ears: moves bytes and leaves the people to their own files.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tokio::net::UdpSocket;
use turno_browser_phone::BrowserPhone;
use turno_ground::{Moment, Rng, Secret};
use turno_media_plan::Codec;
use turno_phone::{Behaviour, CallId, Phone, PhoneEvent, PhoneSettings};
use turno_shell::Clock;

use core::time::Duration;

use crate::demo::ear::{Ear, Order};
use crate::demo::news::{News, NewsSender};
use crate::demo::web_line::WebLine;

/// How long a demo's registrations last.
const EXPIRES: Duration = Duration::from_secs(300);

/// The first RTP port of a phone; each phone's address is its own.
const RTP_PORT: u16 = 40_000;

/// A phone on real sockets.
#[derive(Debug)]
pub(crate) struct Handset {
    pub(crate) clock: Clock,
    pub(crate) rng: Rng,
    line: Line,
    ears: BTreeMap<CallId, Ear>,
    news: NewsSender,
}

/// A phone and how it reaches turno.
#[derive(Debug)]
enum Line {
    /// A softphone: SIP and RTP by UDP.
    Udp {
        phone: Box<Phone>,
        socket: UdpSocket,
        /// The same socket for sending, which never waits: no message is lost when a wait is broken off.
        outlet: std::net::UdpSocket,
        server: SocketAddr,
    },
    /// A phone in a browser.
    Web(Box<(BrowserPhone, WebLine)>),
}

/// Who a handset is.
pub(crate) struct Owner {
    pub(crate) user: String,
    pub(crate) password: Secret,
    pub(crate) domain: String,
    pub(crate) address: std::net::Ipv4Addr,
    pub(crate) calls_max: usize,
}

/// Where turno is for a phone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Door {
    /// SIP by UDP.
    Sip(SocketAddr),
    /// SIP by WebSocket at this address of the API.
    Web(SocketAddr),
}

impl Handset {
    /// Binds a phone's sockets; must run on a tokio runtime.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub(crate) fn new(
        owner: Owner,
        door: Door,
        mut rng: Rng,
        clock: Clock,
        news: NewsSender,
    ) -> std::io::Result<Self> {
        let socket = std::net::UdpSocket::bind((owner.address, 0))?;
        socket.set_nonblocking(true)?;
        let local = socket.local_addr()?;
        let (Door::Sip(server) | Door::Web(server)) = door;
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
        let line = match door {
            Door::Sip(server) => Line::Udp {
                phone: Box::new(Phone::new(settings, rng.fork())),
                outlet: socket.try_clone()?,
                socket: UdpSocket::from_std(socket)?,
                server,
            },
            Door::Web(to) => {
                let line = WebLine::new(local.ip(), to)?;
                let settings = PhoneSettings { codecs: vec![Codec::Pcma], ..settings };
                let phone = BrowserPhone::new(settings, rng.fork(), line.voice_address()?);
                Line::Web(Box::new((phone, line)))
            }
        };
        Ok(Self { clock, rng, line, ears: BTreeMap::new(), news })
    }

    /// What a person does with the phone.
    pub(crate) fn phone(&mut self) -> &mut Phone {
        match &mut self.line {
            Line::Udp { phone, .. } => phone,
            Line::Web(web) => web.0.phone(),
        }
    }

    /// Waits until something arrives or the phone's or the person's deadline has come, and lets the phone react.
    pub(crate) async fn step(&mut self, person: Option<Moment>) {
        let now = self.clock.now();
        let due = [self.phone().next_deadline(), person].into_iter().flatten().min();
        let sleep = due.map_or(Duration::from_secs(1), |due| due.since(now));
        match &mut self.line {
            Line::Web(web) => web.1.step(&mut web.0, sleep, self.clock).await,
            Line::Udp { phone, socket, outlet, server } => {
                flush(phone, outlet, *server);
                let mut datagram = [0u8; 4_096];
                tokio::select! {
                    received = socket.recv_from(&mut datagram) => if let Ok((length, _)) = received {
                        phone.handle_datagram(&datagram[..length], self.clock.now());
                    },
                    () = tokio::time::sleep(sleep) => {}
                }
                phone.handle_deadlines(self.clock.now());
                flush(phone, outlet, *server);
            }
        }
    }

    /// The phone's next event; media is seen to on the way.
    pub(crate) fn event(&mut self) -> Option<PhoneEvent> {
        let event = self.phone().poll_event()?;
        match &event {
            PhoneEvent::Media { call, local_rtp, remote_rtp, encoding, direction } => {
                if !self.ears.contains_key(call) {
                    match Ear::open(*local_rtp, &mut self.rng, self.clock, self.news.clone()) {
                        Ok(ear) => drop(self.ears.insert(*call, ear)),
                        Err(error) => tracing::warn!(%error, %local_rtp, "a simulated phone is deaf"),
                    }
                }
                let remote = match &self.line {
                    Line::Udp { .. } => *remote_rtp,
                    Line::Web(web) => web.1.ear_address().unwrap_or(*remote_rtp),
                };
                self.order(*call, Order::Agree(remote, *encoding, *direction));
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

/// Sends what a softphone has to say.
fn flush(phone: &mut Phone, outlet: &std::net::UdpSocket, server: SocketAddr) {
    while let Some(bytes) = phone.poll_transmit() {
        let _ = outlet.send_to(&bytes, server);
    }
}
