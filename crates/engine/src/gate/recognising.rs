//! Recognises the sender of a request: a seat's phone, a trunk, or a stranger.

use turno_ground::{Flow, Moment, Secret};
use turno_model::TrunkId;
use turno_model::plan::TrunkTrust;
use turno_sip::{Message, Method, Name, Reply, Verdict};

use crate::gate::Gate;
use crate::gate::peers::{Peers, Sender};
use crate::gate::rate_limit::Why;
use crate::peer::Peer;
use crate::seats::Standing;
use crate::user::user_of;

impl Gate {
    /// Returns the peer who sent a request.
    pub(crate) fn recognise(
        &mut self,
        message: &Message,
        flow: Flow,
        peers: &mut Peers<'_>,
        now: Moment,
    ) -> Peer {
        let mut is_challenged = false;
        let claimed = message.from().ok().and_then(|from| user_of(from.uri));
        if let Some(seat) = claimed.and_then(|user| peers.directory.seat(&user)) {
            if peers.speaks_for(&flow, seat) {
                return peers.at_seat(seat);
            }
            let extension = &peers.plan.seats[seat.index()].extension;
            let standing = peers.seats.standing(extension, &flow);
            if standing != Standing::Elsewhere {
                // A datagram's source can be forged and calls cost money, so calls are challenged even from a
                // registered flow.
                let is_proven = standing == Standing::Registered;
                if is_proven && (flow.transport.is_reliable() || message.method() != Method::Invite) {
                    return peers.at_seat(seat);
                }
                is_challenged = true;
            }
        }
        if message.header(Name::Authorization).is_some() {
            let verdict = self.verify(message, flow, peers, now);
            let known = match &verdict {
                Verdict::Valid { username } => peer_by_username(username, peers),
                Verdict::Missing | Verdict::Stale | Verdict::Wrong => None,
            };
            // Carriers may pass on a subscriber's credentials for another realm (RFC 3261, 22.3). They prove nothing
            // here.
            if known.is_some() || verdict != Verdict::Missing {
                return known.unwrap_or(Peer::Stranger(verdict));
            }
        }
        match peers.trunks.at(flow, peers.plan).filter(|_| !is_challenged) {
            Some(trunk) => Peer::Trunk(peers.trunks.by_account(message, flow, peers.plan).unwrap_or(trunk)),
            None => Peer::Stranger(Verdict::Missing),
        }
    }

    /// Checks the digest credentials against seats and trunks.
    pub(crate) fn verify(
        &mut self,
        message: &Message,
        flow: Flow,
        peers: &mut Peers<'_>,
        now: Moment,
    ) -> Verdict {
        let (plan, directory) = (peers.plan, peers.directory);
        let verdict = self.authenticator.verify(
            message,
            Name::Authorization,
            |username| match directory.seat(username) {
                Some(seat) => Some(plan.seats[seat.index()].password.clone()),
                None => plan.trunks.iter().find_map(|trunk| trunk_secret(&trunk.trust, username)),
            },
            now,
        );
        if matches!(verdict, Verdict::Valid { .. }) {
            peers.seats.has_proved(&flow);
        }
        if verdict == Verdict::Wrong {
            let ip = flow.remote.ip();
            let was_there = flow.transport.is_reliable()
                || self.authenticator.was_challenged(message, Name::Authorization, ip, now);
            self.failed(flow, Why::Passwords, was_there, peers, now);
        }
        verdict
    }

    /// 401 with a fresh nonce. A wrong password and an unknown name get the same response.
    pub(crate) fn challenge(&mut self, verdict: Verdict, flow: Flow, now: Moment) -> Reply {
        let mut reply = Reply::new(401);
        for value in self.authenticator.challenge_to(flow.remote.ip(), verdict == Verdict::Stale, now) {
            reply.headers.push((Name::WwwAuthenticate, value));
        }
        reply
    }

    /// A stranger on a stream sends a request without credentials, with an unknown extension in From. Once may be a
    /// mistake; many times means that it scans for extensions.
    pub(crate) fn tries_extension(
        &mut self,
        message: &Message,
        flow: Flow,
        verdict: &Verdict,
        peers: &Peers<'_>,
        now: Moment,
    ) {
        let claimed = message.from().ok().and_then(|from| user_of(from.uri));
        let is_ours = claimed.is_some_and(|user| peers.directory.seat(&user).is_some());
        if *verdict == Verdict::Missing && !is_ours && flow.transport.is_reliable() {
            self.failed(flow, Why::Extensions, true, peers, now);
        }
    }

    /// A stranger failed. `was_there`: the source is proven, not forged.
    fn failed(&mut self, flow: Flow, why: Why, was_there: bool, peers: &Peers<'_>, now: Moment) {
        if peers.sender(&flow) == Sender::Stranger {
            self.rate_limit.failed(flow.remote.ip(), why, was_there, now);
        }
    }
}

fn peer_by_username(username: &str, peers: &Peers<'_>) -> Option<Peer> {
    if let Some(seat) = peers.directory.seat(username) {
        return Some(peers.at_seat(seat));
    }
    let mut trunks = peers.plan.trunks.iter();
    let place = trunks.position(|trunk| trunk_secret(&trunk.trust, username).is_some())?;
    u32::try_from(place).ok().map(|place| Peer::Trunk(TrunkId(place)))
}

fn trunk_secret(trust: &TrunkTrust, name: &str) -> Option<Secret> {
    match trust {
        TrunkTrust::Digest { username, password } if username == name => Some(password.clone()),
        TrunkTrust::Digest { .. } | TrunkTrust::Addresses(_) | TrunkTrust::Registration { .. } => None,
    }
}
