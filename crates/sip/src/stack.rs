//! The one owner of transactions and dialogs: bytes and wishes in, events and bytes out.

pub(crate) mod asked;
mod belonging;
mod cancel_unanswered;
mod change;
mod client;
mod client_steps;
mod client_streams;
mod clients;
mod confirming;
pub(crate) mod counters;
mod deadline;
pub(crate) mod durable;
mod ending;
pub(crate) mod event;
mod forms;
mod hanging_up;
mod incoming;
mod layer;
mod living;
mod moving;
mod new_call;
mod occupancy;
mod offering;
mod offers;
mod on_deadline;
mod on_request;
mod on_response;
mod outgoing;
mod refer;
mod referral;
mod refresh;
mod refused_calls;
mod refusing;
mod server;
mod server_steps;
mod servers;
mod session;
mod session_streams;
mod sessions;
pub(crate) mod settings;
pub(crate) mod shedding;
mod streams;
pub(crate) mod subscribing;
pub(crate) mod subscription;
mod subscriptions;
mod talk;
mod way;
mod within;
mod write;

use bytes::Bytes;
use turno_ground::{Datagram, Flow, Moment, Rng, Secret, Transmit};

use crate::dialog::transfer::ReferId;
use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::message::write::{Extra, Request};
use crate::stack::asked::{HangUp, OutInvite, OutRequest, Reply};
use crate::stack::client::ClientOwner;
use crate::stack::counters::Counters;
use crate::stack::event::{ClientKey, Event, ServerKey, SessionId};
use crate::stack::layer::Layer;
use crate::stack::refused_calls::RefusedCalls;
use crate::stack::server::ServerOwner;
use crate::stack::session::Session;
use crate::stack::sessions::Sessions;
use crate::stack::settings::{MIN_SE_LEAST, StackSettings, T1_LEAST};
use crate::stack::shedding::Shedding;
use crate::stack::subscriptions::Subscriptions;
use crate::stack::write::bracketed;

/// Transactions and dialogs of one SIP element.
#[derive(Debug)]
pub struct Stack {
    layer: Layer,
    sessions: Sessions,
    subscriptions: Subscriptions,
    shedding: Shedding,
    turned_away: RefusedCalls,
    /// Whether what belongs to all of the stack is written down.
    is_written: bool,
}

impl Stack {
    /// A stack without calls.
    pub fn new(mut settings: StackSettings, mut rng: Rng) -> Self {
        settings.min_se = settings.min_se.max(MIN_SE_LEAST);
        settings.t1 = settings.t1.max(T1_LEAST);
        let sessions = Sessions::new(rng.number(), rng.number());
        let subscriptions = Subscriptions::new(rng.number(), rng.number());
        let (layer, shedding) = (Layer::new(settings, rng), Shedding::default());
        Self {
            layer,
            sessions,
            subscriptions,
            shedding,
            turned_away: RefusedCalls::default(),
            is_written: false,
        }
    }

    /// Says what is refused from now on for want of time.
    pub const fn shed(&mut self, shedding: Shedding) {
        self.shedding = shedding;
    }

    /// Takes what came from a peer.
    pub fn handle_datagram(&mut self, datagram: Datagram<'_>, now: Moment) {
        if self.layer.occupancy.is_lost(&datagram.flow) {
            self.heard_again(datagram.flow);
        }
        match Message::scan(datagram.bytes) {
            Ok(message) if message.is_request() => self.on_request(message, datagram.flow, now),
            Ok(message) => self.on_response(message, datagram.flow, now),
            Err(fault) => self.on_malformed(datagram.bytes, datagram.flow, fault),
        }
        self.layer.count_living(self.living());
    }

    /// What happened, oldest first.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.layer.events.pop_front()
    }

    /// What is to be sent, oldest first.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.layer.transmits.pop_front()
    }

    /// What has been counted.
    pub fn counters(&self) -> &Counters {
        &self.layer.counters
    }

    /// Responds as [`Stack::respond`] does, without a transaction (RFC 3261, 8.2.7): a challenge costs its sender nothing,
    /// so it must cost us no memory. A retransmission is handled as a new request.
    pub fn respond_and_forget(&mut self, request: ServerKey, response: Reply, now: Moment) {
        let is_over = response.status >= 200;
        self.respond(request, response, now);
        let owner = self.layer.servers.get(request).map(|server| server.owner);
        if is_over && owner == Some(ServerOwner::Application) {
            self.layer.end_server(request);
            self.layer.count_living(self.living());
        }
    }

    /// Refuses a call as [`Stack::refuse`] does, and remembers nothing: a copy of its INVITE is met like the INVITE.
    pub fn refuse_and_forget(&mut self, session: SessionId, reply: Reply, now: Moment) {
        let server = self.sessions.get(session).and_then(|session| session.asked_by());
        self.refuse(session, reply, now);
        if let Some(server) = server {
            self.layer.end_server(server);
            self.layer.count_living(self.living());
        }
    }

    /// Responds to a request outside sessions. A final response consumes it; what it no longer knows is ignored.
    pub fn respond(&mut self, request: ServerKey, response: Reply, now: Moment) {
        let is_applications = |key: &ServerKey| {
            self.layer.servers.get(*key).is_some_and(|server| server.owner == ServerOwner::Application)
        };
        if !is_applications(&request) || !(100..700).contains(&response.status) {
            return;
        }
        let is_options = self
            .layer
            .servers
            .get(request)
            .and_then(|server| server.request.as_ref())
            .is_some_and(|asked| asked.method() == Method::Options && response.status < 300);
        let allow = is_options.then(|| self.layer.allow.clone());
        let reason = response.reason.as_deref().unwrap_or("");
        let _ = self.layer.reply(
            request,
            response.status,
            reason,
            |written| {
                let mut written = written.headers(&response.headers);
                for (name, value) in [
                    (Name::Allow, allow.as_deref()),
                    (Name::Supported, allow.as_deref().map(|_| write::SUPPORTED)),
                    (Name::Accept, allow.as_deref().map(|_| "application/sdp")),
                ] {
                    let is_given = response.headers.iter().any(|(given, _)| *given == name);
                    if let Some(value) = value.filter(|_| !is_given) {
                        written = written.header(name, value);
                    }
                }
                match &response.body {
                    Some(body) => written.body(&body.content_type, &body.bytes),
                    None => written.finish(),
                }
            },
            now,
        );
        self.layer.count_living(self.living());
    }

    /// Our Contact on `flow`, as every request and response of ours there has it.
    pub fn contact_on(&mut self, user: &str, flow: &Flow) -> String {
        write::contact(&mut self.layer, user, flow)
    }

    /// Sends a request outside sessions.
    pub fn request(&mut self, out: OutRequest, now: Moment) -> ClientKey {
        let branch = self.layer.branch();
        let tag = self.layer.token();
        let call_id = out.call_id.unwrap_or_else(|| self.layer.token());
        let flow = match out.route.first() {
            Some(first) => way::by_route(&self.layer, first, out.flow),
            None => out.flow,
        };
        let via = write::via(&mut self.layer, &flow, &branch);
        let mut request = Request::new(out.method, &out.uri)
            .header(Name::Via, via)
            .header(Name::MaxForwards, write::MAX_FORWARDS);
        for route in &out.route {
            request = request.header(Name::Route, route);
        }
        let request = request
            .header(Name::From, format_args!("{};tag={tag}", bracketed(&out.from)))
            .header(Name::To, bracketed(&out.to))
            .header(Name::CallId, call_id)
            .header(Name::CSeq, format_args!("{} {}", out.cseq.unwrap_or(1), out.method.name()))
            .header(Name::UserAgent, &self.layer.settings.user_agent)
            .headers(&out.headers);
        let bytes = match &out.body {
            Some(body) => request.body(&body.content_type, &body.bytes),
            None => request.finish(),
        };
        let owner = ClientOwner::Application;
        let key = self.layer.begin_client(out.method, &branch, bytes, flow, owner, now);
        self.layer.count_living(self.living());
        key
    }

    /// Calls somebody.
    pub fn invite(&mut self, out: OutInvite, now: Moment) -> SessionId {
        let id = SessionId(self.layer.next_number());
        let session = Session::call(&mut self.layer, id, out, now);
        self.sessions.insert(session);
        self.layer.count_living(self.living());
        id
    }

    /// Tells an unanswered caller that it rings: 180 without SDP.
    pub fn ring(&mut self, session: SessionId, now: Moment) {
        self.sessions
            .with(session, &mut self.layer, |session, layer| session.send_provisional(layer, 180, None, now));
        self.layer.count_living(self.living());
    }

    /// Whether a caller who asked us to offer wants its provisionals confirmed: the first of them must offer (RFC 3262, 5).
    pub fn must_offer_early(&self, session: SessionId) -> bool {
        self.sessions.get(session).is_some_and(|session| session.must_offer_early())
    }

    /// Lets an unanswered caller hear us: 183 with SDP, reliable if the caller requires that.
    pub fn progress(&mut self, session: SessionId, sdp: Bytes, now: Moment) {
        self.sessions.with(session, &mut self.layer, |session, layer| {
            session.send_provisional(layer, 183, Some(sdp), now)
        });
        self.layer.count_living(self.living());
    }

    /// Answers a call: 200. `sdp` is our answer, or our offer if the INVITE had none.
    pub fn accept(&mut self, session: SessionId, sdp: Bytes, headers: Extra, now: Moment) {
        self.sessions
            .with(session, &mut self.layer, |session, layer| session.accept(layer, sdp, &headers, now));
        self.layer.count_living(self.living());
    }

    /// Refuses a call with a status from 300. The session is over.
    pub fn refuse(&mut self, session: SessionId, reply: Reply, now: Moment) {
        self.sessions.with(session, &mut self.layer, |session, layer| session.refuse(layer, &reply, now));
        self.layer.count_living(self.living());
    }

    /// Offers to change the session. Waits inside while another change is under way; the latest wins.
    pub fn offer(&mut self, session: SessionId, sdp: Bytes, now: Moment) {
        self.sessions.with(session, &mut self.layer, |session, layer| session.offer(layer, sdp, now));
        self.layer.count_living(self.living());
    }

    /// Answers what the peer offered; if it asked for an offer, `sdp` is that, and `Answered` follows.
    pub fn answer(&mut self, session: SessionId, sdp: Bytes, now: Moment) {
        self.sessions.with(session, &mut self.layer, |session, layer| session.answer(layer, &sdp, now));
        self.layer.count_living(self.living());
    }

    /// Refuses what the peer offered, with a status such as 488.
    pub fn refuse_offer(&mut self, session: SessionId, status: u16, now: Moment) {
        self.sessions
            .with(session, &mut self.layer, |session, layer| session.refuse_offer(layer, status, now));
        self.layer.count_living(self.living());
    }

    /// Ends a session in whatever way its state asks for: CANCEL, BYE, or a refusal.
    pub fn hang_up(&mut self, session: SessionId, cause: HangUp, now: Moment) {
        self.sessions.with(session, &mut self.layer, |session, layer| session.hang_up(layer, cause, now));
        self.layer.count_living(self.living());
    }

    /// Takes on a peer's REFER (202) or refuses it (300 and more).
    pub fn refer_reply(&mut self, session: SessionId, refer: ReferId, status: u16, now: Moment) {
        self.sessions
            .with(session, &mut self.layer, |session, layer| session.refer_reply(layer, refer, status, now));
        self.layer.count_living(self.living());
    }

    /// Tells the peer how its REFER is doing; a final status ends the telling.
    pub fn refer_progress(&mut self, session: SessionId, refer: ReferId, status: u16, now: Moment) {
        self.sessions.with(session, &mut self.layer, |session, layer| {
            session.refer_progress(layer, refer, status, now)
        });
        self.layer.count_living(self.living());
    }

    /// Asks the peer to call `target`, a URI that may carry a Replaces header.
    pub fn refer(&mut self, session: SessionId, target: &str, now: Moment) {
        self.sessions.with(session, &mut self.layer, |session, layer| session.refer(layer, target, now));
        self.layer.count_living(self.living());
    }

    /// Sends an INFO.
    pub fn info(&mut self, session: SessionId, content_type: &str, body: Bytes, now: Moment) {
        self.sessions
            .with(session, &mut self.layer, |session, layer| session.info(layer, content_type, &body, now));
        self.layer.count_living(self.living());
    }

    /// The session whose dialog has these names, seen from our side: for Replaces.
    pub fn session_by_dialog(&self, call_id: &str, local_tag: &str, remote_tag: &str) -> Option<SessionId> {
        self.sessions.of_dialog(self.layer.keys.dialog(call_id, local_tag), remote_tag)
    }

    /// From now on a challenge in this session is answered with this account (RFC 3261, 22.2).
    pub fn answers_challenges(&mut self, session: SessionId, username: String, password: Secret) {
        self.sessions.change(session, |session| session.credentials = Some((username, password)));
    }

    /// The path that the peer was last heard on.
    pub fn flow_of(&self, session: SessionId) -> Option<Flow> {
        self.sessions.get(session).map(|session| session.flow)
    }

    /// Call-ID, our tag and the peer's tag. The peer's is empty while nobody has answered our INVITE.
    pub fn dialog_name(&self, session: SessionId) -> Option<(&str, &str, &str)> {
        let dialog = &self.sessions.get(session)?.dialog;
        Some((&dialog.call_id, &dialog.local_tag, &dialog.remote_tag))
    }
}
