//! Handles the switchboard's deadlines.

use turno_ground::Moment;
use turno_sip::Stack;

use crate::deadline::Deadline;
use crate::event::CallEvent;
use crate::switchboard::Switchboard;

impl Switchboard {
    /// The earliest deadline.
    pub fn next_deadline(&mut self) -> Option<Moment> {
        match (self.calls.next_deadline(), self.legs.ports_mut().next_deadline()) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// Handles every due deadline.
    pub fn handle_deadlines(&mut self, stack: &mut Stack, now: Moment) {
        if self.legs.ports_mut().handle_time(now) {
            self.tell(CallEvent::PortsWell);
        }
        while let Some((deadline, call)) = self.calls.due(now) {
            match deadline {
                Deadline::MenuSilence => self.menu_silence(call),
                Deadline::RungTooLong => self.rang_too_long(stack, call, now),
            }
        }
    }
}
