//! Whose a response is, and what follows when none comes.

use turno_ground::{Flow, Moment};

use crate::message::check::check_response;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::stack::Stack;
use crate::stack::cancel_unanswered::{acknowledge_late, turn_away};
use crate::stack::client::{ClientEvent, ClientOwner, Purpose, Told};
use crate::stack::counters::Counters;
use crate::stack::event::{ClientKey, Event, SessionEvent};
use crate::stack::layer::Layer;
use crate::stack::session::{Exchange, Phase, SentRequest, Session, Taken};

impl Stack {
    /// A peer's response came.
    pub(crate) fn on_response(&mut self, response: Message, flow: Flow, now: Moment) {
        let status = response.status().unwrap_or_default();
        Counters::count_response(&mut self.layer.counters.responses_in, status);
        if check_response(&response).is_err() {
            self.layer.counters.malformed += 1;
            return;
        }
        let branch =
            response.top_via().ok().and_then(|via| via.branch().map(str::to_owned)).unwrap_or_default();
        let key = self.layer.keys.client(&branch, response.method_name());
        let Some(client) = self.layer.clients.of_key(key) else {
            self.layer.counters.strays += 1;
            return;
        };
        if self.confirm_again(client, &response, flow, status) {
            return;
        }
        self.layer.move_client(client, flow);
        let Some(asked) = self.asked(client) else { return };
        match self.layer.step_client(client, ClientEvent::Response(status), Some(&response), now) {
            Told::Response => self.hand_over(&asked, response, flow, now),
            Told::Nothing | Told::Timeout | Told::Failure => {}
        }
    }

    /// A copy of a 2xx gets a copy of its ACK (RFC 3261, 13.2.2.4). True if it was one.
    fn confirm_again(&mut self, client: ClientKey, response: &Message, flow: Flow, status: u16) -> bool {
        if response.method() != Method::Invite || !(200..300).contains(&status) {
            return false;
        }
        let tag = response.to().ok().and_then(|to| to.tag()).unwrap_or("");
        let Some(client) = self.layer.clients.get(client) else { return false };
        let Some(known) = client.acks.iter().find(|one| one.tag == tag) else { return false };
        let ack = known.ack.clone();
        self.layer.counters.retransmissions_in += 1;
        if let Some((sent_by, bytes)) = ack {
            // A stream may be gone; the one that the copy came by is there.
            let is_there = flow.transport.is_reliable() && sent_by.transport == flow.transport;
            let way = if is_there && sent_by.local.port() != 0 { flow } else { sent_by };
            self.layer.transmit_again(way, bytes);
        }
        true
    }

    /// One of our requests as it is now.
    pub(crate) fn asked(&self, key: ClientKey) -> Option<SentRequest> {
        let client = self.layer.clients.get(key)?;
        let (owner, request) = (client.owner, client.request.clone());
        Some(SentRequest { key, owner, request, flow: client.flow, tries: client.tries })
    }

    fn hand_over(&mut self, asked: &SentRequest, response: Message, flow: Flow, now: Moment) {
        let id = match asked.owner {
            ClientOwner::Application => {
                let message = Box::new(response);
                self.layer.events.push_back(Event::Response { key: asked.key, message, flow });
                return;
            }
            ClientOwner::Subscription(id) => {
                self.on_told(id, asked, response.status().unwrap_or_default(), now);
                return;
            }
            ClientOwner::Nobody => return,
            ClientOwner::Session(id, _) => id,
        };
        let is_success = response.status().is_some_and(|status| (200..300).contains(&status));
        if !self.sessions.contains(id) {
            match asked.owner {
                ClientOwner::Session(_, Purpose::Invite) if is_success => {
                    turn_away(&mut self.layer, asked, &response, now);
                }
                ClientOwner::Session(_, Purpose::Change) if is_success => {
                    acknowledge_late(&mut self.layer, asked, &response);
                }
                ClientOwner::Session(..) => self.layer.waits_no_longer(asked.key, now),
                ClientOwner::Application | ClientOwner::Subscription(_) | ClientOwner::Nobody => {}
            }
            return;
        }
        self.sessions.with(id, &mut self.layer, |session, layer| {
            session.opened_on(layer, flow);
            session.on_response(layer, asked, response, now);
        });
    }

    /// One of our requests got no answer, or its flow is gone.
    pub(crate) fn on_unanswered(&mut self, asked: &SentRequest, told: Told, now: Moment) {
        match asked.owner {
            ClientOwner::Application => self.layer.events.push_back(Event::Unanswered { key: asked.key }),
            ClientOwner::Nobody => {}
            ClientOwner::Subscription(id) => self.on_not_told(id, asked, told, now),
            ClientOwner::Session(id, purpose) => self.sessions.with(id, &mut self.layer, |session, layer| {
                session.on_unanswered(layer, asked, purpose, told, now);
            }),
        }
    }
}

impl Session {
    fn on_response(&mut self, layer: &mut Layer, asked: &SentRequest, response: Message, now: Moment) {
        let ClientOwner::Session(_, purpose) = asked.owner else { return };
        match purpose {
            Purpose::Invite => {
                let copy = response.clone();
                if self.on_invite_response(layer, asked, Box::new(response), now) == Taken::Unwanted {
                    turn_away(layer, asked, &copy, now);
                }
            }
            Purpose::Change => self.on_change_response(layer, asked, &response, now),
            Purpose::Bye => self.on_bye_response(layer, asked, &response, now),
            Purpose::Refer => self.on_refer_response(layer, asked, &response, now),
            Purpose::Notify(refer) => self.on_notify_response(layer, asked, refer, &response, now),
            Purpose::Info => self.on_info_response(layer, asked, &response, now),
            Purpose::Talk => self.on_talk_response(response.status().unwrap_or_default()),
            Purpose::Prack => {
                let _ = self.try_again(layer, asked, &response, now);
            }
        }
    }

    /// A response to our REFER came.
    fn on_refer_response(&mut self, layer: &mut Layer, asked: &SentRequest, response: &Message, now: Moment) {
        let status = response.status().unwrap_or_default();
        if status < 300 || self.try_again(layer, asked, response, now).is_some() {
            return;
        }
        layer.tell(self.id, SessionEvent::Notified { status });
        if matches!(status, 408 | 481) {
            self.lose(layer, status, now);
        }
    }

    /// A response to our INFO came.
    fn on_info_response(&mut self, layer: &mut Layer, asked: &SentRequest, response: &Message, now: Moment) {
        let status = response.status().unwrap_or_default();
        if status >= 300
            && self.try_again(layer, asked, response, now).is_none()
            && matches!(status, 408 | 481)
        {
            self.lose(layer, status, now);
        }
    }

    fn on_unanswered(
        &mut self,
        layer: &mut Layer,
        asked: &SentRequest,
        purpose: Purpose,
        told: Told,
        now: Moment,
    ) {
        let status = if told == Told::Failure { 503 } else { 408 };
        match purpose {
            Purpose::Invite => {
                let is_ours = match &self.phase {
                    Phase::Calling(outgoing) | Phase::Cancelling(outgoing, _) => outgoing.client == asked.key,
                    Phase::Ringing(_)
                    | Phase::Answering(_)
                    | Phase::Unconfirmed(_)
                    | Phase::Confirmed
                    | Phase::Leaving
                    | Phase::Over => false,
                };
                if is_ours {
                    self.end_of_invite(layer, status, None, now);
                }
            }
            Purpose::Change => {
                if matches!(&self.exchange, Exchange::Ours { client, .. } if *client == asked.key) {
                    self.exchange = Exchange::Idle;
                    self.lose(layer, status, now);
                }
            }
            Purpose::Refer => {
                layer.tell(self.id, SessionEvent::Notified { status });
                self.lose(layer, status, now);
            }
            Purpose::Info | Purpose::Bye => self.lose(layer, status, now),
            Purpose::Notify(refer) => self.on_notified(layer, refer, status, now),
            // The peer repeats its provisional, or refuses; the INVITE decides.
            Purpose::Prack => {}
            Purpose::Talk => self.on_talk_response(status),
        }
    }
}
