//! One server transaction of a phone: a retransmitted request gets the same response again (RFC 3261, 17.2).

use core::time::Duration;

use bytes::Bytes;
use rsip::Request;

/// The number of one request of the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ServerKey(pub(crate) u64);

/// A request of the peer and its transaction state.
#[derive(Debug)]
pub(crate) struct Server {
    /// The identity of the transaction: sent-by and branch of the top Via, and the method (17.2.3).
    pub(crate) name: String,
    pub(crate) request: Request,
    /// The last response sent.
    pub(crate) last: Option<Bytes>,
    /// Whether the last response was final.
    pub(crate) is_final: bool,
    /// Whether the ACK of a refusal arrived.
    pub(crate) is_acknowledged: bool,
    /// The current retransmission interval of the response to a refused INVITE.
    pub(crate) interval: Duration,
}
