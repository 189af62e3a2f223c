//! A seeded hash table without iteration, so that its random order affects no decision.

use core::borrow::Borrow;
use core::fmt;
use core::hash::{BuildHasher, Hash, Hasher};
#[expect(clippy::disallowed_types, reason = "this is the wrapper that hides its iteration")]
use std::collections::HashMap;
use std::hash::DefaultHasher;

/// Keyed look-up without iteration. The seed keeps strangers from choosing colliding keys.
#[expect(clippy::disallowed_types, reason = "this is the wrapper that hides its iteration")]
#[derive(Clone)]
pub struct Lookup<K, V>(HashMap<K, V, Seeded>);

/// Secrets of one table's hash.
#[derive(Clone, Copy)]
struct Seeded {
    start: u64,
    factor: u64,
}

impl Seeded {
    /// Two numbers without long runs of equal bits, for any seed.
    const fn new(seed: u64) -> Self {
        let start = scatter(seed);
        Self { start, factor: scatter(start) | 1 }
    }
}

/// One step of SplitMix64.
const fn scatter(number: u64) -> u64 {
    let mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl BuildHasher for Seeded {
    type Hasher = KeyHasher;

    fn build_hasher(&self) -> KeyHasher {
        KeyHasher { sum: self.start, seeds: *self }
    }
}

/// Hashes numbers, which turno assigns itself, by one multiplication each, and texts, which strangers choose, by
/// SipHash.
struct KeyHasher {
    sum: u64,
    seeds: Seeded,
}

impl KeyHasher {
    #[expect(clippy::cast_possible_truncation, reason = "both halves of the product are used")]
    const fn take(&mut self, number: u64) {
        let product = (self.sum ^ number) as u128 * self.seeds.factor as u128;
        self.sum = product as u64 ^ (product >> 64) as u64;
    }
}

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut text = DefaultHasher::new();
        text.write_u64(self.seeds.start);
        text.write(bytes);
        self.take(text.finish());
    }

    fn write_u8(&mut self, number: u8) {
        self.take(number.into());
    }

    fn write_u16(&mut self, number: u16) {
        self.take(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.take(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.take(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.take(number as u64);
    }

    fn finish(&self) -> u64 {
        self.sum
    }
}

impl<K: Eq + Hash, V> Lookup<K, V> {
    /// An empty table.
    #[expect(clippy::disallowed_types, reason = "this is the wrapper that hides its iteration")]
    pub fn new(seed: u64) -> Self {
        Self(HashMap::with_hasher(Seeded::new(seed)))
    }

    /// Stores `value` at `key`; returns the previous value.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.0.insert(key, value)
    }

    /// The value at `key`.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.get(key)
    }

    /// The value at `key`, mutable.
    pub fn get_mut<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.0.get_mut(key)
    }

    /// Removes the value at `key`.
    pub fn remove<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.0.remove(key)
    }

    /// Whether `key` has a value.
    pub fn contains<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.contains_key(key)
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All keys, sorted: for writing all rows, never for a decision.
    pub(crate) fn sorted_keys(&self) -> Vec<K>
    where
        K: Copy + Ord,
    {
        let mut keys: Vec<K> = self.0.keys().copied().collect();
        keys.sort_unstable();
        keys
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K, V> fmt::Debug for Lookup<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lookup({} entries)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn hash(seed: u64, key: impl Hash) -> u64 {
        Seeded::new(seed).hash_one(key)
    }

    #[test]
    fn numbers_given_out_in_a_row_are_spread_over_the_whole_table() {
        // The table uses the low bits for the position, and the high seven for the tag.
        for seed in [0, 1, 7, u64::MAX] {
            let low: BTreeSet<u64> = (0..4_096u64).map(|key| hash(seed, key) % 4_096).collect();
            let high: BTreeSet<u64> = (0..4_096u64).map(|key| hash(seed, key) >> 57).collect();
            assert!(low.len() > 2_000, "seed {seed}: {} of 4,096 places", low.len());
            assert!(high.len() > 100, "seed {seed}");
        }
    }

    #[test]
    fn every_part_of_a_key_and_the_seed_count() {
        let keys = [hash(1, (1u64, 2u8)), hash(1, (2u64, 1u8)), hash(1, (1u64, 3u8)), hash(2, (1u64, 2u8))];
        assert_eq!(BTreeSet::from(keys).len(), keys.len());
        assert_ne!(hash(1, "a001"), hash(1, "a002"));
        assert_ne!(hash(1, "a001"), hash(2, "a001"));
    }
}
