//! What outlives us: calls and legs written down after each step, and connected again after a crash.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use turno_ground::{Change, Illegible, Line, Moment, Sheet};
use turno_media_plan::{BridgeId, MediaCommand, StreamId};
use turno_sip::SessionId;

use crate::call::{Call, CallId};
use crate::leg::Leg;
use crate::media_settings::MediaSettings;
use crate::sound::Sound;
use crate::switchboard::{Deadline, Switchboard};

/// Which of a switchboard's things a form is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallForm {
    /// One call.
    Call,
    /// One leg.
    Leg,
}

#[derive(Serialize)]
struct CallWritten<'a> {
    call: &'a Call,
    menu_silence: Option<Moment>,
    rung_too_long: Option<Moment>,
}

#[derive(Deserialize)]
struct CallRead {
    call: Call,
    menu_silence: Option<Moment>,
    rung_too_long: Option<Moment>,
}

impl Switchboard {
    /// Writes down what has changed since the last time; `code` says whose each form is.
    pub fn write_down(&mut self, sheet: &mut Sheet, code: impl Fn(CallForm) -> u8) {
        let timers = &self.timers;
        let owner = code(CallForm::Call);
        self.calls.write_down(|id, change| match change {
            Change::Is(call) => {
                let menu_silence = timers.at(&Deadline::MenuSilence(id));
                let rung_too_long = timers.at(&Deadline::RungTooLong(id));
                sheet.keep(owner, id.0, &CallWritten { call, menu_silence, rung_too_long });
                true
            }
            Change::Gone => strike(sheet, owner, id.0),
        });
        let owner = code(CallForm::Leg);
        self.legs.write_down(|session, change| match change {
            Change::Is(leg) => {
                sheet.keep(owner, session.number(), leg);
                true
            }
            Change::Gone => strike(sheet, owner, session.number()),
        });
    }

    /// Makes the next [`Switchboard::write_down`] write everything.
    pub fn note_all(&mut self) {
        self.calls.note_all();
        self.legs.note_all();
    }

    /// The switchboard that wrote `forms`, as it was; the media plane is told everything again. The other arguments are
    /// those of [`Switchboard::new`].
    ///
    /// # Errors
    /// [`Illegible`] if a form is not one of ours.
    pub fn recover<'a>(
        settings: MediaSettings,
        seed: u64,
        first: u64,
        forms: impl Iterator<Item = (CallForm, &'a Line)>,
    ) -> Result<Self, Illegible> {
        let mut board = Self::new(settings, seed, first);
        let mut ports = BTreeSet::new();
        for (form, line) in forms {
            match form {
                CallForm::Call => board.restore_call(line)?,
                CallForm::Leg => {
                    ports.insert(board.restore_leg(line)?);
                }
            }
        }
        board.ports.take_these(&ports);
        board.sound_again();
        Ok(board)
    }

    /// Whether every leg has its call and its session, and every call its legs; or the sentence that says what is not so.
    ///
    /// # Errors
    /// That sentence.
    pub fn is_whole(&self, lives: impl Fn(SessionId) -> bool) -> Result<(), String> {
        for session in self.legs.keys() {
            let call = self.legs.get(&session).and_then(|leg| self.calls.get(&leg.call));
            let is_placed = call.is_some_and(|call| call.legs().any(|leg| leg == session));
            if !is_placed || !lives(session) {
                return Err(format!("the leg of {session:?} has no call or no dialog"));
            }
        }
        for (id, call) in self.calls.iter() {
            if let Some(session) = call.legs().find(|session| !self.legs.contains(session)) {
                return Err(format!("call {id:?} has no leg for {session:?}"));
            }
        }
        Ok(())
    }

    fn restore_call(&mut self, line: &Line) -> Result<(), Illegible> {
        let id = CallId(line.key);
        let read: CallRead = line.read()?;
        if let Some(at) = read.menu_silence {
            self.timers.set(Deadline::MenuSilence(id), at);
        }
        if let Some(at) = read.rung_too_long {
            self.timers.set(Deadline::RungTooLong(id), at);
        }
        self.number_from(id.0 + 1, 0);
        let announcers = read.call.announcers.iter().map(|(stream, _)| *stream);
        for stream in announcers.chain(read.call.recorder) {
            self.number_from(0, stream.0 + 1);
        }
        for (stream, _) in &read.call.announcers {
            self.announcers.insert(*stream, id);
        }
        self.calls.restore(id, read.call);
        Ok(())
    }

    /// Puts a leg back; gives its port.
    fn restore_leg(&mut self, line: &Line) -> Result<u16, Illegible> {
        let session = SessionId::of_number(line.key);
        let leg: Leg = line.read()?;
        self.streams.insert(leg.stream, session);
        self.number_from(0, leg.stream.0 + 1);
        let port = leg.port;
        self.rung += usize::from(!leg.came_in);
        self.legs.restore(session, leg);
        Ok(port)
    }

    /// Says everything to the media plane again: ports first, then who hears what.
    fn sound_again(&mut self) {
        let sessions = self.legs.keys();
        let mut commands = Vec::new();
        for leg in sessions.iter().filter_map(|session| self.legs.get(session)) {
            // A leg is of the family that its SDP says.
            let bind = self.settings.bind_for(leg.negotiation.local().ip());
            let local = SocketAddr::new(bind, leg.port);
            commands.push(MediaCommand::Open { stream: leg.stream, local });
            if let Some(agreed) = leg.negotiation.agreed() {
                commands.push(Self::agreement(leg.stream, *agreed));
            }
        }
        for (id, call) in self.calls.iter() {
            let members = self.members(call);
            if !members.is_empty() {
                commands.push(MediaCommand::Bridge { bridge: BridgeId(id.0), members });
            }
        }
        for leg in sessions.iter().filter_map(|session| self.legs.get(session)) {
            if let Some(audio) = leg.sound.playing.clone() {
                commands.push(MediaCommand::Play { stream: leg.stream, audio });
            }
        }
        for command in commands {
            self.repeat(command);
        }
    }

    /// Remembers what a command makes the peers hear.
    pub(crate) fn note_sound(&mut self, command: &MediaCommand) {
        match command {
            MediaCommand::Play { stream, audio } => {
                self.with_sound(*stream, |sound| sound.playing = Some(audio.clone()));
            }
            MediaCommand::Hush { stream } => self.note_silence(*stream),
            MediaCommand::Open { .. }
            | MediaCommand::Reserve { .. }
            | MediaCommand::Agree { .. }
            | MediaCommand::Bridge { .. }
            | MediaCommand::Close { .. }
            | MediaCommand::Mix { .. }
            | MediaCommand::SendDigit { .. } => {}
        }
    }

    /// What was played has ended.
    pub(crate) fn note_silence(&mut self, stream: StreamId) {
        self.with_sound(stream, |sound| sound.playing = None);
    }

    fn with_sound(&mut self, stream: StreamId, change: impl FnOnce(&mut Sound)) {
        let session = self.streams.get(&stream);
        if let Some(leg) = session.and_then(|session| self.legs.get_mut(session)) {
            change(&mut leg.sound);
        }
    }
}

fn strike(sheet: &mut Sheet, owner: u8, key: u64) -> bool {
    sheet.strike(owner, key);
    false
}
