//! Tracked tables whose entries have deadlines.
//!
//! A deadline is part of its entry. Setting it changes the entry, so it is tracked and written with the entry. Removing
//! an entry removes its deadlines, and a fired deadline is written as gone. The users of a table need not care about
//! that.

use core::cmp::Reverse;
use core::fmt;
use core::hash::Hash;
use core::ops::{Deref, DerefMut, Index, IndexMut};
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::moment::Moment;
use crate::tracked::{Change, Tracked, TrackedMap, TrackedRow};

/// Cancelled deadlines are removed from the heap when it is longer than this and than four times the live ones.
const HEAP_KEPT: usize = 64;

/// A value with its deadlines, at most one of each name; an entry is written in this form.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Dated<D, V> {
    value: V,
    due: SmallVec<[(D, Moment); 2]>,
}

impl<D: Copy + PartialEq, V> Dated<D, V> {
    fn new(value: V) -> Self {
        Self { value, due: SmallVec::new() }
    }

    /// The time of the deadline with this name.
    pub fn at(&self, name: D) -> Option<Moment> {
        self.due.iter().find(|(of, _)| *of == name).map(|&(_, at)| at)
    }

    /// Whether it has no deadlines.
    pub fn has_none(&self) -> bool {
        self.due.is_empty()
    }

    /// Sets a deadline; returns the previous time.
    fn set(&mut self, name: D, at: Moment) -> Option<Moment> {
        if let Some((_, present)) = self.due.iter_mut().find(|(of, _)| *of == name) {
            return Some(core::mem::replace(present, at));
        }
        self.due.push((name, at));
        None
    }

    fn cancel(&mut self, name: D) -> Option<Moment> {
        let place = self.due.iter().position(|(of, _)| *of == name)?;
        Some(self.due.remove(place).1)
    }
}

impl<D, V> Deref for Dated<D, V> {
    type Target = V;

    fn deref(&self) -> &V {
        &self.value
    }
}

impl<D, V> DerefMut for Dated<D, V> {
    fn deref_mut(&mut self) -> &mut V {
        &mut self.value
    }
}

/// A tracked table that [`Timed`] can wrap.
pub trait TimedTable {
    /// Key of an entry.
    type Key: Copy + Ord;
    /// Name of a deadline.
    type Name: Copy + Ord;
    /// Value of an entry, without deadlines.
    type Value;

    /// The entry at `key`.
    fn entry(&self, key: Self::Key) -> Option<&Dated<Self::Name, Self::Value>>;

    /// The entry at `key`, mutable; marks it as changed.
    fn entry_mut(&mut self, key: Self::Key) -> Option<&mut Dated<Self::Name, Self::Value>>;
}

impl<K: Copy + Ord + Hash, D: Copy + Ord, V> TimedTable for Tracked<K, Dated<D, V>> {
    type Key = K;
    type Name = D;
    type Value = V;

    fn entry(&self, key: K) -> Option<&Dated<D, V>> {
        self.get(&key)
    }

    fn entry_mut(&mut self, key: K) -> Option<&mut Dated<D, V>> {
        self.get_mut(&key)
    }
}

impl<K: Copy + Ord, D: Copy + Ord, V> TimedTable for TrackedMap<K, Dated<D, V>> {
    type Key = K;
    type Name = D;
    type Value = V;

    fn entry(&self, key: K) -> Option<&Dated<D, V>> {
        self.get(&key)
    }

    fn entry_mut(&mut self, key: K) -> Option<&mut Dated<D, V>> {
        self.get_mut(&key)
    }
}

impl<D: Copy + Ord, V> TimedTable for TrackedRow<Dated<D, V>> {
    type Key = usize;
    type Name = D;
    type Value = V;

    fn entry(&self, place: usize) -> Option<&Dated<D, V>> {
        self.get(place)
    }

    fn entry_mut(&mut self, place: usize) -> Option<&mut Dated<D, V>> {
        self.get_mut(place)
    }
}

/// Deadlines in order of time, then name, then key. A deadline that was cancelled or set anew stays until it reaches
/// the top: only the entry says what is due.
type Agenda<K, D> = BinaryHeap<Reverse<(Moment, D, K)>>;

/// A tracked table whose entries have deadlines. It derefs to the table for reading; all changes go through its
/// methods.
pub struct Timed<T: TimedTable> {
    table: T,
    agenda: Agenda<T::Key, T::Name>,
    /// Number of live deadlines.
    living: usize,
}

/// One entry, mutable together with its deadlines; marked as changed.
pub struct TimedEntry<'a, K, D, V> {
    key: K,
    dated: &'a mut Dated<D, V>,
    agenda: &'a mut Agenda<K, D>,
    living: &'a mut usize,
}

impl<K: Copy + Ord, D: Copy + Ord, V> TimedEntry<'_, K, D, V> {
    /// Sets the entry's only deadline of this name.
    pub fn set(&mut self, name: D, at: Moment) {
        let before = self.dated.set(name, at);
        *self.living += usize::from(before.is_none());
        if before != Some(at) {
            self.agenda.push(Reverse((at, name, self.key)));
        }
    }

    /// Cancels the deadline of this name, if there is one.
    pub fn cancel(&mut self, name: D) {
        *self.living -= usize::from(self.dated.cancel(name).is_some());
    }
}

impl<K, D, V> Deref for TimedEntry<'_, K, D, V> {
    type Target = V;

    fn deref(&self) -> &V {
        &self.dated.value
    }
}

impl<K, D, V> DerefMut for TimedEntry<'_, K, D, V> {
    fn deref_mut(&mut self) -> &mut V {
        &mut self.dated.value
    }
}

impl<T: TimedTable> Timed<T> {
    const fn on(table: T) -> Self {
        Self { table, agenda: BinaryHeap::new(), living: 0 }
    }

    /// The value at `key`, mutable.
    pub fn get_mut(&mut self, key: T::Key) -> Option<&mut T::Value> {
        self.table.entry_mut(key).map(|dated| &mut dated.value)
    }

    /// The entry at `key`, mutable together with its deadlines.
    pub fn entry(&mut self, key: T::Key) -> Option<TimedEntry<'_, T::Key, T::Name, T::Value>> {
        let dated = self.table.entry_mut(key)?;
        Some(TimedEntry { key, dated, agenda: &mut self.agenda, living: &mut self.living })
    }

    /// Sets the only deadline of this name at `key`, if the entry exists.
    pub fn set(&mut self, key: T::Key, name: T::Name, at: Moment) {
        if let Some(mut entry) = self.entry(key) {
            entry.set(name, at);
        }
    }

    /// Cancels the deadline of this name at `key`. Without one, the entry is not marked as changed.
    pub fn cancel(&mut self, key: T::Key, name: T::Name) {
        if self.at(key, name).is_some()
            && let Some(mut entry) = self.entry(key)
        {
            entry.cancel(name);
        }
    }

    /// The time of the deadline with this name at `key`.
    pub fn at(&self, key: T::Key, name: T::Name) -> Option<Moment> {
        self.table.entry(key)?.at(name)
    }

    /// The earliest deadline. It may change with every `set`, `cancel`, `remove` and `pop_due`.
    pub fn next_deadline(&mut self) -> Option<Moment> {
        let table = &self.table;
        let is_due = |at, name, key| table.entry(key).is_some_and(|entry| entry.at(name) == Some(at));
        if self.agenda.len() > HEAP_KEPT && self.agenda.len() > self.living * 4 {
            self.agenda.retain(|&Reverse((at, name, key))| is_due(at, name, key));
        }
        while let Some(&Reverse((at, name, key))) = self.agenda.peek() {
            if is_due(at, name, key) {
                return Some(at);
            }
            self.agenda.pop();
        }
        None
    }

    /// Takes the earliest deadline that is not later than `now`; marks its entry as changed.
    pub fn pop_due(&mut self, now: Moment) -> Option<(Moment, T::Name, T::Key)> {
        self.next_deadline().filter(|at| *at <= now)?;
        let Reverse((at, name, key)) = self.agenda.pop()?;
        self.entry(key)?.cancel(name);
        Some((at, name, key))
    }

    /// Number of live deadlines.
    pub const fn living(&self) -> usize {
        self.living
    }

    /// The value of a removed entry, after its deadlines were counted out.
    fn undated(&mut self, dated: Dated<T::Name, T::Value>) -> T::Value {
        self.living -= dated.due.len();
        dated.value
    }

    /// Schedules the deadlines of an entry restored after a restart.
    fn schedule(&mut self, key: T::Key, dated: &Dated<T::Name, T::Value>) {
        self.living += dated.due.len();
        self.agenda.extend(dated.due.iter().map(|&(name, at)| Reverse((at, name, key))));
    }
}

impl<K: Copy + Ord + Hash, D: Copy + Ord, V> Timed<Tracked<K, Dated<D, V>>> {
    /// An empty table; `seed` protects it against keys chosen by strangers.
    pub fn new(seed: u64) -> Self {
        Self::on(Tracked::new(seed))
    }

    /// Stores `value` at `key` without deadlines; returns the previous value.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let before = self.table.insert(key, Dated::new(value))?;
        Some(self.undated(before))
    }

    /// Removes the entry at `key`, with its deadlines.
    pub fn remove(&mut self, key: K) -> Option<V> {
        let dated = self.table.remove(&key)?;
        Some(self.undated(dated))
    }

    /// Restores an entry that was written before a restart.
    pub fn restore(&mut self, key: K, dated: Dated<D, V>) {
        self.schedule(key, &dated);
        self.table.restore(key, dated);
    }

    /// As [`Tracked::write_down`].
    pub fn write_down(&mut self, write: impl FnMut(K, Change<'_, Dated<D, V>>) -> bool) {
        self.table.write_down(write);
    }

    /// Marks every entry as changed, so that all are written again.
    pub fn note_all(&mut self) {
        self.table.note_all();
    }
}

impl<K: Copy + Ord, D: Copy + Ord, V> Timed<TrackedMap<K, Dated<D, V>>> {
    /// An empty map.
    pub const fn new() -> Self {
        Self::on(TrackedMap::new())
    }

    /// Stores `value` at `key` without deadlines; returns the previous value.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let before = self.table.insert(key, Dated::new(value))?;
        Some(self.undated(before))
    }

    /// Removes the entry at `key`, with its deadlines.
    pub fn remove(&mut self, key: K) -> Option<V> {
        let dated = self.table.remove(&key)?;
        Some(self.undated(dated))
    }

    /// Restores an entry that was written before a restart.
    pub fn restore(&mut self, key: K, dated: Dated<D, V>) {
        self.schedule(key, &dated);
        self.table.restore(key, dated);
    }

    /// As [`TrackedMap::write_down`].
    pub fn write_down(&mut self, write: impl FnMut(K, Change<'_, Dated<D, V>>) -> bool) {
        self.table.write_down(write);
    }

    /// Marks every entry as changed, so that all are written again.
    pub fn note_all(&mut self) {
        self.table.note_all();
    }
}

impl<D: Copy + Ord, V> Timed<TrackedRow<Dated<D, V>>> {
    /// A row of `values`; these initial values need not be written.
    pub fn new(values: impl Iterator<Item = V>) -> Self {
        Self::on(TrackedRow::new(values.map(Dated::new)))
    }

    /// Appends a value, marked as changed.
    pub fn push(&mut self, value: V) {
        self.table.push(Dated::new(value));
    }

    /// Restores a value that was written before a restart; ignores an index beyond the end.
    pub fn restore(&mut self, place: usize, dated: Dated<D, V>) {
        if place < self.table.len() {
            self.schedule(place, &dated);
            self.table.restore(place, dated);
        }
    }

    /// As [`TrackedRow::write_down`].
    pub fn write_down(&mut self, write: impl FnMut(usize, &Dated<D, V>)) {
        self.table.write_down(write);
    }

    /// Marks every value as changed, so that all are written again.
    pub fn note_all(&mut self) {
        self.table.note_all();
    }
}

impl<T: TimedTable> Deref for Timed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.table
    }
}

impl<D: Copy + Ord, V> Index<usize> for Timed<TrackedRow<Dated<D, V>>> {
    type Output = V;

    fn index(&self, place: usize) -> &V {
        &self.table[place].value
    }
}

impl<D: Copy + Ord, V> IndexMut<usize> for Timed<TrackedRow<Dated<D, V>>> {
    fn index_mut(&mut self, place: usize) -> &mut V {
        &mut self.table[place].value
    }
}

impl<K: Copy + Ord, D: Copy + Ord, V> Default for Timed<TrackedMap<K, Dated<D, V>>> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: TimedTable + fmt::Debug> fmt::Debug for Timed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timed({:?}, {} deadlines)", self.table, self.living)
    }
}

#[cfg(test)]
#[path = "timed_tests.rs"]
mod tests;
