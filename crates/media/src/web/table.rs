//! Which stream a datagram at the browsers' port belongs to: by the fragment of a check, or by the address of a checked
//! browser.

use std::net::SocketAddr;
use std::time::Instant;

use turno_ground::{Lookup, Moment};

use crate::web::identity::Identity;

/// What happened at the browsers' port, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct WebCounts {
    /// Checks that were answered.
    pub(crate) answered: u64,
    /// Checks that were dropped.
    pub(crate) dropped: u64,
    /// Handshakes that brought keys.
    pub(crate) done: u64,
    /// Handshakes that failed.
    pub(crate) failed: u64,
    /// How often a browser went on from another address.
    pub(crate) moved: u64,
}

/// The streams of browsers, by everything that names them. It has only what our own streams put into it.
pub(crate) struct WebTable {
    /// Our certificate; without one there are no browsers.
    pub(crate) identity: Option<Identity>,
    pub(crate) counts: WebCounts,
    ufrags: Lookup<String, usize>,
    addresses: Lookup<SocketAddr, usize>,
    /// The same time on both clocks: rtc-dtls counts in instants.
    same: Option<(Instant, Moment)>,
}

impl WebTable {
    pub(crate) fn new(seed: u64) -> Self {
        let counts = WebCounts::default();
        Self { identity: None, counts, ufrags: Lookup::new(seed), addresses: Lookup::new(seed), same: None }
    }

    /// Lets browsers come, with this certificate; `same` is the same time on both clocks.
    pub(crate) fn open(&mut self, identity: Identity, same: (Instant, Moment)) {
        self.identity = Some(identity);
        self.same = Some(same);
    }

    /// A time, as rtc-dtls counts it.
    pub(crate) fn instant(&self, now: Moment) -> Option<Instant> {
        self.same.map(|(instant, moment)| instant + now.since(moment))
    }

    /// The reverse.
    pub(crate) fn moment(&self, at: Instant) -> Option<Moment> {
        self.same.map(|(instant, moment)| moment + at.duration_since(instant))
    }

    /// How many fragments and addresses are known.
    #[cfg(test)]
    pub(crate) fn len(&self) -> (usize, usize) {
        (self.ufrags.len(), self.addresses.len())
    }

    pub(crate) fn of_ufrag(&self, ufrag: &str) -> Option<usize> {
        self.ufrags.get(ufrag).copied()
    }

    pub(crate) fn of_address(&self, address: SocketAddr) -> Option<usize> {
        self.addresses.get(&address).copied()
    }

    pub(crate) fn put_ufrag(&mut self, ufrag: &str, slot: usize) {
        self.ufrags.insert(ufrag.to_owned(), slot);
    }

    pub(crate) fn put_address(&mut self, address: SocketAddr, slot: usize) {
        self.addresses.insert(address, slot);
    }

    pub(crate) fn remove_ufrag(&mut self, ufrag: &str, slot: usize) {
        if self.of_ufrag(ufrag) == Some(slot) {
            self.ufrags.remove(ufrag);
        }
    }

    /// Forgets an address, unless it is another stream's by now.
    pub(crate) fn remove_address(&mut self, address: SocketAddr, slot: usize) {
        if self.of_address(address) == Some(slot) {
            self.addresses.remove(&address);
        }
    }
}
