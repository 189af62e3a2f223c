//! What a site has decided about storms and strangers: when calls are refused early, and who is shut out.

use core::time::Duration;
use std::net::IpAddr;

/// The fence around the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FencePlan {
    /// How long a message may lie unread, on average, before new calls are refused with 503; `None`: never refused.
    pub delay_max: Option<Duration>,
    /// New calls a second from one source that is neither a trunk nor a registered seat; `None`: no limit.
    pub calls_per_source_max: Option<u32>,
    /// Proven offences of one source within [`FencePlan::ban`] after which it is banned; `None`: nobody is banned.
    pub offences_max: Option<u32>,
    /// How long the first ban of a source lasts; each further one is twice as long.
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
