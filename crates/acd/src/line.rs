//! The contacts that wait in a queue's line, in order.

use core::cmp::Reverse;
use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

use turno_ground::Moment;
use turno_model::{Channel, Channels, ContactId};

/// A place in line; the smaller is served first. Higher priority first, then the earlier deadline, then lower id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) priority: Reverse<u8>,
    /// When its turn is due: for a call when it came, so that among calls the longest wait is first.
    pub(crate) due: Moment,
    pub(crate) contact: ContactId,
    /// How long after its arrival that is.
    pub(crate) grace: Duration,
}

impl Place {
    /// Since when it waits.
    pub(crate) fn waiting_since(self) -> Moment {
        self.due - self.grace
    }
}

/// The line of one queue: contacts by channel, in one order across all channels.
#[derive(Debug, Default)]
pub(crate) struct Line {
    by_channel: [Lanes; Channel::ALL.len()],
    /// The channels for which contacts wait.
    channels: Channels,
    len: usize,
    /// Whether nothing of this line is offered.
    is_paused: bool,
}

impl Line {
    /// Stops or resumes offering.
    pub(crate) const fn pause(&mut self, is_paused: bool) {
        self.is_paused = is_paused;
    }

    /// Whether nothing of this line is offered.
    pub(crate) const fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// The channels for which contacts wait and are offered.
    fn offered(&self) -> Channels {
        if self.is_paused { Channels::NONE } else { self.channels }
    }

    /// Inserts a contact at its place.
    pub(crate) fn insert(&mut self, channel: Channel, place: Place) {
        self.by_channel[channel.index()].insert(place);
        self.channels = self.channels.with(channel);
        self.len += 1;
    }

    /// Removes a contact.
    pub(crate) fn remove(&mut self, channel: Channel, place: Place) {
        let lanes = &mut self.by_channel[channel.index()];
        lanes.remove(place);
        if lanes.len == 0 {
            self.channels = self.channels.without(channel);
        }
        self.len -= 1;
    }

    /// The first contact of these channels that may be offered, with its channel.
    pub(crate) fn first(&self, of: Channels) -> Option<(Place, Channel)> {
        let of = self.offered().and(of);
        of.iter().filter_map(|channel| Some((self.by_channel[channel.index()].first()?, channel))).min()
    }

    /// The first contact of these channels, except the given one.
    pub(crate) fn first_but(&self, but: Place, of: Channels) -> Option<Place> {
        let of = self.offered().and(of).iter();
        of.filter_map(|channel| self.by_channel[channel.index()].iter().find(|place| *place != but)).min()
    }

    /// Number of contacts in line.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Number of contacts of these channels that may be offered.
    pub(crate) fn len_of(&self, channels: Channels) -> usize {
        if self.is_paused {
            return 0;
        }
        if self.channels.and(channels) == self.channels {
            return self.len;
        }
        channels.iter().map(|channel| self.by_channel[channel.index()].len).sum()
    }

    /// Number of contacts of these channels that are served before this place, which may be one of another line.
    pub(crate) fn ahead_of(&self, place: Place, channels: Channels) -> usize {
        self.channels.and(channels).iter().map(|channel| self.by_channel[channel.index()].ahead(place)).sum()
    }

    /// All contacts, channel by channel, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Place> {
        self.by_channel.iter().flat_map(Lanes::iter)
    }

    /// The position of a waiting contact, counted from 1.
    pub(crate) fn position(&self, place: Place) -> usize {
        let ahead = |channel: Channel| self.by_channel[channel.index()].ahead(place);
        self.channels.iter().map(ahead).sum::<usize>() + 1
    }
}

/// Contacts of one channel, with a lane for each priority in use.
#[derive(Debug, Default)]
struct Lanes {
    lanes: BTreeMap<Reverse<u8>, BTreeSet<(Moment, ContactId, Duration)>>,
    len: usize,
}

impl Lanes {
    fn insert(&mut self, place: Place) {
        let lane = self.lanes.entry(place.priority).or_default();
        let is_new = lane.insert((place.due, place.contact, place.grace));
        assert!(is_new, "a contact is in line once");
        self.len += 1;
    }

    fn remove(&mut self, place: Place) {
        let lane = self.lanes.get_mut(&place.priority).expect("a waiting contact's lane is there");
        let was_there = lane.remove(&(place.due, place.contact, place.grace));
        assert!(was_there, "a waiting contact is in line");
        if lane.is_empty() {
            self.lanes.remove(&place.priority);
        }
        self.len -= 1;
    }

    fn first(&self) -> Option<Place> {
        self.iter().next()
    }

    fn iter(&self) -> impl Iterator<Item = Place> {
        self.lanes.iter().flat_map(|(&priority, lane)| {
            lane.iter().map(move |&(due, contact, grace)| Place { priority, due, contact, grace })
        })
    }

    /// Number of contacts ahead of this place.
    ///
    /// Counts from both ends of the lane at once. A new contact is nearly always last, and one that returns with an old
    /// wait is nearly first, so no entry walks the whole line.
    fn ahead(&self, place: Place) -> usize {
        let ahead: usize = self.lanes.range(..place.priority).map(|(_, lane)| lane.len()).sum();
        let Some(lane) = self.lanes.get(&place.priority) else { return ahead };
        let key = (place.due, place.contact, Duration::ZERO);
        let mut before = lane.range(..key);
        let mut from_here = lane.range(key..);
        let mut steps = 0;
        loop {
            if before.next().is_none() {
                return ahead + steps;
            }
            if from_here.next().is_none() {
                return ahead + lane.len() - steps;
            }
            steps += 1;
        }
    }
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
