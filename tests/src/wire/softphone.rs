//! Our own phone on a real socket: it uses rsip, so that two parsers are compared on the wire too.

use core::time::Duration;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::net::UnixDatagram;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use turno_ground::{Moment, Transport};
use turno_media_plan::sdp::TELEPHONE_EVENT_TYPE;
use turno_media_plan::{Encoding, KeyMint, SrtpPolicy, Suite};
use turno_phone::{Behaviour, CallId, Identity, Phone, PhoneEvent, Sound};
use turno_shell::Clock;

use crate::wire::came::{Came, LineNews};
use crate::wire::cutter::Cutter;
use crate::wire::link::{CONNECT_INTERVAL, Link, Tls};
use crate::wire::phone_of::phone;
use crate::wire::plain::{Plain, Redial};
use crate::wire::server::Server;
use crate::wire::talker::Talker;

/// How long a test waits for an event at a phone: longer than any SIP transaction.
const PATIENCE: Duration = Duration::from_secs(90);
/// Interval between two checks of a phone.
const LOOK_SPAN: Duration = Duration::from_millis(20);
/// The longest sleep of an idle phone.
const NAP: Duration = Duration::from_secs(60);

type Verb = Box<dyn FnOnce(&mut Living) + Send>;

/// A phone with its own thread; when dropped, it disappears without a message, like one with an empty battery.
#[derive(Debug)]
pub struct Softphone {
    verbs: Option<Sender<Verb>>,
    bell: UnixDatagram,
    events: Receiver<PhoneEvent>,
    line_news: Receiver<LineNews>,
    seen: Vec<PhoneEvent>,
    thread: Option<JoinHandle<()>>,
}

impl Softphone {
    /// An agent's phone at the address of peer 2 that answers at once; registered when this returns.
    pub fn agent(server: &Server, user: &str) -> Self {
        let behaviour = Behaviour::answering(Duration::ZERO);
        let mut phone = Self::new(server, user, server.peer(2), behaviour);
        phone.does(Phone::register);
        phone.waits_for("the registration", |event| *event == PhoneEvent::Registered);
        phone
    }

    /// A carrier's phone at the address of peer 3.
    pub fn line(server: &Server) -> Self {
        Self::new(server, "line", server.peer(3), Behaviour::default())
    }

    /// A telephone behind the carrier, which stands at this port of the server's address; it is picked up at once.
    pub fn outside(server: &Server, number: &str, port: u16) -> Self {
        let link = Link::datagrams_at(SocketAddr::new(server.sip().ip(), port), server.sip());
        Self::over_udp((server, number), link, Behaviour::answering(Duration::ZERO))
    }

    /// An agent's phone as above, over TLS and with these SRTP suites for each leg.
    pub fn agent_over(server: &Server, user: &str, tls: &Tls, suites: &[Suite]) -> Self {
        let behaviour = Behaviour::answering(Duration::ZERO);
        let mut phone = Self::over_tls(server, (user, server.peer(2)), behaviour, (tls, suites), true);
        phone.waits_for("the registration", |event| *event == PhoneEvent::Registered);
        phone
    }

    /// A carrier's phone as above, over TLS and with these SRTP suites for each leg; without suites, plain RTP.
    pub fn line_over(server: &Server, tls: &Tls, suites: &[Suite]) -> Self {
        Self::over_tls(server, ("line", server.peer(3)), Behaviour::default(), (tls, suites), false)
    }

    /// An agent's phone as above, over TCP through `cutter`; it opens another connection when one is cut.
    pub fn agent_by(server: &Server, user: &str, cutter: &Cutter) -> Self {
        let behaviour = Behaviour::answering(Duration::ZERO);
        let mut phone = Self::over_tcp(server, (user, server.peer(2)), behaviour, (cutter, Redial::AtOnce));
        phone.waits_for("the registration", |event| *event == PhoneEvent::Registered);
        phone
    }

    /// A carrier's phone as above, over TCP through `cutter`.
    pub fn line_by(server: &Server, cutter: &Cutter, redial: Redial) -> Self {
        Self::over_tcp(server, ("line", server.peer(3)), Behaviour::default(), (cutter, redial))
    }

    fn over_tcp(
        server: &Server,
        (user, ip): (&str, IpAddr),
        behaviour: Behaviour,
        (cutter, redial): (&Cutter, Redial),
    ) -> Self {
        // The port is free for TCP too, because no other test has this address.
        let local = Link::datagrams(ip, server.sip()).local().expect("it is bound");
        let registers = behaviour.answer_after.is_some();
        let phone = phone(server.sip(), user, local, behaviour).over(Transport::Tcp);
        Self::start(phone, Link::Plain(Plain::new(local, cutter.at(), redial)), registers)
    }

    fn new(server: &Server, user: &str, ip: IpAddr, behaviour: Behaviour) -> Self {
        // An even port, so that no two phones of an address have the same RTP port.
        let mut links = core::iter::repeat_with(|| Link::datagrams(ip, server.sip()));
        let link = links.find(|link| link.local().is_some_and(|local| local.port() % 2 == 0));
        Self::over_udp((server, user), link.expect("half of the ports are even"), behaviour)
    }

    fn over_udp((server, user): (&Server, &str), link: Link, behaviour: Behaviour) -> Self {
        let phone = phone(server.sip(), user, link.local().expect("it is bound"), behaviour);
        Self::start(phone, link, false)
    }

    fn over_tls(
        server: &Server,
        (user, ip): (&str, IpAddr),
        behaviour: Behaviour,
        (tls, suites): (&Tls, &[Suite]),
        registers: bool,
    ) -> Self {
        // Nothing listens there: requests to this phone must use the connection that it has opened.
        let local = Link::datagrams(ip, server.sip()).local().expect("it is bound");
        let mut secret = [0; 32];
        secret[..2].copy_from_slice(&local.port().to_be_bytes());
        let phone = phone(server.sips(), user, local, behaviour).over(Transport::Tls);
        let phone = match suites {
            [] => phone,
            [..] => phone.with_srtp(SrtpPolicy::Required, suites, KeyMint::new(secret)),
        };
        Self::start(phone, Link::encrypted(tls, server.sips()), registers)
    }

    fn start(phone: Phone, link: Link, registers: bool) -> Self {
        let (verbs, asked) = channel();
        let (tell, events) = channel();
        let (tell_line, line_news) = channel();
        let (bell, rung) = UnixDatagram::pair().expect("two ends");
        rung.set_nonblocking(true).expect("an end that does not wait");
        let living = Living { phone, clock: Clock::new(), link, registers, asked, rung, tell, tell_line };
        let thread = std::thread::spawn(|| living.run());
        Self { verbs: Some(verbs), bell, events, line_news, seen: Vec::new(), thread: Some(thread) }
    }

    /// Runs an action on the phone.
    pub fn does(&self, verb: impl FnOnce(&mut Phone, Moment) + Send + 'static) {
        self.orders(|living| verb(&mut living.phone, living.clock.now()));
    }

    fn orders(&self, verb: impl FnOnce(&mut Living) + Send + 'static) {
        let verbs = self.verbs.as_ref().expect("only a drop takes them");
        verbs.send(Box::new(verb)).expect("the phone's thread lives");
        self.bell.send(&[1]).expect("the phone's thread lives");
    }

    /// Sends a keep-alive (RFC 5626, 3.5.1).
    pub fn pings(&self) {
        self.orders(|living| living.link.send(b"\r\n\r\n"));
    }

    /// Cuts its connection; it opens another.
    pub fn is_cut_off(&self) {
        self.orders(|living| living.link.cut());
        assert_eq!(self.line_news(), LineNews::Cut);
        assert!(matches!(self.line_news(), LineNews::Connected(..)));
    }

    /// The next event of its connection.
    pub fn line_news(&self) -> LineNews {
        self.line_news.recv_timeout(PATIENCE).expect("something happens to the connection")
    }

    /// Whether there is an event of its connection that was not read yet.
    pub fn has_line_news(&self) -> Option<LineNews> {
        self.line_news.try_recv().ok()
    }

    /// The SRTP keys of a call.
    pub fn suite(&self, call: CallId) -> Option<Suite> {
        let (tell, told) = channel();
        self.does(move |phone, _| {
            let _ = tell.send(phone.protection(call).map(|it| it.ours.suite()));
        });
        told.recv_timeout(PATIENCE).expect("a verb is done at once")
    }

    /// A caller with this number calls over the trunk.
    pub fn calls(&self, from: &str, number: &str) -> CallId {
        let (tell, told) = channel();
        let who = Identity { number: from.to_owned(), display: String::new(), asserted: None };
        let number = number.to_owned();
        self.does(move |phone, now| {
            let _ = tell.send(phone.call_as(&who, &number, now));
        });
        told.recv_timeout(PATIENCE).expect("a verb is done at once")
    }

    /// Dials with its registered identity.
    pub fn dials(&self, number: &str) {
        let number = number.to_owned();
        self.does(move |phone, now| {
            let _ = phone.call(&number, now);
        });
    }

    /// Hangs a call up.
    pub fn hangs_up(&self, call: CallId) {
        self.does(move |phone, now| phone.hang_up(call, now));
    }

    /// Waits for an event; an event is returned only once.
    pub fn waits_for(&mut self, what: &str, is_it: impl Fn(&PhoneEvent) -> bool) -> PhoneEvent {
        if let Some(place) = self.seen.iter().position(&is_it) {
            return self.seen.remove(place);
        }
        let clock = Clock::new();
        let end = clock.now() + PATIENCE;
        loop {
            let Ok(event) = self.events.recv_timeout(end.since(clock.now())) else {
                panic!("never at the phone: {what}; seen were {:#?}", self.seen);
            };
            if is_it(&event) {
                return event;
            }
            self.seen.push(event);
        }
    }

    /// Waits until a call is confirmed.
    pub fn is_answered(&mut self, call: CallId) {
        self.waits_for(
            "an answer",
            |event| matches!(event, PhoneEvent::Answered { call: it, .. } if *it == call),
        );
    }

    /// Waits until a call was refused, and returns the status.
    pub fn is_refused(&mut self, call: CallId) -> u16 {
        let event = self.waits_for(
            "a refusal",
            |event| matches!(event, PhoneEvent::Refused { call: it, .. } if *it == call),
        );
        let PhoneEvent::Refused { status, .. } = event else { unreachable!("it was chosen so") };
        status
    }

    /// Waits until the other side has hung a call up.
    pub fn is_hung_up_on(&mut self) {
        self.waits_for("the other's goodbye", |event| {
            matches!(event, PhoneEvent::Ended { by_us: false, .. })
        });
    }

    /// Sends `sound` in the next call whose media is agreed, and listens there.
    pub fn speaks(&mut self, sound: Sound) -> Talker {
        let media = self.waits_for("media", |event| matches!(event, PhoneEvent::Media { .. }));
        let PhoneEvent::Media { local_rtp, remote_rtp, encoding, .. } = media else {
            unreachable!("it was chosen so")
        };
        Talker::new(local_rtp, Some(remote_rtp), sound, encoding)
    }

    /// Listens at a call's RTP port before media is agreed, for example to music. `lane` is the call's index among the
    /// concurrent ones, from 0.
    pub fn listens_early(&self, lane: u16) -> Talker {
        let (tell, told) = channel();
        self.does(move |phone, _| {
            let _ = tell.send((phone.settings().rtp, phone.settings().codecs[0]));
        });
        let (mut at, codec) = told.recv_timeout(PATIENCE).expect("a verb is done at once");
        at.set_port(at.port() + 2 * lane);
        let encoding = Encoding::new(codec, codec.payload_type(), Some(TELEPHONE_EVENT_TYPE));
        Talker::new(at, None, Sound::Silence, encoding)
    }

    /// Waits until each request of this phone has its final response.
    pub fn has_its_answers(&self) {
        for _ in 0..PATIENCE.as_millis() / LOOK_SPAN.as_millis() {
            let (tell, told) = channel();
            self.does(move |phone, _| {
                let _ = tell.send(phone.waits_for_answers());
            });
            if told.recv_timeout(PATIENCE) == Ok(false) {
                return;
            }
            let _ = poll(&mut [], Some(&Timespec::try_from(LOOK_SPAN).expect("a look is short")));
        }
        panic!("a request of the phone is never answered");
    }

    /// The first received event of this kind that was not read yet.
    pub fn has_seen(&mut self, is_it: impl Fn(&PhoneEvent) -> bool) -> Option<&PhoneEvent> {
        self.seen.extend(self.events.try_iter());
        self.seen.iter().find(|event| is_it(event))
    }

    /// Asserts that no received message violated the rules.
    pub fn is_in_order(&mut self) {
        assert_eq!(self.has_seen(|event| matches!(event, PhoneEvent::Confused { .. })), None);
    }

    /// Asserts that no received message violated the rules, and that no call was ended by the other side.
    pub fn is_at_peace(&mut self) {
        let bad =
            self.has_seen(|event| matches!(event, PhoneEvent::Confused { .. } | PhoneEvent::Ended { .. }));
        assert_eq!(bad, None);
    }
}

impl Drop for Softphone {
    fn drop(&mut self) {
        drop(self.verbs.take());
        // The thread may have ended already; then the bell has no effect.
        let _ = self.bell.send(&[1]);
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the phone panicked");
        }
    }
}

/// The state of the phone's thread.
struct Living {
    phone: Phone,
    clock: Clock,
    link: Link,
    /// Whether it registers again with each new connection.
    registers: bool,
    asked: Receiver<Verb>,
    rung: UnixDatagram,
    tell: Sender<PhoneEvent>,
    tell_line: Sender<LineNews>,
}

impl Living {
    fn run(mut self) {
        loop {
            self.link.connect();
            self.take_in();
            match self.asked.try_recv() {
                Ok(verb) => verb(&mut self),
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => self.wait_for_news(),
            }
            self.phone.handle_deadlines(self.clock.now());
            self.give_out();
        }
    }

    fn take_in(&mut self) {
        while let Some(came) = self.link.receive() {
            match came {
                Came::Message(bytes) => self.phone.handle_datagram(&bytes, self.clock.now()),
                Came::News(news) => {
                    if self.registers && matches!(news, LineNews::Connected(..) | LineNews::Opened) {
                        self.phone.register(self.clock.now());
                    }
                    let _ = self.tell_line.send(news);
                }
            }
        }
    }

    fn give_out(&mut self) {
        while let Some(bytes) = self.phone.poll_transmit() {
            self.link.send(&bytes);
        }
        while let Some(event) = self.phone.poll_event() {
            let _ = self.tell.send(event);
        }
    }

    fn wait_for_news(&mut self) {
        self.give_out();
        let now = self.clock.now();
        let nap = if self.link.is_waiting_to_connect() { CONNECT_INTERVAL } else { NAP };
        let span = self.phone.next_deadline().map_or(nap, |due| due.since(now).min(nap));
        let span = Timespec::try_from(span).expect("a nap is short");
        let mut wanted = vec![PollFd::new(&self.rung, PollFlags::IN)];
        let descriptors = self.link.descriptors();
        wanted.extend(descriptors.into_iter().map(|it| PollFd::from_borrowed_fd(it, PollFlags::IN)));
        // An interrupted wait is a short wait: everything is checked again.
        let _ = poll(&mut wanted, Some(&span));
        while self.rung.recv(&mut [0; 8]).is_ok() {}
    }
}
