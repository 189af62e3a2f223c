//! What must be true of the parts together.

use turno_model::{Channel, ContactId};

use crate::engine::Engine;
use crate::purpose::{Purpose, Stage};

impl Engine {
    /// Panics with a sentence if something is true that must never be.
    pub fn check_invariants(&self) {
        self.room.check_invariants();
        if let Err(why) = self.is_related() {
            panic!("{why}");
        }
        for call in self.switchboard.calls() {
            let purpose = self.calls.purpose(call);
            let is_known = purpose.is_some_and(|purpose| *purpose != Purpose::Arriving);
            assert!(is_known, "call {call:?} is for {purpose:?}");
        }
    }

    /// Whether all that lives fits together, or the sentence that says what does not.
    pub(crate) fn is_whole(&self) -> Result<(), String> {
        for call in self.switchboard.calls() {
            if self.calls.get(call).is_none() {
                return Err(format!("call {call:?} has no record"));
            }
        }
        for call in self.calls.keys() {
            if self.switchboard.near(call).is_none_or(|near| self.stack.dialog_name(near).is_none()) {
                return Err(format!("there is no dialog for {call:?}"));
            }
        }
        self.switchboard.is_whole(|session| self.stack.dialog_name(session).is_some())?;
        self.is_related()
    }

    /// Whether every call carries a contact, every contact has a call or is the room's alone, and the room's are carried as
    /// their channels want; or the sentence that says what is not so.
    fn is_related(&self) -> Result<(), String> {
        self.contacts.is_whole(self.switchboard.calls(), |contact| self.room.has(contact))?;
        self.room.is_whole(|contact, channel| self.carries(contact, channel))
    }

    /// Whether a contact of the room is carried as its channel wants.
    fn carries(&self, contact: ContactId, channel: Channel) -> bool {
        match self.contacts.call_of(contact).and_then(|call| self.calls.purpose(call)) {
            Some(Purpose::Contact(Stage::Queued(_) | Stage::Offered(..) | Stage::Connected(..))) => true,
            Some(
                Purpose::Contact(Stage::Menu(_))
                | Purpose::Arriving
                | Purpose::Announcement
                | Purpose::Own { .. },
            ) => false,
            // Who speaks has a call from beginning to end.
            None => channel != Channel::Voice && self.contacts.is_alone(contact),
        }
    }
}
