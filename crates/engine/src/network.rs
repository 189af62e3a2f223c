//! Which addresses belong to a network.

use core::net::IpAddr;

/// Whether an address belongs to a network, given by its first address and the length of its prefix in bits.
pub(crate) fn is_within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    match (address.to_canonical(), network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits.min(32))).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits.min(128))).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carrier_is_known_by_its_network() {
        let ip = |text: &str| text.parse::<core::net::IpAddr>().expect("an address");
        assert!(is_within(ip("127.9.0.1"), ip("127.0.0.0"), 8));
        assert!(!is_within(ip("128.0.0.1"), ip("127.0.0.0"), 8));
        assert!(is_within(ip("203.0.113.9"), ip("0.0.0.0"), 0));
        assert!(is_within(ip("2001:db8::1"), ip("2001:db8::"), 32));
        assert!(!is_within(ip("127.0.0.1"), ip("2001:db8::"), 0));
    }
}
