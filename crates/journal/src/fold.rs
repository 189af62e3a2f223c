//! The last image of each thing: what a restart needs of a long journal.

use std::collections::BTreeMap;

use bytes::Bytes;
use turno_ground::Moment;
use turno_model::{PlanIndex, Row, RowKey};

use crate::form::Kind;
use crate::item::Item;
use crate::reader::Entry;
use crate::writer::{TooLong, Writer};

/// The names that a frame's body has; `None` if they can't be read.
pub fn places_of(body: &[u8]) -> Option<PlanIndex> {
    rmp_serde::from_slice(body).ok()
}

/// Images by their names. Frames go in, in order; what lived at the end remains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fold {
    images: BTreeMap<RowKey, Bytes>,
    places: Bytes,
    books: Bytes,
}

impl Fold {
    /// Nothing lives.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next frame. Facts leave no image; whoever keeps books of them reads them beside this.
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

    /// Puts what lives in truth in the place of what was read: after a time when nothing could be written.
    pub fn set_images(&mut self, images: impl IntoIterator<Item = Row>) {
        self.images = images.into_iter().map(|kept| (kept.name, kept.form)).collect();
    }

    /// Puts the books that stand at the end in the place of those that were read.
    pub fn set_books(&mut self, books: Bytes) {
        self.books = books;
    }

    /// What lives, in the order of the names.
    pub const fn images(&self) -> &BTreeMap<RowKey, Bytes> {
        &self.images
    }

    /// What lives, given away.
    pub fn into_images(self) -> BTreeMap<RowKey, Bytes> {
        self.images
    }

    /// The names behind the plan's places, as they were last; `None` if they never were.
    pub fn places(&self) -> Option<PlanIndex> {
        places_of(&self.places)
    }

    /// The ledger as it was last; empty if never.
    pub const fn books(&self) -> &Bytes {
        &self.books
    }

    /// Writes the frames of a checkpoint behind a header that is there already, and closes the file.
    ///
    /// # Errors
    /// [`TooLong`], where the books are.
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
