//! Who is calling: an agent, a trunk, or a stranger.

use turno_ground::{Flow, Moment, Secret, Transport};
use turno_model::plan::{TrunkPlan, TrunkTrust};
use turno_model::{AgentId, TrunkId};
use turno_sip::{Message, Method, Name, Reply, Uri, Verdict};

use crate::engine::Engine;
use crate::fence::{Why, is_within};
use crate::identity::user_part;
use crate::trunk_state::TrunkState;

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
        match self.trunk_by_flow(flow).filter(|_| !is_challenged) {
            Some(trunk) => Peer::Trunk(self.trunk_by_account(message, flow).unwrap_or(trunk)),
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

    /// The trunk that this address belongs to: by its list, or by the addresses that its name resolved to.
    /// A trunk that must show a certificate shows it to TLS, before a message of its own comes here.
    pub(crate) fn trunk_by_flow(&self, flow: Flow) -> Option<TrunkId> {
        self.trunks_by_flow(flow).next().map(|(trunk, _)| trunk)
    }

    /// Of several registrations with one carrier the one whose Contact, with the account's name in it, the request is for
    /// (RFC 3261, 10.2).
    fn trunk_by_account(&self, message: &Message, flow: Flow) -> Option<TrunkId> {
        let mut all = self.trunks_by_flow(flow);
        let first = all.next()?;
        let mut others = all.peekable();
        others.peek()?;
        let asked = user_of(message.request_uri())?;
        let is_meant = |trust: &TrunkTrust| match trust {
            TrunkTrust::Registration { username, .. } => user_part(username) == asked,
            TrunkTrust::Addresses(_) | TrunkTrust::Digest { .. } => false,
        };
        core::iter::once(first).chain(others).find(|(_, trunk)| is_meant(&trunk.trust)).map(|(id, _)| id)
    }

    fn trunks_by_flow(&self, flow: Flow) -> impl Iterator<Item = (TrunkId, &TrunkPlan)> {
        let source = flow.remote.ip();
        let is_theirs = move |trunk: &TrunkPlan, state: &TrunkState| {
            let has_shown = !trunk.client_certificate || flow.transport == Transport::Tls;
            has_shown
                && match &trunk.trust {
                    TrunkTrust::Addresses(networks) => {
                        networks.iter().any(|&(net, bits)| is_within(source, net, bits))
                    }
                    TrunkTrust::Digest { .. } => false,
                    TrunkTrust::Registration { .. } => state.has_address(source),
                }
        };
        let all = (0..).map(TrunkId).zip(self.plan.trunks.iter().zip(self.trunks.iter()));
        all.filter(move |(_, (trunk, state))| is_theirs(trunk, state)).map(|(id, (trunk, _))| (id, trunk))
    }
}

fn trunk_secret(trust: &TrunkTrust, name: &str) -> Option<Secret> {
    match trust {
        TrunkTrust::Digest { username, password } if username == name => Some(password.clone()),
        TrunkTrust::Digest { .. } | TrunkTrust::Addresses(_) | TrunkTrust::Registration { .. } => None,
    }
}

/// The user part of a SIP URI in text, or the number of a `tel` URI: without parameters such as `;phone-context`
/// (RFC 3966, 3), escapes resolved (a phone may dial `%2A11`).
pub(crate) fn user_of(uri: &str) -> Option<String> {
    let uri = Uri::parse(uri).ok()?;
    let user = uri.user?.split(';').next();
    let user = Uri { user, ..uri }.user_unescaped();
    Some(user.chars().filter(|c| !c.is_control()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_dialled_is_read_however_it_is_escaped() {
        // RFC 3261, 19.1.2; RFC 3966, 3.
        let dialled = |uri: &str| user_of(uri).unwrap_or_default();
        assert_eq!(dialled("sip:%2A11@turno"), "*11");
        assert_eq!(dialled("sip:*11@turno;user=phone"), "*11");
        assert_eq!(dialled("sip:%231@turno"), "#1");
        assert_eq!(dialled("sip:1800510510;phone-context=+593@carrier"), "1800510510");
        assert_eq!(dialled("TEL:+593-2-395-2300;ext=1"), "+593-2-395-2300");
        assert_eq!(dialled("sip:10%0D%0A01@turno"), "1001");
        assert_eq!(user_of("sip:turno"), None);
    }

    #[test]
    fn a_carrier_is_known_by_its_network() {
        let ip = |text: &str| text.parse::<core::net::IpAddr>().expect("an address");
        assert!(is_within(ip("127.9.0.1"), ip("127.0.0.0"), 8));
        assert!(!is_within(ip("128.0.0.1"), ip("127.0.0.0"), 8));
        assert!(is_within(ip("203.0.113.9"), ip("0.0.0.0"), 0));
        assert!(is_within(ip("2001:db8::1"), ip("2001:db8::"), 32));
        assert!(!is_within(ip("127.0.0.1"), ip("2001:db8::"), 0));
    }
}
