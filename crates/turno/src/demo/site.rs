//! The site's plan, made fit for a demo: on loopback, open day and night, at the demo's speed.

use core::time::Duration;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};

use turno_ground::Transport;
use turno_model::Plan;
use turno_model::plan::{AcwPlan, ApiPlan, BrowserPlan, Entry, NumberPlan, QueuePlan, TrunkPlan, TrunkTrust};

use crate::demo::speed::Speed;

/// After-call work where a plan leaves its end to the agent: the demo's agents dial no code for it.
const ACW: Duration = Duration::from_secs(20);
/// Where turno itself stands.
const TURNO: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// The second octet of everybody else's addresses: two demos at once stand in networks of their own.
fn network() -> u8 {
    let [low, ..] = std::process::id().to_le_bytes();
    low.max(1)
}

/// Where the callers' trunk stands.
pub(crate) fn trunk() -> Ipv4Addr {
    Ipv4Addr::new(127, network(), 255, 1)
}

/// Where turno's own RTP goes in and out.
fn voices() -> Ipv4Addr {
    Ipv4Addr::new(127, network(), 255, 2)
}

/// Where the softphone of the agent with this number (from 0) stands: each has an address of its own.
pub(crate) fn seat(number: usize) -> Ipv4Addr {
    let [high, low] = u16::try_from(number + 1).unwrap_or(u16::MAX).to_be_bytes();
    Ipv4Addr::new(127, network(), high.min(254), low)
}

/// The site on loopback, with at most `agents` seats, open at all hours, its carrier played by the demo's callers.
pub(crate) fn settle(mut plan: Plan, agents: usize) -> Plan {
    let mut places = 0..agents;
    plan.retain_agents(|_| places.next().is_some());
    plan.sip.advertised = None;
    plan.media.bind = IpAddr::V4(voices());
    plan.media.advertised = None;
    for number in &mut plan.numbers {
        *number = NumberPlan { hours: None, ..number.clone() };
    }
    let trust = TrunkTrust::Addresses(vec![(IpAddr::V4(trunk()), 32)]);
    let name = plan.trunks.first().map_or_else(|| "demo".to_owned(), |trunk| trunk.name.clone());
    plan.trunks = vec![TrunkPlan::new(&name, trust)];
    plan.dial_out.trunk = None;
    plan.sip.requests_per_source_max = None;
    for queue in &mut plan.queues {
        if queue.acw == AcwPlan::Manual {
            queue.acw = AcwPlan::Timed(ACW);
        }
    }
    plan
}

/// The site at places that are free now.
pub(crate) fn at_free_places(mut plan: Plan) -> Plan {
    plan.sip.listen = vec![(Transport::Udp, free_udp(5060))];
    plan.http = free_tcp(plan.http.port());
    plan.api = Some(ApiPlan { listen: free_tcp(8081), is_over_tls: false });
    plan.browser = Some(BrowserPlan {
        port: free_port(19_998, voices()),
        bind: IpAddr::V4(voices()),
        bind_other: None,
        advertised: None,
        advertised_other: None,
        origins: Vec::new(),
    });
    plan
}

/// The same site for people who live `speed` times as fast.
pub(crate) fn hurry(mut plan: Plan, speed: Speed) -> Plan {
    for queue in &mut plan.queues {
        hurry_queue(queue, speed);
    }
    for menu in &mut plan.menus {
        menu.wait = speed.real(menu.wait).max(Duration::from_millis(500));
        menu.repeats = 0;
    }
    plan
}

/// The number that most callers of a site dial: the first that leads to a menu, or the first at all.
pub(crate) fn main_number(plan: &Plan) -> Option<&NumberPlan> {
    let to_menu = plan.numbers.iter().find(|number| matches!(number.entry, Entry::Menu(_)));
    to_menu.or(plan.numbers.first())
}

/// The keys that a caller of the main number may press.
pub(crate) fn keys(plan: &Plan) -> Vec<char> {
    match main_number(plan).map(|number| number.entry) {
        Some(Entry::Menu(menu)) => plan.menus[menu.0 as usize].queue_keys().collect(),
        Some(Entry::Queue(_) | Entry::Agent(..)) | None => Vec::new(),
    }
}

fn hurry_queue(queue: &mut QueuePlan, speed: Speed) {
    if let AcwPlan::Timed(span) = &mut queue.acw {
        *span = speed.real(*span);
    }
    queue.wait_max = queue.wait_max.map(|span| speed.real(span));
    for span in [
        &mut queue.ring,
        &mut queue.rona_cool_down,
        &mut queue.hold_max,
        &mut queue.handling_target,
        &mut queue.handling_warning,
        &mut queue.wait_target,
        &mut queue.short_abandon,
    ] {
        *span = speed.real(*span);
    }
}

/// The address with the usual port if that is free, otherwise any.
fn free_udp(port: u16) -> SocketAddr {
    let usual = SocketAddr::new(IpAddr::V4(TURNO), port);
    if UdpSocket::bind(usual).is_ok() { usual } else { SocketAddr::new(IpAddr::V4(TURNO), 0) }
}

fn free_port(port: u16, at: Ipv4Addr) -> u16 {
    let free = UdpSocket::bind((at, port)).or_else(|_| UdpSocket::bind((at, 0)));
    free.and_then(|socket| socket.local_addr()).map_or(port, |address| address.port())
}

fn free_tcp(port: u16) -> SocketAddr {
    let usual = SocketAddr::new(IpAddr::V4(TURNO), port);
    if TcpListener::bind(usual).is_ok() { usual } else { SocketAddr::new(IpAddr::V4(TURNO), 0) }
}
