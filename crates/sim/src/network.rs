//! A network that delays, and when its weather is bad loses, doubles, reorders and cuts off.

use core::time::Duration;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use turno_ground::{Moment, Rng};

/// How long a datagram travels at least.
pub const DELAY: Duration = Duration::from_millis(2);

/// One datagram on its way.
#[derive(Clone, Debug)]
pub struct Packet {
    /// Who sent it.
    pub from: SocketAddr,
    /// Whom it is for.
    pub to: SocketAddr,
    /// What it holds.
    pub bytes: Bytes,
}

/// What the network does to datagrams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weather {
    /// Of 100 datagrams, how many are lost.
    pub loss: u64,
    /// Of 100 datagrams, how many arrive twice, each at a moment of its own.
    pub doubling: u64,
    /// How much later than [`DELAY`] a datagram may arrive; more than nothing reorders.
    pub late: Duration,
}

impl Weather {
    /// Whether it loses, doubles or reorders.
    pub const fn is_bad(&self) -> bool {
        self.loss > 0 || self.doubling > 0 || !self.late.is_zero()
    }
}

/// Everything on its way.
#[derive(Debug)]
pub struct Network {
    /// May be changed at any time.
    pub weather: Weather,
    rng: Rng,
    flying: BTreeMap<(Moment, u64), Packet>,
    /// Addresses that nothing reaches and nothing leaves, until when.
    cut_off: BTreeMap<IpAddr, Moment>,
    was_bad: bool,
    worst_loss: u64,
    sent: u64,
    lost: u64,
    /// Keeps those apart that arrive at one moment: the first sent first.
    numbered: u64,
}

impl Network {
    /// A network without faults.
    pub const fn new(rng: Rng) -> Self {
        Self {
            weather: Weather { loss: 0, doubling: 0, late: Duration::ZERO },
            rng,
            flying: BTreeMap::new(),
            cut_off: BTreeMap::new(),
            was_bad: false,
            worst_loss: 0,
            sent: 0,
            lost: 0,
            numbered: 0,
        }
    }

    /// Whether it has ever lost, doubled, reordered or cut off anything.
    pub const fn was_bad(&self) -> bool {
        self.was_bad
    }

    /// How many datagrams were sent, and how many of these were lost.
    pub const fn counts(&self) -> (u64, u64) {
        (self.sent, self.lost)
    }

    /// Notes that something was done to a datagram from outside.
    pub const fn was_bad_once(&mut self) {
        self.was_bad = true;
    }

    /// Cuts an address off for a while.
    pub fn cut_off(&mut self, address: IpAddr, until: Moment) {
        self.was_bad = true;
        self.cut_off.insert(address, until);
    }

    /// Good weather, nobody cut off.
    pub fn heal(&mut self) {
        self.weather = Weather::default();
        self.cut_off.clear();
    }

    /// Takes a datagram.
    pub fn send(&mut self, packet: Packet, now: Moment) {
        self.sent += 1;
        self.was_bad |= self.weather.is_bad();
        self.worst_loss = self.worst_loss.max(self.weather.loss);
        if self.is_cut_off(packet.from.ip(), now)
            || self.is_cut_off(packet.to.ip(), now)
            || self.rng.below(100) < self.weather.loss
        {
            self.lost += 1;
            return;
        }
        if self.rng.below(100) < self.weather.doubling {
            self.fly(packet.clone(), now);
        }
        self.fly(packet, now);
    }

    /// When the next datagram arrives.
    pub fn next(&self) -> Option<Moment> {
        self.flying.keys().next().map(|&(at, _)| at)
    }

    /// What arrives by `now`.
    pub fn arrived(&mut self, now: Moment) -> Option<Packet> {
        self.flying.first_entry().filter(|entry| entry.key().0 <= now).map(|entry| entry.remove())
    }

    /// Of 100 datagrams, how many were lost in the worst weather so far.
    pub(crate) const fn worst_loss(&self) -> u64 {
        self.worst_loss
    }

    /// Until when nothing reaches or leaves this address; the present, if it is reached.
    pub(crate) fn cut_off_until(&self, address: IpAddr, now: Moment) -> Moment {
        self.cut_off.get(&address).copied().unwrap_or(now).max(now)
    }

    /// Whether nothing reaches or leaves this address.
    pub(crate) fn is_cut_off(&self, address: IpAddr, now: Moment) -> bool {
        self.cut_off.get(&address).is_some_and(|until| now < *until)
    }

    fn fly(&mut self, packet: Packet, now: Moment) {
        let late = self.rng.below(u64::try_from(self.weather.late.as_micros()).unwrap_or(u64::MAX));
        self.numbered += 1;
        self.flying.insert((now + DELAY + Duration::from_micros(late), self.numbered), packet);
    }
}
