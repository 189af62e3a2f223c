//! Who is to be called back and who takes a break in turns, as sent over the control socket.

use serde::{Deserialize, Serialize};

/// A callback that was promised and has not ended. Moments are in microseconds since 1970 (UTC).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackRow {
    /// The contact's number.
    pub contact: u64,
    /// The queue's name.
    pub queue: String,
    /// The number, whole or its last digits.
    pub number: String,
    /// Why it was offered: `waited`, `long-wait`, `full` or `key`.
    pub why: String,
    /// How far it is: `waits`, `agent-rings`, `person-rings`, `greeted` or `in-line`.
    pub step: String,
    /// How often the person was dialled.
    pub dials: u8,
    /// Since when it waits.
    pub since: u64,
    /// Nobody is offered it before.
    pub due: Option<u64>,
    /// When it ends if nobody was reached.
    pub until: Option<u64>,
}

/// A break in turns that is not over. Moments are in microseconds since 1970 (UTC).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakRow {
    /// The agent's extension.
    pub agent: String,
    /// The reason's name.
    pub reason: String,
    /// Where it stands: `promised`, `granted`, `leaving` or `away`.
    pub stand: String,
    /// When the turn comes, until when it is kept, or when the agent should be back.
    pub at: Option<u64>,
}
