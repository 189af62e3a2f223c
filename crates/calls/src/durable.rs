//! Writes the switchboard's rows after each step, and recovers it after a crash.

use std::collections::BTreeSet;

use turno_ground::{Changeset, DecodeError, RowChange};
use turno_media_plan::{BridgeId, MediaCommand};
use turno_sip::SessionId;

use crate::bridge::members;
use crate::media_settings::MediaSettings;
use crate::switchboard::Switchboard;

/// Kinds of rows of a switchboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallForm {
    /// One call.
    Call,
    /// One leg.
    Leg,
}

impl Switchboard {
    /// Writes the changed rows into the changeset; `code` gives the table of each kind.
    pub fn write_down(&mut self, changes: &mut Changeset, code: impl Fn(CallForm) -> u8) {
        self.calls.write_down(changes, code(CallForm::Call));
        self.legs.write_down(changes, code(CallForm::Leg));
    }

    /// Marks every row as changed, so that the next [`Switchboard::write_down`] writes all.
    pub fn note_all(&mut self) {
        self.calls.note_all();
        self.legs.note_all();
    }

    /// Recovers the switchboard that wrote these rows; the media plane gets all commands again. The other arguments are
    /// those of [`Switchboard::new`].
    ///
    /// # Errors
    /// [`DecodeError`] if a row can't be read.
    pub fn recover<'a>(
        settings: MediaSettings,
        seed: u64,
        first: u64,
        forms: impl Iterator<Item = (CallForm, &'a RowChange)>,
    ) -> Result<Self, DecodeError> {
        let mut board = Self::new(settings, seed, first);
        let mut ports = BTreeSet::new();
        for (form, line) in forms {
            match form {
                CallForm::Call => board.restore_call(line)?,
                CallForm::Leg => {
                    ports.extend(Some(board.legs.restore(line)?).filter(|port| *port > 0));
                }
            }
        }
        board.legs.ports_mut().take_these(&ports);
        let bridges = board.bridges();
        board.legs.sound_again(bridges);
        Ok(board)
    }

    /// Whether every leg has its call and its session, and every call its legs.
    ///
    /// # Errors
    /// A sentence that says what does not agree.
    pub fn is_whole(&self, lives: impl Fn(SessionId) -> bool) -> Result<(), String> {
        for session in self.legs.sessions() {
            let call = self.legs.get(session).and_then(|leg| self.calls.get(leg.call));
            let is_placed = call.is_some_and(|call| call.legs().any(|leg| leg == session));
            if !is_placed || !lives(session) {
                return Err(format!("the leg of {session:?} has no call or no dialog"));
            }
        }
        for (id, call) in self.calls.iter() {
            if call.a_leg.is_none() && call.ringing.is_empty() {
                return Err(format!("nobody is in call {id:?}"));
            }
            if let Some(session) = call.legs().find(|session| !self.legs.contains(*session)) {
                return Err(format!("call {id:?} has no leg for {session:?}"));
            }
        }
        Ok(())
    }

    fn restore_call(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let id = self.calls.restore(line)?;
        let Some(call) = self.calls.get(id) else { return Ok(()) };
        for stream in call.announcers.iter().map(|(stream, _)| *stream).chain(call.recorder) {
            self.legs.number_from(stream.0 + 1);
        }
        Ok(())
    }

    /// The members of every bridge.
    fn bridges(&self) -> Vec<MediaCommand> {
        let mut commands = Vec::new();
        for (id, call) in self.calls.iter() {
            let members = members(&self.legs, call);
            if !members.is_empty() {
                commands.push(MediaCommand::Bridge { bridge: BridgeId(id.0), members });
            }
        }
        commands
    }
}
