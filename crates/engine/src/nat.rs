//! Media address of a phone behind NAT: its SDP names a private address, its signalling shows the public one.
//!
//! The media plane trusts the announced address more than the first sender. It can't receive from a private address of
//! another network, so without this an attacker who sends first would be taken for the phone.

use core::net::{IpAddr, SocketAddr};

use turno_media_plan::MediaCommand;

use crate::engine::Engine;

impl Engine {
    /// Replaces the remote address of a media command by the public one, where needed.
    pub(crate) fn as_seen_from_outside(&self, mut command: MediaCommand) -> MediaCommand {
        if let MediaCommand::Agree { stream, remote, .. } = &mut command
            && let Some(flow) = self.switchboard.session_of(*stream).and_then(|id| self.stack.flow_of(id))
        {
            *remote = from_outside(*remote, flow.remote.ip());
        }
        command
    }
}

/// `remote` with the IP address `seen` in the signalling, if `remote` is private and `seen` is not.
fn from_outside(remote: SocketAddr, seen: IpAddr) -> SocketAddr {
    if is_private(remote.ip()) && !is_private(seen) && remote.is_ipv4() == seen.is_ipv4() {
        SocketAddr::new(seen, remote.port())
    } else {
        remote
    }
}

/// Addresses that are only valid inside one network, including carrier-grade NAT (RFC 6598).
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            v4.is_private() || v4.is_link_local() || v4.is_loopback() || (first == 100 && second >> 6 == 1)
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_teleworker_is_expected_from_the_router_and_a_carrier_from_where_it_says() {
        let at = |remote: &str, seen: &str| {
            from_outside(remote.parse().expect("an address"), seen.parse().expect("an address")).to_string()
        };
        assert_eq!(at("192.168.1.5:4000", "203.0.113.5"), "203.0.113.5:4000");
        assert_eq!(at("100.64.1.5:4000", "203.0.113.5"), "203.0.113.5:4000");
        // A carrier's media come from another address than its signalling.
        assert_eq!(at("198.51.100.7:4000", "203.0.113.5"), "198.51.100.7:4000");
        // All in one office, and an old-style hold.
        assert_eq!(at("192.168.1.5:4000", "192.168.1.9"), "192.168.1.5:4000");
        assert_eq!(at("0.0.0.0:4000", "203.0.113.5"), "0.0.0.0:4000");
        assert_eq!(at("192.168.1.5:4000", "2001:db8::1"), "192.168.1.5:4000");
    }
}
