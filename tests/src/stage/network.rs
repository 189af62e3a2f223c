//! A network with delay that can lose and double what it carries.

use core::time::Duration;
use std::collections::BTreeMap;
use std::net::SocketAddr;

use bytes::Bytes;
use turno_ground::{Dice, Moment};

/// How long a datagram travels.
pub const DELAY: Duration = Duration::from_millis(2);
/// The longest that a datagram is late when the network misbehaves.
const JITTER_MICROS: u64 = 30_000;

/// One datagram on its way.
#[derive(Clone, Debug)]
pub(crate) struct Packet {
    /// Who sent it.
    pub from: SocketAddr,
    /// Whom it is for.
    pub to: SocketAddr,
    /// What it holds.
    pub bytes: Bytes,
}

/// Everything on its way.
#[derive(Debug)]
pub struct Network {
    /// Of 100 datagrams, how many are lost.
    pub loss: u64,
    /// Of 100 datagrams, how many arrive twice, each at a moment of its own.
    pub doubling: u64,
    dice: Dice,
    flying: BTreeMap<(Moment, u64), Packet>,
    sent: u64,
}

impl Network {
    /// A network without faults.
    pub(crate) fn new(dice: Dice) -> Self {
        Self { loss: 0, doubling: 0, dice, flying: BTreeMap::new(), sent: 0 }
    }

    /// Whether it loses or doubles.
    pub(crate) const fn is_bad(&self) -> bool {
        self.loss + self.doubling > 0
    }

    /// Takes a datagram.
    pub(crate) fn send(&mut self, packet: Packet, now: Moment) {
        if self.dice.below(100) < self.loss {
            return;
        }
        if self.dice.below(100) < self.doubling {
            self.fly(packet.clone(), now);
        }
        self.fly(packet, now);
    }

    /// When the next datagram arrives.
    pub(crate) fn next(&self) -> Option<Moment> {
        self.flying.keys().next().map(|&(at, _)| at)
    }

    /// What arrives by `now`.
    pub(crate) fn arrived(&mut self, now: Moment) -> Option<Packet> {
        self.flying.first_entry().filter(|entry| entry.key().0 <= now).map(|entry| entry.remove())
    }

    fn fly(&mut self, packet: Packet, now: Moment) {
        let late = if self.is_bad() { self.dice.below(JITTER_MICROS) } else { 0 };
        self.sent += 1;
        self.flying.insert((now + DELAY + Duration::from_micros(late), self.sent), packet);
    }
}
