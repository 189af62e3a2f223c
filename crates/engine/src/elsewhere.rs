//! Requests inside a call that arrive from another address than the peer's.

use turno_ground::{Flow, Moment};
use turno_model::plan::TrunkTrust;
use turno_sip::{Message, Reply, ServerKey, SessionId};

use crate::engine::Engine;
use crate::peer::Peer;
use crate::user::{address_in, user_of};

impl Engine {
    /// Handles an in-dialog request on a connection from another address. It is accepted if the sender proves to be the
    /// same peer.
    pub(crate) fn on_elsewhere(
        &mut self,
        key: ServerKey,
        session: SessionId,
        message: &Message,
        flow: Flow,
        now: Moment,
    ) {
        let name = self.stack.peer_name(session).and_then(address_in).and_then(user_of);
        let seat = name.and_then(|name| self.directory.seat(&name));
        let is_peer = match self.identify(message, flow, now) {
            Peer::Agent(_, speaks) | Peer::FreeSeat(speaks) => seat == Some(speaks),
            // A seat's phone may be in a trunk's network, but a trunk never speaks for a seat.
            Peer::Trunk(trunk) => {
                let by_password = matches!(self.plan.trunks[trunk.index()].trust, TrunkTrust::Digest { .. });
                let was_there = self.stack.flow_of(session).and_then(|at| self.trunks.at(at, &self.plan));
                seat.is_none() && (by_password || was_there == Some(trunk))
            }
            Peer::Stranger(verdict) => {
                let challenge = self.gate.challenge(verdict, flow, now);
                self.stack.respond_and_forget(key, challenge, now);
                return;
            }
        };
        if is_peer {
            self.stack.vouch(key, session, now);
        } else {
            self.stack.respond_and_forget(key, Reply::new(481), now);
        }
    }
}
