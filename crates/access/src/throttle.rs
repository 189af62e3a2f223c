//! How often somebody may try to sign in.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// So many wrong passwords of one user at one address are mistakes; the next ones have to wait.
const FREE: u32 = 5;

/// The same of one user wherever it comes from, and of one address for whomever: many people may have one address.
const FREE_TOGETHER: u32 = 50;

/// The first wait, in seconds; each further one is twice as long.
const FIRST_WAIT: u64 = 2;

/// The longest wait: a stranger who guesses for ever locks nobody out for longer.
const LONGEST_WAIT: u64 = 300;

/// Wrong passwords are forgotten after so many seconds without another.
const FORGOTTEN_AFTER: u64 = 3_600;

/// Most users and addresses that are counted: strangers may come from anywhere with any name.
const COUNTED_MAX: usize = 4_096;

#[derive(Clone, Copy, Debug, Default)]
struct Wrong {
    many: u32,
    last: u64,
    until: u64,
}

impl Wrong {
    fn one_more(&mut self, free: u32, now: u64) {
        // A clock that was set back begins anew too.
        if now.abs_diff(self.last) > FORGOTTEN_AFTER {
            *self = Self::default();
        }
        self.many = self.many.saturating_add(1);
        self.last = now;
        if let Some(beyond) = self.many.checked_sub(free) {
            let wait = FIRST_WAIT.saturating_mul(1 << beyond.min(16));
            self.until = now + wait.min(LONGEST_WAIT);
        }
    }

    fn wait(self, now: u64) -> u64 {
        self.until.saturating_sub(now).min(LONGEST_WAIT)
    }
}

/// Wrong passwords by user and address, and who has signed in from where. In memory alone: a restart forgives.
#[derive(Debug, Default)]
pub struct Throttle {
    pairs: BTreeMap<(String, IpAddr), Wrong>,
    users: BTreeMap<String, Wrong>,
    sources: BTreeMap<IpAddr, Wrong>,
    /// Those have proved themselves: what strangers guess elsewhere does not keep them out.
    known: BTreeSet<(String, IpAddr)>,
}

impl Throttle {
    /// How many seconds this user must wait at this address before the next try; 0: none.
    pub fn wait(&self, user: &str, source: IpAddr, now: u64) -> u64 {
        let pair = (user.to_lowercase(), net(source));
        let own = self.pairs.get(&pair).map_or(0, |wrong| wrong.wait(now));
        if self.known.contains(&pair) {
            return own;
        }
        let others = self.users.get(&pair.0).into_iter().chain(self.sources.get(&pair.1));
        others.map(|wrong| wrong.wait(now)).max().unwrap_or_default().max(own)
    }

    /// Name or password was wrong.
    pub fn was_wrong(&mut self, user: &str, source: IpAddr, now: u64) {
        make_room(&mut self.pairs, now);
        make_room(&mut self.users, now);
        make_room(&mut self.sources, now);
        let pair = (user.to_lowercase(), net(source));
        self.users.entry(pair.0.clone()).or_default().one_more(FREE_TOGETHER, now);
        self.sources.entry(pair.1).or_default().one_more(FREE_TOGETHER, now);
        self.pairs.entry(pair).or_default().one_more(FREE, now);
    }

    /// Both were right. What came from the address in other names still counts.
    pub fn was_right(&mut self, user: &str, source: IpAddr) {
        let pair = (user.to_lowercase(), net(source));
        self.pairs.remove(&pair);
        if self.known.len() >= COUNTED_MAX {
            self.known.pop_first();
        }
        self.known.insert(pair);
    }
}

/// An IPv6 host has a network of /64 to itself.
fn net(source: IpAddr) -> IpAddr {
    match source {
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => IpAddr::V4(mapped),
            None => {
                let mut octets = address.octets();
                octets[8..].fill(0);
                IpAddr::from(octets)
            }
        },
        IpAddr::V4(_) => source,
    }
}

/// Forgets what is old, and if that is not enough, who has tried least.
fn make_room<Key: Ord + Clone>(counted: &mut BTreeMap<Key, Wrong>, now: u64) {
    if counted.len() < COUNTED_MAX {
        return;
    }
    counted.retain(|_, wrong| now.saturating_sub(wrong.last) <= FORGOTTEN_AFTER);
    while counted.len() >= COUNTED_MAX {
        let least =
            counted.iter().min_by_key(|(_, wrong)| (wrong.until, wrong.last)).map(|(key, _)| key.clone());
        let Some(least) = least else { return };
        counted.remove(&least);
    }
}
