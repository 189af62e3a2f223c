//! The ways by which people reach the room, and sets of them.

use core::fmt;

use serde::{Deserialize, Serialize};

/// By which way a contact comes.
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
    /// A call back to somebody who did not want to wait.
    Callback,
}

impl Channel {
    /// Every channel, in the order of [`Channel::index`].
    pub const ALL: [Self; 5] = [Self::Voice, Self::Chat, Self::WhatsApp, Self::Email, Self::Callback];

    /// Its place in tables of channels.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Whether an offer rings a telephone, which needs a media port.
    pub const fn rings(self) -> bool {
        match self {
            Self::Voice => true,
            Self::Chat | Self::WhatsApp | Self::Email | Self::Callback => false,
        }
    }
}

/// Some of the channels.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Channels(u8);

impl Channels {
    /// No channel.
    pub const NONE: Self = Self(0);
    /// Every channel.
    pub const ALL: Self = Self((1 << Channel::ALL.len()) - 1);
    /// Those whose offers ring no telephone.
    pub const SILENT: Self = Self(Self::ALL.0 & !(1 << Channel::Voice.index()));

    /// Those whose offers ring a telephone.
    pub const RINGING: Self = Self(Self::ALL.0 & !Self::SILENT.0);

    /// This one too.
    #[must_use]
    pub const fn with(self, channel: Channel) -> Self {
        Self(self.0 | 1 << channel.index())
    }

    /// All but this one.
    #[must_use]
    pub const fn without(self, channel: Channel) -> Self {
        Self(self.0 & !(1 << channel.index()))
    }

    /// Those that are in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether it is among them.
    pub const fn has(self, channel: Channel) -> bool {
        self.0 & 1 << channel.index() != 0
    }

    /// Whether there is none.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// One after the other, in the order of [`Channel::ALL`].
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
