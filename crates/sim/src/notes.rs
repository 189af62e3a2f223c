//! Contacts without a call: written messages and callbacks.

use std::collections::BTreeMap;

use turno_model::ContactId;

use crate::action::Note;

/// All notes.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    sent: Vec<Note>,
    /// The notes that have arrived and are not over.
    open: BTreeMap<ContactId, Note>,
}

impl Notes {
    /// Somebody sends a note; returns its sender.
    pub(crate) fn sends(&mut self, note: Note) -> String {
        self.sent.push(note);
        format!("note {}", self.sent.len() - 1)
    }

    /// A contact has arrived; returns its note, if it has one.
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

    /// The note of a contact, if it has one and is not over.
    pub(crate) fn of(&self, contact: ContactId) -> Option<Note> {
        self.open.get(&contact).copied()
    }

    /// All notes that are not over.
    pub(crate) fn open(&self) -> Vec<ContactId> {
        self.open.keys().copied().collect()
    }
}
