//! Which calls were turned away of late, in a table that never grows.
//!
//! A refusal leaves no transaction behind, but a copy of its INVITE may still be on the way. Were it taken, a caller who
//! has left would wait in a line. So each refused call leaves eight bytes; a later one in its place makes it forgotten.

use turno_ground::Moment;

use crate::transaction::key::Key;

/// Refused calls that are remembered at most: at ten thousand a second those of the last six seconds.
const PLACES: usize = 65_536;

/// How long copies of an INVITE may come (RFC 3261, 17.1.1.2: 64 * T1), in seconds.
const COPIES_COME_SECONDS: u32 = 32;

/// The calls that were turned away of late.
#[derive(Debug, Default)]
pub(crate) struct RefusedCalls {
    /// A part of the call's key, and the second; empty until the first call is turned away.
    places: Vec<(u32, u32)>,
}

impl RefusedCalls {
    /// A call is turned away.
    pub(crate) fn note(&mut self, key: Key, now: Moment) {
        if self.places.is_empty() {
            self.places = vec![(0, 0); PLACES];
        }
        self.places[place(key)] = (mark(key), second(now));
    }

    /// Whether this call was turned away, as far as that is remembered.
    pub(crate) fn knows(&self, key: Key, now: Moment) -> bool {
        let Some(&(marked, at)) = self.places.get(place(key)) else { return false };
        marked == mark(key) && second(now).wrapping_sub(at) <= COPIES_COME_SECONDS
    }
}

const fn place(key: Key) -> usize {
    key.number() as usize % PLACES
}

const fn mark(key: Key) -> u32 {
    (key.number() >> 32) as u32
}

const fn second(now: Moment) -> u32 {
    (now.as_micros() / 1_000_000) as u32
}
