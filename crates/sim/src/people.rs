//! All persons of a world, found by index or address, and woken when their phone has something to do.

use core::ops::{Index, IndexMut};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use turno_ground::Moment;

use crate::person::{Person, Presence};

/// Everybody with a phone, by index.
#[derive(Debug, Default)]
pub(crate) struct People {
    persons: Vec<Person>,
    by_address: BTreeMap<SocketAddr, usize>,
    due: BTreeSet<(Moment, usize)>,
}

impl People {
    /// Adds a person; returns the index.
    pub(crate) fn add(&mut self, person: Person) -> usize {
        let place = self.persons.len();
        for address in person.addresses() {
            self.by_address.insert(address, place);
        }
        self.persons.push(person);
        place
    }

    /// Replaces somebody's phone by a new one at another address.
    pub(crate) fn moves(&mut self, place: usize, local: SocketAddr) {
        let person = &mut self.persons[place];
        self.by_address.remove(&person.local());
        person.is_reborn(local);
        self.by_address.insert(local, place);
    }

    /// Somebody's machine has another address from now on.
    pub(crate) fn roams(&mut self, place: usize, local: SocketAddr) {
        let person = &mut self.persons[place];
        self.by_address.remove(&person.local());
        person.roams(local);
        self.by_address.insert(local, place);
    }

    /// Notes when a phone's next deadline is.
    pub(crate) fn plan_wake(&mut self, place: usize) {
        let person = &mut self.persons[place];
        // A silent phone keeps running, unheard; one without power does not.
        let due = person.phone.next_deadline().filter(|_| person.presence == Presence::There);
        if let Some(before) = core::mem::replace(&mut person.due, due) {
            self.due.remove(&(before, place));
        }
        if let Some(due) = due {
            self.due.insert((due, place));
        }
    }

    /// When the next phone has a deadline.
    pub(crate) fn next_due(&self) -> Option<Moment> {
        self.due.first().map(|&(at, _)| at)
    }

    /// A person whose phone has a deadline by `now`.
    pub(crate) fn due(&self, now: Moment) -> Option<usize> {
        self.due.first().filter(|&&(at, _)| at <= now).map(|&(_, place)| place)
    }

    /// The person at this address.
    pub(crate) fn at(&self, address: SocketAddr) -> Option<usize> {
        self.by_address.get(&address).copied()
    }

    pub(crate) fn get(&self, place: usize) -> Option<&Person> {
        self.persons.get(place)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Person> {
        self.persons.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Person> {
        self.persons.iter_mut()
    }

    pub(crate) const fn len(&self) -> usize {
        self.persons.len()
    }
}

impl Index<usize> for People {
    type Output = Person;

    fn index(&self, place: usize) -> &Person {
        &self.persons[place]
    }
}

impl IndexMut<usize> for People {
    fn index_mut(&mut self, place: usize) -> &mut Person {
        &mut self.persons[place]
    }
}
