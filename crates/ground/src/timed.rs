//! Tracked tables whose entries have deadlines.
//!
//! A deadline is part of its entry. Setting it changes the entry, so it is tracked and written with the entry. Removing
//! an entry removes its deadlines, and a fired deadline is written as gone.

use core::cmp::Reverse;
use core::fmt;
use core::hash::Hash;
use core::ops::{Deref, DerefMut, Index, IndexMut};
use std::collections::BinaryHeap;

use crate::due::{Dated, Due, HasDue};
use crate::moment::Moment;
use crate::tracked::{Change, Tracked, TrackedMap, TrackedRow};

/// Cancelled deadlines are removed from the heap when it is longer than this and than four times the live ones.
const HEAP_KEPT: usize = 64;

/// A tracked table that [`Timed`] can wrap.
pub trait TimedTable {
    /// Key of an entry.
    type Key: Copy + Ord;
    /// Type of an entry, with its deadlines.
    type Entry: HasDue;

    /// The entry at `key`.
    fn entry(&self, key: Self::Key) -> Option<&Self::Entry>;

    /// The entry at `key`, mutable; marks it as changed.
    fn entry_mut(&mut self, key: Self::Key) -> Option<&mut Self::Entry>;
}

impl<K: Copy + Ord + Hash, E: HasDue> TimedTable for Tracked<K, E> {
    type Key = K;
    type Entry = E;

    fn entry(&self, key: K) -> Option<&E> {
        self.get(&key)
    }

    fn entry_mut(&mut self, key: K) -> Option<&mut E> {
        self.get_mut(&key)
    }
}

impl<K: Copy + Ord, E: HasDue> TimedTable for TrackedMap<K, E> {
    type Key = K;
    type Entry = E;

    fn entry(&self, key: K) -> Option<&E> {
        self.get(&key)
    }

    fn entry_mut(&mut self, key: K) -> Option<&mut E> {
        self.get_mut(&key)
    }
}

impl<E: HasDue> TimedTable for TrackedRow<E> {
    type Key = usize;
    type Entry = E;

    fn entry(&self, place: usize) -> Option<&E> {
        self.get(place)
    }

    fn entry_mut(&mut self, place: usize) -> Option<&mut E> {
        self.get_mut(place)
    }
}

/// Name of a deadline in a table.
type NameOf<T> = <<T as TimedTable>::Entry as HasDue>::Name;

/// Deadlines in order of time, then name, then key. A deadline that was cancelled or set anew stays until it reaches
/// the top: only the entry says what is due.
type Agenda<K, D> = BinaryHeap<Reverse<(Moment, D, K)>>;

/// A tracked table whose entries have deadlines. It derefs to the table for reading; all changes go through its
/// methods.
///
/// An entry is a value with deadlines beside it ([`Dated`]), which are set through the table; or the deadlines are a field
/// of the value ([`HasDue`]), and [`Timed::change`] schedules the ones that a change has set.
///
/// ```
/// use turno_ground::{Dated, Moment, Timed, Tracked};
///
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
/// enum Deadline { RingOver }
///
/// let mut offers = Timed::<Tracked<u64, Dated<Deadline, &str>>>::new(1);
/// offers.insert(7, "agent 1001");
/// offers.set(7, Deadline::RingOver, Moment::from_secs(15));
/// // The changed entry is written with its deadline, so that a restart finds both.
/// offers.write_down(|_key, _change| true);
/// assert_eq!(offers.pop_due(Moment::from_secs(15)), Some((Moment::from_secs(15), Deadline::RingOver, 7)));
/// ```
pub struct Timed<T: TimedTable> {
    table: T,
    agenda: Agenda<T::Key, NameOf<T>>,
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
        let due = self.dated.due_mut();
        let before = due.set(name, at);
        *self.living += usize::from(before.is_none());
        schedule(self.agenda, self.key, due);
    }

    /// When the entry's deadline of this name is due.
    pub fn at(&self, name: D) -> Option<Moment> {
        self.dated.due().at(name)
    }

    /// Cancels the deadline of this name, if there is one.
    pub fn cancel(&mut self, name: D) {
        *self.living -= usize::from(self.dated.due_mut().cancel(name).is_some());
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

/// Schedules the new deadlines of an entry.
fn schedule<K: Copy + Ord, D: Copy + Ord>(agenda: &mut Agenda<K, D>, key: K, due: &mut Due<D>) {
    due.schedule(|name, at| agenda.push(Reverse((at, name, key))));
}

impl<T: TimedTable> Timed<T> {
    const fn on(table: T) -> Self {
        Self { table, agenda: BinaryHeap::new(), living: 0 }
    }

    /// The time of the deadline with this name at `key`.
    pub fn at(&self, key: T::Key, name: NameOf<T>) -> Option<Moment> {
        self.table.entry(key)?.due().at(name)
    }

    /// The earliest deadline. It may change with every `set`, `cancel`, `remove` and `pop_due`.
    pub fn next_deadline(&mut self) -> Option<Moment> {
        let table = &self.table;
        let is_due = |at, name, key| table.entry(key).is_some_and(|entry| entry.due().at(name) == Some(at));
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
    pub fn pop_due(&mut self, now: Moment) -> Option<(Moment, NameOf<T>, T::Key)> {
        self.next_deadline().filter(|at| *at <= now)?;
        let Reverse((at, name, key)) = self.agenda.pop()?;
        self.table.entry_mut(key)?.due_mut().cancel(name)?;
        self.living -= 1;
        Some((at, name, key))
    }

    /// Number of live deadlines.
    pub const fn living(&self) -> usize {
        self.living
    }

    /// Schedules the deadlines of an entry that comes into the table.
    fn add_deadlines(&mut self, key: T::Key, entry: &mut T::Entry) {
        let due = entry.due_mut();
        due.forget_schedule();
        schedule(&mut self.agenda, key, due);
        self.living += due.len();
    }

    /// Counts out the deadlines of a removed entry.
    fn count_out(&mut self, entry: T::Entry) -> T::Entry {
        self.living -= entry.due().len();
        entry
    }
}

impl<T: TimedTable<Entry = Dated<D, V>>, D: Copy + Ord + 'static, V> Timed<T> {
    /// The value at `key`, mutable.
    pub fn get_mut(&mut self, key: T::Key) -> Option<&mut V> {
        self.table.entry_mut(key).map(|dated| &mut dated.value)
    }

    /// The entry at `key`, mutable together with its deadlines.
    pub fn entry(&mut self, key: T::Key) -> Option<TimedEntry<'_, T::Key, D, V>> {
        let dated = self.table.entry_mut(key)?;
        Some(TimedEntry { key, dated, agenda: &mut self.agenda, living: &mut self.living })
    }

    /// Sets the only deadline of this name at `key`, if the entry exists.
    pub fn set(&mut self, key: T::Key, name: D, at: Moment) {
        if let Some(mut entry) = self.entry(key) {
            entry.set(name, at);
        }
    }

    /// Cancels the deadline of this name at `key`. Without one, the entry is not marked as changed.
    pub fn cancel(&mut self, key: T::Key, name: D) {
        if self.at(key, name).is_some()
            && let Some(mut entry) = self.entry(key)
        {
            entry.cancel(name);
        }
    }
}

impl<K: Copy + Ord + Hash, E: HasDue> Timed<Tracked<K, E>> {
    /// An empty table; `seed` protects it against keys chosen by strangers.
    pub fn new(seed: u64) -> Self {
        Self::on(Tracked::new(seed))
    }

    /// Restores an entry that was written before a restart.
    pub fn restore(&mut self, key: K, mut entry: E) {
        self.add_deadlines(key, &mut entry);
        self.table.restore(key, entry);
    }

    /// As [`Tracked::write_down`].
    pub fn write_down(&mut self, write: impl FnMut(K, Change<'_, E>) -> bool) {
        self.table.write_down(write);
    }

    /// Marks every entry as changed, so that all are written again.
    pub fn note_all(&mut self) {
        self.table.note_all();
    }
}

impl<K: Copy + Ord + Hash, D: Copy + Ord, V> Timed<Tracked<K, Dated<D, V>>> {
    /// Stores `value` at `key` without deadlines; returns the previous value.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let before = self.table.insert(key, Dated::new(value))?;
        Some(self.count_out(before).value)
    }

    /// Removes the entry at `key`, with its deadlines.
    pub fn remove(&mut self, key: K) -> Option<V> {
        let dated = self.table.remove(&key)?;
        Some(self.count_out(dated).value)
    }
}

impl<K: Copy + Ord + Hash, V: HasDue> Timed<Tracked<K, Box<V>>> {
    /// Stores `entry` at `key` with its deadlines; returns the previous entry.
    pub fn insert(&mut self, key: K, mut entry: Box<V>) -> Option<Box<V>> {
        self.add_deadlines(key, &mut entry);
        let before = self.table.insert(key, entry)?;
        Some(self.count_out(before))
    }

    /// Changes the entry at `key`, marks it as changed, and schedules the deadlines that it has set.
    pub fn change<R>(&mut self, key: K, change: impl FnOnce(&mut V) -> R) -> Option<R> {
        let entry = self.table.get_mut(&key)?;
        let before = entry.due().len();
        let result = change(entry);
        let due = entry.due_mut();
        self.living = self.living - before + due.len();
        schedule(&mut self.agenda, key, due);
        Some(result)
    }

    /// Removes the entry at `key`, with its deadlines.
    pub fn remove(&mut self, key: K) -> Option<Box<V>> {
        let entry = self.table.remove(&key)?;
        Some(self.count_out(entry))
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
        Some(self.count_out(before).value)
    }

    /// Removes the entry at `key`, with its deadlines.
    pub fn remove(&mut self, key: K) -> Option<V> {
        let dated = self.table.remove(&key)?;
        Some(self.count_out(dated).value)
    }

    /// Restores an entry that was written before a restart.
    pub fn restore(&mut self, key: K, mut dated: Dated<D, V>) {
        self.add_deadlines(key, &mut dated);
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
    pub fn restore(&mut self, place: usize, mut dated: Dated<D, V>) {
        if place < self.table.len() {
            self.add_deadlines(place, &mut dated);
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
