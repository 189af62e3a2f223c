//! Deadlines by key: at most one for each.

use core::cmp::Reverse;
use core::hash::Hash;
use std::collections::BinaryHeap;

use crate::moment::Moment;
use crate::table::Lookup;

/// A set of deadlines, popped in order of time, then of key.
///
/// Setting and cancelling cost O(log n) amortised. Cancelled entries are dropped when they reach the top, or all at
/// once when they outnumber the live ones.
///
/// ```
/// use turno_ground::{Moment, Timers};
///
/// let mut rings = Timers::new(1);
/// rings.set("1001", Moment::from_secs(15));
/// rings.set("1002", Moment::from_secs(20));
/// rings.set("1001", Moment::from_secs(30)); // takes the place of the first
/// rings.cancel(&"1002");
/// assert_eq!(rings.next_deadline(), Some(Moment::from_secs(30)));
/// assert_eq!(rings.pop_due(Moment::from_secs(29)), None);
/// assert_eq!(rings.pop_due(Moment::from_secs(30)), Some((Moment::from_secs(30), "1001")));
/// assert!(rings.is_empty());
/// ```
#[derive(Debug)]
pub struct Timers<K> {
    heap: BinaryHeap<Reverse<(Moment, K)>>,
    due: Lookup<K, Moment>,
}

impl<K: Copy + Ord + Hash> Timers<K> {
    /// No deadlines; `seed` protects the table against keys chosen by strangers.
    pub fn new(seed: u64) -> Self {
        Self { heap: BinaryHeap::new(), due: Lookup::new(seed) }
    }

    /// Sets the only deadline of `key`.
    pub fn set(&mut self, key: K, at: Moment) {
        if self.due.insert(key, at) != Some(at) {
            self.heap.push(Reverse((at, key)));
        }
        if self.heap.len() > 64 && self.heap.len() > self.due.len() * 4 {
            let due = &self.due;
            self.heap.retain(|Reverse((at, key))| due.get(key) == Some(at));
        }
    }

    /// Cancels the deadline of `key`, if it has one.
    pub fn cancel(&mut self, key: &K) {
        self.due.remove(key);
    }

    /// The earliest deadline. It may change with every `set`, `cancel` and `pop_due`.
    pub fn next_deadline(&mut self) -> Option<Moment> {
        while let Some(&Reverse((at, key))) = self.heap.peek() {
            if self.due.get(&key) == Some(&at) {
                return Some(at);
            }
            self.heap.pop();
        }
        None
    }

    /// Takes the earliest deadline that is not later than `now`.
    pub fn pop_due(&mut self, now: Moment) -> Option<(Moment, K)> {
        let at = self.next_deadline()?;
        if at > now {
            return None;
        }
        let Reverse((at, key)) = self.heap.pop()?;
        self.due.remove(&key);
        Some((at, key))
    }

    /// The deadline of `key`.
    pub fn at(&self, key: &K) -> Option<Moment> {
        self.due.get(key).copied()
    }

    /// Number of keys with a deadline.
    pub fn len(&self) -> usize {
        self.due.len()
    }

    /// Whether no key has a deadline.
    pub fn is_empty(&self) -> bool {
        self.due.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_set_twice_fires_once_at_the_later_time() {
        let mut timers = Timers::new(1);
        timers.set(7u32, Moment::from_secs(1));
        timers.set(7, Moment::from_secs(3));
        timers.set(8, Moment::from_secs(2));
        assert_eq!(timers.pop_due(Moment::from_secs(9)), Some((Moment::from_secs(2), 8)));
        assert_eq!(timers.pop_due(Moment::from_secs(9)), Some((Moment::from_secs(3), 7)));
        assert_eq!(timers.pop_due(Moment::from_secs(9)), None);
    }

    #[test]
    fn a_cancelled_deadline_never_fires() {
        let mut timers = Timers::new(1);
        timers.set(7u32, Moment::from_secs(1));
        timers.cancel(&7);
        assert_eq!(timers.next_deadline(), None);
        timers.set(7, Moment::from_secs(1));
        assert_eq!(timers.next_deadline(), Some(Moment::from_secs(1)));
    }

    #[test]
    fn deadlines_reset_for_ever_do_not_pile_up() {
        let mut timers = Timers::new(1);
        for step in 0..100_000 {
            timers.set(step % 10, Moment::from_micros(step));
        }
        assert!(timers.heap.len() < 200, "{} entries for 10 keys", timers.heap.len());
    }
}
