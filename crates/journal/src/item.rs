//! The items of a step's body: facts, rows, keys of deleted rows.

use core::fmt;

use serde::Serialize;
use turno_model::{Fact, RowKey, Table};

use crate::form::{u32_at, u64_at};
use crate::seal::{Sealer, has_secrets, is_sealed};

const FACT: u8 = 1;
const KEPT: u8 = 2;
const GONE: u8 = 3;

/// The length of an item's lead.
const LEAD_BYTES: usize = 5;

/// The length of a row key.
const NAME_BYTES: usize = 9;

/// One item of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// A fact.
    Fact(FactForm<'a>),
    /// A changed row.
    Row {
        /// Its key.
        name: RowKey,
        /// Its form, as the table's owner writes it, or sealed.
        form: &'a [u8],
    },
    /// A deleted row.
    Gone(RowKey),
}

/// A fact that is not decoded yet: most readers need few of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactForm<'a>(&'a [u8]);

/// A fact with intact bytes that can't be decoded: of a later turno.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The decoder's error.
    pub why: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a fact that this turno does not understand: {}", self.why)
    }
}

impl core::error::Error for Unreadable {}

impl FactForm<'_> {
    /// Decodes the fact.
    ///
    /// # Errors
    /// [`Unreadable`] if this turno does not know it.
    pub fn fact(&self) -> Result<Fact, Unreadable> {
        rmp_serde::from_slice(self.0).map_err(|error| Unreadable { why: error.to_string() })
    }

    /// Its bytes in the journal.
    pub const fn bytes(&self) -> &[u8] {
        self.0
    }
}

/// The items of a step, in order. The whole body was checked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Items<'a>(&'a [u8]);

impl<'a> Items<'a> {
    /// The bytes of the remaining items.
    pub const fn bytes(&self) -> &'a [u8] {
        self.0
    }

    /// The items of a body; `None` if it has an unknown item.
    pub(crate) fn of(body: &'a [u8]) -> Option<Self> {
        let mut rest = body;
        while !rest.is_empty() {
            rest = split(rest)?.1;
        }
        Some(Self(body))
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        let (item, rest) = split(self.0)?;
        self.0 = rest;
        Some(item)
    }
}

fn split(bytes: &[u8]) -> Option<(Item<'_>, &[u8])> {
    let (lead, rest) = bytes.split_at_checked(LEAD_BYTES)?;
    let (body, rest) = rest.split_at_checked(usize::try_from(u32_at(lead, 1)).ok()?)?;
    let named = || {
        let (name, form) = body.split_at_checked(NAME_BYTES)?;
        Some((RowKey { table: Table::of_code(name[0])?, key: u64_at(name, 1) }, form))
    };
    let item = match lead[0] {
        FACT => Item::Fact(FactForm(body)),
        KEPT => named().map(|(name, form)| Item::Row { name, form })?,
        GONE => named().map(|(name, _)| Item::Gone(name))?,
        _ => return None,
    };
    Some((item, rest))
}

pub(crate) fn put_fact(body: &mut Vec<u8>, fact: &Fact) {
    put(body, FACT, |body| {
        let written = fact.serialize(&mut rmp_serde::Serializer::new(body));
        written.expect("a buffer in memory takes every byte");
    });
}

pub(crate) fn put_raw_fact(body: &mut Vec<u8>, fact: FactForm<'_>) {
    put(body, FACT, |body| body.extend_from_slice(fact.0));
}

pub(crate) fn put_kept(body: &mut Vec<u8>, name: RowKey, form: &[u8], sealer: Option<&Sealer>) {
    put(body, KEPT, |body| {
        put_name(body, name);
        match sealer.filter(|_| has_secrets(name.table) && !is_sealed(form)) {
            Some(sealer) => sealer.row(name, form, body),
            None => body.extend_from_slice(form),
        }
    });
}

pub(crate) fn put_gone(body: &mut Vec<u8>, name: RowKey) {
    put(body, GONE, |body| put_name(body, name));
}

fn put(body: &mut Vec<u8>, what: u8, item: impl FnOnce(&mut Vec<u8>)) {
    let begin = body.len() + LEAD_BYTES;
    body.extend_from_slice(&[what, 0, 0, 0, 0]);
    item(body);
    let length = u32::try_from(body.len() - begin).unwrap_or(u32::MAX);
    body[begin - 4..begin].copy_from_slice(&length.to_le_bytes());
}

fn put_name(body: &mut Vec<u8>, name: RowKey) {
    body.push(name.table.code());
    body.extend_from_slice(&name.key.to_le_bytes());
}
