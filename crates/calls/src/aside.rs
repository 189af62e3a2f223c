//! A private word: the B leg talks with a guest, and the A leg hears music meanwhile.

use turno_media_plan::{Audio, MediaCommand};
use turno_sip::SessionId;

use crate::call::CallId;
use crate::leg::Leg;
use crate::switchboard::Switchboard;

impl Switchboard {
    /// Takes the A leg out of the bridge: it hears music, and nothing of what the others say. The B leg hears ringback until a
    /// guest comes. [`Self::come_together`] ends it, and so does a guest who takes over, or the end of the B leg.
    pub fn step_aside(&mut self, id: CallId) {
        let Some(call) = self.calls.get_mut(id) else { return };
        call.is_aside = true;
        let b_leg = call.b_leg;
        self.seat(id);
        self.play(id, Audio::Music);
        if let Some(stream) = b_leg.and_then(|b_leg| self.legs.stream_of(b_leg)) {
            self.legs.command(MediaCommand::Play { stream, audio: Audio::Ringback });
        }
    }

    /// The guest who was waited for has come: the B leg hears no ringback any more.
    pub fn word_begins(&mut self, id: CallId) {
        let b_leg = self.calls.get(id).and_then(|call| call.b_leg);
        if let Some(stream) = b_leg.and_then(|b_leg| self.legs.stream_of(b_leg)) {
            self.legs.command(MediaCommand::Hush { stream });
        }
    }

    /// The A leg is in the bridge again: all hear each other.
    pub fn come_together(&mut self, id: CallId) {
        let Some(call) = self.calls.get_mut(id) else { return };
        if core::mem::replace(&mut call.is_aside, false) {
            self.join(id);
        }
    }

    /// Whether the A leg is kept out of the bridge.
    pub fn is_aside(&self, id: CallId) -> bool {
        self.calls.get(id).is_some_and(|call| call.is_aside)
    }

    /// Whether the B leg holds the call.
    pub fn is_held_by_b_leg(&self, id: CallId) -> bool {
        let b_leg: Option<SessionId> = self.calls.get(id).and_then(|call| call.b_leg);
        b_leg.and_then(|b_leg| self.legs.get(b_leg)).is_some_and(Leg::holds)
    }
}
