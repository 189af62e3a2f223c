//! A phone takes its own talk up again by another dialog (RFC 3891): a page that was loaded anew, a phone that has restarted.

use bytes::Bytes;
use turno_ground::{Flow, Moment};
use turno_model::Party;
use turno_sip::{Message, Reply, SessionId};

use crate::engine::Engine;
use crate::peer::Peer;
use crate::user::{address_in, user_of};

impl Engine {
    /// An INVITE that is to take the place of a dialog. Only a phone of the same seat may: others pass calls on by REFER.
    pub(crate) fn on_replaces(
        &mut self,
        session: SessionId,
        replaced: SessionId,
        (message, flow, offer): (&Message, Flow, Option<Bytes>),
        now: Moment,
    ) {
        let (agent, seat) = match self.identify(message, flow, now) {
            Peer::Agent(agent, seat) => (Some(agent), Some(seat)),
            Peer::FreeSeat(_) | Peer::Trunk(_) => (None, None),
            Peer::Stranger(verdict) => {
                let challenge = self.gate.challenge(verdict, flow, now);
                self.stack.refuse_and_forget(session, challenge, now);
                return;
            }
        };
        let theirs = self.stack.peer_name(replaced).and_then(address_in).and_then(user_of);
        let theirs = theirs.and_then(|name| self.directory.seat(&name));
        let Some(agent) = agent.filter(|_| seat.is_some() && seat == theirs) else {
            let reply = Reply { reason: Some("Replace By REFER".to_owned()), ..Reply::new(403) };
            self.stack.refuse(session, reply, now);
            return;
        };
        let before = self.stack.flow_of(replaced).filter(|before| before.transport == flow.transport);
        // What is still to be said in the dialog of before goes where its peer is: by the new connection, unless the page of
        // before is still there, as on another computer.
        if let Some(before) = before.filter(|before| !self.signed_in.stands(before)) {
            self.stack.goes_on_by(replaced, before, flow);
        }
        match self.switchboard.continue_leg(&mut self.stack, (replaced, session), offer, now) {
            Ok(call) => {
                self.consultations.goes_on_with(replaced, session);
                self.observers.goes_on_with(replaced, session);
                if let Some(contact) = self.contacts.of(call) {
                    self.leg_opened(contact, Party::Agent(agent), session, now);
                }
            }
            Err(status) => self.stack.refuse(session, Reply::new(status), now),
        }
    }
}
