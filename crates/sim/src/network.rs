//! A simulated network: it delays datagrams and, with faults, loses, duplicates and reorders them or cuts addresses
//! off.

use core::time::Duration;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use turno_ground::{Moment, Rng};

/// The shortest delay of a datagram.
pub const DELAY: Duration = Duration::from_millis(2);

/// One datagram under way.
#[derive(Clone, Debug)]
pub struct Packet {
    /// Who sent it.
    pub from: SocketAddr,
    /// Who gets it.
    pub to: SocketAddr,
    /// Its content.
    pub bytes: Bytes,
}

/// The network's faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weather {
    /// Of 100 datagrams, how many are lost.
    pub loss: u64,
    /// Of 100 datagrams, how many arrive twice, each at a moment of its own.
    pub doubling: u64,
    /// How much later than [`DELAY`] a datagram may arrive; a value above zero reorders.
    pub late: Duration,
}

impl Weather {
    /// Whether it loses, duplicates or reorders.
    pub const fn is_bad(&self) -> bool {
        self.loss > 0 || self.doubling > 0 || !self.late.is_zero()
    }
}

/// The network and the datagrams under way.
#[derive(Debug)]
pub struct Network {
    /// May be changed at any time.
    pub weather: Weather,
    rng: Rng,
    flying: BTreeMap<(Moment, u64), Packet>,
    /// Addresses that are cut off, and until when.
    cut_off: BTreeMap<IpAddr, Moment>,
    was_bad: bool,
    worst_loss: u64,
    sent: u64,
    lost: u64,
    /// Orders datagrams that arrive at one moment: first sent, first delivered.
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

    /// Whether it has ever lost, duplicated, reordered or cut off anything.
    pub const fn was_bad(&self) -> bool {
        self.was_bad
    }

    /// How many datagrams were sent, and how many of them were lost.
    pub const fn counts(&self) -> (u64, u64) {
        (self.sent, self.lost)
    }

    /// Notes a fault that the caller has caused.
    pub const fn was_bad_once(&mut self) {
        self.was_bad = true;
    }

    /// Cuts an address off until then.
    pub fn cut_off(&mut self, address: IpAddr, until: Moment) {
        self.was_bad = true;
        self.cut_off.insert(address, until);
    }

    /// Ends all faults.
    pub fn heal(&mut self) {
        self.weather = Weather::default();
        self.cut_off.clear();
    }

    /// Sends a datagram.
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

    /// The highest loss until now, in percent.
    pub(crate) const fn worst_loss(&self) -> u64 {
        self.worst_loss
    }

    /// Until when this address is cut off; `now` if it is not.
    pub(crate) fn cut_off_until(&self, address: IpAddr, now: Moment) -> Moment {
        self.cut_off.get(&address).copied().unwrap_or(now).max(now)
    }

    /// Whether this address is cut off.
    pub(crate) fn is_cut_off(&self, address: IpAddr, now: Moment) -> bool {
        self.cut_off.get(&address).is_some_and(|until| now < *until)
    }

    fn fly(&mut self, packet: Packet, now: Moment) {
        let late = self.rng.below(u64::try_from(self.weather.late.as_micros()).unwrap_or(u64::MAX));
        self.numbered += 1;
        self.flying.insert((now + DELAY + Duration::from_micros(late), self.numbered), packet);
    }
}
