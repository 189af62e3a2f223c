//! How one trunk is doing: its addresses, whether it answers, our registration with it.

use core::net::{IpAddr, SocketAddr};
use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_model::plan::TrunkPlan;

/// How one trunk is doing.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TrunkState {
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) is_up: bool,
    pub(crate) cseq: u32,
    pub(crate) call_id: String,
    pub(crate) answers: u32,
    /// The shortest registration that the carrier takes, as it told us.
    pub(crate) expires_min: Duration,
}

impl TrunkState {
    pub(crate) fn new(plan: &TrunkPlan) -> Self {
        let literal = plan.host.as_deref().and_then(|host| host.parse::<IpAddr>().ok());
        let port = plan.port.unwrap_or(plan.transport.default_port());
        Self {
            addresses: literal.map(|ip| SocketAddr::new(ip, port)).into_iter().collect(),
            is_up: true,
            cseq: 0,
            call_id: String::new(),
            answers: 0,
            expires_min: Duration::ZERO,
        }
    }

    /// The address to try after `tried` others.
    pub(crate) fn address(&self, tried: usize) -> Option<SocketAddr> {
        self.addresses.get(tried).copied()
    }

    /// Puts the first address last: it did not answer.
    pub(crate) fn take_next(&mut self) {
        if !self.addresses.is_empty() {
            self.addresses.rotate_left(1);
        }
    }

    /// Whether these are the addresses that we have, in whatever order.
    pub(crate) fn has_these(&self, addresses: &[SocketAddr]) -> bool {
        addresses.len() == self.addresses.len() && addresses.iter().all(|one| self.addresses.contains(one))
    }

    pub(crate) fn has_address(&self, source: IpAddr) -> bool {
        self.addresses.iter().any(|address| address.ip() == source)
    }
}
