//! Channels by which people reach the contact centre, and sets of them.

use core::fmt;

use serde::{Deserialize, Serialize};

/// The channel of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Channel {
    /// A telephone call.
    Voice,
    /// A web chat.
    Chat,
    /// A WhatsApp conversation.
    WhatsApp,
    /// An e-mail.
    Email,
    /// A call back to a person who did not want to wait.
    Callback,
    /// A message that a caller has left.
    Voicemail,
}

impl Channel {
    /// Every channel, in the order of [`Channel::index`].
    pub const ALL: [Self; 6] =
        [Self::Voice, Self::Chat, Self::WhatsApp, Self::Email, Self::Callback, Self::Voicemail];

    /// Its word at the HTTP API, in metrics, in tables of the history and in files of conversations, which keep it for ever.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Voice => "voice",
            Self::Chat => "chat",
            Self::WhatsApp => "whatsapp",
            Self::Email => "email",
            Self::Callback => "callback",
            Self::Voicemail => "voicemail",
        }
    }

    /// Whether its person writes.
    #[must_use]
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Chat | Self::WhatsApp | Self::Email)
    }

    /// Whether its person waits for each answer, beside other conversations of the agent.
    #[must_use]
    pub const fn is_conversation(self) -> bool {
        matches!(self, Self::Chat | Self::WhatsApp)
    }

    /// Its index in tables of channels.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Whether an offer rings a phone, which needs a media port.
    pub const fn rings(self) -> bool {
        match self {
            Self::Voice | Self::Voicemail => true,
            Self::Chat | Self::WhatsApp | Self::Email | Self::Callback => false,
        }
    }
}

/// A set of channels.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Channels(u8);

impl Channels {
    /// No channel.
    pub const NONE: Self = Self(0);
    /// Every channel.
    pub const ALL: Self = Self((1 << Channel::ALL.len()) - 1);
    /// Channels whose offers ring no phone.
    pub const SILENT: Self =
        Self(Self::ALL.0 & !(1 << Channel::Voice.index() | 1 << Channel::Voicemail.index()));

    /// Channels whose offers ring a phone.
    pub const RINGING: Self = Self(Self::ALL.0 & !Self::SILENT.0);

    /// With this channel.
    #[must_use]
    pub const fn with(self, channel: Channel) -> Self {
        Self(self.0 | 1 << channel.index())
    }

    /// Without this channel.
    #[must_use]
    pub const fn without(self, channel: Channel) -> Self {
        Self(self.0 & !(1 << channel.index()))
    }

    /// The channels in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether it has this channel.
    pub const fn has(self, channel: Channel) -> bool {
        self.0 & 1 << channel.index() != 0
    }

    /// Whether it is empty.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Its channels, in the order of [`Channel::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Channel> {
        let mut left = self.0;
        core::iter::from_fn(move || {
            let first = Channel::ALL.get(left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(*first)
        })
    }
}

impl fmt::Debug for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Channel, Channels};

    #[test]
    fn each_channel_has_its_own_place() {
        for (at, channel) in Channel::ALL.into_iter().enumerate() {
            assert_eq!(channel.index(), at);
            assert!(
                Channels::NONE.with(channel).has(channel) && !Channels::ALL.without(channel).has(channel)
            );
            assert_eq!(Channels::SILENT.has(channel), !channel.rings());
        }
        assert_eq!(Channels::ALL.iter().collect::<Vec<_>>(), Channel::ALL);
        assert!(Channels::ALL.and(Channels::NONE).is_none());
    }
}
