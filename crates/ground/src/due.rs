//! The deadlines of one entry: at most one of each name.

use core::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::moment::Moment;

/// Number of deadlines stored without an allocation. A call that was just accepted has four.
const INLINE: usize = 4;

/// The deadlines of one entry. Its table ([`Timed`](crate::Timed)) fires them.
///
/// ```
/// use turno_ground::{Due, Moment};
///
/// let mut due = Due::default();
/// due.set("ring", Moment::from_secs(20));
/// due.set("ring", Moment::from_secs(30));
/// assert_eq!(due.at("ring"), Some(Moment::from_secs(30)));
/// due.cancel("ring");
/// assert!(due.is_empty());
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Due<D>(SmallVec<[DueAt<D>; INLINE]>);

/// One deadline.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct DueAt<D> {
    name: D,
    at: Moment,
    /// Whether it is in the heap of its table.
    #[serde(skip)]
    is_scheduled: bool,
}

impl<D: Copy + PartialEq> Due<D> {
    /// Sets the only deadline of this name; returns the previous time.
    pub fn set(&mut self, name: D, at: Moment) -> Option<Moment> {
        let Some(present) = self.0.iter_mut().find(|one| one.name == name) else {
            self.0.push(DueAt { name, at, is_scheduled: false });
            return None;
        };
        present.is_scheduled &= present.at == at;
        Some(core::mem::replace(&mut present.at, at))
    }

    /// Cancels the deadline of this name; returns its time.
    pub fn cancel(&mut self, name: D) -> Option<Moment> {
        let place = self.0.iter().position(|one| one.name == name)?;
        Some(self.0.swap_remove(place).at)
    }

    /// Cancels all deadlines.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The time of the deadline with this name.
    pub fn at(&self, name: D) -> Option<Moment> {
        self.0.iter().find(|one| one.name == name).map(|one| one.at)
    }

    /// Whether there are no deadlines.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of deadlines.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Calls `schedule` for each deadline that is not in the heap yet.
    pub(crate) fn schedule(&mut self, mut schedule: impl FnMut(D, Moment)) {
        for one in &mut self.0 {
            if !core::mem::replace(&mut one.is_scheduled, true) {
                schedule(one.name, one.at);
            }
        }
    }

    /// Marks all as not in a heap: the entry comes to another table.
    pub(crate) fn forget_schedule(&mut self) {
        for one in &mut self.0 {
            one.is_scheduled = false;
        }
    }
}

impl<D> Default for Due<D> {
    fn default() -> Self {
        Self(SmallVec::new())
    }
}

/// A type with deadlines of its own.
pub trait HasDue {
    /// Name of a deadline.
    type Name: Copy + Ord;

    /// The deadlines.
    fn due(&self) -> &Due<Self::Name>;

    /// The deadlines, mutable.
    fn due_mut(&mut self) -> &mut Due<Self::Name>;
}

impl<T: HasDue> HasDue for Box<T> {
    type Name = T::Name;

    fn due(&self) -> &Due<T::Name> {
        (**self).due()
    }

    fn due_mut(&mut self) -> &mut Due<T::Name> {
        (**self).due_mut()
    }
}

/// A value with its deadlines, which the table sets; an entry is written in this form.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Dated<D, V> {
    pub(crate) value: V,
    due: Due<D>,
}

impl<D: Copy + PartialEq, V> Dated<D, V> {
    pub(crate) fn new(value: V) -> Self {
        Self { value, due: Due::default() }
    }

    /// The time of the deadline with this name.
    pub fn at(&self, name: D) -> Option<Moment> {
        self.due.at(name)
    }

    /// Whether it has no deadlines.
    pub fn has_none(&self) -> bool {
        self.due.is_empty()
    }
}

impl<D: Copy + Ord, V> HasDue for Dated<D, V> {
    type Name = D;

    fn due(&self) -> &Due<D> {
        &self.due
    }

    fn due_mut(&mut self) -> &mut Due<D> {
        &mut self.due
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
