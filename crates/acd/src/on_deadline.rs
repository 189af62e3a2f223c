//! What happens by the clock alone.

use turno_ground::Moment;

use crate::deadline::Deadline;
use crate::output::RoomOutput;
use crate::room::Room;

impl Room {
    /// Lets everything happen that is due at `now`.
    pub fn handle_deadlines(&mut self, now: Moment) {
        while let Some((due, deadline)) = self.timers.pop_due(now) {
            self.note_fired(deadline);
            match deadline {
                Deadline::RingOver(offer) => self.outbox.push_back(RoomOutput::RingOver(offer)),
                Deadline::CoolDownOver(agent) => self.on_cool_down_over(agent, due, now),
                Deadline::AcwOver(agent) => {
                    self.finish_acw(agent, due, now);
                }
                Deadline::HoldOver(contact) => self.on_hold_over(contact, now),
                Deadline::HandlingWarning(contact) => self.on_handling_warning(contact),
                Deadline::HandlingBreach(contact) => self.on_handling_breach(contact),
                Deadline::WaitOver(contact) => self.on_wait_over(contact, now),
            }
        }
    }

    /// What is written of an agent or contact names its deadlines: one that has fired must not fire again after a crash.
    fn note_fired(&mut self, deadline: Deadline) {
        match deadline {
            // What the offer comes to is written when it is settled, in the same step.
            Deadline::RingOver(_) => {}
            Deadline::CoolDownOver(agent) | Deadline::AcwOver(agent) => self.agents.note(agent.index()),
            Deadline::HoldOver(contact)
            | Deadline::HandlingWarning(contact)
            | Deadline::HandlingBreach(contact)
            | Deadline::WaitOver(contact) => self.contacts.note(&contact),
        }
    }
}
