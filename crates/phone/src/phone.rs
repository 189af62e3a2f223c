//! The phone: what it owns, what goes in and what comes out.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;

use bytes::Bytes;
use rsip::headers::Header;
use rsip::{Method, Request, SipMessage};
use turno_ground::{Dice, Lookup, Moment, Timers, Transport};
use turno_media_plan::Direction;
use turno_media_plan::sdp::Agreed;

use crate::call::{Call, Life};
use crate::client::{self, Client, ClientKey, Phase, Purpose, T1};
use crate::digest::Challenge;
use crate::event::{CallId, PhoneEvent};
use crate::keys::Keys;
use crate::reading;
use crate::registered::Registration;
use crate::server::{Server, ServerKey};
use crate::settings::PhoneSettings;
use crate::writing::{self, Draft};

/// What a phone waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Deadline {
    /// When our request is repeated (timers A and E).
    Repeat(ClientKey),
    /// When our request is given up, or forgotten if it was answered (timers B, D, F and K).
    GiveUp(ClientKey),
    /// When our refusal of an INVITE is repeated (timer G).
    RepeatRefusal(ServerKey),
    /// When a request of the peer is forgotten (timers H, I and J).
    Forget(ServerKey),
    /// When our 200 to INVITE is repeated.
    RepeatAnswer(CallId),
    /// When we no longer wait for ACK.
    NoAck(CallId),
    /// When the phone answers or refuses by itself.
    Behave(CallId),
    /// When the phone hangs up by itself.
    TalkedEnough(CallId),
    /// When a hold that met the peer's own re-INVITE is tried again (RFC 3261, 14.1).
    TryAgain(CallId),
    /// When a call that is over is forgotten.
    Bury(CallId),
    /// When the registration is refreshed, or tried again.
    Register,
}

/// A softphone, or a caller on a trunk if it is never told to register.
#[derive(Debug)]
pub struct Phone {
    pub(crate) settings: PhoneSettings,
    pub(crate) dice: Dice,
    /// Our address of record in angle brackets.
    pub(crate) own: String,
    /// Our Contact.
    pub(crate) contact: String,
    pub(crate) transport: Transport,
    /// What it knows of SRTP, if anything.
    pub(crate) keys: Option<Keys>,
    pub(crate) calls: BTreeMap<CallId, Call>,
    pub(crate) by_sip_id: Lookup<String, CallId>,
    pub(crate) clients: BTreeMap<ClientKey, Client>,
    pub(crate) servers: BTreeMap<ServerKey, Server>,
    pub(crate) by_name: Lookup<String, ServerKey>,
    pub(crate) timers: Timers<Deadline>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) registration: Registration,
    free_lanes: BTreeSet<u16>,
    next_lane: u16,
    last_number: u64,
    transmits: VecDeque<Bytes>,
    events: VecDeque<PhoneEvent>,
}

impl Phone {
    /// A phone that does nothing until a verb is called or a datagram comes.
    pub fn new(settings: PhoneSettings, mut dice: Dice) -> Self {
        let seed = dice.number();
        let own = format!("<sip:{}@{}>", escape(&settings.user), settings.domain);
        let contact = format!("<sip:{}@{}>", escape(&settings.user), settings.local);
        let registration = Registration::new(&mut dice);
        Self {
            settings,
            dice,
            own,
            contact,
            transport: Transport::Udp,
            keys: None,
            calls: BTreeMap::new(),
            by_sip_id: Lookup::new(seed),
            clients: BTreeMap::new(),
            servers: BTreeMap::new(),
            by_name: Lookup::new(seed),
            timers: Timers::new(seed),
            challenge: None,
            registration,
            free_lanes: BTreeSet::new(),
            next_lane: 0,
            last_number: 0,
            transmits: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// Takes what arrived in one UDP packet.
    pub fn handle_datagram(&mut self, bytes: &[u8], now: Moment) {
        if bytes.iter().all(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
            return; // a keep-alive
        }
        let message = match SipMessage::try_from(bytes) {
            Ok(message) => message,
            Err(error) => return self.confused(format!("rsip cannot read a message: {error}")),
        };
        match message {
            SipMessage::Request(request) => {
                if let Some(fault) = reading::fault(&request.headers, &request.body, true) {
                    self.confused(format!("{} with {fault}", request.method));
                } else {
                    self.on_request(request, now);
                }
            }
            SipMessage::Response(response) => {
                if let Some(fault) = reading::fault(&response.headers, &response.body, false) {
                    self.confused(format!("{} with {fault}", response.status_code.code()));
                } else {
                    self.on_response(response, now);
                }
            }
        }
    }

    /// Does what is due.
    pub fn handle_deadlines(&mut self, now: Moment) {
        while let Some((_, deadline)) = self.timers.pop_due(now) {
            match deadline {
                Deadline::Repeat(key) => self.on_repeat(key, now),
                Deadline::GiveUp(key) => self.on_give_up(key, now),
                Deadline::RepeatRefusal(key) => self.on_repeat_refusal(key, now),
                Deadline::Forget(key) => self.on_forget(key),
                Deadline::RepeatAnswer(call) => self.on_repeat_answer(call, now),
                Deadline::NoAck(call) => self.on_no_ack(call, now),
                Deadline::Behave(call) => self.on_behave(call, now),
                Deadline::TalkedEnough(call) => self.hang_up(call, now),
                Deadline::TryAgain(call) => self.on_try_again(call, now),
                Deadline::Bury(call) => self.on_bury(call),
                Deadline::Register => self.on_register_due(now),
            }
        }
    }

    /// When [`Self::handle_deadlines`] is to be called next. It may change with every other call.
    pub fn next_deadline(&mut self) -> Option<Moment> {
        self.timers.next_deadline()
    }

    /// The next datagram to send to [`PhoneSettings::server`], `None` until the next input.
    pub fn poll_transmit(&mut self) -> Option<Bytes> {
        self.transmits.pop_front()
    }

    /// The next event, `None` until the next input.
    pub fn poll_event(&mut self) -> Option<PhoneEvent> {
        self.events.pop_front()
    }

    /// What the phone was made with.
    pub fn settings(&self) -> &PhoneSettings {
        &self.settings
    }

    /// Changes what the phone does by itself from the next call on.
    pub fn behave(&mut self, behaviour: crate::settings::Behaviour) {
        self.settings.behaviour = behaviour;
    }

    /// How many calls are not over.
    pub fn calls_standing(&self) -> usize {
        self.calls.values().filter(|call| call.is_alive()).count()
    }

    /// Whether a call of this phone is confirmed and not over.
    pub fn is_talking(&self, call: CallId) -> bool {
        self.calls.get(&call).is_some_and(|call| call.life == Life::Talking)
    }

    pub(crate) fn transmit(&mut self, bytes: Bytes) {
        self.transmits.push_back(bytes);
    }

    pub(crate) fn tell(&mut self, event: PhoneEvent) {
        self.events.push_back(event);
    }

    pub(crate) fn confused(&mut self, what: String) {
        self.tell(PhoneEvent::Confused { what });
    }

    /// The next number for a call or a request.
    pub(crate) fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    pub(crate) fn token(&mut self) -> String {
        String::from_utf8_lossy(&self.dice.token::<16>()).into_owned()
    }

    pub(crate) fn take_lane(&mut self) -> u16 {
        self.free_lanes.pop_first().unwrap_or_else(|| {
            self.next_lane = self.next_lane.wrapping_add(1);
            self.next_lane.wrapping_sub(1)
        })
    }

    pub(crate) fn give_lane_back(&mut self, lane: u16) {
        self.free_lanes.insert(lane);
    }

    /// Where the RTP of the call on `lane` arrives.
    pub(crate) fn rtp_of(&self, lane: u16) -> SocketAddr {
        let first = self.settings.rtp;
        SocketAddr::new(first.ip(), first.port().wrapping_add(lane.wrapping_mul(2)))
    }

    pub(crate) fn via(&self, branch: &str) -> String {
        format!("SIP/2.0/{} {};branch={branch};rport", self.transport.via_name(), self.settings.local)
    }

    /// Sends a new request; `build` writes it around the Via value it is given.
    pub(crate) fn ask(
        &mut self,
        purpose: Purpose,
        now: Moment,
        build: impl FnOnce(&Self, String) -> Request,
    ) -> ClientKey {
        let key = ClientKey { number: self.number(), is_cancel: false };
        let branch = client::branch(key.number, &self.dice.token::<16>());
        let mut request = build(self, self.via(&branch));
        if matches!(purpose, Purpose::Register | Purpose::Unregister | Purpose::Invite(_)) {
            self.sign(&mut request);
        }
        self.start(key, branch, request, purpose, 0, now);
        key
    }

    /// Adds credentials if the server has challenged us before.
    fn sign(&mut self, request: &mut Request) {
        let credentials = (self.settings.user.as_str(), self.settings.password.reveal());
        if let Some(challenge) = &mut self.challenge {
            let method = request.method.to_string();
            let uri = request.uri.to_string();
            request.headers.push(challenge.answer(credentials, (&method, &uri), &mut self.dice));
        }
    }

    /// Sends `request` and repeats it until it is answered.
    pub(crate) fn start(
        &mut self,
        key: ClientKey,
        branch: String,
        request: Request,
        purpose: Purpose,
        answered_challenges: u8,
        now: Moment,
    ) {
        let bytes = Bytes::from(request.to_string());
        self.transmit(bytes.clone());
        if !self.transport.is_reliable() {
            self.timers.set(Deadline::Repeat(key), now + T1);
        }
        self.timers.set(Deadline::GiveUp(key), now + client::GIVE_UP);
        let client = Client {
            branch,
            request,
            bytes,
            phase: Phase::Trying,
            interval: T1,
            purpose,
            answered_challenges,
            ack: None,
        };
        self.clients.insert(key, client);
    }

    /// Sends a request inside the dialog of `call`.
    pub(crate) fn ask_in_dialog(
        &mut self,
        id: CallId,
        purpose: Purpose,
        method: Method,
        (extra, body): (Vec<Header>, Option<writing::Body>),
        now: Moment,
    ) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.local_cseq += 1;
        self.ask(purpose, now, |phone, via| phone.dialog_request(id, method, via, extra, body));
    }

    /// A request inside the dialog of the call `id`, with its present CSeq number.
    pub(crate) fn dialog_request(
        &self,
        id: CallId,
        method: Method,
        via: String,
        extra: Vec<Header>,
        body: Option<writing::Body>,
    ) -> Request {
        let call = self.calls.get(&id).expect("the caller holds the id of a call that stands");
        let contact = matches!(method, Method::Invite | Method::Refer).then_some(self.contact.as_str());
        writing::request(Draft {
            method,
            target: &call.target,
            via,
            routes: &call.routes,
            from: &call.local,
            to: &call.remote,
            call_id: &call.sip_id,
            cseq: call.local_cseq,
            contact,
            extra,
            body,
        })
    }

    /// Tells what was agreed for a call.
    pub(crate) fn tell_media(&mut self, id: CallId, agreed: Agreed) {
        let Some(call) = self.calls.get(&id) else { return };
        let local_rtp = self.rtp_of(call.lane);
        let Agreed { remote: remote_rtp, encoding, direction, srtp: _ } = agreed;
        self.tell(PhoneEvent::Media { call: id, local_rtp, remote_rtp, encoding, direction });
    }

    /// Marks a call as confirmed.
    pub(crate) fn confirm(&mut self, id: CallId, now: Moment) {
        let talk_for = self.settings.behaviour.talk_for;
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.life = Life::Talking;
        let agreed = call.negotiation.agreed().copied();
        if let Some(span) = talk_for {
            self.timers.set(Deadline::TalkedEnough(id), now + span);
        }
        self.tell(PhoneEvent::Answered {
            call: id,
            remote_rtp: agreed.map(|agreed| agreed.remote),
            codec: agreed.map(|agreed| agreed.encoding.codec),
        });
    }

    /// Ends a call and tells `event`; its dialog stays for a while so that crossing requests find it.
    pub(crate) fn end(&mut self, id: CallId, event: PhoneEvent, now: Moment) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        if !call.is_alive() {
            return;
        }
        call.life = Life::Ended;
        call.unconfirmed = None;
        let lane = call.lane;
        self.give_lane_back(lane);
        for deadline in [
            Deadline::RepeatAnswer(id),
            Deadline::NoAck(id),
            Deadline::Behave(id),
            Deadline::TalkedEnough(id),
            Deadline::TryAgain(id),
        ] {
            self.timers.cancel(&deadline);
        }
        self.timers.set(Deadline::Bury(id), now + client::GIVE_UP + Duration::from_secs(1));
        self.tell(event);
    }

    fn on_bury(&mut self, id: CallId) {
        if let Some(call) = self.calls.remove(&id) {
            self.by_sip_id.remove(&call.sip_id);
        }
    }
}

/// The direction that an offer asks for when the phone holds, or not.
pub(crate) const fn asking(hold: bool) -> Direction {
    if hold { Direction::SendOnly } else { Direction::SendRecv }
}

/// A number as the user part of a URI: `#` may not stand there.
pub(crate) fn escape(number: &str) -> String {
    number.replace('%', "%25").replace('#', "%23").replace(' ', "%20")
}
