//! Peers' requests under way: their machines carried out (RFC 3261, 17.2).

use std::net::SocketAddr;

use bytes::Bytes;
use turno_ground::{Flow, Moment};

use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::message::write::Response;
use crate::stack::counters::Counters;
use crate::stack::event::ServerKey;
use crate::stack::layer::Layer;
use crate::stack::server::{Server, ServerEvent, ServerMachine, ServerOwner};
use crate::stack::way;
use crate::transaction::Action;
use crate::transaction::invite_server::InviteServer;
use crate::transaction::key::Key;
use crate::transaction::plain_server::PlainServer;

impl Layer {
    /// Takes on a peer's request.
    pub(crate) fn begin_server(
        &mut self,
        key: Key,
        request: Box<Message>,
        flow: Flow,
        owner: ServerOwner,
        now: Moment,
    ) -> ServerKey {
        let number = ServerKey(self.next_number());
        let is_invite = request.method() == Method::Invite;
        let untagged = request.to().is_ok_and(|to| to.tag().is_none());
        let merged = (untagged && request.method() != Method::Cancel).then(|| self.keys.merged(&request));
        let tag = if !untagged {
            String::new()
        } else if is_invite {
            self.token()
        } else {
            key.tag()
        };
        let (machine, actions) = if is_invite {
            let (state, actions) = InviteServer::begin();
            (ServerMachine::Invite(state), actions)
        } else {
            let (state, actions) = PlainServer::begin();
            (ServerMachine::Plain(state), actions)
        };
        let way_back = self.way_back(&request, flow);
        let span = self.clock.t1();
        let server = Server {
            machine,
            key,
            merged,
            request: Some(request),
            flow,
            way_back,
            owner,
            tag,
            last: None,
            span,
        };
        self.servers.insert(number, server);
        for action in actions {
            if let Action::Start(timer) = action {
                self.servers.set(number, *timer, self.clock.due(*timer, now));
            }
        }
        number
    }

    /// Responds with a message that is `write`n from its beginning. A request that is gone, or has its final
    /// response, is passed over.
    pub(crate) fn reply(
        &mut self,
        key: ServerKey,
        status: u16,
        reason: &str,
        write: impl FnOnce(Response) -> Bytes,
        now: Moment,
    ) -> Option<Bytes> {
        let server = self.servers.get(key).filter(|server| server.machine.is_open())?;
        let tag = Some(server.tag.as_str()).filter(|tag| !tag.is_empty());
        let source = Some(server.flow.remote);
        let mut response = Response::to(server.request.as_deref()?, status, reason, tag, source);
        if status > 100 {
            response = response.header(Name::Server, &self.settings.user_agent);
        }
        let bytes = write(response);
        self.send_reply(key, status, bytes.clone(), now);
        Some(bytes)
    }

    /// Responds with nothing but a status.
    pub(crate) fn reply_bare(&mut self, key: ServerKey, status: u16, now: Moment) {
        let _ = self.reply(key, status, "", Response::finish, now);
    }

    /// Responds with a status and one header.
    pub(crate) fn reply_with(&mut self, key: ServerKey, status: u16, name: Name, value: &str, now: Moment) {
        let _ = self.reply(key, status, "", |response| response.header(name, value).finish(), now);
    }

    /// Refuses what may be tried again: with 500 we say when (RFC 3261, 14.2).
    pub(crate) fn refuse_for_now(&mut self, key: ServerKey, status: u16, now: Moment) {
        if status == 500 {
            let wait = self.rng.below(11).to_string();
            self.reply_with(key, status, Name::RetryAfter, &wait, now);
        } else {
            self.reply_bare(key, status, now);
        }
    }

    /// Sends a response that is already written.
    pub(crate) fn send_reply(&mut self, key: ServerKey, status: u16, bytes: Bytes, now: Moment) {
        Counters::count_response(&mut self.counters.responses_out, status);
        if let Some(server) = self.servers.get_mut(key).filter(|_| status >= 200) {
            server.request = None;
        }
        self.step_server(key, ServerEvent::Respond(status), Some(bytes), now);
    }

    /// Lets something happen to a peer's request. True if it is to be handed to its owner.
    pub(crate) fn step_server(
        &mut self,
        key: ServerKey,
        event: ServerEvent,
        bytes: Option<Bytes>,
        now: Moment,
    ) -> bool {
        let Some(server) = self.servers.get_mut(key) else { return false };
        let (next, actions) = server.machine.after(event, server.flow.transport.is_reliable());
        server.machine = next;
        let mut deliver = false;
        for action in actions {
            match *action {
                Action::Send => {
                    if let (Some(bytes), Some(server)) = (bytes.clone(), self.servers.get_mut(key)) {
                        server.last = Some(bytes.clone());
                        let way_back = server.way_back;
                        let flow = self.way_of_answer(way_back, &bytes);
                        self.transmit(flow, bytes);
                    }
                }
                Action::SendAgain => {
                    let last = self
                        .servers
                        .get(key)
                        .and_then(|server| Some((server.way_back, server.last.clone()?)));
                    if let Some((way_back, bytes)) = last {
                        let flow = self.way_of_answer(way_back, &bytes);
                        self.transmit_again(flow, bytes);
                    }
                }
                Action::Deliver => deliver = true,
                Action::Start(timer) => {
                    self.servers.set(key, timer, self.clock.due(timer, now));
                }
                Action::Longer(timer) => {
                    if let Some(server) = self.servers.get_mut(key) {
                        server.span = self.clock.longer(timer, server.span);
                        let at = now + server.span;
                        self.servers.set(key, timer, at);
                    }
                }
                Action::Stop(timer) => self.servers.cancel(key, timer),
                // A refusal without ACK concerns nobody above: the call is over.
                Action::TellTimeout | Action::TellFailure | Action::Ack => {}
                Action::End => self.end_server(key),
            }
        }
        deliver
    }

    /// Forgets a peer's request, whatever became of it.
    pub(crate) fn end_server(&mut self, key: ServerKey) {
        let _ = self.servers.remove(key);
    }

    /// Responds without remembering anything (RFC 3261, 8.2.7): the same request gets the same response.
    pub(crate) fn reply_statelessly(
        &mut self,
        request: &Message,
        flow: Flow,
        status: u16,
        reason: &str,
        headers: &[(Name, String)],
    ) {
        let source: SocketAddr = flow.remote;
        let method = request.method_name();
        let tag = request.top_via().map_or_else(
            |_| self.keys.merged(request).tag(),
            |via| self.keys.server(request, &via, method).tag(),
        );
        Counters::count_response(&mut self.counters.responses_out, status);
        let bytes = Response::to(request, status, reason, Some(&tag), Some(source))
            .header(Name::Server, &self.settings.user_agent)
            .headers(headers)
            .finish();
        let flow = self.way_back(request, flow);
        self.transmit(flow, bytes);
    }

    /// The way of a response that is ready. Where its stream is gone, a new one to where the peer listens
    /// (RFC 3261, 18.2.2).
    pub(crate) fn way_of_answer(&self, way_back: Flow, bytes: &[u8]) -> Flow {
        if self.occupancy.is_lost(&way_back) { way::of_response_anew(bytes, way_back) } else { way_back }
    }

    /// The way of the responses to `request`, which came by `flow`.
    fn way_back(&self, request: &Message, flow: Flow) -> Flow {
        let forced = self.settings.force_rport;
        if forced || flow.transport.is_reliable() {
            return flow;
        }
        request.top_via().map_or(flow, |via| way::of_response(&via, flow, forced))
    }
}
