//! Advances the world's time from one due event to the next.

use core::time::Duration;

use turno_engine::Input;
use turno_ground::Moment;
use turno_phone::Phone;

use crate::life::Life;
use crate::world::World;

const SECOND: Duration = Duration::from_secs(1);

impl World {
    /// Runs until `end`.
    ///
    /// # Panics
    /// If a check is violated.
    pub fn run_until(&mut self, end: Moment) {
        while self.step(end) {}
        self.now = self.now.max(end);
    }

    pub(crate) fn run_for(&mut self, span: Duration) {
        self.run_until(self.now + span);
    }

    /// Does the next thing that is due by `end`; false if there is none.
    pub(crate) fn step(&mut self, end: Moment) -> bool {
        let next = [
            self.wake,
            self.network.next(),
            self.wires.next(),
            self.media.next(self.now),
            self.recorder.next(),
            self.persons.next_due(),
            self.agenda.next(),
        ];
        let Some(at) = next.into_iter().flatten().min().filter(|at| *at <= end) else { return false };
        self.now = self.now.max(at);
        if let Some(packet) = self.network.arrived(self.now) {
            self.deliver(packet);
        } else if let Some(passing) = self.wires.arrived(self.now) {
            self.passes(passing);
        } else if let Some(event) = self.media.due(self.now) {
            self.tell_media(event);
        } else if let Some(event) = self.recorder.due(self.now) {
            self.tell_recording(event);
        } else if let Some(person) = self.persons.due(self.now) {
            self.act(person, Phone::handle_deadlines);
        } else if let Some(scheduled) = self.agenda.due(self.now) {
            self.goes_on(scheduled);
        } else {
            self.chronicle.bytes(b'w', self.now, &[]);
            self.tell(Input::Wake);
        }
        true
    }

    /// Runs until the engine is there again.
    pub(crate) fn waits_for_the_engine(&mut self) {
        while matches!(self.life, Life::Dead(_) | Life::StandsStill(_)) {
            self.run_for(SECOND);
        }
        self.life = Life::Lives;
    }
}
