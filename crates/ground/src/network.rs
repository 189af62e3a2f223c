//! Membership of addresses in networks.

use core::net::IpAddr;

use ipnet::IpNet;

/// Whether an address is in a network, given by one of its addresses and its prefix length. An IPv4-mapped IPv6 address
/// (RFC 4291, 2.5.5.2), as a dual-stack socket reports it, counts as its IPv4 address.
pub fn is_within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let longest = if network.is_ipv4() { 32 } else { 128 };
    let network = IpNet::new(network, bits.min(longest)).expect("no prefix is longer than its address");
    network.contains(&address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_carrier_is_known_by_its_network() {
        assert!(is_within(ip("127.9.0.1"), ip("127.0.0.0"), 8));
        assert!(!is_within(ip("128.0.0.1"), ip("127.0.0.0"), 8));
        assert!(is_within(ip("203.0.113.9"), ip("0.0.0.0"), 0));
        assert!(is_within(ip("203.0.113.9"), ip("203.0.113.9"), 32));
        assert!(!is_within(ip("203.0.113.8"), ip("203.0.113.9"), 32));
        assert!(is_within(ip("2001:db8::1"), ip("2001:db8::"), 32));
        assert!(!is_within(ip("127.0.0.1"), ip("2001:db8::"), 0));
    }

    #[test]
    fn a_carrier_is_known_by_its_network_where_a_socket_for_both_families_brings_it() {
        // Wound: a carrier that came through a dual-stack listener was taken for a stranger.
        assert!(is_within(ip("::ffff:203.0.113.9"), ip("203.0.113.0"), 24));
        assert!(!is_within(ip("::ffff:203.0.114.9"), ip("203.0.113.0"), 24));
        assert!(!is_within(ip("::ffff:203.0.113.9"), ip("::"), 0));
    }
}
