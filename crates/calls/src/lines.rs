//! Held lines: a leg that stays connected between calls, in a call of its own while it is idle.

use turno_ground::Moment;
use turno_media_plan::{Audio, BridgeId, MediaCommand, Tone};
use turno_sip::{SessionId, Stack};

use crate::call::{CallId, Ringing};
use crate::event::CallEvent;
use crate::leg::LegState;
use crate::switchboard::Switchboard;

/// Status of a line that is in another call.
const BUSY: u16 = 486;

impl Switchboard {
    /// From now on this leg is not hung up when its call ends: it goes into a call of its own, and [`CallEvent::SetFree`]
    /// follows.
    pub fn keep_line(&mut self, session: SessionId) {
        self.mark_line(session, true);
    }

    /// From now on this leg ends with its call again.
    pub fn keep_line_no_more(&mut self, session: SessionId) {
        self.mark_line(session, false);
    }

    /// The same for all legs.
    pub fn keep_no_lines(&mut self) {
        for session in self.legs.sessions() {
            self.mark_line(session, false);
        }
    }

    /// The call in which a leg is now.
    pub fn call_of(&self, session: SessionId) -> Option<CallId> {
        self.legs.get(session).map(|leg| leg.call)
    }

    /// Connects an idle line at once, in place of ringing. [`CallEvent::LineTaken`] and `Answered` follow, or `RingFailed`.
    pub(crate) fn ring_line(
        &mut self,
        stack: &mut Stack,
        id: CallId,
        (ringing, line): (Ringing, SessionId),
        now: Moment,
    ) {
        let idle = self.call_of(line).filter(|idle| self.is_idle(*idle, line));
        if let Some(call) = self.calls.get_mut(id) {
            call.ringing_for = ringing;
            call.refusal = None;
        }
        let Some(idle) = idle else {
            self.tell(CallEvent::RingFailed { call: id, ringing, status: BUSY });
            return;
        };
        self.calls.remove(idle);
        if let Some(leg) = self.legs.get_mut(line) {
            leg.call = id;
        }
        self.tell(CallEvent::LineTaken { call: id, before: idle, session: line });
        self.ringing_leg_answered(stack, id, line, now);
        if let Some(stream) = self.legs.stream_of(line) {
            self.legs.command(MediaCommand::Mix { stream, tone: Tone::Confirm });
        }
    }

    /// Whether a leg is a held line. It is not hung up then.
    pub(crate) fn is_line(&self, session: SessionId) -> bool {
        self.legs.get(session).is_some_and(|leg| leg.is_line && leg.state == LegState::Talking)
    }

    /// The call of a held line has ended, or goes on without it: the line is idle.
    pub(crate) fn set_free(&mut self, session: SessionId) {
        let id = self.calls.begin(Some(session));
        let Some(leg) = self.legs.get_mut(session) else { return };
        let before = core::mem::replace(&mut leg.call, id);
        let stream = leg.stream;
        if self.calls.contains(before) {
            self.seat(before);
        } else {
            self.legs.command(MediaCommand::Bridge { bridge: BridgeId(before.0), members: Vec::new() });
        }
        self.legs.command(MediaCommand::Play { stream, audio: Audio::Silence });
        self.tell(CallEvent::SetFree { call: id, session });
    }

    fn is_idle(&self, id: CallId, line: SessionId) -> bool {
        self.calls.get(id).is_some_and(|call| {
            call.a_leg == Some(line)
                && call.b_leg.is_none()
                && call.guests.is_empty()
                && call.ringing.is_empty()
                && call.recorder.is_none()
        })
    }

    fn mark_line(&mut self, session: SessionId, is_line: bool) {
        if let Some(leg) = self.legs.get_mut(session).filter(|leg| leg.is_line != is_line) {
            leg.is_line = is_line;
        }
    }
}
