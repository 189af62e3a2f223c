//! Server nonces: a nonce needs no memory until it is answered, and then only the counts that detect replays.

use core::net::IpAddr;
use core::time::Duration;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use turno_ground::{Moment, Rng};

use crate::auth::digest::{hex, is_same};

/// Maximum number of answered nonces kept. Above it the oldest become stale early.
const ANSWERED_NONCES_MAX: usize = 65_536;

/// How far a count may be below the highest one received: datagrams overtake each other.
const NC_WINDOW: u32 = 64;

const STAMP_LETTERS: usize = 16;
const SERIAL_LETTERS: usize = 16;
const SEAL_LETTERS: usize = 32;

/// When a nonce was made, and its serial number: unique for one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NonceId {
    made_at: Moment,
    serial: u64,
}

/// Which counts of one nonce have been used.
#[derive(Clone, Copy, Debug)]
struct Counts {
    highest: u32,
    /// Bit n: the count n below the highest was used.
    used: u64,
}

/// Makes nonces, recognises them, and refuses counts used before.
#[derive(Debug)]
pub(crate) struct Nonces {
    key: [u8; 32],
    span: Duration,
    serial: u32,
    answered: BTreeMap<NonceId, Counts>,
    /// Nonces up to this one are stale: their counts were forgotten.
    forgotten: Option<NonceId>,
}

impl Nonces {
    pub(crate) fn new(span: Duration, rng: &mut Rng) -> Self {
        let mut key = [0; 32];
        for eight in key.chunks_exact_mut(8) {
            eight.copy_from_slice(&rng.number().to_le_bytes());
        }
        Self { key, span, serial: 0, answered: BTreeMap::new(), forgotten: None }
    }

    /// A new nonce.
    pub(crate) fn make(&mut self, now: Moment) -> String {
        self.make_for(0, now)
    }

    /// A new nonce for the address with this mark.
    pub(crate) fn make_for(&mut self, mark: u32, now: Moment) -> String {
        self.serial = self.serial.wrapping_add(1);
        let serial = u64::from(mark) << 32 | u64::from(self.serial);
        let id = NonceId { made_at: now, serial };
        format!("{:016x}{:016x}{}", id.made_at.as_micros(), id.serial, self.seal(id))
    }

    /// The mark of an address. It depends on our key, so nobody can choose an address by its mark.
    pub(crate) fn mark_of(&self, address: IpAddr) -> u32 {
        let mut hasher = Sha256::new();
        hasher.update(self.key);
        match address.to_canonical() {
            IpAddr::V4(v4) => hasher.update(v4.octets()),
            IpAddr::V6(v6) => hasher.update(v6.octets()),
        }
        let sum = hasher.finalize();
        u32::from_le_bytes([sum[0], sum[1], sum[2], sum[3]])
    }

    /// Whether `text` is a fresh nonce that was made for the address with this mark.
    pub(crate) fn was_made_for(&self, text: &str, mark: u32, now: Moment) -> bool {
        self.recognise(text, now).is_some_and(|id| id.serial >> 32 == u64::from(mark))
    }

    /// The id of the nonce `text`, if it is ours and still fresh.
    pub(crate) fn recognise(&self, text: &str, now: Moment) -> Option<NonceId> {
        if text.len() != STAMP_LETTERS + SERIAL_LETTERS + SEAL_LETTERS || !text.is_ascii() {
            return None;
        }
        let (stamp, rest) = text.split_at(STAMP_LETTERS);
        let (serial, seal) = rest.split_at(SERIAL_LETTERS);
        let made_at = Moment::from_micros(u64::from_str_radix(stamp, 16).ok()?);
        let id = NonceId { made_at, serial: u64::from_str_radix(serial, 16).ok()? };
        let ours = is_same(seal.as_bytes(), self.seal(id).as_bytes());
        let fresh = now.since(made_at) <= self.span && self.forgotten.is_none_or(|oldest| id > oldest);
        (ours && fresh).then_some(id)
    }

    /// Uses count `nc` of a nonce; false if it was used before, or may have been.
    pub(crate) fn spend(&mut self, id: NonceId, nc: u32, now: Moment) -> bool {
        self.forget(now);
        let counts = self.answered.entry(id).or_insert(Counts { highest: 0, used: 0 });
        if nc > counts.highest {
            let step = nc - counts.highest;
            counts.used = counts.used.checked_shl(step).unwrap_or(0) | 1;
            counts.highest = nc;
            return true;
        }
        let behind = counts.highest - nc;
        let bit = 1u64.checked_shl(behind).unwrap_or(0);
        if nc == 0 || behind >= NC_WINDOW || counts.used & bit != 0 {
            return false;
        }
        counts.used |= bit;
        true
    }

    /// Drops stale nonces, and the oldest one if the limit is reached.
    fn forget(&mut self, now: Moment) {
        while let Some(oldest) = self.answered.first_entry() {
            let id = *oldest.key();
            if now.since(id.made_at) > self.span {
                oldest.remove();
            } else if self.answered.len() >= ANSWERED_NONCES_MAX {
                self.answered.remove(&id);
                self.forgotten = self.forgotten.max(Some(id));
            } else {
                return;
            }
        }
    }

    fn seal(&self, id: NonceId) -> String {
        let mut hasher = Sha256::new();
        hasher.update(self.key);
        hasher.update(id.made_at.as_micros().to_le_bytes());
        hasher.update(id.serial.to_le_bytes());
        hex(&hasher.finalize()[..SEAL_LETTERS / 2])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_spent_once_though_datagrams_overtake_each_other() {
        // RFC 7616, 3.4.6: replays are known by their nc.
        let now = Moment::from_secs(1_000);
        let mut nonces = Nonces::new(Duration::from_secs(300), &mut Rng::new(1));
        let nonce = nonces.make(now);
        let id = nonces.recognise(&nonce, now).unwrap();
        let spent: Vec<bool> =
            [1, 3, 2, 2, 3, 1, 0, 200, 100, 137].iter().map(|nc| nonces.spend(id, *nc, now)).collect();
        assert_eq!(spent, [true, true, true, false, false, false, false, true, false, true]);
    }

    #[test]
    fn a_nonce_grows_old_and_can_not_be_made_up() {
        let now = Moment::from_secs(1_000);
        let mut nonces = Nonces::new(Duration::from_secs(300), &mut Rng::new(1));
        let nonce = nonces.make(now);
        assert!(nonces.recognise(&nonce, now + Duration::from_secs(300)).is_some());
        assert!(nonces.recognise(&nonce, now + Duration::from_secs(301)).is_none());
        assert_ne!(nonces.make(now), nonce);
        let mut forged = nonce.into_bytes();
        forged[15] ^= 1;
        assert!(nonces.recognise(core::str::from_utf8(&forged).unwrap(), now).is_none());
        assert!(nonces.recognise("", now).is_none());
    }

    #[test]
    fn a_flood_of_answers_makes_old_nonces_stale_but_never_replayable() {
        let now = Moment::from_secs(1_000);
        let mut nonces = Nonces::new(Duration::from_secs(300), &mut Rng::new(1));
        let first = nonces.make(now);
        let id = nonces.recognise(&first, now).unwrap();
        assert!(nonces.spend(id, 1, now));
        for serial in 0..ANSWERED_NONCES_MAX {
            let made_at = now + Duration::from_micros(1 + serial as u64);
            assert!(nonces.spend(NonceId { made_at, serial: serial as u64 }, 1, made_at));
        }
        assert!(nonces.answered.len() <= ANSWERED_NONCES_MAX);
        assert!(nonces.recognise(&first, now).is_none());
    }
}
