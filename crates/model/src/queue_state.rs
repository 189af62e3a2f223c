//! The state of a queue, as supervisors set it while turno runs.

use serde::{Deserialize, Serialize};

/// The state of a queue. It holds until it is changed, also through a restart and another plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueueState {
    /// Contacts come in and are offered to agents.
    #[default]
    Open,
    /// Contacts come in and wait; nothing is offered.
    Paused,
    /// No contact comes in: callers are told that it is closed. Those who wait are served.
    Closed,
}
