//! The transports of a scenario's phones: datagrams, a connection, a proxy, or another port for what they send. The Rng
//! is separate, so that the rest of a seed stays the same.

use core::fmt;
use core::time::Duration;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use turno_ground::{Rng, Transport};
use turno_model::Plan;
use turno_model::plan::BrowserPlan;

use crate::action::{Action, Cut};
use crate::draws::{SPAN_MICROS, one_of};
use crate::habits::list;

/// The transports of all phones: one bit for each desk or caller, by index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// Desks whose phone speaks over TCP.
    pub desks_by_tcp: u64,
    /// Callers who speak over TCP.
    pub callers_by_tcp: u64,
    /// Phones that accept every connection from turno; for a desk only if its `accept_never` bit is not set.
    pub accept_always: u64,
    /// Phones that accept none, as behind a NAT; for a caller only if its `accept_always` bit is not set. All others
    /// accept some.
    pub accept_never: u64,
    /// Callers whose proxy stays in their dialogs, at another port than it sends from.
    pub behind_proxy: u64,
    /// Callers who send from another port than their sent-by names, without rport.
    pub without_rport: u64,
    /// Desks whose phone is in a browser; the last bit says that all of these come through one reverse proxy.
    pub desks_by_web: u64,
}

/// The transport of one phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Way {
    /// Datagrams from the port that it listens at.
    #[default]
    Datagrams,
    /// A connection.
    Tcp(Inbound),
    /// Datagrams over a proxy that sends from the first address and puts the second into the route set.
    ByProxy(SocketAddr, SocketAddr),
    /// Datagrams from this address; responses must go to the port that it listens at.
    WithoutRport(SocketAddr),
}

/// Whether a phone accepts connections that turno opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inbound {
    Always,
    Sometimes,
    Never,
}

/// Offsets of the extra ports of a caller's proxy, or of a caller with two ports.
const PROXY_SENDS: u16 = 7_000;
const PROXY_LISTENS: u16 = 12_000;
const PHONE_SENDS: u16 = 17_000;
/// The port of the browsers' voice.
const VOICE_PORT: u16 = 19_998;
/// The reverse proxy before the browsers.
const PROXY: Ipv4Addr = Ipv4Addr::new(127, 9, 0, 1);
/// How often connections are cut at most.
const CUTS_MAX: u64 = 12;

impl Ways {
    /// In one scenario of three half of the phones use connections. In one of three some callers have a proxy, and in
    /// one of three some have two ports.
    pub(crate) fn draw(seed: u64) -> Self {
        let mut rng = Rng::new(seed ^ 0x7761_7973);
        let has_tcp = rng.below(3) == 0;
        let mut some = |is_there: bool| {
            let bits = rng.number();
            if is_there { bits } else { 0 }
        };
        let (desks_by_tcp, callers_by_tcp) = (some(has_tcp), some(has_tcp));
        let (accept_always, accept_never) = (some(has_tcp), some(has_tcp));
        let (proxies, ports) = (some(true), some(true));
        Self {
            desks_by_tcp,
            callers_by_tcp,
            accept_always,
            accept_never,
            behind_proxy: if proxies.is_multiple_of(3) { some(true) } else { 0 },
            without_rport: if ports.is_multiple_of(3) { some(true) } else { 0 },
            desks_by_web: pages(seed),
        }
    }

    /// One line for each way, with the phones that use it, of so many desks and callers.
    pub(crate) fn describe(self, f: &mut fmt::Formatter<'_>, desks: usize, callers: usize) -> fmt::Result {
        list(f, "agents who speak over TCP", self.desks_by_tcp, desks)?;
        list(f, "agents whose phone is in a browser", self.desks_by_web, desks)?;
        list(f, "callers who speak over TCP", self.callers_by_tcp, callers)?;
        list(f, "agents whose phone accepts no connection", self.desks_by_tcp & self.accept_never, desks)?;
        let always = self.callers_by_tcp & self.accept_always;
        list(f, "callers whose phone accepts every connection", always, callers)?;
        let by_proxy = self.behind_proxy & !self.callers_by_tcp;
        let without_rport = self.without_rport & !self.callers_by_tcp & !by_proxy;
        list(f, "callers behind a proxy", by_proxy, callers)?;
        list(f, "callers who send from another port, without rport", without_rport, callers)
    }

    /// Whether the phone at a desk is in a browser.
    pub(crate) const fn is_page(self, desk: usize) -> bool {
        has(self.desks_by_web, desk)
    }

    /// The address of the reverse proxy before all browsers, if there is one.
    pub(crate) fn proxy(self) -> Option<IpAddr> {
        has(self.desks_by_web, 63).then_some(IpAddr::V4(PROXY))
    }

    /// The transport of the phone at a desk.
    pub(crate) fn of_desk(self, desk: usize) -> Way {
        if !has(self.desks_by_tcp, desk) {
            return Way::Datagrams;
        }
        Way::Tcp(if has(self.accept_never, desk) { Inbound::Never } else { self.inbound(desk) })
    }

    /// The transport of a caller's phone, which listens at `local`.
    pub(crate) fn of_caller(self, caller: u32, local: SocketAddr) -> Way {
        let place = usize::try_from(caller).unwrap_or(0);
        let beside = |further: u16| SocketAddr::new(local.ip(), local.port().wrapping_add(further));
        if has(self.callers_by_tcp, place) {
            Way::Tcp(self.inbound(place))
        } else if has(self.behind_proxy, place) {
            Way::ByProxy(beside(PROXY_SENDS), beside(PROXY_LISTENS))
        } else if has(self.without_rport, place) {
            Way::WithoutRport(beside(PHONE_SENDS))
        } else {
            Way::Datagrams
        }
    }

    const fn inbound(self, place: usize) -> Inbound {
        match (has(self.accept_always, place), has(self.accept_never, place)) {
            (true, _) => Inbound::Always,
            (false, true) => Inbound::Never,
            (false, false) => Inbound::Sometimes,
        }
    }

    /// Adds a TCP listener and the browsers' voice to the plan if phones need them.
    pub(crate) fn mutations(self, plan: &mut Plan) {
        if self.desks_by_web != 0 {
            plan.browser.get_or_insert_with(|| BrowserPlan {
                port: VOICE_PORT,
                bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
                bind_other: None,
                advertised: None,
                advertised_other: None,
                origins: Vec::new(),
            });
        }
        let listens = &mut plan.sip.listen;
        let is_there = listens.iter().any(|&(transport, _)| transport == Transport::Tcp);
        if (self.desks_by_tcp | self.callers_by_tcp) != 0
            && !is_there
            && let Some(&(_, address)) = listens.first()
        {
            listens.push((Transport::Tcp, address));
        }
    }

    /// Cuts connections, if phones use any: one by one, or all at once.
    pub(crate) fn cuts(
        self,
        seed: u64,
        agents: usize,
        callers: &[(Duration, u32)],
    ) -> Vec<(Duration, Action)> {
        if self.desks_by_tcp | self.callers_by_tcp | self.desks_by_web == 0 {
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
            // From milliseconds on.
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

/// In one scenario of two half of the agents have their phone in a browser.
fn pages(seed: u64) -> u64 {
    let mut rng = Rng::new(seed ^ 0x6272_6f77);
    if rng.below(2) == 0 { rng.number() } else { 0 }
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

/// The bit at an index.
const fn has(bits: u64, place: usize) -> bool {
    (bits >> (place % 64)) & 1 == 1
}
