//! The contacts of an agent, and the capacity left beside them.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_ground::Moment;
use turno_model::plan::AtOnce;
use turno_model::{AgentState, Channel, Channels, ContactId};

/// An agent's full attention, in percent; each contact takes a share.
const WHOLE: u8 = 100;

/// State of a contact at an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum At {
    Offered,
    Connected,
    Held,
}

/// One contact of an agent.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Item {
    contact: ContactId,
    channel: Channel,
    at: At,
}

/// The contacts of one agent, offered or connected.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct InHand {
    items: SmallVec<[Item; 1]>,
    since: Moment,
}

impl InHand {
    /// Adds a contact that is offered.
    ///
    /// # Panics
    /// If another one is offered: an agent gets one offer at a time.
    pub(crate) fn offer(&mut self, contact: ContactId, channel: Channel, now: Moment) {
        assert!(self.offered().is_none(), "an agent has one offer at a time");
        self.items.push(Item { contact, channel, at: At::Offered });
        self.since = now;
    }

    /// The agent has accepted the contact.
    pub(crate) fn connect(&mut self, contact: ContactId, now: Moment) {
        self.put(contact, At::Connected);
        self.since = now;
    }

    /// The hold of the contact has ended.
    pub(crate) fn resume(&mut self, contact: ContactId) {
        self.put(contact, At::Connected);
    }

    /// The contact is on hold.
    pub(crate) fn hold(&mut self, contact: ContactId) {
        self.put(contact, At::Held);
    }

    /// Removes the contact. True if it took the agent's full attention.
    pub(crate) fn give_back(&mut self, contact: ContactId, now: Moment) -> bool {
        let Some(at) = self.items.iter().position(|item| item.contact == contact) else { return false };
        self.since = now;
        let item = self.items.swap_remove(at);
        item.at != At::Offered && is_whole(item.channel)
    }

    /// When a contact was last offered, accepted or removed.
    pub(crate) const fn since(&self) -> Moment {
        self.since
    }

    /// Whether the agent has no contacts.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Number of contacts.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether the agent has this contact.
    pub(crate) fn has(&self, contact: ContactId) -> bool {
        self.items.iter().any(|item| item.contact == contact)
    }

    /// The contact that is offered.
    pub(crate) fn offered(&self) -> Option<ContactId> {
        self.items.iter().find(|item| item.at == At::Offered).map(|item| item.contact)
    }

    /// The connected contact that takes the agent's full attention.
    pub(crate) fn focus(&self) -> Option<ContactId> {
        let takes_all = |item: &&Item| item.at != At::Offered && is_whole(item.channel);
        self.items.iter().find(takes_all).map(|item| item.contact)
    }

    /// The state shown for the agent: that of the contact with full attention; else talking, if any contact is
    /// connected; else holding, if any is held; else ringing, if one is offered; `None` without contacts.
    pub(crate) fn shown(&self) -> Option<AgentState> {
        let state = |item: &Item| match item.at {
            At::Held => AgentState::Holding,
            At::Connected => AgentState::Talking,
            At::Offered => AgentState::Ringing,
        };
        let mut shown = None;
        for item in &self.items {
            if item.at != At::Offered && is_whole(item.channel) {
                return Some(state(item));
            }
            shown = match (shown, state(item)) {
                (Some(AgentState::Talking), _) | (_, AgentState::Talking) => Some(AgentState::Talking),
                (Some(AgentState::Holding), _) | (_, AgentState::Holding) => Some(AgentState::Holding),
                (_, other) => Some(other),
            };
        }
        shown
    }

    /// The channels with capacity for one more contact. An agent gets one offer at a time, and nothing beside a contact
    /// with full attention.
    pub(crate) fn room_beside(&self, at_once: &AtOnce) -> Channels {
        if self.items.iter().any(|item| item.at == At::Offered || is_whole(item.channel)) {
            return Channels::NONE;
        }
        let conversations = self.items.iter().filter(|item| item.channel.is_conversation()).count();
        let taken: u16 = self.items.iter().map(|item| u16::from(part(item.channel, at_once))).sum();
        let mut room = Channels::NONE;
        for channel in Channel::ALL {
            let of_it = self.items.iter().filter(|item| item.channel == channel).count();
            let fits = if is_whole(channel) {
                conversations <= usize::from(at_once.calls_beside)
            } else {
                taken + u16::from(part(channel, at_once)) <= u16::from(WHOLE)
            };
            if fits && of_it < usize::from(most(channel, at_once)) {
                room = room.with(channel);
            }
        }
        room
    }

    fn put(&mut self, contact: ContactId, at: At) {
        if let Some(item) = self.items.iter_mut().find(|item| item.contact == contact) {
            item.at = at;
        }
    }
}

/// Whether a contact of this channel takes an agent's full attention.
const fn is_whole(channel: Channel) -> bool {
    match channel {
        Channel::Voice | Channel::Callback | Channel::Voicemail => true,
        Channel::Chat | Channel::WhatsApp | Channel::Email => false,
    }
}

const fn most(channel: Channel, at_once: &AtOnce) -> u8 {
    match channel {
        Channel::Voice | Channel::Callback | Channel::Voicemail => 1,
        Channel::Chat => at_once.chats,
        Channel::WhatsApp => at_once.whatsapp,
        Channel::Email => at_once.emails,
    }
}

/// The share of an agent's attention that a contact takes.
const fn part(channel: Channel, at_once: &AtOnce) -> u8 {
    match channel {
        Channel::Voice | Channel::Callback | Channel::Voicemail => WHOLE,
        Channel::Chat | Channel::WhatsApp => match most(channel, at_once) {
            0 => WHOLE,
            most => WHOLE / most,
        },
        Channel::Email => 0,
    }
}

#[cfg(test)]
#[path = "in_hand_tests.rs"]
mod tests;
