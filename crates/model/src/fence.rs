//! Overload and abuse limits of a plan: when calls are rejected early, and which sources are banned.

use core::time::Duration;
use std::net::IpAddr;

/// The rate limits and bans of `[fence]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FencePlan {
    /// The average queueing delay of a message from which new calls are rejected with 503; `None`: never.
    pub delay_max: Option<Duration>,
    /// New calls per second from one source that is neither a trunk nor a registered seat; `None`: no limit.
    pub calls_per_source_max: Option<u32>,
    /// How many offences of one source within [`FencePlan::ban`] lead to a ban; `None`: nobody is banned.
    pub offences_max: Option<u32>,
    /// How long the first ban of a source lasts. Each further one is twice as long.
    pub ban: Duration,
    /// The longest ban.
    pub ban_max: Duration,
    /// Networks that are never banned: (network, prefix length in bits).
    pub never_ban: Vec<(IpAddr, u8)>,
}

impl Default for FencePlan {
    fn default() -> Self {
        Self {
            delay_max: Some(Duration::from_millis(50)),
            calls_per_source_max: Some(10),
            offences_max: Some(10),
            ban: Duration::from_secs(300),
            ban_max: Duration::from_secs(86_400),
            never_ban: Vec::new(),
        }
    }
}
