//! How the media ports stand.

use turno_media_plan::Want;

/// How the media ports stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PortsSeen {
    /// In use.
    pub in_use: usize,
    /// How many may be in use at a time.
    pub most: usize,
    /// How many more legs can be opened now.
    pub free: usize,
    /// Whether a new caller hears 503, because there is no port or the last ones are kept for agents' phones.
    pub refuses_callers: bool,
    /// Whether these are fewer than the plan names, because there are no descriptors for more.
    pub is_short_of_descriptors: bool,
    /// What of our own was used up lately.
    pub want: Option<Want>,
    /// Whether somebody waits beside an agent who is free, because there is no port for the offer.
    pub holds_offers: bool,
    /// Ports that could not be opened for a want of our own, since the start.
    pub failed_own: u64,
    /// Ports that other programs had, since the start.
    pub failed_taken: u64,
}
