//! The lines of a difference, each with how its change takes effect.

use crate::key::{Compared, Side};
use crate::told::Told;

/// What changed, gathered.
#[derive(Debug, Default)]
pub(crate) struct Lines(Vec<DifferenceLine>);

#[derive(Debug)]
struct DifferenceLine {
    text: String,
    needs_start: bool,
}

/// How the things of a list come into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InForce {
    /// Each key as its row says; what is new or gone by a reload.
    ByReload,
    /// All of it by a start.
    ByStart,
}

impl Lines {
    /// A line for each key that is not alike.
    pub(crate) fn table<T: Compared>(
        &mut self,
        what: &str,
        _table: &T,
        old: Side<'_, T::Part>,
        new: Side<'_, T::Part>,
    ) {
        for row in T::rows() {
            if let Some(told) = row.change.and_then(|change| change(old, new)) {
                let needs_start = (row.needs_start)(old.1, new.1);
                self.0.push(DifferenceLine { text: format!("{what}: {} {told}", row.word), needs_start });
            }
        }
    }

    /// A line for what is in no table, if the two are not alike.
    pub(crate) fn compare<T: Told>(&mut self, what: &str, word: &str, old: &T, new: &T) {
        if old != new {
            self.reload(format!("{what}: {word} {}", old.change(new)));
        }
    }

    /// A line of what a turno that runs can't take.
    pub(crate) fn start(&mut self, text: String) {
        self.0.push(DifferenceLine { text, needs_start: true });
    }

    fn reload(&mut self, text: String) {
        self.0.push(DifferenceLine { text, needs_start: false });
    }

    /// Compares what both lists have, by name; what only one of them has is a line of its own.
    pub(crate) fn each<T>(
        &mut self,
        (what, in_force): (&str, InForce),
        lists: (&[T], &[T]),
        name: impl Fn(&T) -> &str,
        mut compare: impl FnMut(&mut Self, &str, &T, &T),
    ) {
        let (old, new) = lists;
        let before = self.0.len();
        for was in old {
            match new.iter().find(|is| name(is) == name(was)) {
                Some(is) => compare(self, &format!("{what} `{}`", name(was)), was, is),
                None => self.reload(format!("{what} `{}`: taken away", name(was))),
            }
        }
        for is in new.iter().filter(|is| !old.iter().any(|was| name(was) == name(is))) {
            self.reload(format!("{what} `{}`: new", name(is)));
        }
        if in_force == InForce::ByStart {
            self.0[before..].iter_mut().for_each(|line| line.needs_start = true);
        }
    }

    pub(crate) fn every(self) -> Vec<String> {
        self.0.into_iter().map(|line| line.text).collect()
    }

    pub(crate) fn for_a_start(self) -> Vec<String> {
        self.0.into_iter().filter(|line| line.needs_start).map(|line| line.text).collect()
    }
}
