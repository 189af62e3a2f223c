//! Kills the engine: what it still writes and sends, and what is lost with it.

use core::time::Duration;

use turno_engine::{Engine, Output};
use turno_ground::Moment;

use crate::death::Crash;
use crate::life::{Killed, Life};
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// How long SIP retransmits a request, rounded up.
const MEMORY_OF_SIP: Duration = Duration::from_secs(40);
/// At the end, retransmissions come every four seconds. A peer that gets no answer for this much of `MEMORY_OF_SIP` may
/// have missed a message.
const PATIENCE_OF_SIP: Duration = Duration::from_secs(8);

impl World {
    /// The engine is killed at its next input.
    pub(crate) fn dies(&mut self, death: Crash, down: Duration, killed: Killed) {
        // While nothing can be written, a killed engine would lose its latest steps. turno raises an alarm for that
        // case, so it is not tested here.
        let can_write = self.disk.as_ref().is_some_and(|disk| !disk.is_unsafe());
        if can_write && self.life == Life::Lives {
            self.life = Life::Doomed(death, down, killed);
        }
    }

    /// Gives an input to an engine that is killed at it.
    pub(crate) fn dies_over(
        &mut self,
        act: impl FnOnce(&mut Engine, Moment),
        death: Crash,
        (down, killed): (Duration, Killed),
    ) {
        // This step may lose that somebody left the site and came back.
        self.staff.may_all_be_out();
        act(&mut self.engine, self.clocks.told(self.now));
        let mut sends = match death {
            // Nothing is written: as if the input had never come.
            Crash::BeforeWriting => None,
            Crash::Writing(bytes) => {
                if let (Some(disk), Output::Keep(step)) = (&mut self.disk, self.engine.poll_output()) {
                    disk.tear(&step, usize::from(bytes));
                }
                None
            }
            Crash::AfterWriting => Some(0),
            Crash::Sending(many) => Some(u32::from(many)),
        };
        let mut is_written = false;
        while let Some(left) = &mut sends {
            match self.engine.poll_output() {
                Output::Idle(_) => break,
                Output::Keep(step) => {
                    self.writes(&step);
                    is_written = true;
                }
                Output::Record(..) => {}
                Output::Transmit(_)
                | Output::Media(_)
                | Output::Recording(_)
                | Output::Reply(_)
                | Output::Stopped
                    if *left == 0 =>
                {
                    break;
                }
                output @ (Output::Transmit(_)
                | Output::Media(_)
                | Output::Recording(_)
                | Output::Reply(_)
                | Output::Stopped) => {
                    *left -= 1;
                    self.lets_out(output);
                }
            }
        }
        if is_written {
            self.proves_the_disk();
        }
        // If the last step was not written, the media paths before it must come back.
        let is_known = matches!(death, Crash::BeforeWriting | Crash::Writing(_));
        let is_known = is_known && !self.media.is_short_of_ports();
        self.heard_at_death = is_known.then(|| self.media.voices());
        self.is_gone(down, killed);
    }

    /// Checks that the disk has the engine's state: a change that was not recorded would be lost by a crash.
    pub(crate) fn proves_the_disk(&mut self) {
        let Some(disk) = self.disk.as_ref().filter(|disk| !disk.is_full()) else { return };
        let images = self.engine.images();
        for kept in &images {
            let written = disk.images().get(&kept.name);
            assert!(written == Some(&kept.form), "{:?} is not written down as it is", kept.name);
        }
        assert_eq!(images.len(), disk.images().len(), "something is written down that is gone");
    }

    fn is_gone(&mut self, down: Duration, killed: Killed) {
        self.goes(killed);
        self.is_out_of_reach(down);
        self.means_to(self.now + down, ScheduledAction::IsPickedUp);
    }

    /// The engine is gone. What it had is on the disk.
    pub(crate) fn goes(&mut self, killed: Killed) {
        self.chronicle_of_death();
        self.notes_death_of_pages();
        self.life = Life::Dead(killed);
        self.deaths += 1;
        self.jumps += u64::from(killed == Killed::Machine);
        self.absences.begin(self.clocks.told(self.now));
        self.forget_wake();
        self.connections_end();
        let (taken, no_room_until) = (self.media.ports_taken, self.media.no_room_until);
        self.media = self.media.renewed(self.now);
        self.recorder.dies();
        (self.media.ports_taken, self.media.no_room_until) = (taken, no_room_until);
    }

    /// The engine can't be reached for `span`. Peers may have missed something.
    pub(crate) fn is_out_of_reach(&mut self, span: Duration) {
        self.network.was_bad_once();
        self.absences.last(self.now, span);
        if self.absences.of_late(self.now, MEMORY_OF_SIP) >= PATIENCE_OF_SIP {
            for person in self.persons.iter_mut() {
                person.is_deaf();
            }
        }
    }
}
