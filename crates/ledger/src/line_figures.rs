//! Figures over all queues.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use turno_model::{ContactOutcome, TrunkId, TurnedAway};

/// Figures over all queues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFigures {
    /// Contacts that arrived.
    pub arrived: u64,
    /// Contacts that entered a queue.
    pub entered: u64,
    /// Ended contacts by outcome.
    pub outcomes: BTreeMap<ContactOutcome, u64>,
    /// Contacts that never entered a queue, by reason.
    pub turned_away: BTreeMap<TurnedAway, u64>,
    /// Callers who pressed a key in a menu.
    pub menu_chosen: u64,
    /// Callers who pressed no key in a menu.
    pub menu_silent: u64,
    /// RTP packets received.
    pub packets_received: u64,
    /// RTP packets lost.
    pub packets_lost: u64,
    /// The worst jitter of a leg.
    pub jitter_max: Duration,
    /// Alarms.
    pub alarms: u64,
    /// Trunks that are out of service.
    pub trunks_down: BTreeSet<TrunkId>,
    /// Calls rejected unread during overload; they are not in `arrived`.
    #[serde(default)]
    pub refused: u64,
}
