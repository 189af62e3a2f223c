//! Where a webhook may go: never to an inner address, unless the plan says so. Somebody who may edit a URL could otherwise let turno
//! ask machines that only turno reaches (server-side request forgery).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is not one of the public Internet: loopback, private, link-local, shared, reserved, multicast.
pub fn is_inner(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_inner_v4(address),
        IpAddr::V6(address) => {
            let carried = address.to_ipv4_mapped().or_else(|| carried_v4(address));
            carried.map_or_else(|| is_inner_v6(address), is_inner_v4)
        }
    }
}

fn is_inner_v4(address: Ipv4Addr) -> bool {
    let [one, two, three, _] = address.octets();
    let is_shared = one == 100 && (64..128).contains(&two);
    let is_for_protocols = one == 192 && two == 0 && three == 0;
    let is_for_benches = one == 198 && (18..20).contains(&two);
    address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || one == 0
        || one >= 240
        || is_shared
        || is_for_protocols
        || is_for_benches
}

fn is_inner_v6(address: Ipv6Addr) -> bool {
    let [one, two, ..] = address.segments();
    let is_documentation = one == 0x2001 && two == 0x0db8 || one & 0xfff0 == 0x3ff0;
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || one & 0xffc0 == 0xfec0
        || is_documentation
        // Only 2000::/3 is given out (RFC 4291, IANA's registry).
        || one & 0xe000 != 0x2000
}

/// The address that a translated one leads to: NAT64 (RFC 6052) and 6to4 (RFC 3056).
fn carried_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [one, two, three, four, five, six, seven, eight] = address.segments();
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match (one, two) {
        (0x64, 0xff9b) if [three, four, five, six] == [0; 4] => Some(of(seven, eight)),
        (0x2002, _) => Some(of(two, three)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_addresses_are_told_from_public_ones_in_every_disguise() {
        for inner in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.2.1",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.9",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "fec0::1",
            "2001:db8::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "3fff::1",
            "4000::1",
        ] {
            assert!(is_inner(inner.parse().expect("an address")), "{inner}");
        }
        for public in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "2600::1",
            "2a00:1450::1",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ] {
            assert!(!is_inner(public.parse().expect("an address")), "{public}");
        }
    }
}
