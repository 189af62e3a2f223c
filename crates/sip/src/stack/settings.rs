//! What a stack is told once: names, addresses, spans and limits.

use core::time::Duration;
use std::net::{IpAddr, SocketAddr};

use turno_ground::{Flow, Transport};

use crate::message::method::Method;
use crate::transaction::clock::T1_DEFAULT;

/// How a [`crate::Stack`] presents and limits itself.
#[derive(Clone, Debug)]
pub struct StackSettings {
    /// The text of our User-Agent and Server headers.
    pub user_agent: String,
    /// What Via and Contact say, by transport. Of several with the flow's transport, the one with the flow's own
    /// IP address is taken, else the first; with none, the flow's own address.
    pub addresses: Vec<(Transport, SocketAddr)>,
    /// How long a session lives without a refresh (RFC 4028); zero leaves session timers to the peers.
    pub session_expires: Duration,
    /// The shortest such span that we accept; at least 90 s (RFC 4028, 4).
    pub min_se: Duration,
    /// T1, the estimate of a round trip (RFC 3261, 17.1.1.1); at least 10 ms.
    pub t1: Duration,
    /// The methods we take; others are answered 405, or 501 if unknown.
    pub allow: Vec<Method>,
    /// Whether requests in a dialog without routes go to the IP address in the peer's Contact, instead of to the
    /// flow last used with the peer.
    pub contact_as_given: bool,
    /// Whether responses by UDP go to the port that the request came from even where its Via does not ask for that with
    /// `rport`: for old phones behind a NAT.
    pub force_rport: bool,
    /// The most peers' requests at work or remembered for their copies; beyond it 503. By UDP each is remembered for
    /// 32 s, so that this bounds the requests a second.
    pub server_transactions_max: usize,
    /// The most calls; beyond it 503.
    pub sessions_max: usize,
    /// What Retry-After says in a 503 of ours, in whole seconds: at least and at most.
    pub retry_after: (Duration, Duration),
}

/// The shortest Min-SE (RFC 4028, 4).
pub(crate) const MIN_SE_LEAST: Duration = Duration::from_secs(90);

/// The shortest T1: without any wait, copies would never end.
pub(crate) const T1_LEAST: Duration = Duration::from_millis(10);

impl Default for StackSettings {
    fn default() -> Self {
        Self {
            user_agent: "turno".to_owned(),
            addresses: Vec::new(),
            session_expires: Duration::from_secs(1800),
            min_se: MIN_SE_LEAST,
            t1: T1_DEFAULT,
            allow: vec![
                Method::Invite,
                Method::Ack,
                Method::Cancel,
                Method::Bye,
                Method::Options,
                Method::Register,
                Method::Prack,
                Method::Update,
                Method::Refer,
                Method::Notify,
                Method::Subscribe,
                Method::Info,
                Method::Message,
            ],
            contact_as_given: false,
            force_rport: false,
            server_transactions_max: 200_000,
            sessions_max: 50_000,
            retry_after: (Duration::from_secs(5), Duration::from_secs(15)),
        }
    }
}

impl StackSettings {
    /// The address that Via and Contact name on `flow`.
    pub(crate) fn address_on(&self, flow: &Flow) -> SocketAddr {
        let of_transport = || self.addresses.iter().filter(|(transport, _)| *transport == flow.transport);
        let same_ip = |ip: IpAddr| of_transport().find(move |(_, address)| address.ip() == ip);
        same_ip(flow.local.ip()).or_else(|| of_transport().next()).map_or(flow.local, |(_, address)| *address)
    }
}
