//! A person with a phone, and how the phone's temper, way and habit change its messages.

use core::time::Duration;
use std::collections::BTreeMap;
use std::net::SocketAddr;

use bytes::Bytes;
use turno_ground::{Moment, Rng, Secret, Transport};
use turno_media_plan::Codec;
use turno_phone::{Behaviour, CallId, Phone, PhoneEvent, PhoneSettings};

use crate::action::Temper;
use crate::habits::{self, Habit};
use crate::link::Link;
use crate::network::Packet;
use crate::page::Page;
use crate::proxy;
use crate::reply;
use crate::stray_call::StrayCalls;
use crate::ways::Way;

/// Whose phone it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// The agent of this index.
    Agent(usize),
    /// The caller of this index.
    Caller(u32),
    /// The same person as at the desk of this index, before another page.
    Page(usize),
    /// Everybody who is called back.
    Citizen,
}

/// Whether a phone is connected and powered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// It is.
    There,
    /// It has lost its power, or its cable is pulled.
    Gone,
}

/// A person with a phone.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) who: Who,
    pub(crate) phone: Phone,
    pub(crate) presence: Presence,
    pub(crate) temper: Temper,
    /// The open calls of this phone, oldest first.
    pub(crate) calls: Vec<CallId>,
    /// The calls that ring here, and since when.
    pub(crate) alerting: BTreeMap<CallId, Moment>,
    /// The confirmed calls, and since when.
    pub(crate) confirmed: BTreeMap<CallId, Moment>,
    pub(crate) habit: Habit,
    /// For each call, where its audio arrives, and the payload type of keys in the server's SDP.
    pub(crate) keys_as: BTreeMap<CallId, (SocketAddr, Option<u8>)>,
    /// Whether the person has ever refused a call.
    pub(crate) has_said_no: bool,
    /// Whether the phone was ever unable to take calls.
    pub(crate) was_unfit: bool,
    /// Whether turno has ever answered it with 408.
    pub(crate) was_timed_out: bool,
    /// Whether this phone has ever lost its state, or missed a message.
    pub(crate) has_gaps: bool,
    /// Whether the phone is registered, as far as it knows.
    pub(crate) is_registered: bool,
    pub(crate) due: Option<Moment>,
    pub(crate) stray_calls: StrayCalls,
    pub(crate) way: Way,
    pub(crate) link: Link,
    /// The page in which the phone lives, if it is one in a browser.
    pub(crate) page: Option<Page>,
    rng: Rng,
}

/// The addresses of a phone and its server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Desk {
    pub(crate) server: SocketAddr,
    pub(crate) local: SocketAddr,
}

/// The registration interval that phones ask for.
pub(crate) const REGISTRATION: Duration = Duration::from_secs(600);

/// The first RTP port of each phone. Several phones at one address have ports of their own.
const RTP_PORT: u16 = 40_000;
const RTP_PORTS: u16 = 16;
const SIP_PORT: u16 = 5_060;

impl Person {
    /// A new phone.
    pub(crate) fn new(who: Who, user: &str, password: &str, domain: &str, desk: Desk, mut rng: Rng) -> Self {
        let temper = match who {
            Who::Agent(_) | Who::Page(_) | Who::Citizen => Temper::Prompt(Duration::from_secs(1)),
            Who::Caller(_) => Temper::Slow,
        };
        let settings = PhoneSettings {
            user: user.to_owned(),
            password: Secret::new(password),
            domain: domain.to_owned(),
            server: desk.server,
            local: desk.local,
            rtp: rtp_at(desk.local),
            codecs: vec![Codec::Pcma, Codec::Pcmu],
            expires: REGISTRATION,
            behaviour: behaviour(temper),
        };
        Self {
            who,
            phone: Phone::new(settings, rng.fork()),
            presence: Presence::There,
            temper,
            calls: Vec::new(),
            alerting: BTreeMap::new(),
            confirmed: BTreeMap::new(),
            habit: Habit::default(),
            keys_as: BTreeMap::new(),
            has_said_no: false,
            was_unfit: false,
            was_timed_out: false,
            has_gaps: false,
            is_registered: false,
            due: None,
            stray_calls: StrayCalls::default(),
            way: Way::default(),
            link: Link::default(),
            page: None,
            rng,
        }
    }

    /// Where the phone listens.
    pub(crate) fn local(&self) -> SocketAddr {
        self.phone.settings().local
    }

    /// The addresses whose datagrams reach this phone.
    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        match self.way {
            Way::Datagrams | Way::Tcp(_) => vec![self.local()],
            Way::ByProxy(sends, listens) => vec![self.local(), sends, listens],
            Way::WithoutRport(sends) => vec![self.local(), sends],
        }
    }

    /// Reacts to calls in this way from now on.
    pub(crate) fn is(&mut self, temper: Temper) {
        if temper == Temper::Silent {
            self.is_deaf();
        }
        // No proxy forks the call of a page.
        let temper = if let (Temper::Twice(ring), Some(_)) = (temper, &self.page) {
            Temper::Prompt(ring)
        } else {
            temper
        };
        self.was_unfit |= matches!(temper, Temper::Refusing(status) if habits::is_unfit(status));
        self.temper = temper;
        self.takes_habit(self.habit);
    }

    /// From now on the phone has this habit.
    pub(crate) fn takes_habit(&mut self, habit: Habit) {
        let habit = if self.page.is_some() { Habit::default() } else { habit };
        self.habit = habit;
        habit.is_taken_by(&mut self.phone, behaviour(self.temper));
    }

    /// From now on the phone uses this transport.
    pub(crate) fn takes_way(&mut self, way: Way) {
        self.way = way;
        if let Some(page) = &self.page {
            self.phone.lives_in(page.names.clone());
        } else if matches!(way, Way::Tcp(_)) {
            self.phone.speak_over(Transport::Tcp);
        }
    }

    /// From now on the phone lives in a page.
    pub(crate) fn lives_in(&mut self, page: Page, way: Way) {
        let local = self.local();
        self.phone.roams(local, page.rtp_at(local));
        self.page = Some(page);
        self.is(self.temper);
        self.takes_way(way);
    }

    /// The machine has another address from now on.
    pub(crate) fn roams(&mut self, local: SocketAddr) {
        let rtp = |before: SocketAddr| SocketAddr::new(local.ip(), before.port());
        self.phone.roams(local, rtp(self.phone.settings().rtp));
        self.keys_as.values_mut().for_each(|(place, _)| *place = rtp(*place));
    }

    /// The phone misses messages for a while, also the one that ends a ringing.
    pub(crate) fn is_deaf(&mut self) {
        self.has_gaps = true;
        self.alerting.clear();
    }

    /// Replaces the phone by one without any state, at the same address or another.
    pub(crate) fn is_reborn(&mut self, local: SocketAddr) {
        let mut settings = self.phone.settings().clone();
        settings.local = local;
        settings.rtp = self.page.as_mut().map_or(rtp_at(local), |page| {
            page.is_loaded();
            page.rtp_at(local)
        });
        self.phone = Phone::new(settings, self.rng.fork());
        self.takes_habit(self.habit);
        self.takes_way(self.way);
        self.link = Link::default();
        self.has_gaps = true;
        self.calls.clear();
        self.alerting.clear();
        self.confirmed.clear();
        self.keys_as.clear();
        self.stray_calls = StrayCalls::default();
    }

    /// Whether the phone receives what arrives.
    pub(crate) fn hears(&self) -> bool {
        self.presence == Presence::There && self.temper != Temper::Silent
    }

    /// What a datagram brings to this phone, if anything.
    pub(crate) fn takes_in(&self, packet: Packet) -> Option<Bytes> {
        let is_response = packet.bytes.starts_with(b"SIP/2.0");
        match self.way {
            Way::Datagrams => Some(packet.bytes),
            Way::Tcp(_) => None,
            Way::ByProxy(sends, listens) => proxy::received(&packet.bytes, packet.to, sends, listens),
            // RFC 3261, 18.2.2: responses go to the port of the sent-by.
            Way::WithoutRport(sends) => Some(packet.bytes).filter(|_| !(is_response && packet.to == sends)),
        }
    }

    /// A message arrives at the phone, or at the second branch of a forked answer.
    pub(crate) fn receives(&mut self, bytes: &Bytes, now: Moment) {
        self.was_timed_out |= bytes.starts_with(b"SIP/2.0 408");
        if !self.stray_calls.receives(bytes) {
            self.phone.handle_datagram(bytes, now);
        }
    }

    /// The device's answer to OPTIONS, without the full phone: on a long day most messages are OPTIONS.
    pub(crate) fn is_here(&self, bytes: &Bytes) -> Option<Bytes> {
        let is_asked = bytes.starts_with(b"OPTIONS ");
        core::str::from_utf8(bytes).ok().filter(|_| is_asked).map(|text| reply::to(text, "200 OK"))
    }

    /// The next message that this person sends.
    pub(crate) fn poll_transmit(&mut self) -> Option<Bytes> {
        if let Some(bytes) = self.stray_calls.poll_transmit() {
            return Some(bytes);
        }
        let bytes = self.habit.numbers(self.phone.poll_transmit()?);
        self.has_said_no |= habits::says_no(&bytes);
        if matches!(self.temper, Temper::Twice(_)) {
            self.stray_calls.follow(&bytes);
        }
        Some(bytes)
    }

    /// Keeps the list of calls. Returns what the phone found against the rules.
    pub(crate) fn notes(&mut self, event: &PhoneEvent, now: Moment) -> Option<String> {
        match event {
            PhoneEvent::Incoming { call, .. } => {
                self.calls.push(*call);
                self.alerting.insert(*call, now);
            }
            PhoneEvent::Ended { call, .. } | PhoneEvent::Refused { call, .. } => {
                self.calls.retain(|standing| standing != call);
                self.alerting.remove(call);
                self.confirmed.remove(call);
                self.keys_as.remove(call);
            }
            PhoneEvent::Answered { call, .. } => {
                self.alerting.remove(call);
                self.confirmed.insert(*call, now);
            }
            PhoneEvent::Confused { what } => return Some(what.clone()),
            PhoneEvent::Registered => self.is_registered = true,
            PhoneEvent::Unregistered | PhoneEvent::RegistrationFailed(_) => self.is_registered = false,
            PhoneEvent::Media { call, local_rtp, encoding, .. } => {
                self.keys_as.insert(*call, (*local_rtp, encoding.telephone_event));
            }
            PhoneEvent::Ringing { .. }
            | PhoneEvent::Held { .. }
            | PhoneEvent::Resumed { .. }
            | PhoneEvent::HoldRefused { .. }
            | PhoneEvent::TransferResult { .. } => {}
        }
        None
    }

    /// Whether the network or the phone itself caused what the phone found, and not the engine.
    pub(crate) fn is_excused(&self, what: &str, network_was_bad: bool) -> bool {
        let is_any = |parts: &[&str]| parts.iter().any(|part| what.contains(part));
        ((network_was_bad || self.link.was_cut) && is_any(&LATE))
            || (self.has_gaps && (is_any(&LATE) || unheard(what)))
            || (self.page.as_ref().is_some_and(|page| page.was_out) && what.starts_with("401 to"))
    }
}

/// What a phone says of a message that came late, twice, or after the phone had lost its state.
const LATE: [&str; 9] = [
    "no call of ours",
    "do not know",
    "nothing that we asked",
    "no INVITE",
    "outside of",
    "tags of another",
    "without a tag",
    "CSeq went back",
    "481 to",
];
/// What a phone says after it was deaf for a while. A phone that only loses some datagrams is reached in the end: a
/// request is sent eleven times, and the worst network loses one of seven.
const UNHEARD: [&str; 2] = ["never acknowledged", "408 to"];

/// Whether a phone found that nothing answered it.
pub(crate) fn unheard(what: &str) -> bool {
    UNHEARD.iter().any(|part| what.contains(part))
}

fn rtp_at(local: SocketAddr) -> SocketAddr {
    let place = local.port().wrapping_sub(SIP_PORT) % 1_500;
    SocketAddr::new(local.ip(), RTP_PORT + place * RTP_PORTS)
}

fn behaviour(temper: Temper) -> Behaviour {
    let behaviour = match temper {
        Temper::Prompt(ring) | Temper::Twice(ring) => Behaviour::answering(ring),
        Temper::Refusing(status) => Behaviour::refusing(status),
        Temper::Slow | Temper::Silent => Behaviour::default(),
    };
    Behaviour { takes_orders: true, ..behaviour }
}
