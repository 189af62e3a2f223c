//! A request under way: repeated until it is answered (RFC 3261, 17.1).

use core::time::Duration;

use bytes::Bytes;
use rsip::Request;

use crate::event::CallId;

/// The round trip that retransmission starts from (RFC 3261, T1).
pub(crate) const T1: Duration = Duration::from_millis(500);
/// The longest span between two retransmissions (T2).
pub(crate) const T2: Duration = Duration::from_secs(4);
/// How long a datagram may stay in the network (T4).
pub(crate) const T4: Duration = Duration::from_secs(5);
/// When a request or an unacknowledged 200 is given up (64 * T1).
pub(crate) const GIVE_UP: Duration = Duration::from_secs(32);

/// One request of ours by number; a CANCEL bears the number of its INVITE.
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

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nothing came back.
    Trying,
    /// A provisional response came back.
    Proceeding,
    /// A final response came back; repetitions of it are absorbed.
    Completed,
}

/// A request under way.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) branch: String,
    pub(crate) request: Request,
    pub(crate) bytes: Bytes,
    pub(crate) phase: Phase,
    pub(crate) interval: Duration,
    pub(crate) purpose: Purpose,
    /// How many times credentials were sent for it.
    pub(crate) answered_challenges: u8,
    /// The ACK of its refusal, for repetitions.
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

/// The branch of request `number`; `token` keeps it unique in the world.
pub(crate) fn branch(number: u64, token: &[u8]) -> String {
    format!("z9hG4bK-{number}-{}", String::from_utf8_lossy(token))
}

/// The number in one of our branches.
pub(crate) fn number_of(branch: &str) -> Option<u64> {
    branch.strip_prefix("z9hG4bK-")?.split('-').next()?.parse().ok()
}
