//! SRTP policy of a leg, from the plan's wish and the transport that carries the keys.

use turno_ground::Transport;
use turno_media_plan::SrtpPolicy;
use turno_model::encryption::{SrtpPlan, SrtpWish};
use turno_model::{Plan, SeatId};

use crate::peer::Peer;

/// Policy for an incoming leg.
pub(crate) fn srtp_of(plan: &Plan, peer: &Peer, transport: Transport) -> SrtpPolicy {
    match peer {
        Peer::Agent(_, seat) | Peer::FreeSeat(seat) => seat_srtp(plan, *seat, transport),
        Peer::Trunk(trunk) => {
            let plan = plan.trunks.get(trunk.index());
            plan.map_or(SrtpPolicy::Never, |trunk| srtp_policy(trunk.srtp, transport))
        }
        Peer::Stranger(_) => SrtpPolicy::Never,
    }
}

/// Policy for the leg of a seat.
pub(crate) fn seat_srtp(plan: &Plan, seat: SeatId, transport: Transport) -> SrtpPolicy {
    srtp_policy(plan.seats[seat.index()].srtp, transport)
}

/// Policy for a wish and a transport. Keys need TLS, unless the plan allows them to be readable.
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
        // RFC 4568, 8.3: SDES is only as safe as its transport.
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
