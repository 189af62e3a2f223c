//! A request being answered: its repetitions get the same response again (RFC 3261, 17.2).

use core::time::Duration;

use bytes::Bytes;
use rsip::Request;

/// One request of the peer by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ServerKey(pub(crate) u64);

/// A request being answered.
#[derive(Debug)]
pub(crate) struct Server {
    /// The identity of the transaction: sent-by, branch and method of the top Via (17.2.3).
    pub(crate) name: String,
    pub(crate) request: Request,
    /// The last response sent.
    pub(crate) last: Option<Bytes>,
    /// Whether the last response was final.
    pub(crate) is_final: bool,
    /// Whether the ACK of a refusal arrived.
    pub(crate) is_acknowledged: bool,
    /// The present span between repetitions of a refused INVITE's response.
    pub(crate) interval: Duration,
}
