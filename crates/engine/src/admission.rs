//! Who is calling: an agent, a trunk, or a stranger.

use turno_ground::{Flow, Moment, Secret};
use turno_model::plan::TrunkTrust;
use turno_model::{AgentId, TrunkId};
use turno_sip::{Message, Method, Name, Reply, Verdict};

use crate::engine::Engine;
use crate::fence::Why;
use crate::user::user_of;

/// Who sent a request.
#[derive(Debug)]
pub(crate) enum Peer {
    /// An agent's phone: with its credentials, or by the connection of its registered contact. By UDP the contact's
    /// address is believed too, but for calls.
    Agent(AgentId),
    /// A trunk: by address or credentials.
    Trunk(TrunkId),
    /// Nobody that we know, to be challenged: what its credentials were worth.
    Stranger(Verdict),
}

impl Engine {
    /// Says who it is, and takes note where that is a carrier which a crash of ours had cut off.
    pub(crate) fn identify(&mut self, message: &Message, flow: Flow, now: Moment) -> Peer {
        let peer = self.recognise(message, flow, now);
        if matches!(peer, Peer::Trunk(_)) && flow.transport.is_reliable() {
            self.trunk_is_back(flow);
        }
        peer
    }

    fn recognise(&mut self, message: &Message, flow: Flow, now: Moment) -> Peer {
        let mut is_challenged = false;
        let claimed = message.from().ok().and_then(|from| user_of(from.uri));
        if let Some(agent) = claimed.and_then(|user| self.extensions.get(user.as_str())).copied() {
            let extension = &self.plan.agents[agent.index()].extension;
            let is_its_own = |binding: &turno_sip::Binding| {
                binding.source.remote == flow.remote && binding.source.transport == flow.transport
            };
            if self.registrar.bindings(extension).iter().any(is_its_own) {
                // A datagram's source can be forged, and a call costs money: calls are challenged even from there.
                let is_proven = !self.unproven.contains(&flow);
                if is_proven && (flow.transport.is_reliable() || message.method() != Method::Invite) {
                    return Peer::Agent(agent);
                }
                is_challenged = true;
            }
        }
        if message.header(Name::Authorization).is_some() {
            let verdict = self.verify(message, flow, now);
            let known = match &verdict {
                Verdict::Valid { username } => self.peer_by_username(username),
                Verdict::Missing | Verdict::Stale | Verdict::Wrong => None,
            };
            // Carriers pass on what their subscribers say to others (RFC 3261, 22.3): of another realm, it says nothing.
            if known.is_some() || verdict != Verdict::Missing {
                return known.unwrap_or(Peer::Stranger(verdict));
            }
        }
        match self.trunks.at(flow, &self.plan).filter(|_| !is_challenged) {
            Some(trunk) => Peer::Trunk(self.trunks.by_account(message, flow, &self.plan).unwrap_or(trunk)),
            None => Peer::Stranger(Verdict::Missing),
        }
    }

    /// Checks the digest against seats and trunks.
    pub(crate) fn verify(&mut self, message: &Message, flow: Flow, now: Moment) -> Verdict {
        let plan = self.plan.clone();
        let extensions = &self.extensions;
        let verdict = self.authenticator.verify(
            message,
            Name::Authorization,
            |username| match extensions.get(username) {
                Some(agent) => Some(plan.agents[agent.index()].password.clone()),
                None => plan.trunks.iter().find_map(|trunk| trunk_secret(&trunk.trust, username)),
            },
            now,
        );
        if matches!(verdict, Verdict::Valid { .. }) {
            self.unproven.remove(&flow);
        }
        if verdict == Verdict::Wrong {
            let ip = flow.remote.ip();
            let was_there = flow.transport.is_reliable()
                || self.authenticator.was_challenged(message, Name::Authorization, ip, now);
            self.failed(flow, Why::Passwords, was_there, now);
        }
        verdict
    }

    /// 401 with a fresh nonce. A wrong password and an unknown name get the same.
    pub(crate) fn challenge(&mut self, verdict: Verdict, flow: Flow, now: Moment) -> Reply {
        let mut reply = Reply::new(401);
        for value in self.authenticator.challenge_to(flow.remote.ip(), verdict == Verdict::Stale, now) {
            reply.headers.push((Name::WwwAuthenticate, value));
        }
        reply
    }

    fn peer_by_username(&self, username: &str) -> Option<Peer> {
        if let Some(&agent) = self.extensions.get(username) {
            return Some(Peer::Agent(agent));
        }
        let place =
            self.plan.trunks.iter().position(|trunk| trunk_secret(&trunk.trust, username).is_some())?;
        u32::try_from(place).ok().map(|place| Peer::Trunk(TrunkId(place)))
    }
}

fn trunk_secret(trust: &TrunkTrust, name: &str) -> Option<Secret> {
    match trust {
        TrunkTrust::Digest { username, password } if username == name => Some(password.clone()),
        TrunkTrust::Digest { .. } | TrunkTrust::Addresses(_) | TrunkTrust::Registration { .. } => None,
    }
}
