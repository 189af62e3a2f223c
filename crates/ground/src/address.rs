//! Transports, and the flows between us and a peer.

use core::fmt;
use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

/// Transport of SIP (RFC 3261, 18; RFC 7118 for WebSockets).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Transport {
    /// Datagrams; SIP retransmits.
    Udp,
    /// A stream; TCP retransmits.
    Tcp,
    /// A stream under TLS.
    Tls,
    /// A WebSocket; one message a frame.
    Ws,
    /// A WebSocket under TLS.
    Wss,
}

impl Transport {
    /// Whether the transport itself retransmits, so that SIP need not.
    pub const fn is_reliable(self) -> bool {
        !matches!(self, Self::Udp)
    }

    /// Whether it is a WebSocket: the peer is where its connection is, whatever its Contact says, and behind a reverse proxy
    /// all peers have one address (RFC 7118).
    pub const fn is_web(self) -> bool {
        matches!(self, Self::Ws | Self::Wss)
    }

    /// Its name in a Via header, upper case.
    pub const fn via_name(self) -> &'static str {
        match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
            Self::Tls => "TLS",
            Self::Ws => "WS",
            Self::Wss => "WSS",
        }
    }

    /// Its value in a URI's `transport` parameter, lower case.
    pub const fn uri_name(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Ws | Self::Wss => "ws",
        }
    }

    /// The port of a URI without one (RFC 3261, 19.1.2).
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Udp | Self::Tcp => 5060,
            Self::Tls => 5061,
            Self::Ws => 80,
            Self::Wss => 443,
        }
    }
}

/// One path between us and a peer: for UDP an address pair, for a stream one connection.
///
/// To ask the shell for a new stream, send to a flow whose local port is 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Flow {
    /// The transport.
    pub transport: Transport,
    /// Our end.
    pub local: SocketAddr,
    /// The peer's end, as seen from here: behind NAT that is the NAT's address.
    pub remote: SocketAddr,
}

impl Flow {
    /// Whether we can open a stream there: nobody can open a WebSocket to a browser, and no machine has an address of books.
    pub const fn may_be_opened(&self) -> bool {
        matches!(self.transport, Transport::Tcp | Transport::Tls) && !is_for_documentation(self.remote.ip())
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}>{}", self.transport.via_name(), self.local, self.remote)
    }
}

/// Whether an address is reserved for documentation (RFC 5737, 3849 and 9637). No machine has one, so packets to it are
/// lost.
pub const fn is_for_documentation(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => matches!(ip.octets(), [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _]),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => is_for_documentation(IpAddr::V4(ip)),
            None => matches!(ip.segments(), [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..]),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_books_is_known() {
        // RFC 5737; RFC 3849; RFC 9637.
        let is = |text: &str| is_for_documentation(text.parse().expect("an address"));
        for text in
            ["192.0.2.9", "198.51.100.1", "203.0.113.255", "2001:db8::9:1", "3fff:fff::1", "::ffff:192.0.2.1"]
        {
            assert!(is(text), "{text}");
        }
        for text in ["192.0.3.9", "127.0.0.1", "2001:db9::1", "::1", "3fff:1000::1"] {
            assert!(!is(text), "{text}");
        }
    }
}
