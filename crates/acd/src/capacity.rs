//! How many contacts an agent may have at once.

use serde::{Deserialize, Serialize};
use turno_model::{Channel, ContactId};

/// Contacts of a channel that an agent may have at once.
///
/// One of each for now, and none beside another: whoever chats does not hear the telephone.
pub(crate) const fn contacts_max(channel: Channel) -> usize {
    match channel {
        Channel::Voice | Channel::Chat | Channel::WhatsApp | Channel::Email | Channel::Callback => 1,
    }
}

/// What an agent has in hand, ringing or connected.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Capacity {
    in_hand: Option<(ContactId, Channel)>,
}

impl Capacity {
    /// Takes a contact in hand.
    ///
    /// # Panics
    /// If there was no room for it.
    pub(crate) fn take(&mut self, contact: ContactId, channel: Channel) {
        assert!(contacts_max(channel) > 0 && self.in_hand.is_none(), "only a free agent is given a contact");
        self.in_hand = Some((contact, channel));
    }

    /// The contact is in hand no more.
    pub(crate) fn give_back(&mut self) {
        self.in_hand = None;
    }

    /// The contact in hand.
    pub(crate) fn contact(&self) -> Option<ContactId> {
        self.in_hand.map(|(contact, _)| contact)
    }
}
