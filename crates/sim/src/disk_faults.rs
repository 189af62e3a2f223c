//! Disk faults: the disk is full or loses something, and the state is written again.

use core::time::Duration;

use turno_engine::Input;

use crate::action::Loss;
use crate::life::Life;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

const SECOND: Duration = Duration::from_secs(1);

impl World {
    /// Nothing can be written for `span`.
    pub(crate) fn disk_fills_up(&mut self, span: Duration) {
        if let Some(disk) = &mut self.disk {
            disk.fills_up();
            self.means_to(self.now + span, ScheduledAction::DiskIsEmptied);
        }
    }

    /// There is room again: the state is written again.
    pub(crate) fn disk_is_emptied(&mut self) {
        if matches!(self.life, Life::StandsStill(_)) {
            // The engine that would write it stands still as well.
            return self.means_to(self.now + SECOND, ScheduledAction::DiskIsEmptied);
        }
        let now = self.clocks.told(self.now);
        let lives = !matches!(self.life, Life::Dead(_));
        if self.disk.as_mut().is_some_and(|disk| disk.is_emptied(lives, now)) {
            self.engine.note_all();
            self.tell(Input::Wake);
            self.proves_the_disk();
        }
    }

    /// Something of the journal is removed; turno checks within a second.
    pub(crate) fn disk_loses(&mut self, loss: Loss) {
        if self.life == Life::Lives
            && let Some(disk) = self.disk.as_mut().filter(|disk| !disk.is_unsafe())
        {
            disk.loses(loss);
            self.means_to(self.now + SECOND, ScheduledAction::DiskIsLookedAt);
        }
    }

    /// turno checks the journal, and writes the state again if something is missing.
    pub(crate) fn disk_is_looked_at(&mut self) {
        if self.life != Life::Lives {
            return self.means_to(self.now + SECOND, ScheduledAction::DiskIsLookedAt);
        }
        let now = self.clocks.told(self.now);
        let is_amiss =
            self.disk.as_mut().is_some_and(|disk| !disk.is_full() && disk.is_looked_at(now).is_some());
        if is_amiss {
            self.engine.note_all();
            self.tell(Input::Wake);
            self.proves_the_disk();
        }
    }
}
