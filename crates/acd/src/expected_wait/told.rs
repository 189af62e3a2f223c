//! The wait that a contact was told.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;

/// The wait that a contact was told first, and its present upper limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// When it was told first, on entering the queue.
    pub(crate) since: Moment,
    /// The wait that was told then.
    pub(crate) within: Duration,
    /// The number of contacts, this one included, that its agents were to take by then.
    pub(crate) contacts: f64,
    /// The wait that was told last. A later one is not longer, unless agents left.
    pub(crate) last: Duration,
    /// How many agents worked when it was told last.
    pub(crate) agents: u32,
}
