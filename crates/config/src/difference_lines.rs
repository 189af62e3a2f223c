//! Lines that tell what is otherwise, gathered, and the macro by which no key is forgotten.

use crate::told::Told;

/// What changed, gathered.
#[derive(Debug, Default)]
pub(crate) struct Lines(pub(crate) Vec<String>);

impl Lines {
    /// A line if the two are not alike.
    pub(crate) fn compare<T: Told>(&mut self, what: &str, key: &str, old: &T, new: &T) {
        if old != new {
            self.0.push(format!("{what}: {key} {}", old.change(new)));
        }
    }

    /// A line that names neither.
    pub(crate) fn secret<T: PartialEq>(&mut self, what: &str, key: &str, old: &T, new: &T) {
        if old != new {
            self.0.push(format!("{what}: {key} changed"));
        }
    }

    /// Compares what both lists have, by name; what only one of them has is a line of its own.
    pub(crate) fn each<T>(
        &mut self,
        what: &str,
        lists: (&[T], &[T]),
        name: impl Fn(&T) -> &str,
        mut compare: impl FnMut(&mut Self, &str, &T, &T),
    ) {
        let (old, new) = lists;
        for was in old {
            match new.iter().find(|is| name(is) == name(was)) {
                Some(is) => compare(self, &format!("{what} `{}`", name(was)), was, is),
                None => self.0.push(format!("{what} `{}`: taken away", name(was))),
            }
        }
        for is in new.iter().filter(|is| !old.iter().any(|was| name(was) == name(is))) {
            self.0.push(format!("{what} `{}`: new", name(is)));
        }
    }
}

/// Compares two tables field by field. Every field of the type is either told here, under its own name or as the key that
/// the plan has for it, or stands behind `beside` because the lines around tell it. One that stands nowhere does not compile.
macro_rules! keys {
    (
        $lines:expr, $what:expr, $type:ident, $old:expr, $new:expr,
        told { $($field:ident $(as $key:literal)?),* $(,)? }
        beside { $($rest:ident),* $(,)? }
    ) => {{
        let $type { $($field: _,)* $($rest: _,)* } = $old;
        $($lines.compare($what, keys!(@key $field $($key)?), &$old.$field, &$new.$field);)*
    }};
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
}

pub(crate) use keys;
