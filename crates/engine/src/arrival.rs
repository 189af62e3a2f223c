//! A new INVITE: creates the call and its contact, for a dialled number or for an agent who dials.

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

/// Warning header for the phone's log.
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
        if let Peer::Trunk(trunk) = peer {
            // A carrier that we registered with may challenge our requests inside this call.
            if let Some((username, password)) = self.plan.trunks.get(trunk.index()).and_then(account_at) {
                self.stack.answers_challenges(session, username.to_owned(), password.clone());
            }
        }
        let dialled = user_of(message.request_uri()).unwrap_or_default();
        let sits_down = dialled == self.plan.feature_codes.sit;
        if let (Peer::FreeSeat(_), false) = (&peer, sits_down) {
            self.stack.refuse(session, nobody_sits_here(), now);
            return;
        }
        if !self.service.is_open() && !self.is_for_those_here(&peer, &dialled) {
            self.stack.refuse(session, retry_later(), now);
            return;
        }
        let srtp = srtp_of(&self.plan, &peer, flow.transport);
        let has_port = matches!(peer, Peer::Agent(..) | Peer::FreeSeat(_)) || self.has_port_for_caller();
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
            Peer::Agent(_, seat) | Peer::FreeSeat(seat) if sits_down => {
                self.on_sitting_dialled(call, seat, now);
            }
            Peer::Agent(agent, _) => self.on_agent_dialled((call, contact), agent, &dialled, now),
            Peer::Trunk(trunk) => {
                let (caller, dialled) = (
                    caller_by(message, trunk, &self.plan),
                    dialled_by(message, trunk, &self.plan, &self.directory),
                );
                if dialled.is_agents_line {
                    self.on_agents_line(call, caller, now);
                } else {
                    self.on_number_dialled((call, contact), Some(trunk), caller, dialled, now);
                }
            }
            Peer::FreeSeat(_) | Peer::Stranger(_) => {}
        }
        self.gate.has_arrived();
    }

    /// Whether a call is allowed while the service drains. It is if an agent dials a feature code, which may make the
    /// agent ready for the last caller in line, or if an agent with a contact consults a colleague.
    fn is_for_those_here(&self, peer: &Peer, dialled: &str) -> bool {
        match peer {
            Peer::Agent(agent, _) => self.is_feature(dialled) || self.room.state(*agent).has_contact(),
            Peer::FreeSeat(_) | Peer::Trunk(_) | Peer::Stranger(_) => false,
        }
    }
}

/// Refuses a call from a seat where nobody sits, since no agent could be named for it.
fn nobody_sits_here() -> Reply {
    let mut reply = Reply::new(403);
    reply.reason = Some("Nobody Sits Here".to_owned());
    reply.headers.push((Name::Warning, NOBODY_SITS.to_owned()));
    reply
}
