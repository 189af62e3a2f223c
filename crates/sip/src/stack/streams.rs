//! Connections that close and come back: no call ends by that alone (RFC 3261, 12 and 18.1.1).
//!
//! A call is between two ends, and a connection is only a way between them. What was on its way by one that closed goes by
//! another: the one that the peer comes back by, or one that we open where the peer says it listens. Only a request that
//! finds no way in its time, silence, or the session timer ends a call.
//!
//! Who comes back must be the peer: from the address that the call has been with, or vouched for by the stack's owner.
//! The names of a dialog prove nothing: they are in every message that can be read on the way.

use turno_ground::{Flow, Moment};

use crate::stack::Stack;
use crate::stack::client::{ClientEvent, ClientOwner, Told};
use crate::stack::event::{ClientKey, ServerKey, SessionId};
use crate::stack::occupancy::Occupant;
use crate::stack::server::ServerOwner;

impl Stack {
    /// Takes note that a stream is gone, or that one which was asked for could not be opened.
    pub fn handle_flow_closed(&mut self, flow: Flow, now: Moment) {
        let occupants = self.layer.occupancy.occupants_of(flow);
        if occupants.is_empty() {
            return;
        }
        self.layer.occupancy.lose(flow);
        for occupant in &occupants {
            if let Occupant::Session(id) = occupant {
                self.sessions.with(*id, &mut self.layer, |session, layer| session.reopen(layer, flow));
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
        self.layer.count_living(self.living());
    }

    /// A stream that was taken for gone brings something: from the same port of the peer there is another.
    pub(crate) fn heard_again(&mut self, flow: Flow) {
        self.layer.occupancy.is_there(&flow);
        for key in self.layer.occupancy.clients_on(flow) {
            self.layer.bring_over(key, flow);
        }
    }

    /// After a recovery the streams of before are gone. What was on its way by them goes again by new ones, as far as
    /// we may open them; all else waits until its peer is back.
    pub fn reopen_streams(&mut self, now: Moment) {
        for id in self.sessions.ids() {
            self.sessions.with(id, &mut self.layer, |session, layer| {
                let flow = session.flow;
                session.reopen(layer, flow);
            });
        }
        for key in self.layer.clients.numbers() {
            let Some(client) = self.layer.clients.get(key) else { continue };
            if self.layer.is_overdue(key, now) {
                // A phone that hears of the call only now would ring for nobody.
                continue;
            }
            let flow = client.flow;
            if flow.local.port() == 0 && client.is_unanswered() {
                self.layer.send_once_more(key);
            } else if self.layer.occupancy.is_lost(&flow) {
                let other = self.way_of_owner(key);
                self.layer.cut_off(key, flow, other, now);
            }
        }
    }

    /// Streams that are gone and whose peer is not back, of the same transport from the same address as this.
    pub fn stranded_beside(&self, flow: Flow) -> Vec<Flow> {
        self.layer.occupancy.stranded_beside(flow)
    }

    /// A peer has left a stream for another, as the stack's owner has made sure: its calls go on there, and what was said to
    /// nobody meanwhile is said again. That the one before is gone may be news.
    pub fn peer_is_back(&mut self, before: Flow, flow: Flow) {
        if before == flow {
            return;
        }
        for key in self.layer.occupancy.clients_on(before) {
            self.layer.bring_over(key, flow);
        }
        for occupant in self.layer.occupancy.occupants_of(before) {
            if let Occupant::Session(id) = occupant {
                self.sessions.with(id, &mut self.layer, |session, layer| session.moves(layer, before, flow));
            }
        }
    }

    /// A copy of a peer's request has come by `flow`: the peer is there, and a 2xx that may have reached nobody goes there at
    /// once.
    pub(crate) fn asked_again(&mut self, server: ServerKey, flow: Flow) {
        if let Some((id, before)) = self.layer.asked_again_by(server, flow) {
            self.sessions.with(id, &mut self.layer, |session, layer| {
                session.has_moved(layer, before, flow);
                session.repeat_success(layer, flow);
            });
        }
    }

    /// Lets a request in that came from elsewhere: its sender is the peer, and is there from now on.
    pub fn vouch(&mut self, request: ServerKey, session: SessionId, now: Moment) {
        let Some(server) = self.layer.servers.get_mut(request) else { return };
        let Some(message) = server.request.clone().filter(|_| server.owner == ServerOwner::Application)
        else {
            return;
        };
        server.owner = ServerOwner::Session(session);
        let (flow, number) = (server.flow, message.cseq().map_or(0, |cseq| cseq.number));
        let is_new = self.sessions.change(session, |session| session.take_number(number).is_ok());
        if is_new != Some(true) {
            self.layer.reply_bare(request, 500, now);
            return;
        }
        self.sessions.with(session, &mut self.layer, |session, layer| {
            session.heard_on(layer, flow);
            session.on_request(layer, request, &message, now);
        });
        self.layer.count_living(self.living());
    }

    /// The peer of a session by its own account: a name-addr.
    pub fn peer_name(&self, session: SessionId) -> Option<&str> {
        self.sessions.get(session).map(|session| session.dialog.remote.as_str())
    }

    /// The stream that the session behind a request of ours lives on now, or that we may open for it.
    fn way_of_owner(&self, key: ClientKey) -> Option<Flow> {
        let ClientOwner::Session(id, _) = self.layer.clients.get(key)?.owner else { return None };
        let flow = self.sessions.get(id)?.flow;
        (flow.transport.is_reliable() && !self.layer.occupancy.is_lost(&flow)).then_some(flow)
    }
}
