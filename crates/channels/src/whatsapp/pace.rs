//! When the next message may leave: the platform's limits of a number and of a person, and pauses that it asked for.

use std::collections::BTreeMap;

use crate::time::Millis;

/// One message to a person in this many milliseconds, in the long run.
const PERSON_INTERVAL_MS: i64 = 6_000;

/// Messages to a person that may leave at once, borrowed from later: the platform allows 45; fewer leave room for what another
/// program sends from the same number.
const PERSON_BURST: i64 = 20;

/// People whose pace is kept in mind.
const PEOPLE_MAX: usize = 20_000;

/// What a pause is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One letter.
    Letter,
    /// Everything to one person.
    Person,
    /// Everything from our number, or of our account.
    Number,
}

/// The limits, and how far they are used. A message that leaves moves the moment at which the limit is free again.
#[derive(Clone, Debug)]
pub struct Pace {
    interval_micros: i64,
    free_at_micros: i64,
    held_until: Millis,
    people: BTreeMap<String, i64>,
}

impl Pace {
    /// The pace of a number that may send so many messages a second.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        let interval_micros = 1_000_000 / i64::from(per_second.max(1));
        Self { interval_micros, free_at_micros: 0, held_until: Millis(i64::MIN), people: BTreeMap::new() }
    }

    /// Messages have left, or are about to.
    pub fn spend(&mut self, person: &str, messages: u32, now: Millis) {
        let micros = now.0.saturating_mul(1_000);
        let cost = self.interval_micros.saturating_mul(messages.into());
        self.free_at_micros = self.free_at_micros.max(micros).saturating_add(cost);
        if self.people.len() >= PEOPLE_MAX {
            self.people.retain(|_, free_at| *free_at > now.0);
        }
        let free_at = self.people.entry(person.to_owned()).or_insert(now.0);
        *free_at = (*free_at).max(now.0).saturating_add(PERSON_INTERVAL_MS.saturating_mul(messages.into()));
    }

    /// The platform has asked for a pause.
    pub fn hold(&mut self, scope: Scope, person: &str, until: Millis) {
        match scope {
            Scope::Letter => {}
            Scope::Person => {
                let free_at = self.people.entry(person.to_owned()).or_insert(0);
                *free_at = (*free_at).max(until.0.saturating_add(PERSON_INTERVAL_MS * (PERSON_BURST - 1)));
            }
            Scope::Number => self.held_until = self.held_until.max(until),
        }
    }

    /// How many milliseconds nothing may leave; `None`: a message may leave now.
    #[must_use]
    pub fn wait(&self, now: Millis) -> Option<u64> {
        let limit = self.free_at_micros / 1_000 - now.0;
        let hold = self.held_until.0.saturating_sub(now.0);
        u64::try_from(limit.max(hold)).ok().filter(|&wait| wait > 0)
    }

    /// How many milliseconds nothing may leave to this person.
    #[must_use]
    pub fn wait_for(&self, person: &str, now: Millis) -> Option<u64> {
        let free_at = self.people.get(person)?;
        let wait = free_at.saturating_sub(now.0).saturating_sub(PERSON_INTERVAL_MS * (PERSON_BURST - 1));
        u64::try_from(wait).ok().filter(|&wait| wait > 0)
    }
}
