//! The wait that a contact was told.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::{ContactId, QueueId};

/// A waiting contact's place and expected wait: on entering a line without an offer, and at each announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitTold {
    /// The contact.
    pub contact: ContactId,
    /// The queue.
    pub queue: QueueId,
    /// Place in the queue, from 1.
    pub position: u32,
    /// How long it has waited in this queue.
    pub waited: Duration,
    /// Four of five callers are answered within this time from now; `None`: nobody works for the queue.
    pub within: Option<Duration>,
}
