//! How seldom turno writes by itself, so that two programs never talk to each other (RFC 3834, section 2).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::time::Millis;

/// How long one sender gets no second acknowledgement.
const AGAIN_SECS: i64 = 7 * 86_400;

/// The most automatic letters to one address within a day: a bot that answers a program stops here at the latest.
const LETTERS_A_DAY: usize = 10;

/// The most addresses that are remembered.
const ADDRESSES_MAX: usize = 50_000;

/// What was written to whom. Addresses are kept as short hashes: this is stored for a week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restraint {
    /// When each address got its last acknowledgement.
    acknowledged: BTreeMap<u64, Millis>,
    /// When the acknowledgements of the last hour left.
    hour: Vec<Millis>,
    /// When automatic letters to each address left, in the last day.
    letters: BTreeMap<u64, Vec<Millis>>,
}

impl Restraint {
    /// Whether an acknowledgement to this address may leave now, and notes that it does. At most `hourly` leave within an hour.
    pub fn acknowledge(&mut self, address: &str, hourly: u32, now: Millis) -> bool {
        self.forget(now);
        let key = key(address);
        let is_free = !self.acknowledged.contains_key(&key)
            && self.hour.len() < usize::try_from(hourly).unwrap_or(usize::MAX)
            && self.acknowledged.len() < ADDRESSES_MAX;
        if is_free {
            self.acknowledged.insert(key, now);
            self.hour.push(now);
        }
        is_free
    }

    /// Whether a letter that turno wrote by itself may leave to this address now, and notes that it does.
    pub fn answer(&mut self, address: &str, now: Millis) -> bool {
        self.forget(now);
        if self.letters.len() >= ADDRESSES_MAX {
            return false;
        }
        let letters = self.letters.entry(key(address)).or_default();
        let is_free = letters.len() < LETTERS_A_DAY;
        if is_free {
            letters.push(now);
        }
        is_free
    }

    fn forget(&mut self, now: Millis) {
        // A clock that was set back must not keep what was noted for ever.
        let is_within = |at: Millis, secs: i64| (-60..secs).contains(&now.secs_since(at));
        self.acknowledged.retain(|_, at| is_within(*at, AGAIN_SECS));
        self.hour.retain(|at| is_within(*at, 3_600));
        self.letters.retain(|_, all| {
            all.retain(|at| is_within(*at, 86_400));
            !all.is_empty()
        });
    }
}

fn key(address: &str) -> u64 {
    let digest = Sha256::digest(address.to_lowercase().as_bytes());
    digest.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte))
}
