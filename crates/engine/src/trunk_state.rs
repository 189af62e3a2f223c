//! How one trunk is doing: its addresses, whether it answers, our registration with it.

use core::net::{IpAddr, SocketAddr};
use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::{Flow, Moment};
use turno_model::plan::TrunkPlan;
use turno_sip::{ClientKey, Name};

use crate::registration::Registration;
use crate::trouble::Troubles;

/// How one trunk is doing.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TrunkState {
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) cseq: u32,
    pub(crate) call_id: String,
    /// The shortest registration that the carrier takes, as it told us.
    pub(crate) expires_min: Duration,
    pub(crate) registration: Registration,
    /// Rounds of our registration that failed, in a row.
    pub(crate) failures: u32,
    /// The way that the carrier wants our requests to take (RFC 3608).
    pub(crate) service_route: Vec<String>,
    pub(crate) troubles: Troubles,
    /// Addresses that did not answer OPTIONS, in a row.
    pub(crate) silent: usize,
    /// What is still to be proved before it is in service.
    #[serde(skip)]
    pub(crate) unproved: Unproved,
    /// Whether it was last told to be in service; nothing was told of one that has proved nothing yet.
    #[serde(skip)]
    pub(crate) told_up: Option<bool>,
    #[serde(skip)]
    pub(crate) asking: Asking,
}

/// What a trunk has not shown since this turno began: nothing of it, where nobody asks for it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Unproved {
    /// That it answers OPTIONS.
    pub(crate) answer: bool,
    /// That it takes our registration.
    pub(crate) registration: bool,
}

/// What a restart may forget of our registration.
#[derive(Debug, Default)]
pub(crate) struct Asking {
    /// The REGISTER whose answer is waited for.
    pub(crate) key: Option<ClientKey>,
    /// How often the present REGISTER was sent again.
    pub(crate) tries: u8,
    /// Whether it was sent again to answer a challenge.
    pub(crate) has_answered: bool,
    /// Addresses that the present round has asked.
    pub(crate) tried: usize,
    /// The Contact that it names.
    pub(crate) contact: String,
    /// What our last REGISTER said of us, to be carried on by the next.
    pub(crate) credentials: Vec<(Name, String)>,
    /// How the last 200 came.
    pub(crate) flow: Option<Flow>,
    /// When the last round began.
    pub(crate) begun_at: Moment,
}

impl TrunkState {
    pub(crate) fn new(plan: &TrunkPlan) -> Self {
        let literal = plan.host.as_deref().and_then(|host| host.parse::<IpAddr>().ok());
        let port = plan.port.unwrap_or(plan.transport.default_port());
        Self {
            addresses: literal.map(|ip| SocketAddr::new(ip, port)).into_iter().collect(),
            cseq: 0,
            call_id: String::new(),
            expires_min: Duration::ZERO,
            registration: Registration::default(),
            failures: 0,
            service_route: Vec::new(),
            troubles: Troubles::default(),
            silent: 0,
            unproved: Unproved::default(),
            told_up: None,
            asking: Asking::default(),
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
