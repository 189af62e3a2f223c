//! Which way the phones of a bad hour speak: datagrams, a connection, a proxy, a port of its own for what they send. Rng of
//! their own, so that whatever else a seed means stays as it was.

use core::time::Duration;
use std::net::SocketAddr;

use turno_ground::{Rng, Transport};
use turno_model::Plan;

use crate::action::{Action, Cut};
use crate::draws::{SPAN_MICROS, one_of};

/// The ways of all phones: a bit for each desk or caller, by place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// Desks whose phone speaks over TCP.
    pub desks_by_tcp: u64,
    /// Callers who speak over TCP.
    pub callers_by_tcp: u64,
    /// Who of these takes every connection that turno opens; a desk if it is not behind a NAT.
    pub open_doors: u64,
    /// Who takes none, as behind a NAT; a caller if it is not one that takes all. All else take some.
    pub no_doors: u64,
    /// Callers whose proxy stays in their dialogs, at another port than it sends from.
    pub behind_proxy: u64,
    /// Callers who send from another port than their sent-by names, and ask for no rport.
    pub without_rport: u64,
}

/// The way of one phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Way {
    /// Datagrams from the port that it listens at.
    #[default]
    Datagrams,
    /// A connection.
    Tcp(Door),
    /// Datagrams by a proxy that sends from the first address and has itself in the route set by the second.
    ByProxy(SocketAddr, SocketAddr),
    /// Datagrams from this address; answers belong to the port that it listens at.
    WithoutRport(SocketAddr),
}

/// Whether a phone takes connections that turno opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    Open,
    Ajar,
    Shut,
}

/// Ports that a caller's proxy, or a caller with two ports, has beside the one that it listens at: so much further.
const PROXY_SENDS: u16 = 7_000;
const PROXY_LISTENS: u16 = 12_000;
const PHONE_SENDS: u16 = 17_000;
/// The most that connections are cut.
const CUTS_MAX: u64 = 12;

impl Ways {
    /// Connections in one hour of three, for half of the phones; proxies in one of three, and phones with two ports in one
    /// of three, for some of the callers.
    pub(crate) fn draw(seed: u64) -> Self {
        let mut rng = Rng::new(seed ^ 0x7761_7973);
        let has_tcp = rng.below(3) == 0;
        let mut some = |is_there: bool| {
            let bits = rng.number();
            if is_there { bits } else { 0 }
        };
        let (desks_by_tcp, callers_by_tcp) = (some(has_tcp), some(has_tcp));
        let (open_doors, no_doors) = (some(has_tcp), some(has_tcp));
        let (proxies, ports) = (some(true), some(true));
        Self {
            desks_by_tcp,
            callers_by_tcp,
            open_doors,
            no_doors,
            behind_proxy: if proxies.is_multiple_of(3) { some(true) } else { 0 },
            without_rport: if ports.is_multiple_of(3) { some(true) } else { 0 },
        }
    }

    /// That of the phone at a desk.
    pub(crate) fn of_desk(self, desk: usize) -> Way {
        if !has(self.desks_by_tcp, desk) {
            return Way::Datagrams;
        }
        Way::Tcp(if has(self.no_doors, desk) { Door::Shut } else { self.door(desk) })
    }

    /// That of a caller's phone, which listens at `local`.
    pub(crate) fn of_caller(self, caller: u32, local: SocketAddr) -> Way {
        let place = usize::try_from(caller).unwrap_or(0);
        let beside = |further: u16| SocketAddr::new(local.ip(), local.port().wrapping_add(further));
        if has(self.callers_by_tcp, place) {
            Way::Tcp(self.door(place))
        } else if has(self.behind_proxy, place) {
            Way::ByProxy(beside(PROXY_SENDS), beside(PROXY_LISTENS))
        } else if has(self.without_rport, place) {
            Way::WithoutRport(beside(PHONE_SENDS))
        } else {
            Way::Datagrams
        }
    }

    const fn door(self, place: usize) -> Door {
        match (has(self.open_doors, place), has(self.no_doors, place)) {
            (true, _) => Door::Open,
            (false, true) => Door::Shut,
            (false, false) => Door::Ajar,
        }
    }

    /// A plan in which there is somebody to connect to.
    pub(crate) fn mutations(self, plan: &mut Plan) {
        let listens = &mut plan.sip.listen;
        let is_there = listens.iter().any(|&(transport, _)| transport == Transport::Tcp);
        if (self.desks_by_tcp | self.callers_by_tcp) != 0
            && !is_there
            && let Some(&(_, address)) = listens.first()
        {
            listens.push((Transport::Tcp, address));
        }
    }

    /// Where phones speak over connections, these are cut: one by one, or all at once.
    pub(crate) fn cuts(
        self,
        seed: u64,
        agents: usize,
        callers: &[(Duration, u32)],
    ) -> Vec<(Duration, Action)> {
        if self.desks_by_tcp | self.callers_by_tcp == 0 {
            return Vec::new();
        }
        let mut rng = Rng::new(seed ^ 0x6375_7473);
        let mut actions = Vec::new();
        for _ in 0..1 + rng.below(CUTS_MAX) {
            let at = Duration::from_micros(rng.below(SPAN_MICROS));
            let agent = usize::try_from(rng.below(agents.max(1) as u64)).unwrap_or(0);
            actions.push((
                at,
                match rng.below(8) {
                    0 => Action::ConnectionsCut(cut(&mut rng)),
                    1 => Action::AgentLeaves(agent),
                    _ => Action::AgentConnectionCut(agent, cut(&mut rng)),
                },
            ));
        }
        for &(came, caller) in callers {
            // From the first milliseconds on.
            let longest = one_of(&[10_000, 1_000_000, 10_000_000, 40_000_000], &mut rng);
            let at = came + Duration::from_micros(rng.below(longest));
            match rng.below(12) {
                0 => actions.push((at, Action::CallerLeaves(caller))),
                1..=6 => actions.push((at, Action::CallerConnectionCut(caller, cut(&mut rng)))),
                _ => {}
            }
        }
        actions
    }
}

fn cut(rng: &mut Rng) -> Cut {
    let longest = one_of(&[200, 1_000, 1_000, 5_000, 60_000], rng);
    let span = Duration::from_millis(rng.below(longest));
    match rng.below(5) {
        0 | 1 => Cut::Reset(span),
        2 | 3 => Cut::Closed(span),
        _ => Cut::Unnoticed(span),
    }
}

/// The bit at a place.
const fn has(bits: u64, place: usize) -> bool {
    (bits >> (place % 64)) & 1 == 1
}
