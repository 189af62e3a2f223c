//! Prompts that wait for one DTMF key: any key cuts them, and silence after them ends the wait.

use core::time::Duration;

use turno_ground::Moment;
use turno_media_plan::Audio;

use crate::call::{CallId, Menu};
use crate::deadline::Deadline;
use crate::event::CallEvent;
use crate::switchboard::Switchboard;

/// Longest prompts: a caller whose prompts never end is not lost.
const PROMPTS_SPAN_MAX: Duration = Duration::from_secs(300);

impl Switchboard {
    /// Plays a menu to the A leg, which is answered already, and replaces one that plays. [`CallEvent::MenuKey`]
    /// follows.
    pub fn start_menu(&mut self, id: CallId, menu: Menu, now: Moment) {
        let audio = Audio::Prompts(menu.prompts.clone());
        let Some(call) = self.calls.get_mut(id) else { return };
        call.menu = Some(menu);
        self.calls.set(id, Deadline::MenuSilence, now + PROMPTS_SPAN_MAX);
        self.play(id, audio);
    }

    /// A key; false if there is no menu.
    pub(crate) fn menu_digit(&mut self, id: CallId, digit: char) -> bool {
        let Some(call) = self.calls.get_mut(id) else { return false };
        if call.menu.take().is_none() {
            return false;
        }
        self.end_menu(id, Some(digit));
        true
    }

    /// The menu's prompts have ended: starts the wait for a key. False if there is no menu.
    pub(crate) fn menu_played_out(&mut self, id: CallId, now: Moment) -> bool {
        let Some(wait) = self.calls.get(id).and_then(|call| call.menu.as_ref()).map(|menu| menu.wait) else {
            return false;
        };
        self.calls.set(id, Deadline::MenuSilence, now + wait);
        true
    }

    /// The caller pressed no key in time.
    pub(crate) fn menu_silence(&mut self, id: CallId) {
        if self.calls.get_mut(id).and_then(|call| call.menu.take()).is_some() {
            self.end_menu(id, None);
        }
    }

    /// Ends the menu, without an event.
    pub fn stop_menu(&mut self, id: CallId) {
        if self.calls.get_mut(id).and_then(|call| call.menu.take()).is_some() {
            self.calls.cancel(id, Deadline::MenuSilence);
            self.stop_playback(id);
        }
    }

    fn end_menu(&mut self, id: CallId, digit: Option<char>) {
        self.calls.cancel(id, Deadline::MenuSilence);
        self.stop_playback(id);
        self.tell(CallEvent::MenuKey { call: id, digit });
    }
}
