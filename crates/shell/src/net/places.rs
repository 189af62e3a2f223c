//! How many connections there may be, in all and from one address.

use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use dashmap::DashMap;

/// Most connections at one time.
pub(crate) const STREAMS_MAX: usize = 8_192;

/// One in this many connections is reserved for outgoing ones.
const KEPT_SHARE: usize = 8;

/// Most connections from one address at one time, if the plan limits sources.
pub(super) const STREAMS_PER_ADDRESS_MAX: u32 = 256;

/// The places for connections.
#[derive(Debug)]
pub(crate) struct Places {
    by_address: DashMap<IpAddr, u32>,
    alive: AtomicUsize,
    /// The limit of connections.
    most: AtomicUsize,
    per_address_max: Option<u32>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoPlace {
    /// The limit of all connections is reached.
    Total,
    /// The limit of this address is reached.
    Address,
}

impl Places {
    /// All are free.
    pub(crate) fn new(limit_sources: bool) -> Self {
        Self {
            by_address: DashMap::new(),
            alive: AtomicUsize::new(0),
            most: AtomicUsize::new(STREAMS_MAX),
            per_address_max: limit_sources.then_some(STREAMS_PER_ADDRESS_MAX),
        }
    }

    /// Sets the limit of connections, because there are descriptors for no more.
    pub(crate) fn limit(&self, most: usize) {
        self.most.store(most.min(STREAMS_MAX), Ordering::Relaxed);
    }

    /// How many are taken.
    pub(crate) fn taken(&self) -> usize {
        self.alive.load(Ordering::Relaxed)
    }

    /// Reserves a place for a connection of ours; false if all are taken.
    pub(crate) fn take_own(&self) -> bool {
        let is_free = self.taken() < self.most.load(Ordering::Relaxed);
        if is_free {
            self.alive.fetch_add(1, Ordering::Relaxed);
        }
        is_free
    }

    /// Reserves a place for a connection from this address; `None`: of somebody whose address does not count.
    ///
    /// # Errors
    /// [`NoPlace`].
    pub(crate) fn take(&self, peer: Option<IpAddr>) -> Result<(), NoPlace> {
        let most = self.most.load(Ordering::Relaxed);
        if self.taken() >= most - most / KEPT_SHARE {
            return Err(NoPlace::Total);
        }
        if let Some(peer) = peer {
            let mut count = self.by_address.entry(peer).or_insert(0);
            if self.per_address_max.is_some_and(|most| *count >= most) {
                return Err(NoPlace::Address);
            }
            *count += 1;
        }
        self.alive.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Gives a place back that [`Self::take`] reserved for this address, or that is our own.
    pub(crate) fn leave(&self, peer: Option<IpAddr>) {
        if let Some(peer) = peer {
            if let Some(mut count) = self.by_address.get_mut(&peer) {
                *count = count.saturating_sub(1);
            }
            self.by_address.remove_if(&peer, |_, count| *count == 0);
        }
        self.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_signed_in_is_not_counted_by_address_and_all_are_counted_together() {
        // Wound: behind a reverse proxy the 257th agent finds no place.
        let (places, proxy) = (Places::new(true), IpAddr::from([127, 0, 0, 1]));
        for _ in 0..STREAMS_PER_ADDRESS_MAX {
            assert_eq!(places.take(Some(proxy)), Ok(()));
        }
        assert_eq!(places.take(Some(proxy)), Err(NoPlace::Address));
        assert_eq!(places.take(None), Ok(()), "an agent");
        places.leave(Some(proxy));
        assert_eq!(places.take(Some(proxy)), Ok(()), "a place that is given back");
        places.limit(300);
        let free = 300 - 300 / KEPT_SHARE - places.taken();
        for _ in 0..free {
            assert_eq!(places.take(None), Ok(()));
        }
        assert_eq!(places.take(None), Err(NoPlace::Total));
        assert!(places.take_own(), "some are kept for connections of ours");
    }
}
