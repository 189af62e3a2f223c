//! Who stands in front of a queue, in order.

use core::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use turno_ground::Moment;
use turno_model::ContactId;

/// A place in line: the smaller is served first. Higher priority, then longer wait, then lower number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) priority: Reverse<u8>,
    pub(crate) waiting_since: Moment,
    pub(crate) contact: ContactId,
}

/// One queue's line: a lane for each priority that is there.
#[derive(Debug, Default)]
pub(crate) struct Line {
    lanes: BTreeMap<Reverse<u8>, BTreeSet<(Moment, ContactId)>>,
    len: usize,
}

impl Line {
    /// Puts a contact at its place.
    pub(crate) fn insert(&mut self, place: Place) {
        let lane = self.lanes.entry(place.priority).or_default();
        let is_new = lane.insert((place.waiting_since, place.contact));
        assert!(is_new, "a contact stands in line once");
        self.len += 1;
    }

    /// Takes a contact out.
    pub(crate) fn remove(&mut self, place: Place) {
        let lane = self.lanes.get_mut(&place.priority).expect("a waiting contact's lane is there");
        let was_there = lane.remove(&(place.waiting_since, place.contact));
        assert!(was_there, "a waiting contact stands in line");
        if lane.is_empty() {
            self.lanes.remove(&place.priority);
        }
        self.len -= 1;
    }

    /// The head.
    pub(crate) fn first(&self) -> Option<Place> {
        self.iter().next()
    }

    /// How many stand in line.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Everyone in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Place> {
        self.lanes.iter().flat_map(|(&priority, lane)| {
            lane.iter().map(move |&(waiting_since, contact)| Place { priority, waiting_since, contact })
        })
    }

    /// The place counted from 1 of a contact that stands in line.
    ///
    /// Counts from whichever end of the lane is nearer: whoever comes is nearly always last, and whoever comes back with
    /// an old clock is nearly first, so no entry walks the line.
    pub(crate) fn position(&self, place: Place) -> usize {
        let ahead: usize = self.lanes.range(..place.priority).map(|(_, lane)| lane.len()).sum();
        let lane = self.lanes.get(&place.priority).expect("a waiting contact's lane is there");
        let key = (place.waiting_since, place.contact);
        let mut before = lane.range(..key);
        let mut from_here = lane.range(key..);
        let mut steps = 0;
        loop {
            if before.next().is_none() {
                return ahead + steps + 1;
            }
            if from_here.next().is_none() {
                return ahead + lane.len() - steps + 1;
            }
            steps += 1;
        }
    }
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
