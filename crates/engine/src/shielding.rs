//! Whose voices are encrypted: a plan's wish against the transport that would carry the keys.

use std::net::SocketAddr;

use turno_ground::Transport;
use turno_media_plan::{KeyMint, SrtpPolicy};
use turno_model::AgentId;
use turno_model::encryption::{SrtpPlan, SrtpWish};

use crate::admission::Peer;
use crate::engine::Engine;
use crate::unshielded::{UnshieldedSeen, Whose};

impl Engine {
    /// Has the keys of SRTP minted from a secret of the operating system's. To be said before the first input; without
    /// it they come from the seed, which is good for tests alone.
    pub fn mint_keys_from(&mut self, secret: [u8; 32]) {
        self.switchboard.mint_keys(KeyMint::new(secret));
    }

    /// For a leg that came in.
    pub(crate) fn srtp_of(&self, peer: &Peer, transport: Transport) -> SrtpPolicy {
        match peer {
            Peer::Agent(agent) => self.agent_srtp(*agent, transport),
            Peer::Trunk(trunk) => {
                let plan = self.plan.trunks.get(trunk.index());
                plan.map_or(SrtpPolicy::Never, |trunk| srtp_policy(trunk.srtp, transport))
            }
            Peer::Stranger(_) => SrtpPolicy::Never,
        }
    }

    /// For a leg of a seat's.
    pub(crate) fn agent_srtp(&self, agent: AgentId, transport: Transport) -> SrtpPolicy {
        srtp_policy(self.plan.agents[agent.index()].srtp, transport)
    }

    /// A call arrives in this step: who will have been turned away if it is.
    pub(crate) const fn arrives(&mut self, peer: &Peer, remote: SocketAddr) {
        match peer {
            Peer::Agent(agent) => self.turned_away.arrives(Whose::Agent(*agent), remote),
            Peer::Trunk(trunk) => self.turned_away.arrives(Whose::Trunk(*trunk), remote),
            Peer::Stranger(_) => {}
        }
    }

    /// How many calls and registrations the plan's word on encryption has turned away, in the order of
    /// [`Unshielded::ALL`](crate::unshielded::Unshielded::ALL).
    pub const fn unshielded(&self) -> [u64; 4] {
        self.turned_away.totals()
    }

    /// The last of them by name, in order; a few at most.
    pub fn last_unshielded(&self) -> Vec<UnshieldedSeen> {
        let name = |whose: Whose| match whose {
            Whose::Agent(agent) => format!("seat {}", self.plan.agents[agent.index()].extension),
            Whose::Trunk(trunk) => format!("trunk {}", self.plan.trunks[trunk.index()].name),
        };
        let seen = |(whose, remote, why)| UnshieldedSeen { who: name(whose), remote, why };
        self.turned_away.last().map(seen).collect()
    }
}

/// What a wish comes to on a transport: keys travel under TLS, or where the plan says that they may be read.
pub(crate) const fn srtp_policy(plan: SrtpPlan, transport: Transport) -> SrtpPolicy {
    let is_hidden = match transport {
        Transport::Tls | Transport::Wss => true,
        Transport::Udp | Transport::Tcp | Transport::Ws => plan.without_tls,
    };
    match (plan.wish, is_hidden) {
        (SrtpWish::Required, true) => SrtpPolicy::Required,
        (SrtpWish::Required, false) => SrtpPolicy::Barred,
        (SrtpWish::Offered | SrtpWish::ByTransport, true) => SrtpPolicy::Offered,
        (SrtpWish::Offered | SrtpWish::ByTransport, false) | (SrtpWish::Never, _) => SrtpPolicy::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_never_travel_where_they_can_be_read_unless_the_plan_says_so() {
        // RFC 4568, 8.3: SDES is as safe as what carries it.
        for transport in [Transport::Udp, Transport::Tcp, Transport::Ws] {
            for (wish, expected) in [
                (SrtpWish::ByTransport, SrtpPolicy::Never),
                (SrtpWish::Never, SrtpPolicy::Never),
                (SrtpWish::Offered, SrtpPolicy::Never),
                (SrtpWish::Required, SrtpPolicy::Barred),
            ] {
                assert_eq!(srtp_policy(SrtpPlan { wish, without_tls: false }, transport), expected);
            }
            let spoken = SrtpPlan { wish: SrtpWish::Required, without_tls: true };
            assert_eq!(srtp_policy(spoken, transport), SrtpPolicy::Required);
        }
        for (wish, expected) in [
            (SrtpWish::ByTransport, SrtpPolicy::Offered),
            (SrtpWish::Never, SrtpPolicy::Never),
            (SrtpWish::Offered, SrtpPolicy::Offered),
            (SrtpWish::Required, SrtpPolicy::Required),
        ] {
            assert_eq!(srtp_policy(SrtpPlan { wish, without_tls: false }, Transport::Tls), expected);
        }
    }
}
