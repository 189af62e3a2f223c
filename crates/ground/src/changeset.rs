//! The rows that a step has changed or deleted.
//!
//! A row is its type in MessagePack, as an array. A later version of turno may append a field that has a default, or
//! append a variant. Any other change would make the rows of earlier versions unreadable.

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes allocated at once for the rows.
const CHUNK: usize = 64 * 1024;

/// One changed or deleted row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    /// The table.
    pub table: u8,
    /// The row key.
    pub key: u64,
    /// The new row; `None` if it was deleted.
    pub form: Option<Bytes>,
}

/// The changed rows of one step, in order.
#[derive(Debug, Default)]
pub struct Changeset {
    /// Whether rows are ignored.
    is_blank: bool,
    bytes: BytesMut,
    lines: Vec<RowChange>,
}

/// A row that can't be read: damaged, or written by a later version of turno.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The table.
    pub table: u8,
    /// The row key.
    pub key: u64,
    /// The decoder's error.
    pub why: String,
}

impl core::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the form of {}/{} can't be read: {}", self.table, self.key, self.why)
    }
}

impl core::error::Error for DecodeError {}

impl Changeset {
    /// A changeset that ignores all rows, for an engine without a journal.
    pub fn blank() -> Self {
        Self { is_blank: true, ..Self::default() }
    }

    /// Adds a changed row.
    pub fn keep(&mut self, table: u8, key: u64, form: &impl Serialize) {
        if self.is_blank {
            return;
        }
        if self.bytes.capacity() < CHUNK / 16 {
            self.bytes.reserve(CHUNK);
        }
        let mut writer = (&mut self.bytes).writer();
        let written = rmp_serde::encode::write(&mut writer, form);
        let form = self.bytes.split().freeze();
        // Memory accepts any length, and our own types can be encoded; a test writes each of them.
        debug_assert!(written.is_ok(), "a form of {table} can't be written: {written:?}");
        self.lines.push(RowChange { table, key, form: Some(form) });
    }

    /// Adds a deleted row.
    pub fn delete(&mut self, table: u8, key: u64) {
        if !self.is_blank {
            self.lines.push(RowChange { table, key, form: None });
        }
    }

    /// Whether rows are ignored.
    pub const fn is_blank(&self) -> bool {
        self.is_blank
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Takes the rows and leaves the changeset empty.
    pub fn take(&mut self) -> Vec<RowChange> {
        core::mem::take(&mut self.lines)
    }
}

impl RowChange {
    /// Decodes the row.
    ///
    /// # Errors
    /// [`DecodeError`] if there is no row, or it is not a `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        let form = self.form.as_deref().unwrap_or_default();
        rmp_serde::from_slice(form).map_err(|why| DecodeError {
            table: self.table,
            key: self.key,
            why: why.to_string(),
        })
    }
}
