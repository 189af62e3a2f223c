//! Identifies the sender of a request, and handles REGISTER.

use turno_ground::{Flow, Moment};
use turno_media_plan::SrtpPolicy;
use turno_model::{Fact, SeatId};
use turno_sip::{Message, Name, Reply, ServerKey, Verdict};

use crate::engine::Engine;
use crate::peer::Peer;
use crate::seats::{Phone, Registering, SeatOutput};
use crate::srtp_policy::seat_srtp;
use crate::user::user_of;

/// Warning for a phone that must use SRTP but whose transport would expose the keys.
const NEEDS_TLS: &str = "399 turno \"This seat requires SRTP, and its keys may only travel over TLS\"";

/// Warning for a browser whose agent has opened another desk since.
const LED_ELSEWHERE: &str = "399 turno \"Another desk of this agent is in use\"";

impl Engine {
    /// Identifies the sender. If it is a trunk on a new stream, its calls that lost their stream move there.
    pub(crate) fn identify(&mut self, message: &Message, flow: Flow, now: Moment) -> Peer {
        let (gate, mut peers) = self.gate();
        let peer = gate.recognise(message, flow, &mut peers, now);
        if matches!(peer, Peer::Trunk(_)) && flow.transport.is_reliable() {
            self.trunk_is_back(flow);
        }
        peer
    }

    /// A trunk whose stream was lost has opened another: its calls move there, as a phone's do.
    pub(crate) fn trunk_is_back(&mut self, flow: Flow) {
        let mut lost = self.stack.stranded_beside(flow);
        if lost.is_empty() {
            return;
        }
        // An agent's phone may be at the same address. It reconnects on its own.
        lost.retain(|before| !self.seats.have(before));
        for before in lost {
            self.stack.peer_is_back(before, flow);
        }
    }

    /// REGISTER is always challenged. Only the seat's own credentials change its bindings.
    pub(crate) fn on_register(&mut self, key: ServerKey, message: &Message, flow: Flow, now: Moment) {
        let seat = match self.signed_in_at(message, flow) {
            Some(seat) => seat,
            None => match self.proved_at(key, message, flow, now) {
                Some(seat) => seat,
                None => return,
            },
        };
        // The keys of a browser's voice do not travel in SIP (RFC 5763).
        if !flow.transport.is_web() && seat_srtp(&self.plan, seat, flow.transport) == SrtpPolicy::Barred {
            // The phone could register but would never be rung, so it is refused at once.
            self.gate.refuses_seat(seat, flow.remote);
            let mut reply = Reply::new(403);
            reply.headers.push((Name::Warning, NEEDS_TLS.to_owned()));
            self.stack.respond(key, reply, now);
            return;
        }
        let (seats, means) = self.seats();
        if seats.is_led_elsewhere(seat, message, flow, &means) {
            let mut reply = Reply::new(403);
            reply.headers.push((Name::Warning, LED_ELSEWHERE.to_owned()));
            self.stack.respond(key, reply, now);
            return;
        }
        let granted = self.gate.granted_life(&mut self.rng);
        let sitter = self.seating.who_sits_at(seat);
        let is_unfit = sitter.is_some_and(|agent| self.room.has_unfit_phone(agent));
        let phone = if is_unfit { Phone::Unfit } else { Phone::Fit };
        let (seats, mut means) = self.seats();
        seats.register(Registering { key, seat, message, flow, granted, phone }, &mut means, now);
        self.seats_told(now);
    }

    /// The seat that a page registers for, whose person has signed in: both From and To name it.
    fn signed_in_at(&mut self, message: &Message, flow: Flow) -> Option<SeatId> {
        self.signed_in.who(&flow)?;
        let (_, peers) = self.gate();
        let named = |uri: &str| user_of(uri).and_then(|user| peers.directory.seat(&user));
        let seat = named(message.to().ok()?.uri)?;
        let is_its_own = named(message.from().ok()?.uri) == Some(seat) && peers.speaks_for(&flow, seat);
        is_its_own.then_some(seat)
    }

    /// The seat whose password a REGISTER proves; `None`: it has been answered.
    fn proved_at(&mut self, key: ServerKey, message: &Message, flow: Flow, now: Moment) -> Option<SeatId> {
        let (gate, mut peers) = self.gate();
        let verdict = gate.verify(message, flow, &mut peers, now);
        let Verdict::Valid { username } = &verdict else {
            gate.tries_extension(message, flow, &verdict, &peers, now);
            let challenge = gate.challenge(verdict, flow, now);
            self.stack.respond_and_forget(key, challenge, now);
            return None;
        };
        let claimed = message.to().ok().and_then(|to| user_of(to.uri));
        let seat = self.directory.seat(username).filter(|_| claimed.as_deref() == Some(username.as_str()));
        if seat.is_none() {
            self.stack.respond(key, Reply::new(403), now);
        }
        seat
    }

    /// The session of the person at a connection has ended: its phone is rung no more, and a talk goes on.
    pub(crate) fn on_signed_out(&mut self, flow: Flow, now: Moment) {
        if self.signed_in.end(&flow).is_some() {
            let (seats, mut means) = self.seats();
            seats.sign_out(flow, &mut means, now);
            self.seats_told(now);
        }
    }

    /// Reports seat changes to the room, for seats with an agent.
    pub(crate) fn seats_told(&mut self, now: Moment) {
        while let Some(output) = self.seats.poll_output() {
            let Some(agent) = self.seating.who_sits_at(output.seat()) else { continue };
            match output {
                SeatOutput::Phones(_, contacts) => {
                    self.outbox.record(Fact::Registered { agent, contacts }, now);
                }
                SeatOutput::Reachable(..) => self.room.set_reachable(agent, self.is_there(agent), now),
                SeatOutput::PhoneIsNew(_) => self.room.phone_is_new(agent, now),
            }
        }
    }
}
