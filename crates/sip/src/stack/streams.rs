//! Connections that close and come back: no call ends by that alone (RFC 3261, 12 and 18.1.1).
//!
//! A call is between two ends, and a connection is only a way between them. What was on its way by one that closed goes by
//! another: the one that the peer comes back by, or one that we open where the peer says it listens. Only a request that
//! finds no way in its time, silence, or the session timer ends a call.
//!
//! Who comes back must be the peer: from the address that the call has been with, or vouched for by the stack's owner.
//! The names of a dialog prove nothing, since whoever has read one message knows them.

use turno_ground::{Flow, Moment, Transport};

use crate::message::received::Message;
use crate::stack::Stack;
use crate::stack::client::{ClientEvent, ClientMachine, ClientOwner, Purpose, Told};
use crate::stack::deadline::Deadline;
use crate::stack::event::{ClientKey, ServerKey, SessionId};
use crate::stack::layer::{Layer, Occupant};
use crate::stack::server::ServerOwner;
use crate::stack::session::{Exchange, Phase, Session};
use crate::stack::way;
use crate::transaction::Timer;

impl Stack {
    /// Takes note that a stream is gone, or that one which was asked for could not be opened.
    pub fn handle_flow_closed(&mut self, flow: Flow, now: Moment) {
        let occupants = self.layer.occupants_of(flow);
        if occupants.is_empty() {
            return;
        }
        self.layer.lose(flow);
        for occupant in &occupants {
            if let Occupant::Session(id) = occupant {
                self.with(*id, |session, layer| session.reopen(layer, flow));
            }
        }
        for occupant in occupants {
            match occupant {
                Occupant::Client(key) if self.layer.may_go_again(key) => self.layer.send_once_more(key),
                Occupant::Client(key) if self.layer.ends_with_its_stream(key) => {
                    let asked = self.asked(key);
                    let told = self.layer.step_client(key, ClientEvent::TransportFailed, None, now);
                    if let (Some(asked), Told::Failure) = (asked, told) {
                        self.on_unanswered(&asked, told, now);
                    }
                }
                Occupant::Client(key) => {
                    let other = self.way_of_owner(key);
                    self.layer.cut_off(key, flow, other, now);
                }
                // It stays where it is, and its next message finds another way.
                Occupant::Session(_) => {}
            }
        }
        self.layer.count_living(self.sessions.len());
    }

    /// A stream that was taken for gone brings something: from the same port of the peer there is another.
    pub(crate) fn heard_again(&mut self, flow: Flow) {
        self.layer.lost.remove(&flow);
        for key in self.layer.clients_on(flow) {
            self.layer.bring_over(key, flow);
        }
    }

    /// After a recovery the streams of before are gone. What was on its way by them goes again by new ones, as far as
    /// we may open them; all else waits until its peer is back.
    pub fn reopen_streams(&mut self, now: Moment) {
        for id in self.sessions.keys() {
            self.with(id, |session, layer| {
                let flow = session.flow;
                session.reopen(layer, flow);
            });
        }
        for key in self.layer.clients.keys() {
            let Some(client) = self.layer.clients.get(&key) else { continue };
            let flow = client.flow;
            if flow.local.port() == 0 && client.is_unanswered() {
                self.layer.send_once_more(key);
            } else if self.layer.is_lost(&flow) {
                let other = self.way_of_owner(key);
                self.layer.cut_off(key, flow, other, now);
            }
        }
    }

    /// Streams that are gone and whose peer is not back, of the same transport from the same address as this.
    pub fn stranded_beside(&self, flow: Flow) -> Vec<Flow> {
        let is_beside = |before: &&Flow| {
            before.transport == flow.transport && before.remote.ip() == flow.remote.ip() && **before != flow
        };
        self.layer.lost.iter().filter(is_beside).copied().collect()
    }

    /// A peer has left a stream for another, as the stack's owner has made sure: its calls go on there, and what was said to
    /// nobody meanwhile is said again. That the one before is gone may be news.
    pub fn peer_is_back(&mut self, before: Flow, flow: Flow) {
        if before == flow {
            return;
        }
        for key in self.layer.clients_on(before) {
            self.layer.bring_over(key, flow);
        }
        for occupant in self.layer.occupants_of(before) {
            if let Occupant::Session(id) = occupant {
                self.with(id, |session, layer| session.moves(layer, before, flow));
            }
        }
    }

    /// A copy of a peer's request has come by `flow`: the peer is there, and a 2xx that may have reached nobody goes there at
    /// once.
    pub(crate) fn asked_again(&mut self, server: ServerKey, flow: Flow) {
        if let Some((id, before)) = self.layer.asked_again_by(server, flow) {
            self.with(id, |session, layer| {
                session.has_moved(layer, before, flow);
                session.repeat_success(layer, flow);
            });
        }
    }

    /// Lets a request in that came from elsewhere: its sender is the peer, and is there from now on.
    pub fn vouch(&mut self, request: ServerKey, session: SessionId, now: Moment) {
        let Some(server) = self.layer.servers.get_mut(&request) else { return };
        let Some(message) = server.request.clone().filter(|_| server.owner == ServerOwner::Application)
        else {
            return;
        };
        server.owner = ServerOwner::Session(session);
        let (flow, number) = (server.flow, message.cseq().map_or(0, |cseq| cseq.number));
        let is_new =
            self.sessions.get_mut(&session).is_some_and(|session| session.take_number(number).is_ok());
        if !is_new {
            self.layer.reply_bare(request, 500, now);
            return;
        }
        self.with(session, |session, layer| {
            session.heard_on(layer, flow);
            session.on_request(layer, request, &message, now);
        });
        self.layer.count_living(self.sessions.len());
    }

    /// The peer of a session by its own account: a name-addr.
    pub fn peer_name(&self, session: SessionId) -> Option<&str> {
        self.sessions.get(&session).map(|session| session.dialog.remote.as_str())
    }

    /// The stream that the session behind a request of ours lives on now, or that we may open for it.
    fn way_of_owner(&self, key: ClientKey) -> Option<Flow> {
        let ClientOwner::Session(id, _) = self.layer.clients.get(&key)?.owner else { return None };
        let flow = self.sessions.get(&id)?.flow;
        (flow.transport.is_reliable() && !self.layer.is_lost(&flow)).then_some(flow)
    }
}

impl Session {
    /// Whether a message by `flow` comes from the peer that the call is with: by its stream, or by another from the same
    /// address, and not in the open where the call is encrypted. A datagram's source proves nothing, and nothing hangs on it.
    pub(crate) fn is_peers(&self, flow: Flow) -> bool {
        let is_hidden = |transport| matches!(transport, Transport::Tls | Transport::Wss);
        !flow.transport.is_reliable()
            || flow == self.flow
            || flow.remote.ip() == self.flow.remote.ip()
                && (is_hidden(flow.transport) || !is_hidden(self.flow.transport))
    }

    /// The stream `flow` is gone: a call whose stream was opened by us is led by another to the same place.
    fn reopen(&mut self, layer: &mut Layer, flow: Flow) {
        let remote = self.opened_to.filter(|_| self.flow == flow && layer.is_lost(&flow));
        if let Some(remote) = remote {
            self.heard_on(layer, way::asked_for(Flow { remote, ..flow }));
        }
    }

    /// Whether a response of ours still goes by the stream `flow`.
    pub(crate) fn answers_by(&self, layer: &Layer, flow: Flow) -> bool {
        let ringing = match &self.phase {
            Phase::Ringing(incoming) => layer.servers.get(&incoming.server),
            Phase::Calling(_)
            | Phase::Cancelling(..)
            | Phase::Answering(_)
            | Phase::Unconfirmed(_)
            | Phase::Confirmed
            | Phase::Leaving
            | Phase::Over => None,
        };
        let is_unacked = self.unacked.as_ref().is_some_and(|unacked| unacked.flow == flow);
        flow.transport.is_reliable() && (is_unacked || ringing.is_some_and(|server| server.way_back == flow))
    }

    /// The peer has left the stream `before` for `flow`, whether we have heard that the one before is gone or not.
    pub(crate) fn has_moved(&mut self, layer: &mut Layer, before: Flow, flow: Flow) {
        if self.is_peers(flow) {
            self.moves(layer, before, flow);
        }
    }

    pub(crate) fn moves(&mut self, layer: &mut Layer, before: Flow, flow: Flow) {
        self.bring_over(layer, before, flow);
        self.heard_on(layer, flow);
    }

    /// The call has left the stream `before`, which is gone, for `flow`: so does what belongs to it.
    pub(crate) fn bring_over(&mut self, layer: &mut Layer, before: Flow, flow: Flow) {
        for key in layer.clients_on(before) {
            let owner = layer.clients.get(&key).map(|client| client.owner);
            if matches!(owner, Some(ClientOwner::Session(id, _)) if id == self.id) {
                layer.bring_over(key, flow);
            }
        }
        let ringing = self.asked_by();
        let asked = match &self.exchange {
            Exchange::Theirs { server, .. } => Some(*server),
            Exchange::Idle | Exchange::Ours { .. } | Exchange::Later { .. } | Exchange::InSuccess => None,
        };
        let referred = self.referrals.iter().filter_map(|referral| referral.unanswered);
        for key in ringing.into_iter().chain(asked).chain(referred) {
            if let Some(server) = layer.servers.get_mut(&key).filter(|server| server.way_back == before) {
                server.way_back = flow;
            }
        }
        if let Some(unacked) = self.unacked.as_mut().filter(|unacked| unacked.flow == before) {
            unacked.flow = flow;
        }
    }
}

impl Layer {
    /// Everybody who lives on `flow`.
    pub(crate) fn occupants_of(&self, flow: Flow) -> Vec<Occupant> {
        let (first, last) = (Occupant::Client(ClientKey(0)), Occupant::Session(SessionId(u64::MAX)));
        self.occupants.range((flow, first)..=(flow, last)).map(|(_, who)| *who).collect()
    }

    /// Our requests that live on `flow`.
    fn clients_on(&self, flow: Flow) -> Vec<ClientKey> {
        let (first, last) = (Occupant::Client(ClientKey(0)), Occupant::Client(ClientKey(u64::MAX)));
        let clients = self.occupants.range((flow, first)..=(flow, last));
        clients
            .filter_map(|(_, who)| match who {
                Occupant::Client(key) => Some(*key),
                Occupant::Session(_) => None,
            })
            .collect()
    }

    /// Takes note that a stream is gone behind which somebody waits. One that was only asked for may be asked for again.
    pub(crate) fn lose(&mut self, flow: Flow) {
        if flow.transport.is_reliable() && flow.local.port() != 0 {
            self.lost.insert(flow);
        }
    }

    /// Whether `flow` is a stream that is gone.
    pub(crate) fn is_lost(&self, flow: &Flow) -> bool {
        flow.transport.is_reliable() && self.lost.contains(flow)
    }

    /// Whether a request outside calls, whose stream we asked for, may have met one that its peer was just closing: once it
    /// goes by another.
    fn may_go_again(&mut self, key: ClientKey) -> bool {
        let Some(client) = self.clients.get_mut(&key) else { return false };
        let may = client.owner == ClientOwner::Application
            && client.flow.local.port() == 0
            && client.is_unanswered()
            && client.tries.count == 0;
        client.tries.count += u8::from(may);
        may
    }

    /// Whether a request of ours has failed when its stream has: one outside calls, since whoever made it asks again; and
    /// the INVITE of a call that found nobody to connect to, since another way to call may be tried.
    fn ends_with_its_stream(&self, key: ClientKey) -> bool {
        let Some(client) = self.clients.get(&key) else { return false };
        match client.owner {
            ClientOwner::Application => true,
            ClientOwner::Session(_, Purpose::Invite) => {
                client.flow.local.port() == 0 && client.left.is_none() && client.is_unheard()
            }
            ClientOwner::Session(..) | ClientOwner::Nobody => false,
        }
    }

    /// A peer's request has come once more, by another stream than before: it is answered there. Over a stream nobody repeats
    /// what may have arrived, so the one before is gone for the peer, and we may hear of that late or never. Gives the
    /// session that the request belongs to, if it does, and the stream before.
    pub(crate) fn asked_again_by(&mut self, key: ServerKey, flow: Flow) -> Option<(SessionId, Flow)> {
        let way_back = self.servers.get(&key)?.way_back;
        let is_peers = way_back.transport == flow.transport && way_back.remote.ip() == flow.remote.ip();
        if !is_peers || way_back == flow || !flow.transport.is_reliable() {
            return None;
        }
        let server = self.servers.get_mut(&key)?;
        server.way_back = flow;
        match server.owner {
            ServerOwner::Session(id) => Some((id, way_back)),
            ServerOwner::Application | ServerOwner::Stack => None,
        }
    }

    /// A request of ours has lost its stream: it goes by `other`, or by a stream to be opened where that may be done, or
    /// waits for its peer. Its own timer still bounds all of this.
    pub(crate) fn cut_off(&mut self, key: ClientKey, flow: Flow, other: Option<Flow>, now: Moment) {
        let Some(client) = self.clients.get(&key) else { return };
        let (machine, span) = (client.machine, client.span);
        if !client.is_unanswered() || client.flow != flow {
            return;
        }
        let again = match machine {
            ClientMachine::Invite(_) => Timer::A,
            ClientMachine::Plain(_) => Timer::E,
        };
        let request = Message::scan(&client.request).expect("what we wrote can be read");
        let other = other.filter(|other| *other != flow && other.transport == flow.transport);
        let Some(anew) = other.or_else(|| way::of_request_anew(self, &request, flow)) else { return };
        self.rebind(key, anew);
        if flow.local.port() == 0 && anew == flow {
            // Nobody was there, or not for long: not at once again.
            if self.deadlines.at(&Deadline::Client(key, again)).is_none() {
                self.deadlines.set(Deadline::Client(key, again), now + span);
            }
        } else {
            self.send_once_more(key);
        }
    }

    /// Has a request of ours live on `flow` from now on. The stream that it has lost still leads to it.
    fn rebind(&mut self, key: ClientKey, flow: Flow) {
        let Some(client) = self.clients.get_mut(&key) else { return };
        let before = core::mem::replace(&mut client.flow, flow);
        if before == flow {
            return;
        }
        let is_asked_for = before.local.port() == 0;
        let left = if is_asked_for { None } else { client.left.replace(before) };
        for gone in left.into_iter().chain(is_asked_for.then_some(before)) {
            self.vacate(gone, Occupant::Client(key));
        }
        self.occupy(flow, Occupant::Client(key));
    }

    /// The peer is on `flow` now: a request of ours lives there, and goes there again if it may never have arrived.
    fn bring_over(&mut self, key: ClientKey, flow: Flow) {
        let is_unanswered = self.clients.get(&key).is_some_and(|client| client.is_unanswered());
        self.move_client(key, flow);
        if is_unanswered {
            self.send_once_more(key);
        }
    }

    /// A request of ours lives on the stream `flow`, on which its peer is heard.
    pub(crate) fn move_client(&mut self, key: ClientKey, flow: Flow) {
        let Some(client) = self.clients.get_mut(&key) else { return };
        if client.flow.transport != flow.transport || !flow.transport.is_reliable() {
            return;
        }
        let (before, left) = (core::mem::replace(&mut client.flow, flow), client.left.take());
        for gone in [Some(before), left].into_iter().flatten().filter(|gone| *gone != flow) {
            self.vacate(gone, Occupant::Client(key));
        }
        if before != flow {
            self.occupy(flow, Occupant::Client(key));
        }
        for again in [Timer::A, Timer::E] {
            self.deadlines.cancel(&Deadline::Client(key, again));
        }
    }
}
