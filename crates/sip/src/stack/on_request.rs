//! What a peer's request is: a copy, an error, a session's, a new call, or the application's (RFC 3261, 8.2).

use turno_ground::{Flow, Moment};

use crate::message::check::{Refusal, check_request};
use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::stack::Stack;
use crate::stack::event::{Event, SessionId};
use crate::stack::server::{ServerEvent, ServerOwner};
use crate::transaction::key::{Key, transaction_method};

impl Stack {
    /// A peer's request came.
    pub(crate) fn on_request(&mut self, request: Message, flow: Flow, now: Moment) {
        let method = request.method();
        self.layer.counters.requests_in[method as usize] += 1;
        let key = match request.top_via() {
            Ok(via) => self.layer.keys.server(&request, &via, transaction_method(&request)),
            Err(fault) => {
                self.layer.counters.malformed += 1;
                // Another version comes first: its Via need not be like ours (RFC 4475, 3.1.2.16).
                let refusal = check_request(&request).err().unwrap_or_else(|| Refusal::from(fault));
                if method != Method::Ack {
                    self.layer.reply_statelessly(
                        &request,
                        flow,
                        refusal.status,
                        refusal.reason,
                        &refusal.headers,
                    );
                }
                return;
            }
        };
        if method == Method::Ack {
            self.on_ack(&request, key, flow, now);
            return;
        }
        if let Some(server) = self.layer.servers.of_key(key) {
            self.layer.counters.retransmissions_in += 1;
            self.asked_again(server, flow);
            self.layer.step_server(server, ServerEvent::Request, None, now);
            return;
        }
        if let Err(refusal) = check_request(&request) {
            self.layer.reply_statelessly(&request, flow, refusal.status, refusal.reason, &refusal.headers);
            return;
        }
        if method == Method::Cancel {
            self.on_cancel(request, key, flow, now);
        } else if !self.layer.settings.allow.contains(&method) {
            let allow = [(Name::Allow, self.layer.allow.clone())];
            // RFC 3261, 8.2.1 and 21.5.2: one that we know and do not take, or one that we do not even know.
            let status = if method == Method::Other { 501 } else { 405 };
            self.layer.reply_statelessly(&request, flow, status, "", &allow);
        } else if request.to().is_ok_and(|to| to.tag().is_some()) {
            self.on_request_within(request, key, flow, now);
        } else {
            self.on_request_outside(request, key, flow, now);
        }
    }

    fn on_ack(&mut self, request: &Message, key: Key, flow: Flow, now: Moment) {
        if let Some(server) = self.layer.servers.of_key(key)
            && !self.layer.step_server(server, ServerEvent::Ack, None, now)
        {
            return;
        }
        match self.session_of(request) {
            Some(id) if check_request(request).is_ok() => {
                self.sessions.with(id, &mut self.layer, |session, layer| {
                    session.opened_on(layer, flow);
                    session.on_ack(layer, request, now);
                })
            }
            Some(_) | None => self.layer.counters.strays += 1,
        }
    }

    fn on_cancel(&mut self, request: Message, key: Key, flow: Flow, now: Moment) {
        let meant = request
            .top_via()
            .ok()
            .map(|via| self.layer.keys.server(&request, &via, Method::Invite.name()))
            .and_then(|key| self.layer.servers.of_key(key));
        let Some(meant) = meant else {
            self.layer.reply_statelessly(&request, flow, 481, "", &[]);
            return;
        };
        let cancel = self.layer.begin_server(key, Box::new(request), flow, ServerOwner::Stack, now);
        let Some(invite) = self.layer.servers.get(meant) else { return };
        let (owner, is_open, tag) = (invite.owner, invite.machine.is_open(), invite.tag.clone());
        // RFC 3261, 9.2: the same To tag as in the responses to the INVITE.
        if let Some(server) = self.layer.servers.get_mut(cancel)
            && !server.tag.is_empty()
            && !tag.is_empty()
        {
            server.tag = tag;
        }
        self.layer.reply_bare(cancel, 200, now);
        match owner {
            ServerOwner::Session(id) if is_open => {
                self.sessions.with(id, &mut self.layer, |session, layer| {
                    session.opened_on(layer, flow);
                    session.on_cancel(layer, meant, now);
                });
            }
            ServerOwner::Session(_) | ServerOwner::Application | ServerOwner::Stack => {}
        }
    }

    /// The session whose dialog `request` is in.
    pub(crate) fn session_of(&self, request: &Message) -> Option<SessionId> {
        let local_tag = request.to().ok()?.tag()?;
        let remote_tag = request.from().ok()?.tag().unwrap_or("");
        self.sessions.of_dialog(self.layer.keys.dialog(request.call_id(), local_tag), remote_tag)
    }

    fn on_request_within(&mut self, request: Message, key: Key, flow: Flow, now: Moment) {
        let session = self.session_of(&request);
        let is_subscribe = request.method() == Method::Subscribe;
        let subscription = if is_subscribe { self.subscription_of(&request) } else { None };
        if session.is_none() && subscription.is_none() {
            self.layer.reply_statelessly(&request, flow, 481, "", &[]);
            return;
        }
        // Calls under way may go on when new ones are refused, up to a bound of their own.
        if self.layer.servers.len() >= self.layer.settings.server_transactions_max.saturating_mul(2) {
            self.layer.counters.over_limit += 1;
            self.refuse_for_load(&request, key, flow);
            return;
        }
        if let Some(id) = subscription {
            self.on_resubscribe(id, (request, key, flow), now);
            return;
        }
        let Some(id) = session else { return };
        let number = request.cseq().map_or(0, |cseq| cseq.number);
        let layer = &mut self.layer;
        if self.sessions.get(id).is_some_and(|session| !session.is_peers(flow)) {
            let message = Box::new(request.clone());
            let key = layer.begin_server(key, message, flow, ServerOwner::Application, now);
            let message = Box::new(request);
            layer.events.push_back(Event::Elsewhere { key, session: id, message, flow });
            return;
        }
        if self.sessions.change(id, |session| session.take_number(number).is_err()) != Some(false) {
            layer.reply_statelessly(&request, flow, 500, "CSeq Went Back", &[]);
            return;
        }
        let is_applications = matches!(
            request.method(),
            Method::Subscribe | Method::Message | Method::Publish | Method::Register | Method::Other
        );
        let owner = if is_applications { ServerOwner::Application } else { ServerOwner::Session(id) };
        let message = Box::new(request.clone());
        let server = layer.begin_server(key, message, flow, owner, now);
        if is_applications {
            layer.events.push_back(Event::Request { key: server, message: Box::new(request), flow });
            return;
        }
        self.sessions.with(id, &mut self.layer, |session, layer| {
            session.heard_on(layer, flow);
            session.on_request(layer, server, &request, now);
        });
    }

    fn on_request_outside(&mut self, request: Message, key: Key, flow: Flow, now: Moment) {
        let merged = self.layer.keys.merged(&request);
        if self.layer.servers.has_merged(merged) {
            self.layer.reply_statelessly(&request, flow, 482, "", &[]);
            return;
        }
        let is_full = self.layer.servers.len() >= self.layer.settings.server_transactions_max;
        match request.method() {
            Method::Bye | Method::Prack | Method::Update | Method::Info => {
                self.layer.reply_statelessly(&request, flow, 481, "", &[]);
            }
            Method::Invite => {
                if self.shedding.calls || self.turned_away.knows(key, now) {
                    self.layer.counters.shed_calls += 1;
                    self.turned_away.note(key, now);
                    self.refuse_for_load(&request, key, flow);
                } else if is_full || self.sessions.len() >= self.layer.settings.sessions_max {
                    self.layer.counters.over_limit += 1;
                    self.refuse_for_load(&request, key, flow);
                } else {
                    self.on_new_call(request, key, flow, now);
                }
            }
            Method::Register
            | Method::Options
            | Method::Refer
            | Method::Notify
            | Method::Subscribe
            | Method::Message
            | Method::Publish
            | Method::Other
            | Method::Ack
            | Method::Cancel => {
                if self.shedding.others {
                    self.layer.counters.shed_others += 1;
                    self.refuse_for_load(&request, key, flow);
                    return;
                }
                if is_full {
                    self.layer.counters.over_limit += 1;
                    self.refuse_for_load(&request, key, flow);
                    return;
                }
                let message = Box::new(request.clone());
                let server = self.layer.begin_server(key, message, flow, ServerOwner::Application, now);
                self.layer.events.push_back(Event::Request { key: server, message: Box::new(request), flow });
            }
        }
    }
}
