//! Held lines: a leg that stays connected between calls, in a call of its own while it is idle.

use turno_sip::SessionId;

use crate::call::CallId;
use crate::switchboard::Switchboard;

impl Switchboard {
    /// From now on this leg is not hung up when its call ends: it goes into a call of its own, and [`crate::CallEvent::SetFree`]
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

    fn mark_line(&mut self, session: SessionId, is_line: bool) {
        if let Some(leg) = self.legs.get_mut(session).filter(|leg| leg.is_line != is_line) {
            leg.is_line = is_line;
        }
    }
}
