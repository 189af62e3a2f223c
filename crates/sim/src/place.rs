//! Addresses of phones: agents at desks of their own, callers at addresses that a trunk of the plan may have.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use turno_model::Plan;
use turno_model::plan::TrunkTrust;

use crate::person::Desk;

const SIP_PORT: u16 = 5060;
/// Desks are in 127.10.0.0/16, and in the next network each time a phone has moved.
const DESKS: u32 = 0x7f0a_0000;
/// Callers are in 127.20.0.0/16 and after, if the trunk's network allows it.
const CALLERS: u32 = 0x7f14_0000;
/// Pages that have moved, and second desks.
const PAGES: u32 = 0x7f1e_0000;
const PAGES_EACH: u32 = 0x400;
/// The forger's addresses begin here.
const STRANGER: u32 = 0x7fc8_0001;

/// A desk with this server.
pub(crate) const fn desk(server: SocketAddr, local: SocketAddr) -> Desk {
    Desk { server, local }
}

/// An agent's desk after so many moves.
pub(crate) fn agent_address(agent: usize, moves: u32) -> SocketAddr {
    let place = u32::try_from(agent).unwrap_or(0) + 1 + (moves % 8) * 0x1_0000;
    at(DESKS + place, SIP_PORT)
}

/// An agent's page at another place.
pub(crate) fn page_address(desk: usize, number: u32) -> SocketAddr {
    let place = u32::try_from(desk).unwrap_or(0) + 1 + (number % 8) * PAGES_EACH;
    at(PAGES + place, SIP_PORT)
}

/// The desk that has or had this address, by index.
pub(crate) fn agent_at(address: IpAddr) -> Option<usize> {
    let IpAddr::V4(address) = address else { return None };
    let within = |from: u32, each: u32| {
        address.to_bits().checked_sub(from).filter(|place| *place < 8 * each).map(|place| place % each)
    };
    let place = within(DESKS, 0x1_0000).or_else(|| within(PAGES, PAGES_EACH))?;
    usize::try_from(place.checked_sub(1)?).ok()
}

/// The address of a stranger.
pub(crate) fn stranger_address(number: u32) -> SocketAddr {
    at(STRANGER + number % 200, SIP_PORT)
}

/// A caller's address: in the first trunk that is known by addresses, or behind the carrier that turno registers with.
pub(crate) fn caller_address(plan: &Plan, caller: u32) -> SocketAddr {
    let registrar = plan.trunks.iter().find_map(|trunk| match &trunk.trust {
        TrunkTrust::Registration { .. } => trunk.host.as_ref()?.parse::<Ipv4Addr>().ok(),
        TrunkTrust::Addresses(_) | TrunkTrust::Digest { .. } => None,
    });
    if let Some(ip) = registrar {
        return at(ip.to_bits(), SIP_PORT + 1 + u16::try_from(caller % 50_000).unwrap_or(0));
    }
    let network = plan.trunks.iter().find_map(|trunk| match &trunk.trust {
        TrunkTrust::Addresses(networks) => networks.iter().find_map(|(address, bits)| match address {
            IpAddr::V4(address) => Some((address.to_bits(), u32::from(*bits).min(32))),
            IpAddr::V6(_) => None,
        }),
        TrunkTrust::Digest { .. } | TrunkTrust::Registration { .. } => None,
    });
    let (base, bits) = network.unwrap_or((CALLERS, 8));
    let hosts = 1u64.checked_shl(32 - bits).unwrap_or(1);
    let is_inside = bits < 16 && base & 0xff00_0000 == CALLERS & 0xff00_0000;
    if is_inside {
        return at(CALLERS + caller + 1, SIP_PORT);
    }
    // A small network: its addresses in turn, then the next port of each.
    let usable = hosts.saturating_sub(2).max(1);
    let host = u64::from(caller) % usable + u64::from(hosts > 2);
    let port = SIP_PORT + u16::try_from(u64::from(caller) / usable % 50_000).unwrap_or(0);
    at(base + u32::try_from(host).unwrap_or(0), port)
}

/// The credentials with which a caller's phone answers a challenge: those of the first digest trunk, if no trunk is
/// known by addresses.
pub(crate) fn caller_credentials(plan: &Plan, caller: u32) -> (String, String) {
    let by_digest = plan.trunks.iter().find_map(|trunk| match &trunk.trust {
        TrunkTrust::Digest { username, password } => Some((username.clone(), password.reveal().to_owned())),
        TrunkTrust::Addresses(_) | TrunkTrust::Registration { .. } => None,
    });
    let is_known = plan.trunks.iter().any(|trunk| matches!(trunk.trust, TrunkTrust::Addresses(_)));
    by_digest.filter(|_| !is_known).unwrap_or_else(|| (format!("caller{caller}"), String::new()))
}

fn at(bits: u32, port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::from_bits(bits)), port)
}
