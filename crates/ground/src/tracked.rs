//! Tables that remember which entries may have changed since they were last written.
//!
//! All state that must survive a crash is in these tables. Every change goes through `insert`, `get_mut` or `remove`,
//! and each of them marks the entry. So no code has to remember to write a change.

use core::borrow::Borrow;
use core::fmt;
use core::hash::Hash;
use core::ops::{Index, IndexMut};
use std::collections::{BTreeMap, btree_map};

use crate::table::Lookup;

/// Change of an entry since it was last written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a, V> {
    /// The entry may have changed; this is its present value.
    Is(&'a V),
    /// The entry was removed after it had been written.
    Gone,
}

/// A value with its marks.
#[derive(Clone)]
struct Entry<V> {
    value: V,
    /// Whether it is in the list of changed keys.
    is_noted: bool,
    /// Whether it was ever written.
    is_written: bool,
}

/// Keys that may have changed, in the order of their first change.
#[derive(Clone)]
struct Notes<K> {
    changed: Vec<K>,
    gone: Vec<K>,
}

impl<K: PartialEq> Notes<K> {
    const fn new() -> Self {
        Self { changed: Vec::new(), gone: Vec::new() }
    }

    /// Takes a key off the removed ones, since it was inserted again; true if it was among them.
    fn revive(&mut self, key: &K) -> bool {
        let place = self.gone.iter().position(|gone| gone == key);
        place.map(|place| self.gone.swap_remove(place)).is_some()
    }
}

/// A [`Lookup`] that tracks changes.
pub struct Tracked<K, V> {
    table: Lookup<K, Entry<V>>,
    notes: Notes<K>,
}

impl<K: Copy + Ord + Hash, V> Tracked<K, V> {
    /// An empty table; `seed` protects it against keys chosen by strangers.
    pub fn new(seed: u64) -> Self {
        Self { table: Lookup::new(seed), notes: Notes::new() }
    }

    /// Stores `value` at `key`; returns the previous value.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        if let Some(present) = self.get_mut(&key) {
            return Some(core::mem::replace(present, value));
        }
        let is_written = self.notes.revive(&key);
        self.table.insert(key, Entry { value, is_noted: true, is_written });
        self.notes.changed.push(key);
        None
    }

    /// Restores an entry that was written before a restart.
    pub fn restore(&mut self, key: K, value: V) {
        self.table.insert(key, Entry { value, is_noted: false, is_written: true });
    }

    /// The value at `key`.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.table.get(key).map(|entry| &entry.value)
    }

    /// The value at `key`, mutable; marks it as changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let entry = self.table.get_mut(key)?;
        if !core::mem::replace(&mut entry.is_noted, true) {
            self.notes.changed.push(*key);
        }
        Some(&mut entry.value)
    }

    /// Marks `key` as changed, because something stored elsewhere for it has, such as a deadline.
    pub fn note(&mut self, key: &K) {
        let _ = self.get_mut(key);
    }

    /// Removes the value at `key`.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let entry = self.table.remove(key)?;
        if entry.is_written {
            self.notes.gone.push(*key);
        }
        Some(entry.value)
    }

    /// Whether `key` has a value.
    pub fn contains(&self, key: &K) -> bool {
        self.table.contains(key)
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Whether nothing has changed since the last [`Self::write_down`].
    pub fn is_unchanged(&self) -> bool {
        self.notes.changed.is_empty() && self.notes.gone.is_empty()
    }

    /// Calls `write` for every entry that may have changed, removed ones first; it returns whether it wrote the entry.
    pub fn write_down(&mut self, mut write: impl FnMut(K, Change<'_, V>) -> bool) {
        for key in self.notes.gone.drain(..) {
            write(key, Change::Gone);
        }
        for key in self.notes.changed.drain(..) {
            let Some(entry) = self.table.get_mut(&key).filter(|entry| entry.is_noted) else { continue };
            entry.is_noted = false;
            let was_written = entry.is_written;
            entry.is_written = write(key, Change::Is(&entry.value));
            if was_written && !entry.is_written {
                write(key, Change::Gone);
            }
        }
    }

    /// All keys, sorted. Scans the whole table, so it is not for decisions.
    pub fn keys(&self) -> Vec<K> {
        self.table.sorted_keys()
    }

    /// Marks every entry as changed, so that all are written again.
    pub fn note_all(&mut self) {
        for key in self.keys() {
            self.note(&key);
        }
    }
}

impl<K, V> fmt::Debug for Tracked<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tracked({:?})", self.table)
    }
}

/// An ordered map that tracks changes.
#[derive(Clone)]
pub struct TrackedMap<K, V> {
    map: BTreeMap<K, Box<Entry<V>>>,
    notes: Notes<K>,
}

impl<K: Copy + Ord, V> TrackedMap<K, V> {
    /// An empty map.
    pub const fn new() -> Self {
        Self { map: BTreeMap::new(), notes: Notes::new() }
    }

    /// Stores `value` at `key`; returns the previous value.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.map.entry(key) {
            btree_map::Entry::Occupied(present) => {
                let entry = present.into_mut();
                if !core::mem::replace(&mut entry.is_noted, true) {
                    self.notes.changed.push(key);
                }
                Some(core::mem::replace(&mut entry.value, value))
            }
            btree_map::Entry::Vacant(place) => {
                let is_written = self.notes.revive(&key);
                place.insert(Box::new(Entry { value, is_noted: true, is_written }));
                self.notes.changed.push(key);
                None
            }
        }
    }

    /// Restores an entry that was written before a restart.
    pub fn restore(&mut self, key: K, value: V) {
        self.map.insert(key, Box::new(Entry { value, is_noted: false, is_written: true }));
    }

    /// The value at `key`.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.map.get(key).map(|entry| &entry.value)
    }

    /// The value at `key`, mutable; marks it as changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let entry = self.map.get_mut(key)?;
        if !core::mem::replace(&mut entry.is_noted, true) {
            self.notes.changed.push(*key);
        }
        Some(&mut entry.value)
    }

    /// Marks `key` as changed, because something stored elsewhere for it has, such as a deadline.
    pub fn note(&mut self, key: &K) {
        let _ = self.get_mut(key);
    }

    /// Removes the value at `key`.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let entry = self.map.remove(key)?;
        if entry.is_written {
            self.notes.gone.push(*key);
        }
        Some(entry.value)
    }

    /// Whether `key` has a value.
    pub fn contains_key(&self, key: &K) -> bool {
        self.map.contains_key(key)
    }

    /// All keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.map.keys()
    }

    /// All entries, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.map.iter().map(|(key, entry)| (key, &entry.value))
    }

    /// All values, in the order of the keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.map.values().map(|entry| &entry.value)
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Calls `write` for every entry that may have changed, removed ones first; it returns whether it wrote the entry.
    pub fn write_down(&mut self, mut write: impl FnMut(K, Change<'_, V>) -> bool) {
        for key in self.notes.gone.drain(..) {
            write(key, Change::Gone);
        }
        for key in self.notes.changed.drain(..) {
            let Some(entry) = self.map.get_mut(&key).filter(|entry| entry.is_noted) else { continue };
            entry.is_noted = false;
            let was_written = entry.is_written;
            entry.is_written = write(key, Change::Is(&entry.value));
            if was_written && !entry.is_written {
                write(key, Change::Gone);
            }
        }
    }

    /// Marks every entry as changed, so that all are written again.
    pub fn note_all(&mut self) {
        let keys: Vec<K> = self.map.keys().copied().collect();
        for key in &keys {
            self.note(key);
        }
    }
}

impl<K: Copy + Ord, V> Default for TrackedMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for TrackedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.map.iter().map(|(key, entry)| (key, &entry.value))).finish()
    }
}

/// A vector that never shrinks and tracks which of its values change.
#[derive(Clone)]
pub struct TrackedRow<V> {
    row: Vec<Entry<V>>,
    changed: Vec<usize>,
}

impl<V> TrackedRow<V> {
    /// A row of `values`; these initial values need not be written.
    pub fn new(values: impl Iterator<Item = V>) -> Self {
        let row = values.map(|value| Entry { value, is_noted: false, is_written: false }).collect();
        Self { row, changed: Vec::new() }
    }

    /// Appends a value, marked as changed.
    pub fn push(&mut self, value: V) {
        self.changed.push(self.row.len());
        self.row.push(Entry { value, is_noted: true, is_written: false });
    }

    /// Restores a value that was written before a restart; ignores an index beyond the end.
    pub fn restore(&mut self, place: usize, value: V) {
        if let Some(entry) = self.row.get_mut(place) {
            *entry = Entry { value, is_noted: false, is_written: true };
        }
    }

    /// All values, in order.
    pub fn iter(&self) -> impl Iterator<Item = &V> {
        self.row.iter().map(|entry| &entry.value)
    }

    /// The value at index `place`.
    pub fn get(&self, place: usize) -> Option<&V> {
        self.row.get(place).map(|entry| &entry.value)
    }

    /// The value at index `place`, mutable; marks it as changed.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut V> {
        let entry = self.row.get_mut(place)?;
        if !core::mem::replace(&mut entry.is_noted, true) {
            self.changed.push(place);
        }
        Some(&mut entry.value)
    }

    /// Marks `place` as changed, because something stored elsewhere for it has, such as a deadline.
    pub fn note(&mut self, place: usize) {
        let _ = self.get_mut(place);
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.row.is_empty()
    }

    /// Calls `write` for every value that may have changed.
    pub fn write_down(&mut self, mut write: impl FnMut(usize, &V)) {
        for place in self.changed.drain(..) {
            let entry = &mut self.row[place];
            entry.is_noted = false;
            entry.is_written = true;
            write(place, &entry.value);
        }
    }

    /// Marks every value as changed, so that all are written again.
    pub fn note_all(&mut self) {
        for place in 0..self.row.len() {
            self.note(place);
        }
    }
}

impl<V> Index<usize> for TrackedRow<V> {
    type Output = V;

    fn index(&self, place: usize) -> &V {
        &self.row[place].value
    }
}

impl<V> IndexMut<usize> for TrackedRow<V> {
    fn index_mut(&mut self, place: usize) -> &mut V {
        self.get_mut(place).expect("the index is within the row")
    }
}

impl<V: fmt::Debug> fmt::Debug for TrackedRow<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
#[path = "tracked_tests.rs"]
mod tests;
