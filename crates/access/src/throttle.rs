//! How often somebody may try to sign in.

use std::collections::BTreeMap;
use std::net::IpAddr;

/// So many wrong passwords are mistakes; the next ones have to wait.
const FREE: u32 = 5;

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
    fn one_more(&mut self, now: u64) {
        if now.saturating_sub(self.last) > FORGOTTEN_AFTER {
            *self = Self::default();
        }
        self.many = self.many.saturating_add(1);
        self.last = now;
        if let Some(beyond) = self.many.checked_sub(FREE) {
            let wait = FIRST_WAIT.saturating_mul(1 << beyond.min(16));
            self.until = now + wait.min(LONGEST_WAIT);
        }
    }
}

/// Wrong passwords by user and by address. In memory alone: a restart forgives.
#[derive(Debug, Default)]
pub struct Throttle {
    users: BTreeMap<String, Wrong>,
    sources: BTreeMap<IpAddr, Wrong>,
}

impl Throttle {
    /// How many seconds this user must wait at this address before the next try; 0: none.
    pub fn wait(&self, user: &str, source: IpAddr, now: u64) -> u64 {
        let of_user = self.users.get(&user.to_lowercase());
        let both = of_user.into_iter().chain(self.sources.get(&net(source)));
        both.map(|wrong| wrong.until.saturating_sub(now)).max().unwrap_or_default()
    }

    /// Name or password was wrong.
    pub fn was_wrong(&mut self, user: &str, source: IpAddr, now: u64) {
        make_room(&mut self.users, now);
        make_room(&mut self.sources, now);
        self.users.entry(user.to_lowercase()).or_default().one_more(now);
        self.sources.entry(net(source)).or_default().one_more(now);
    }

    /// Both were right. What came from the address in other names still counts.
    pub fn was_right(&mut self, user: &str) {
        self.users.remove(&user.to_lowercase());
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
