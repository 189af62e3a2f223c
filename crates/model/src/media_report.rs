//! What a leg's media was like.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::ContactId;

/// Figures of a leg's media at its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaReport {
    /// The contact, if the leg had one.
    pub contact: Option<ContactId>,
    /// Whether this leg was the incoming one; if not, it went out to an agent or a number.
    pub of_caller: bool,
    /// Packets from the peer.
    pub received: u64,
    /// Packets missing.
    pub lost: u64,
    /// Interarrival jitter (RFC 3550).
    pub jitter: Duration,
}
