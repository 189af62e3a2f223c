//! Finds the media ports that other programs use, once at the start.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr, UdpSocket};

use turno_media::PortPair;
use turno_model::Plan;

use crate::refusal::StartRefused;

/// The RTP ports of the pairs that can't be bound now. A port that is taken later is put aside when it fails.
///
/// # Errors
/// [`StartRefused::Address`] if the address is not ours.
pub(crate) fn taken(plan: &Plan) -> Result<Vec<u16>, StartRefused> {
    // Port 0 tests the address independently of the ports.
    for ip in binds(plan) {
        let any = SocketAddr::new(ip, 0);
        UdpSocket::bind(any).map_err(|error| StartRefused::Address {
            purpose: "RTP",
            address: any,
            error,
        })?;
    }
    let held = held();
    let may_be_taken =
        |port: u16| held.as_ref().is_none_or(|held| held.contains(&port) || held.contains(&(port + 1)));
    Ok(pairs(plan).filter(|&port| may_be_taken(port) && is_taken(plan, port)).collect())
}

/// Refuses a start with too few ports.
///
/// # Errors
/// [`StartRefused::Ports`] if more than half are taken.
pub(crate) fn check_enough(plan: &Plan, taken: &[u16]) -> Result<(), StartRefused> {
    if taken.len() * 2 > pairs(plan).count() {
        return Err(StartRefused::Ports { range: plan.media.ports, taken: taken.len() });
    }
    Ok(())
}

/// The ports that are still taken after another turno process has given its own up.
pub(crate) fn still_taken(plan: &Plan, taken: Vec<u16>, ours: &[PortPair]) -> Vec<u16> {
    let is_ours = |port| ours.iter().any(|pair| pair.local.port() == port);
    taken.into_iter().filter(|&port| !is_ours(port) && is_taken(plan, port)).collect()
}

/// UDP ports in use by any process, at any address: trying to bind thousands would delay a start by a tenth of a
/// second. `None` if the system does not say.
fn held() -> Option<BTreeSet<u16>> {
    let ports = ["/proc/net/udp", "/proc/net/udp6"].map(std::fs::read_to_string);
    let [Ok(old), new] = ports else { return None };
    // `sl local_address rem_address ...`: the local one is ADDRESS:PORT in hexadecimal; the first line has titles.
    let port = |line: &str| {
        let local = line.split_whitespace().nth(1)?;
        u16::from_str_radix(local.rsplit_once(':')?.1, 16).ok()
    };
    // Without IPv6 there is no second table.
    Some(old.lines().chain(new.unwrap_or_default().lines()).filter_map(port).collect())
}

fn pairs(plan: &Plan) -> impl Iterator<Item = u16> {
    let (first, last) = plan.media.ports;
    (first + first % 2..last).step_by(2)
}

/// The addresses for RTP, one of each family.
fn binds(plan: &Plan) -> impl Iterator<Item = IpAddr> {
    core::iter::once(plan.media.bind).chain(plan.media.bind_other)
}

fn is_taken(plan: &Plan, port: u16) -> bool {
    let is_free = |port| binds(plan).all(|ip| UdpSocket::bind(SocketAddr::new(ip, port)).is_ok());
    !is_free(port) || !is_free(port + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::small_plan::one_queue;

    #[test]
    fn a_port_of_another_program_is_left_out_and_a_range_that_is_taken_is_refused() {
        // Bad input: a socket that can't be bound.
        let held = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let port = held.local_addr().expect("it is bound").port();
        let even = port - port % 2;
        let mut plan = one_queue();
        plan.media.ports = (even - 40, even + 41);
        assert!(taken(&plan).expect("most are free").contains(&even));
        plan.media.ports = (even, even + 1);
        let all = taken(&plan).expect("the address is ours");
        let refused = check_enough(&plan, &all).expect_err("all are taken").to_string();
        assert!(refused.contains("media.ports") && !refused.contains('\n'), "{refused}");
        drop(held);
        assert_eq!(still_taken(&plan, all, &[]), Vec::<u16>::new(), "its owner has closed it");
    }
}
