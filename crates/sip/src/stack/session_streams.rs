//! The stream that a call is on, and what goes with it to another.

use turno_ground::{Flow, Transport};

use crate::stack::client::ClientOwner;
use crate::stack::layer::Layer;
use crate::stack::occupancy::Occupant;
use crate::stack::session::{Exchange, Phase, Session};
use crate::stack::way;
use crate::stack::write;

impl Session {
    /// A response or an ACK came on `flow`: a stream that the peer is on carries the call from now on. By datagrams
    /// neither moves the peer: a copy with other bytes would do, from anywhere.
    pub(crate) fn opened_on(&mut self, layer: &mut Layer, flow: Flow) {
        if flow.transport.is_reliable() && self.is_peers(flow) {
            self.heard_on(layer, flow);
        }
    }

    /// The peer was heard on `flow` in a request whose CSeq is new: that is where it can be reached from now on.
    pub(crate) fn heard_on(&mut self, layer: &mut Layer, flow: Flow) {
        if self.flow != flow {
            let before = core::mem::replace(&mut self.flow, flow);
            self.contact = write::contact(layer, &self.contact_user, &flow);
            layer.occupancy.occupy(flow, Occupant::Session(self.id));
            if layer.occupancy.is_lost(&before) {
                self.bring_over(layer, before, flow);
            }
            let still_answers = self.answers_by(layer, before);
            let gone = if still_answers { self.left.replace(before) } else { Some(before) };
            if let Some(gone) = gone.filter(|gone| *gone != flow && (!still_answers || *gone != before)) {
                layer.occupancy.vacate(gone, Occupant::Session(self.id));
            }
        }
    }

    /// Whether a message by `flow` comes from the peer that the call is with: by its stream, or by another from the same
    /// address, and not in the open where the call is encrypted. A datagram's source proves nothing, and nothing hangs on it. Nor
    /// does the address of a WebSocket: it may be the reverse proxy's.
    pub(crate) fn is_peers(&self, flow: Flow) -> bool {
        let is_hidden = |transport| matches!(transport, Transport::Tls | Transport::Wss);
        !flow.transport.is_reliable()
            || flow == self.flow
            || flow.remote.ip() == self.flow.remote.ip()
                && !flow.transport.is_web()
                && (is_hidden(flow.transport) || !is_hidden(self.flow.transport))
    }

    /// The stream `flow` is gone: a call whose stream was opened by us is led by another to the same place.
    pub(crate) fn reopen(&mut self, layer: &mut Layer, flow: Flow) {
        let remote = self.opened_to.filter(|_| self.flow == flow && layer.occupancy.is_lost(&flow));
        if let Some(remote) = remote {
            self.heard_on(layer, way::asked_for(Flow { remote, ..flow }));
        }
    }

    /// Whether a response of ours still goes by the stream `flow`.
    fn answers_by(&self, layer: &Layer, flow: Flow) -> bool {
        let ringing = match &self.phase {
            Phase::Ringing(incoming) => layer.servers.get(incoming.server),
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
    fn bring_over(&mut self, layer: &mut Layer, before: Flow, flow: Flow) {
        for key in layer.occupancy.clients_on(before) {
            let owner = layer.clients.get(key).map(|client| client.owner);
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
            if let Some(server) = layer.servers.get_mut(key).filter(|server| server.way_back == before) {
                server.way_back = flow;
            }
        }
        if let Some(unacked) = self.unacked.as_mut().filter(|unacked| unacked.flow == before) {
            unacked.flow = flow;
        }
    }
}
