//! What people have written, or have wanted a call back for.

use std::collections::BTreeMap;

use turno_model::ContactId;

use crate::action::Note;

/// Everything that was written.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    sent: Vec<Note>,
    /// Those that have arrived and are not over.
    open: BTreeMap<ContactId, Note>,
}

impl Notes {
    /// Somebody writes; who it is from.
    pub(crate) fn sends(&mut self, note: Note) -> String {
        self.sent.push(note);
        format!("note {}", self.sent.len() - 1)
    }

    /// A contact has arrived; the note that it is, if it is one.
    pub(crate) fn arrives(&mut self, contact: ContactId, from: &str) -> Option<Note> {
        let number = from.strip_prefix("note ")?.parse::<usize>().ok()?;
        let note = *self.sent.get(number)?;
        self.open.insert(contact, note);
        Some(note)
    }

    /// A contact is over.
    pub(crate) fn ends(&mut self, contact: ContactId) {
        self.open.remove(&contact);
    }

    /// The note that a contact is, if it is one and not over.
    pub(crate) fn of(&self, contact: ContactId) -> Option<Note> {
        self.open.get(&contact).copied()
    }

    /// Every note that is not over.
    pub(crate) fn open(&self) -> Vec<ContactId> {
        self.open.keys().copied().collect()
    }
}
