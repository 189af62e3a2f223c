//! Usage of the media ports, for the metrics.

use turno_media_plan::Want;

/// Usage of the media ports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PortsSeen {
    /// Ports in use.
    pub in_use: usize,
    /// Cap on ports in use.
    pub most: usize,
    /// How many more legs can be opened now.
    pub free: usize,
    /// Whether a new caller gets 503, because no port is free or the last ones are reserved for agents' phones.
    pub refuses_callers: bool,
    /// Whether fewer ports can be used than the plan names, because file descriptors are limited.
    pub is_short_of_descriptors: bool,
    /// The resource of this process that ran out lately.
    pub want: Option<Want>,
    /// Whether a contact waits although an agent is free, because no port is free for the offer.
    pub holds_offers: bool,
    /// Ports that could not be opened because a resource of this process ran out, since the start.
    pub failed_own: u64,
    /// Ports that other programs held, since the start.
    pub failed_taken: u64,
}
