//! A new call: a contact for a dialled number, or an agent who dials.

use bytes::Bytes;
use turno_calls::{NoPort, retry_later};
use turno_ground::{Flow, Moment};
use turno_model::{Party, TurnedAway};
use turno_sip::{Message, Name, Reply, SessionId};

use crate::caller::caller_by;
use crate::dialled::dialled_by;
use crate::engine::Engine;
use crate::peer::Peer;
use crate::srtp_policy::srtp_of;
use crate::trunks::account_at;
use crate::user::user_of;

/// The same in words, for people who read the phone's log.
const NOBODY_SITS: &str = "399 turno \"Nobody sits at this seat: an agent has to sit down here first\"";

impl Engine {
    pub(crate) fn on_invite(
        &mut self,
        session: SessionId,
        message: &Message,
        flow: Flow,
        offer: Option<Bytes>,
        now: Moment,
    ) {
        let peer = self.identify(message, flow, now);
        if let Peer::Stranger(verdict) = peer {
            let (gate, peers) = self.gate();
            gate.tries_extension(message, flow, &verdict, &peers, now);
            let challenge = gate.challenge(verdict, flow, now);
            self.stack.refuse_and_forget(session, challenge, now);
            return;
        }
        if let Peer::FreeSeat(_) = peer {
            self.stack.refuse(session, nobody_sits_here(), now);
            return;
        }
        if let Peer::Trunk(trunk) = peer {
            // What we ask within this call, a carrier that we registered with may challenge.
            if let Some((username, password)) = self.plan.trunks.get(trunk.index()).and_then(account_at) {
                self.stack.answers_challenges(session, username.to_owned(), password.clone());
            }
        }
        let dialled = user_of(message.request_uri()).unwrap_or_default();
        if !self.service.is_open() && !self.is_for_those_here(&peer, &dialled) {
            self.stack.refuse(session, retry_later(), now);
            return;
        }
        let srtp = srtp_of(&self.plan, &peer, flow.transport);
        let has_port = matches!(peer, Peer::Agent(..)) || self.has_port_for_caller();
        let taken = if has_port {
            self.switchboard.incoming(session, offer, flow.local.ip(), srtp)
        } else {
            Err(NoPort)
        };
        let Ok(call) = taken else {
            if let Peer::Trunk(trunk) = peer {
                let contact = self.contacts.number();
                let caller = caller_by(message, trunk, &self.plan);
                let dialled = dialled_by(message, trunk, &self.plan, &self.directory);
                self.arrived(contact, Some(trunk), &caller, &dialled.text, now);
                self.leg_opened(contact, Party::Caller, session, now);
                self.turn_away(contact, TurnedAway::Overload, now);
            }
            self.shortage.used_up(&self.switchboard, &mut self.outbox, now);
            self.stack.refuse(session, retry_later(), now);
            return;
        };
        self.calls.begin(call);
        let contact = self.contacts.begin_with(call);
        self.ports_were_taken();
        self.gate.arrives(&peer, flow.remote);
        match peer {
            Peer::Agent(agent, _) => self.on_agent_dialled((call, contact), agent, &dialled, now),
            Peer::Trunk(trunk) => {
                let (caller, dialled) = (
                    caller_by(message, trunk, &self.plan),
                    dialled_by(message, trunk, &self.plan, &self.directory),
                );
                self.on_number_dialled((call, contact), Some(trunk), caller, dialled, now);
            }
            Peer::FreeSeat(_) | Peer::Stranger(_) => {}
        }
        self.gate.has_arrived();
    }

    /// Whether a call serves those who talk or wait already: an agent's feature code (who would become ready for the
    /// last in line?), or a question to a colleague about the contact at hand.
    fn is_for_those_here(&self, peer: &Peer, dialled: &str) -> bool {
        match peer {
            Peer::Agent(agent, _) => self.is_feature(dialled) || self.room.state(*agent).has_contact(),
            Peer::FreeSeat(_) | Peer::Trunk(_) | Peer::Stranger(_) => false,
        }
    }
}

/// What the phone of a seat is told from which nobody may call: whose call would it be?
fn nobody_sits_here() -> Reply {
    let mut reply = Reply::new(403);
    reply.reason = Some("Nobody Sits Here".to_owned());
    reply.headers.push((Name::Warning, NOBODY_SITS.to_owned()));
    reply
}
