//! The HTTP API part of a plan.

use std::net::SocketAddr;

/// The settings of the HTTP API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiPlan {
    /// Where it listens: with `[tls]` anywhere, without on loopback alone.
    pub listen: SocketAddr,
    /// Whether it is served over TLS.
    pub is_over_tls: bool,
}
