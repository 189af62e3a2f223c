//! The engine stands still while the world goes on: a machine that sleeps, a process that is stopped.

use core::time::Duration;

use turno_engine::Input;

use crate::action::Standstill;
use crate::held_inputs::HeldInput;
use crate::life::Life;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

impl World {
    /// The engine stands still for `span`.
    pub(crate) fn stands_still(&mut self, span: Duration, what: Standstill) {
        if self.life != Life::Lives {
            return;
        }
        self.chronicle_of_death();
        self.life = Life::StandsStill(what);
        self.jumps += 1;
        self.absences.begin(self.clocks.told(self.now));
        self.forget_wake();
        self.is_out_of_reach(span);
        self.means_to(self.now + span, ScheduledAction::GoesOn);
    }

    /// It goes on, and gets the inputs that waited.
    pub(crate) fn goes_on_again(&mut self) {
        self.life = Life::Lives;
        self.invariants.was_away(self.absences.since(), self.clocks.told(self.now));
        for held_input in core::mem::take(&mut self.held_inputs).all() {
            match held_input {
                HeldInput::Datagram(flow, bytes) => self.hand_over(flow, &bytes),
                HeldInput::Closed(flow) => self.tell_closed(flow),
                HeldInput::Session(flow, who) => self.session(flow, who),
                HeldInput::Media(event) => self.tell_media(event),
                HeldInput::Recording(event) => self.tell_recording(event),
                HeldInput::Command(by, command) => self.command_by(by, command),
                HeldInput::Plan => self.reloads(),
            }
        }
        self.tell(Input::Wake);
    }
}
