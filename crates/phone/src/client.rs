//! One client transaction of a phone (RFC 3261, 17.1).

use core::time::Duration;

use bytes::Bytes;
use rsip::Request;

use crate::event::CallId;

/// T1: the estimated round-trip time, the first retransmission interval (RFC 3261, 17.1.1.1).
pub(crate) const T1: Duration = Duration::from_millis(500);
/// T2: the longest interval between two retransmissions.
pub(crate) const T2: Duration = Duration::from_secs(4);
/// T4: how long a datagram may stay in the network.
pub(crate) const T4: Duration = Duration::from_secs(5);
/// 64 * T1: after this span a request or an unacknowledged 200 is given up.
pub(crate) const GIVE_UP: Duration = Duration::from_secs(32);

/// The number of one request of ours. A CANCEL has the number of its INVITE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ClientKey {
    pub(crate) number: u64,
    pub(crate) is_cancel: bool,
}

/// Why a request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Register,
    Unregister,
    Invite(CallId),
    Reinvite(CallId, Wish),
    Bye(CallId),
    Cancel,
    Refer(CallId),
    Info(CallId),
}

/// What a re-INVITE asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Hold,
    Resume,
}

/// The state of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// No response yet.
    Trying,
    /// A provisional response came.
    Proceeding,
    /// A final response came; its copies are absorbed.
    Completed,
}

/// A request and its transaction state.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) branch: String,
    pub(crate) request: Request,
    pub(crate) bytes: Bytes,
    pub(crate) phase: Phase,
    pub(crate) interval: Duration,
    pub(crate) purpose: Purpose,
    /// How often credentials were sent for it.
    pub(crate) answered_challenges: u8,
    /// The ACK of its refusal, to send again.
    pub(crate) ack: Option<Bytes>,
}

impl Client {
    pub(crate) fn new(branch: String, request: Request, purpose: Purpose, answered_challenges: u8) -> Self {
        let bytes = Bytes::from(request.to_string());
        Self {
            branch,
            request,
            bytes,
            phase: Phase::Trying,
            interval: T1,
            purpose,
            answered_challenges,
            ack: None,
        }
    }

    pub(crate) fn is_invite(&self) -> bool {
        self.request.method == rsip::Method::Invite
    }
}

/// The branch of request `number`; `token` makes it globally unique.
pub(crate) fn branch(number: u64, token: &[u8]) -> String {
    format!("z9hG4bK-{number}-{}", String::from_utf8_lossy(token))
}

/// The number in one of our branches.
pub(crate) fn number_of(branch: &str) -> Option<u64> {
    branch.strip_prefix("z9hG4bK-")?.split('-').next()?.parse().ok()
}
