//! The last row of each key: what a restart needs of a long journal.

use std::collections::BTreeMap;

use bytes::Bytes;
use turno_ground::Moment;
use turno_model::{PlanIndex, Row, RowKey};

use crate::form::Kind;
use crate::item::Item;
use crate::reader::Entry;
use crate::writer::{TooLong, Writer};

/// The plan index in a frame's body; `None` if it can't be read.
pub fn places_of(body: &[u8]) -> Option<PlanIndex> {
    rmp_serde::from_slice(body).ok()
}

/// Rows by their keys. Frames are taken in order; the rows at the end remain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fold {
    images: BTreeMap<RowKey, Bytes>,
    places: Bytes,
    books: Bytes,
}

impl Fold {
    /// No rows.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next frame. Facts are not kept here; the ledger reads them separately.
    pub fn take(&mut self, entry: &Entry<'_>) {
        match *entry {
            Entry::Step(items) => items.for_each(|item| self.take_item(item)),
            Entry::PlanIndex(places) => self.places = Bytes::copy_from_slice(places),
            Entry::Books(books) => self.books = Bytes::copy_from_slice(books),
            Entry::Last => {}
        }
    }

    /// Takes the next item of a step.
    pub fn take_item(&mut self, item: Item<'_>) {
        match item {
            Item::Fact(_) => {}
            Item::Row { name, form } => drop(self.images.insert(name, Bytes::copy_from_slice(form))),
            Item::Gone(name) => drop(self.images.remove(&name)),
        }
    }

    /// Replaces the rows with the engine's present ones, after a time when nothing could be written.
    pub fn set_images(&mut self, images: impl IntoIterator<Item = Row>) {
        self.images = images.into_iter().map(|kept| (kept.name, kept.form)).collect();
    }

    /// Replaces the ledger with the present one.
    pub fn set_books(&mut self, books: Bytes) {
        self.books = books;
    }

    /// The rows, in the order of their keys.
    pub const fn images(&self) -> &BTreeMap<RowKey, Bytes> {
        &self.images
    }

    /// The rows, by value.
    pub fn into_images(self) -> BTreeMap<RowKey, Bytes> {
        self.images
    }

    /// The last plan index; `None` if there was none.
    pub fn places(&self) -> Option<PlanIndex> {
        places_of(&self.places)
    }

    /// The last ledger; empty if there was none.
    pub const fn books(&self) -> &Bytes {
        &self.books
    }

    /// Writes the frames of a checkpoint after a header that is already written, and closes the file.
    ///
    /// # Errors
    /// [`TooLong`] if the ledger is.
    pub fn write(&self, to: &mut Writer, at: Moment) -> Result<(), TooLong> {
        if !self.places.is_empty() {
            to.raw(Kind::PlanIndex, at, &self.places)?;
        }
        if !self.books.is_empty() {
            to.raw(Kind::Books, at, &self.books)?;
        }
        for (name, form) in &self.images {
            to.kept(at, *name, form)?;
        }
        to.last(at);
        Ok(())
    }
}
