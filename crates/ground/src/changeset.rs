//! What a step writes down: the new forms of what it changed, and the names of what is gone.
//!
//! A form is the MessagePack of its owner's own type, as an array: a later turno may add a field at the end with a
//! default, and a variant at the end; nothing else may change, or what an earlier one wrote could not be read.

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How much memory forms share at a time.
const CHUNK: usize = 64 * 1024;

/// One line of a changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    /// Who writes and reads the form.
    pub table: u8,
    /// Which of the owner's things.
    pub key: u64,
    /// The form; with none, the thing is gone.
    pub form: Option<Bytes>,
}

/// The lines of one step, in order.
#[derive(Debug, Default)]
pub struct Changeset {
    /// Nobody reads it: nothing is written.
    is_blank: bool,
    bytes: BytesMut,
    lines: Vec<RowChange>,
}

/// A form that can't be read: damaged, or written by a turno that knows more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// Who wrote it.
    pub table: u8,
    /// Of which thing.
    pub key: u64,
    /// What its reader says.
    pub why: String,
}

impl core::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the form of {}/{} can't be read: {}", self.table, self.key, self.why)
    }
}

impl core::error::Error for DecodeError {}

impl Changeset {
    /// A changes on which nothing is written, for whoever keeps no journal.
    pub fn blank() -> Self {
        Self { is_blank: true, ..Self::default() }
    }

    /// The thing is so now.
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
        // Memory takes whatever is written, and our own types have forms; a test writes each of them.
        debug_assert!(written.is_ok(), "a form of {table} can't be written: {written:?}");
        self.lines.push(RowChange { table, key, form: Some(form) });
    }

    /// The thing is no more.
    pub fn delete(&mut self, table: u8, key: u64) {
        if !self.is_blank {
            self.lines.push(RowChange { table, key, form: None });
        }
    }

    /// Whether nobody reads it.
    pub const fn is_blank(&self) -> bool {
        self.is_blank
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Takes the lines; the changes is empty again.
    pub fn take(&mut self) -> Vec<RowChange> {
        core::mem::take(&mut self.lines)
    }
}

impl RowChange {
    /// Reads the form.
    ///
    /// # Errors
    /// [`DecodeError`] if there is none, or it is not one of `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        let form = self.form.as_deref().unwrap_or_default();
        rmp_serde::from_slice(form).map_err(|why| DecodeError {
            table: self.table,
            key: self.key,
            why: why.to_string(),
        })
    }
}
