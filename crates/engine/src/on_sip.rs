//! Handles events of the SIP stack: requests outside calls, responses to our requests, new calls.

use turno_calls::retry_later;
use turno_ground::{Flow, Moment};
use turno_sip::{ClientKey, Event, Message, Method, Name, Reply, ServerKey};

use crate::engine::Engine;
use crate::parts;
use crate::peer::Peer;

impl Engine {
    pub(crate) fn on_sip(&mut self, event: Event, now: Moment) {
        match event {
            Event::Request { key, message, flow } => self.on_request(key, &message, flow, now),
            Event::Response { key, message, flow } => self.on_response(key, Some((&message, flow)), now),
            Event::Unanswered { key } => self.on_response(key, None, now),
            Event::Invite { session, message, flow, offer, replaces: Some(replaced) } => {
                self.on_replaces(session, replaced, (&message, flow, offer), now);
            }
            Event::Invite { session, message, flow, offer, replaces: None } => {
                if self.service.takes_calls() {
                    self.on_invite(session, &message, flow, offer, now);
                } else {
                    self.stack.refuse(session, retry_later(), now);
                }
            }
            Event::Elsewhere { key, session, message, flow } => {
                self.on_elsewhere(key, session, &message, flow, now);
            }
            Event::Subscription { subscription, event } => self.on_subscription(subscription, event, now),
            Event::Session { session, event } => {
                self.switchboard.handle_session(&mut self.stack, session, event, now);
            }
        }
    }

    /// A response to one of our requests, or a timeout.
    fn on_response(&mut self, key: ClientKey, answer: Option<(&Message, Flow)>, now: Moment) {
        let status = answer.and_then(|(message, _)| message.status());
        if status.is_some_and(|status| status < 200) {
            return;
        }
        let (seats, means) = self.seats();
        if seats.on_response(key, status, &means, now) {
            self.seats_told(now);
            return;
        }
        let (trunks, mut means) = self.trunks();
        if let Some(flow) = trunks.on_response(key, answer, &mut means, now) {
            self.trunk_is_back(flow);
        }
    }

    fn on_request(&mut self, key: ServerKey, message: &Message, flow: Flow, now: Moment) {
        match message.method() {
            Method::Register => self.on_register(key, message, flow, now),
            Method::Options => match self.identify(message, flow, now) {
                // RFC 3261, 11.2: the response that an INVITE would get. A carrier that probes so routes its calls
                // elsewhere.
                Peer::Trunk(_) if !self.service.is_open() => {
                    self.stack.respond(key, retry_later(), now);
                }
                Peer::Agent(..) | Peer::FreeSeat(_) | Peer::Trunk(_) => {
                    let capabilities = self.capabilities();
                    self.stack.respond(key, capabilities, now);
                }
                Peer::Stranger(verdict) => {
                    let challenge = self.gate.challenge(verdict, flow, now);
                    self.stack.respond_and_forget(key, challenge, now);
                }
            },
            Method::Subscribe => self.on_subscribe(key, message, flow, now),
            Method::Publish => {
                let mut reply = Reply::new(489);
                reply.headers.push((Name::AllowEvents, crate::watching::PACKAGES.to_owned()));
                self.stack.respond(key, reply, now);
            }
            Method::Notify => self.stack.respond(key, Reply::new(481), now),
            Method::Invite
            | Method::Ack
            | Method::Bye
            | Method::Cancel
            | Method::Prack
            | Method::Update
            | Method::Refer
            | Method::Info
            | Method::Message => {
                let mut reply = Reply::new(405);
                reply.headers.push((Name::Allow, self.allow()));
                self.stack.respond(key, reply, now);
            }
            // RFC 3261, 21.5.2: an unknown method.
            Method::Other => self.stack.respond(key, Reply::new(501), now),
        }
    }

    /// Our capabilities (RFC 3261, 11.2).
    fn capabilities(&self) -> Reply {
        let mut reply = Reply::new(200);
        reply.headers.push((Name::Allow, self.allow()));
        reply.headers.push((Name::Accept, "application/sdp".to_owned()));
        reply.headers.push((Name::Supported, turno_sip::SUPPORTED_EXTENSIONS.join(", ")));
        reply
    }

    fn allow(&self) -> String {
        parts::allowed().iter().map(|method| method.name()).collect::<Vec<_>>().join(", ")
    }
}
