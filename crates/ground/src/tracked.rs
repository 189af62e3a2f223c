//! Tables that remember which of their entries may have changed since they were last written down.
//!
//! What has to survive a crash lives in these tables. Every change goes through one of their doors (`insert`, `get_mut`,
//! `remove`), and each door makes a note: nobody has to think of writing something down, so nobody can forget it.

use core::borrow::Borrow;
use core::fmt;
use core::hash::Hash;
use core::ops::{Index, IndexMut};
use std::collections::{BTreeMap, btree_map};

use crate::table::Lookup;

/// What became of an entry since it was written down last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a, V> {
    /// It may be another: its new form is to be written.
    Is(&'a V),
    /// It is gone, and what was written of it is void.
    Gone,
}

/// One value with its marks.
#[derive(Clone)]
struct Entry<V> {
    value: V,
    /// Whether it stands in the list of what may have changed.
    is_noted: bool,
    /// Whether a form of it was written.
    is_written: bool,
}

/// Which keys may have changed, in the order in which they did first.
#[derive(Clone)]
struct Notes<K> {
    changed: Vec<K>,
    gone: Vec<K>,
}

impl<K: PartialEq> Notes<K> {
    const fn new() -> Self {
        Self { changed: Vec::new(), gone: Vec::new() }
    }

    /// A key that went and has come again is not gone; true if it was.
    fn revive(&mut self, key: &K) -> bool {
        let place = self.gone.iter().position(|gone| gone == key);
        place.map(|place| self.gone.swap_remove(place)).is_some()
    }
}

/// A [`Lookup`] that notes what changes.
pub struct Tracked<K, V> {
    table: Lookup<K, Entry<V>>,
    notes: Notes<K>,
}

impl<K: Copy + Ord + Hash, V> Tracked<K, V> {
    /// An empty table; `seed` guards it against keys chosen by strangers.
    pub fn new(seed: u64) -> Self {
        Self { table: Lookup::new(seed), notes: Notes::new() }
    }

    /// Puts `value` at `key`, returning what was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        if let Some(present) = self.get_mut(&key) {
            return Some(core::mem::replace(present, value));
        }
        let is_written = self.notes.revive(&key);
        self.table.insert(key, Entry { value, is_noted: true, is_written });
        self.notes.changed.push(key);
        None
    }

    /// Puts back what was written down before a restart.
    pub fn restore(&mut self, key: K, value: V) {
        self.table.insert(key, Entry { value, is_noted: false, is_written: true });
    }

    /// What is at `key`.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.table.get(key).map(|entry| &entry.value)
    }

    /// What is at `key`, to change.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let entry = self.table.get_mut(key)?;
        if !core::mem::replace(&mut entry.is_noted, true) {
            self.notes.changed.push(*key);
        }
        Some(&mut entry.value)
    }

    /// Notes that what is kept elsewhere for `key`, such as a deadline, has changed.
    pub fn note(&mut self, key: &K) {
        let _ = self.get_mut(key);
    }

    /// Takes what is at `key`.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let entry = self.table.remove(key)?;
        if entry.is_written {
            self.notes.gone.push(*key);
        }
        Some(entry.value)
    }

    /// Whether something is at `key`.
    pub fn contains(&self, key: &K) -> bool {
        self.table.contains(key)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Whether nothing has changed since the last [`Self::write_down`].
    pub fn is_unchanged(&self) -> bool {
        self.notes.changed.is_empty() && self.notes.gone.is_empty()
    }

    /// Tells `write` of everything that may have changed, what is gone first; it says whether it wrote the entry.
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

    /// Every key, in order. Not for decisions: it costs a look at all of them.
    pub fn keys(&self) -> Vec<K> {
        self.table.sorted_keys()
    }

    /// Notes every entry, so that all of it is written again.
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

/// An ordered map that notes what changes.
#[derive(Clone)]
pub struct TrackedMap<K, V> {
    map: BTreeMap<K, Entry<V>>,
    notes: Notes<K>,
}

impl<K: Copy + Ord, V> TrackedMap<K, V> {
    /// An empty map.
    pub const fn new() -> Self {
        Self { map: BTreeMap::new(), notes: Notes::new() }
    }

    /// Puts `value` at `key`, returning what was there.
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
                place.insert(Entry { value, is_noted: true, is_written });
                self.notes.changed.push(key);
                None
            }
        }
    }

    /// Puts back what was written down before a restart.
    pub fn restore(&mut self, key: K, value: V) {
        self.map.insert(key, Entry { value, is_noted: false, is_written: true });
    }

    /// What is at `key`.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.map.get(key).map(|entry| &entry.value)
    }

    /// What is at `key`, to change.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let entry = self.map.get_mut(key)?;
        if !core::mem::replace(&mut entry.is_noted, true) {
            self.notes.changed.push(*key);
        }
        Some(&mut entry.value)
    }

    /// Notes that what is kept elsewhere for `key`, such as a deadline, has changed.
    pub fn note(&mut self, key: &K) {
        let _ = self.get_mut(key);
    }

    /// Takes what is at `key`.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let entry = self.map.remove(key)?;
        if entry.is_written {
            self.notes.gone.push(*key);
        }
        Some(entry.value)
    }

    /// Whether something is at `key`.
    pub fn contains_key(&self, key: &K) -> bool {
        self.map.contains_key(key)
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.map.keys()
    }

    /// Every entry, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.map.iter().map(|(key, entry)| (key, &entry.value))
    }

    /// Every value, in the order of the keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.map.values().map(|entry| &entry.value)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Tells `write` of everything that may have changed, what is gone first; it says whether it wrote the entry.
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

    /// Notes every entry, so that all of it is written again.
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

/// A row, never shorter than it was, that notes which of its places change.
#[derive(Clone)]
pub struct TrackedRow<V> {
    row: Vec<Entry<V>>,
    changed: Vec<usize>,
}

impl<V> TrackedRow<V> {
    /// The row that `values` make; what they are now need not be written.
    pub fn new(values: impl Iterator<Item = V>) -> Self {
        let row = values.map(|value| Entry { value, is_noted: false, is_written: false }).collect();
        Self { row, changed: Vec::new() }
    }

    /// Makes the row longer; what stands there is to be written.
    pub fn push(&mut self, value: V) {
        self.changed.push(self.row.len());
        self.row.push(Entry { value, is_noted: true, is_written: false });
    }

    /// Puts back what was written down before a restart; a place beyond the end is passed over.
    pub fn restore(&mut self, place: usize, value: V) {
        if let Some(entry) = self.row.get_mut(place) {
            *entry = Entry { value, is_noted: false, is_written: true };
        }
    }

    /// Every value, in order.
    pub fn iter(&self) -> impl Iterator<Item = &V> {
        self.row.iter().map(|entry| &entry.value)
    }

    /// What is at `place`.
    pub fn get(&self, place: usize) -> Option<&V> {
        self.row.get(place).map(|entry| &entry.value)
    }

    /// What is at `place`, to change.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut V> {
        let entry = self.row.get_mut(place)?;
        if !core::mem::replace(&mut entry.is_noted, true) {
            self.changed.push(place);
        }
        Some(&mut entry.value)
    }

    /// Notes that what is kept elsewhere for `place`, such as a deadline, has changed.
    pub fn note(&mut self, place: usize) {
        let _ = self.get_mut(place);
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.row.is_empty()
    }

    /// Tells `write` of every place that may have changed.
    pub fn write_down(&mut self, mut write: impl FnMut(usize, &V)) {
        for place in self.changed.drain(..) {
            let entry = &mut self.row[place];
            entry.is_noted = false;
            entry.is_written = true;
            write(place, &entry.value);
        }
    }

    /// Notes every place, so that all of it is written again.
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
        self.get_mut(place).expect("whoever names a place of a row knows its length")
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
