//! Actions of people with their phones: agents at desks, callers on the trunk, and strangers.

#![expect(clippy::wildcard_enum_match_arm, reason = "a look for one event among all that there may ever be")]

use core::time::Duration;
use std::net::SocketAddr;

use turno_ground::Secret;
use turno_media_plan::{Codec, KeyMint, MediaEvent, SrtpPolicy, Suite};
use turno_phone::{Behaviour, CallId, Identity, Phone, PhoneEvent, PhoneSettings};

use crate::stage::{Placed, Stage};

/// A person with a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Desk(pub(crate) usize);

/// One call at a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The person.
    pub desk: Desk,
    /// The call.
    pub call: CallId,
}

/// Rings for this long, then answers.
pub fn answering(ring: Duration) -> Behaviour {
    Behaviour::answering(ring)
}

/// Rings for ever.
pub fn ringing() -> Behaviour {
    Behaviour::default()
}

/// Refuses at once.
pub fn refusing(status: u16) -> Behaviour {
    Behaviour::refusing(status)
}

/// This many seconds.
pub const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// This many milliseconds.
pub const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

impl Stage {
    /// A phone that does nothing yet, at its own address in 127.`network`.0.0/16.
    pub fn phone(&mut self, user: &str, password: &str, network: u8, behaviour: Behaviour) -> Desk {
        let place = self.desks.len();
        let (high, low) = (place / 250, place % 250 + 1);
        let ip = format!("127.{network}.{high}.{low}");
        let address = |port: u16| format!("{ip}:{port}").parse::<SocketAddr>().expect("an address");
        self.phone_at(user, password, (address(5060), address(40_000)), behaviour)
    }

    /// The same at given addresses for SIP and RTP.
    pub fn phone_at(
        &mut self,
        user: &str,
        password: &str,
        (local, rtp): (SocketAddr, SocketAddr),
        behaviour: Behaviour,
    ) -> Desk {
        let desk = Desk(self.desks.len());
        let settings = PhoneSettings {
            user: user.to_owned(),
            password: Secret::new(password),
            domain: self.plan.sip.domain.clone(),
            server: self.server,
            local,
            rtp,
            codecs: vec![Codec::Pcma, Codec::Pcmu],
            expires: secs(3600),
            behaviour,
        };
        let phone = Phone::new(settings, self.rng.fork());
        self.by_address.insert(local, desk);
        self.desks.push(Placed {
            phone,
            local,
            due: None,
            gone: false,
            events: Vec::new(),
            dialled: Vec::new(),
        });
        desk
    }

    /// A registered agent at this extension's desk.
    pub fn agent(&mut self, extension: &str, behaviour: Behaviour) -> Desk {
        let desk = self.seat(extension, behaviour);
        self.registers(desk);
        desk
    }

    /// The same with SRTP, if the plan offers it.
    pub fn agent_with_keys(&mut self, extension: &str, behaviour: Behaviour) -> Desk {
        let desk = self.seat(extension, behaviour);
        let mint = KeyMint::new([5; 32]);
        self.desks[desk.0].phone.take_keys(SrtpPolicy::Offered, &Suite::ALL, mint);
        self.registers(desk);
        desk
    }

    /// The phone of an extension, not registered.
    pub fn seat(&mut self, extension: &str, behaviour: Behaviour) -> Desk {
        let seat = self.plan.seat_by_extension(extension).expect("the extension is planned");
        let password = self.plan.seats[seat.index()].password.reveal().to_owned();
        self.phone(extension, &password, 10, behaviour)
    }

    /// This many agents, from a001 on, with the same behaviour.
    pub fn agents(&mut self, many: usize, behaviour: &Behaviour) -> Vec<Desk> {
        (1..=many).map(|number| self.agent(&format!("a{number:03}"), behaviour.clone())).collect()
    }

    /// Registers, and waits until it is done.
    pub fn registers(&mut self, desk: Desk) {
        let before = self.count_events(desk, |event| *event == PhoneEvent::Registered);
        self.act(desk, Phone::register);
        self.until("a phone is registered", secs(60), |stage| {
            stage.count_events(desk, |event| *event == PhoneEvent::Registered) > before
        });
    }

    /// The router in front of a phone changes its port. The phone does not know, and its Contact stays.
    pub fn gets_another_port(&mut self, desk: Desk, port: u16) {
        let placed = &mut self.desks[desk.0];
        self.by_address.remove(&placed.local);
        placed.local.set_port(port);
        self.by_address.insert(placed.local, desk);
    }

    /// Removes the registration, and waits until it is done.
    pub fn unregisters(&mut self, desk: Desk) {
        self.act(desk, Phone::unregister);
        self.until("a phone is unregistered", secs(60), |stage| {
            stage.saw(desk, |event| *event == PhoneEvent::Unregistered)
        });
    }

    /// A new caller dials `number` from `from`.
    pub fn call(&mut self, number: &str, from: &str) -> Line {
        let desk = self.caller(from);
        self.dials_from_trunk(desk, number, from)
    }

    /// A new caller on the trunk who has not dialled yet.
    pub fn caller(&mut self, from: &str) -> Desk {
        self.phone(from, "", 20, ringing())
    }

    /// A person on the trunk dials.
    pub fn dials_from_trunk(&mut self, desk: Desk, number: &str, from: &str) -> Line {
        let who =
            Identity { number: from.to_owned(), display: String::new(), asserted: Some(from.to_owned()) };
        let call = self.act(desk, |phone, now| phone.call_as(&who, number, now));
        self.line(desk, call)
    }

    /// A person dials with their own identity.
    pub fn dials(&mut self, desk: Desk, number: &str) -> Line {
        let call = self.act(desk, |phone, now| phone.call(number, now));
        self.line(desk, call)
    }

    /// A person dials without an offer.
    pub fn dials_without_offer(&mut self, desk: Desk, number: &str) -> Line {
        let call = self.act(desk, |phone, now| phone.call_with_late_offer(number, now));
        self.line(desk, call)
    }

    /// Ends a call in any state.
    pub fn hangs_up(&mut self, line: Line) {
        self.act(line.desk, |phone, now| phone.hang_up(line.call, now));
    }

    /// Answers a ringing call.
    pub fn answers(&mut self, line: Line) {
        self.act(line.desk, |phone, now| phone.answer(line.call, now));
    }

    /// Puts the other side on hold.
    pub fn holds(&mut self, line: Line) {
        self.act(line.desk, |phone, now| phone.hold(line.call, now));
    }

    /// Ends the hold.
    pub fn resumes(&mut self, line: Line) {
        self.act(line.desk, |phone, now| phone.resume(line.call, now));
    }

    /// Transfers the other side without consultation.
    pub fn passes_on(&mut self, line: Line, target: &str) {
        self.act(line.desk, |phone, now| phone.blind_transfer(line.call, target, now));
    }

    /// Transfers the peer to the given Refer-To.
    pub fn refers(&mut self, line: Line, refer_to: &str) {
        self.act(line.desk, |phone, now| phone.refer_to(line.call, refer_to, now));
    }

    /// Transfers by joining the peers of two calls.
    pub fn joins(&mut self, line: Line, consult: Line) {
        self.act(line.desk, |phone, now| phone.attended_transfer(line.call, consult.call, now));
    }

    /// Changes the behaviour from the next call on.
    pub fn behaves(&mut self, desk: Desk, behaviour: Behaviour) {
        self.act(desk, |phone, _| phone.behave(behaviour));
    }

    /// Unplugs the phone: it sends and receives nothing any more.
    pub fn vanishes(&mut self, desk: Desk) {
        self.desks[desk.0].gone = true;
        self.desks[desk.0].due = None;
        self.due.retain(|&(_, waiting)| waiting != desk);
    }

    /// The registered phone is played by hand from now on, with messages that it could not write.
    pub fn is_played_by_hand(&mut self, desk: Desk) -> SocketAddr {
        self.vanishes(desk);
        let address = self.address_of(desk);
        self.by_address.remove(&address);
        address
    }

    /// Presses a key, received by the media plane.
    pub fn presses(&mut self, line: Line, digit: char) {
        let stream = self.stream_of(line).expect("a stream is agreed").0;
        self.media_says(MediaEvent::Digit { stream, digit });
    }

    /// Presses a key, sent by INFO.
    pub fn presses_by_info(&mut self, line: Line, digit: char) {
        self.act(line.desk, |phone, now| phone.send_digit_info(line.call, digit, now));
    }

    /// No media port can be opened for this long, because there are no descriptors.
    pub fn cannot_open_ports_for(&mut self, span: Duration) {
        self.media.no_room_until = Some(self.now + span);
    }

    /// Another program takes this many of the next ports.
    pub fn takes_ports(&mut self, many: u32) {
        self.media.ports_taken += many;
    }

    /// Stops sending voice, as seen by the media plane.
    pub fn falls_silent(&mut self, line: Line) {
        let stream = self.stream_of(line).expect("a stream is agreed").0;
        self.media_says(MediaEvent::Inactive { stream });
    }

    /// The latest call that came in at a desk.
    pub fn last_incoming(&self, desk: Desk) -> Option<Line> {
        self.events(desk).iter().rev().find_map(|event| match event {
            PhoneEvent::Incoming { call, .. } => Some(Line { desk, call: *call }),
            _ => None,
        })
    }

    /// Waits until a new call rings at a desk.
    pub fn rings_at(&mut self, desk: Desk) -> Line {
        let before = self.count_events(desk, |event| matches!(event, PhoneEvent::Incoming { .. }));
        if let Some(line) =
            self.last_incoming(desk).filter(|line| !self.is_over(*line) && !self.is_talking(*line))
        {
            return line;
        }
        self.until("a phone rings", secs(60), |stage| {
            stage.count_events(desk, |event| matches!(event, PhoneEvent::Incoming { .. })) > before
        });
        self.last_incoming(desk).expect("it rang")
    }

    /// Waits until the two talk to each other; returns the agent's call.
    pub fn talks_to(&mut self, caller: Line, agent: Desk) -> Line {
        self.until("caller and agent talk", secs(90), |stage| {
            stage.last_incoming(agent).is_some_and(|line| stage.hear_each_other(caller, line))
        });
        self.last_incoming(agent).expect("it rang")
    }
}
