//! Where a person is on a channel.

use serde::{Deserialize, Serialize};
use turno_model::Channel;

/// Where a person is on a channel, and to where an answer goes. It is personal data: it stands in no log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Address {
    /// A web chat: the public name of its session, which opens nothing by itself.
    Chat(String),
    /// A person on WhatsApp. Either may be missing, never both: since 2026 people may write without a number.
    WhatsApp {
        /// The number with its country, digits alone.
        number: Option<String>,
        /// The platform's name for the person towards this business.
        user: Option<String>,
    },
    /// A mail address, the domain in small letters.
    Mail(String),
}

impl Address {
    /// Its channel.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Chat(_) => Channel::Chat,
            Self::WhatsApp { .. } => Channel::WhatsApp,
            Self::Mail(_) => Channel::Email,
        }
    }

    /// What tells this person from others of the channel: the platform's name before the number.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Chat(session) => session,
            Self::WhatsApp { number, user } => user.as_deref().or(number.as_deref()).unwrap_or_default(),
            Self::Mail(address) => address,
        }
    }
}

/// Says the channel alone.
impl core::fmt::Debug for Address {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Address({:?})", self.channel())
    }
}
