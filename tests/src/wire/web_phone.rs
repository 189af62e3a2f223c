//! A simulated browser on real sockets: SIP by rsip over a WebSocket, and the voice of webrtc-rs over UDP.
#![expect(clippy::disallowed_methods, reason = "a test on real sockets measures real time")]

use core::time::Duration;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::Instant;

use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message, WebSocket, client};
use turno_browser_phone::BrowserPhone;
use turno_ground::{Rng, Secret};
use turno_media_plan::sdp::TELEPHONE_EVENT_TYPE;
use turno_media_plan::{Codec, Direction, Encoding};
use turno_phone::{Behaviour, Heard, PhoneEvent, PhoneSettings, Sound, Voice};
use turno_shell::Clock;

/// How long one look at the WebSocket takes at most.
const LOOK_SPAN: Duration = Duration::from_millis(2);
/// How long a test waits for something.
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest packet.
const PACKET_BYTES: usize = 2_000;

/// A page with a phone. It lives while the test waits for something.
pub struct WebPhone {
    phone: BrowserPhone,
    web: WebSocket<TcpStream>,
    udp: UdpSocket,
    clock: Clock,
    voice: Voice,
    events: Vec<PhoneEvent>,
}

impl WebPhone {
    /// A page that connects to the API at `to`, with the cookie of its session, as this seat.
    pub fn opens(to: SocketAddr, seat: &str, cookie: &str, sound: Sound, behaviour: Behaviour) -> Self {
        let stream = TcpStream::connect(to).expect("it listens");
        let local = stream.local_addr().expect("it is connected");
        let mut request = format!("ws://{to}/sip").into_client_request().expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", "sip".parse().expect("a value"));
        request.headers_mut().insert("cookie", cookie.parse().expect("a value"));
        let (web, _) = client(request, stream).expect("turno takes it");
        web.get_ref().set_read_timeout(Some(LOOK_SPAN)).expect("a socket");
        let udp = UdpSocket::bind((local.ip(), 0)).expect("a port");
        udp.set_nonblocking(true).expect("a socket");
        let settings = PhoneSettings {
            user: seat.to_owned(),
            password: Secret::new("unknown"),
            domain: "turno".to_owned(),
            server: to,
            local,
            rtp: udp.local_addr().expect("it is bound"),
            codecs: vec![Codec::Pcma],
            expires: Duration::from_secs(300),
            behaviour,
        };
        let clock = Clock::new();
        let mut rng = Rng::new(u64::from(local.port()));
        let mut voice = Voice::new(sound, &mut rng);
        let encoding = Encoding::new(Codec::Pcma, Codec::Pcma.payload_type(), Some(TELEPHONE_EVENT_TYPE));
        voice.agree(encoding, Direction::SendRecv, clock.now());
        let phone = BrowserPhone::new(settings, rng, udp.local_addr().expect("it is bound"));
        Self { phone, web, udp, clock, voice, events: Vec::new() }
    }

    /// What a person does with it.
    pub fn does(&mut self, verb: impl FnOnce(&mut turno_phone::Phone, turno_ground::Moment)) {
        verb(self.phone.phone(), self.clock.now());
        self.lives();
    }

    /// Lives until this event has come.
    pub fn waits_for(&mut self, what: &str, is_it: impl Fn(&PhoneEvent) -> bool) -> PhoneEvent {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(place) = self.events.iter().position(&is_it) {
                return self.events.remove(place);
            }
            self.lives();
        }
        panic!("never: {what}; {:?}", self.events);
    }

    /// Lives until what it has heard is so, and returns how long that took.
    pub fn hears(&mut self, what: &str, is_so: impl Fn(&Heard) -> bool) -> Duration {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if is_so(self.voice.heard()) {
                return began.elapsed();
            }
            self.lives();
        }
        panic!("never heard: {what}; {:?}", self.voice.heard());
    }

    /// Lives for so long.
    pub fn lives_for(&mut self, span: Duration) {
        let until = Instant::now() + span;
        while Instant::now() < until {
            self.lives();
        }
    }

    fn lives(&mut self) {
        let now = self.clock.now();
        match self.web.read() {
            Ok(Message::Text(text)) => self.phone.handle_message(text.as_bytes(), now, Instant::now()),
            Ok(Message::Binary(bytes)) => self.phone.handle_message(&bytes, now, Instant::now()),
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_) | Message::Close(_)) => {}
            Err(Error::Io(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) => panic!("the WebSocket has ended: {error}"),
        }
        let mut packet = [0; PACKET_BYTES];
        while let Ok((length, from)) = self.udp.recv_from(&mut packet) {
            if let Some(voice) = self.phone.voice() {
                voice.handle_datagram(from, &packet[..length], Instant::now());
            }
        }
        self.speaks();
        self.phone.handle_deadlines(self.clock.now(), Instant::now());
        while let Some(message) = self.phone.poll_message(Instant::now()) {
            let text = String::from_utf8(message.to_vec()).expect("our phones write UTF-8");
            self.web.send(Message::text(text)).expect("turno reads");
        }
        if let Some(voice) = self.phone.voice() {
            while let Some((to, packet)) = voice.poll_datagram() {
                let _ = self.udp.send_to(&packet, to);
            }
        }
        while let Some(event) = self.phone.poll_event() {
            self.events.push(event);
        }
        let faults = self.phone.take_faults();
        assert!(faults.is_empty(), "{faults:?}");
    }

    fn speaks(&mut self) {
        let now = self.clock.now();
        let Some(voice) = self.phone.voice() else { return };
        while self.voice.next_deadline().is_some_and(|at| at <= now) {
            let Some(packet) = self.voice.poll_packet(now) else { break };
            voice.say(&packet, Instant::now()).expect("webrtc-rs takes it");
        }
        while let Some(packet) = voice.poll_heard() {
            self.voice.handle_packet(&packet, now);
        }
    }
}
