//! One key of the plan: `keys!` makes a table of them, from which it is read, documented, and told when it changes.
//!
//! A row of a table is a doc line, `name: Type = what it takes`, then how a change comes into force and how it is told:
//!
//! - `reload`: a turno that runs takes it; `start`: what is bound or laid out at the start, so a successor takes it;
//!   `start_where(was, is) { condition }`: a start is needed where this holds.
//! - `{ told field }`: by this field of the plan; `{ by |plan, it| value }`: by what this makes of it;
//!   `{ as "word" by .. }`: under another word; `{ with key }`: by another key's line; `{ secret }`: without the value;
//!   `{ name }`: by the line that something is new or taken away; `{ elsewhere }`: by another table's lines.
//!
//! A row without one of each does not compile. `beside` names the fields that no row tells as they are; with it, a field of
//! the plan that stands nowhere does not compile either.

use turno_model::Plan;

use crate::told::Told;

/// A key: where it is read its value says how.
#[derive(Debug)]
pub(crate) struct Key<V> {
    pub(crate) name: &'static str,
    pub(crate) value: V,
    pub(crate) what: &'static [&'static str],
    pub(crate) only: Option<&'static str>,
}

/// What a key takes, in the words of docs/CONFIG.md.
pub(crate) trait Value {
    /// The column `default`.
    fn default_cell(&self) -> String;

    /// The column `range`.
    fn range_cell(&self) -> String;
}

/// A key without its type.
#[derive(Clone, Debug)]
pub(crate) struct Described {
    pub(crate) name: &'static str,
    pub(crate) what: String,
    pub(crate) default: String,
    pub(crate) range: String,
    /// The one table of the plan that has it, where another one has its neighbours too.
    pub(crate) only: Option<&'static str>,
}

impl<V: Value> Key<V> {
    pub(crate) fn described(&self) -> Described {
        Described {
            name: self.name,
            what: self.what.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" "),
            default: self.value.default_cell(),
            range: self.value.range_cell(),
            only: self.only,
        }
    }
}

/// A table of keys, without the types of their values.
pub(crate) trait KeyTable: Sync {
    /// Its keys, in order.
    fn described(&self) -> Vec<Described>;
}

/// A table of keys whose changes can be told.
pub(crate) trait Compared {
    /// What of a plan its keys have made.
    type Part: 'static;

    /// How each key is told.
    fn rows() -> Vec<Row<Self::Part>>;
}

/// A plan, and the part of it that is compared.
pub(crate) type Side<'p, P> = (&'p Plan, &'p P);

/// From the old side to the new one, if they are not alike.
pub(crate) type Change<P> = for<'p> fn(Side<'p, P>, Side<'p, P>) -> Option<String>;

/// How a change of one key is told and comes into force.
pub(crate) struct Row<P: 'static> {
    pub(crate) word: &'static str,
    /// `None`: another line tells it.
    pub(crate) change: Option<Change<P>>,
    pub(crate) needs_start: for<'p> fn(&'p P, &'p P) -> bool,
}

/// The name of a key, which may be a word of Rust such as `r#do`.
pub(crate) const fn plain(name: &'static str) -> &'static str {
    if let [b'r', b'#', ..] = name.as_bytes() { name.split_at(2).1 } else { name }
}

/// From one to the other, if they are not alike.
pub(crate) fn change<T: Told>(old: &T, new: &T) -> Option<String> {
    (old != new).then(|| old.change(new))
}

macro_rules! keys {
    (
        $(#[doc = $about:literal])+
        $table:ident: $keys:ident of $part:ident $(beside { $($beside:ident),* $(,)? })? {
            $(
                $(#[doc = $what:literal])+
                $key:ident: $type:ident $(<$of:ty>)? = $value:expr,
                $when:ident $(($was:ident, $is:ident) $condition:block)?
                { $($telling:tt)+ } $(, only $only:literal)?;
            )+
        }
    ) => {
        $(#[doc = $about])+
        pub(crate) struct $keys {
            $(pub(crate) $key: $crate::key::Key<$type $(<$of>)?>,)+
        }

        $(#[doc = $about])+
        pub(crate) static $table: $keys = $keys {
            $($key: $crate::key::Key {
                name: $crate::key::plain(stringify!($key)),
                value: $value,
                what: &[$($what),+],
                only: $crate::key::keys!(@only $($only)?),
            },)+
        };

        impl $crate::key::KeyTable for $keys {
            fn described(&self) -> Vec<$crate::key::Described> {
                vec![$(self.$key.described()),+]
            }
        }

        impl $crate::key::Compared for $keys {
            type Part = $part;

            fn rows() -> Vec<$crate::key::Row<$part>> {
                vec![$($crate::key::Row {
                    word: $crate::key::keys!(@word $key $($telling)+),
                    change: $crate::key::keys!(@change $keys $($telling)+),
                    needs_start: $crate::key::keys!(@when $when $(($was, $is) $condition)?),
                }),+]
            }
        }

        $crate::key::keys!(@every $part [$($($beside)*)?] $(beside $([$beside])*)? $({ $($telling)+ })+);
    };

    (@only) => { None };
    (@only $only:literal) => { Some($only) };

    (@when reload) => { |_, _| false };
    (@when start) => { |_, _| true };
    (@when start_where ($was:ident, $is:ident) $condition:block) => { |$was, $is| $condition };

    (@word $key:ident as $word:literal $($rest:tt)+) => { $word };
    (@word $key:ident $($rest:tt)+) => { $crate::key::plain(stringify!($key)) };

    (@change $keys:ident told $field:ident) => {
        Some(|old, new| $crate::key::change(&old.1.$field, &new.1.$field))
    };
    (@change $keys:ident by |$plan:pat_param, $part:pat_param| $of:expr) => {
        Some(|old, new| {
            let was = {
                let ($plan, $part) = old;
                $of
            };
            let is = {
                let ($plan, $part) = new;
                $of
            };
            $crate::key::change(&was, &is)
        })
    };
    (@change $keys:ident as $word:literal $($rest:tt)+) => { $crate::key::keys!(@change $keys $($rest)+) };
    (@change $keys:ident secret) => { Some(|old, new| (old.1 != new.1).then(|| "changed".to_owned())) };
    (@change $keys:ident with $other:ident) => {{
        let _named = |keys: &'static $keys| &keys.$other;
        None
    }};
    (@change $keys:ident name) => { None };
    (@change $keys:ident elsewhere) => { None };

    (@every $part:ident [] $({ $($telling:tt)+ })+) => {};
    (@every $part:ident [$($beside:ident)*] beside $([$again:ident])* $({ $($telling:tt)+ })+) => {
        $crate::key::keys!(@fields $part [$($beside)*] $({ $($telling)+ })+);
    };
    (@fields $part:ident [$($field:ident)*] { told $next:ident } $($rest:tt)*) => {
        $crate::key::keys!(@fields $part [$($field)* $next] $($rest)*);
    };
    (@fields $part:ident [$($field:ident)*] { $($other:tt)+ } $($rest:tt)*) => {
        $crate::key::keys!(@fields $part [$($field)*] $($rest)*);
    };
    (@fields $part:ident [$($field:ident)*]) => {
        const _: fn(&$part) = |part| {
            let $part { $($field: _),* } = part; // Every field has a row, or stands behind `beside`.
        };
    };
}

pub(crate) use keys;
