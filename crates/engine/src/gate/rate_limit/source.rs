//! Source of messages: the unit for rate limit and bans.

use core::fmt;
use core::net::{IpAddr, Ipv6Addr};

use serde::{Deserialize, Serialize};

/// An IPv4 address, or an IPv6 /64 network: one customer of a provider has all the addresses in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Source(IpAddr);

impl Source {
    pub(crate) fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(v4) => IpAddr::V4(v4),
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        })
    }
}

impl Source {
    /// The address, or the first one of the network.
    pub(crate) const fn address(self) -> IpAddr {
        self.0
    }

    /// A unique row key: the 64 bits of a network, or an IPv4 address put where no customer's network can be.
    pub(crate) const fn number(self) -> u64 {
        const MULTICAST: u64 = 0xFFFF_FFFF << 32;
        match self.0 {
            IpAddr::V4(v4) => MULTICAST | v4.to_bits() as u64,
            IpAddr::V6(v6) => (v6.to_bits() >> 64) as u64,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(v4) => v4.fmt(f),
            IpAddr::V6(v6) => write!(f, "{v6}/64"),
        }
    }
}
