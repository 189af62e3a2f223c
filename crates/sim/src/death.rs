//! The engine is killed, and picked up again from what it wrote down.

use core::time::Duration;

use turno_engine::{Engine, Input, Output};
use turno_model::Step;

use crate::deed::Death;
use crate::disk::Disk;
use crate::errand::Errand;
use crate::life::Life;
use crate::media::Recorder;
use crate::world::World;

/// How long a request is sent again.
const MEMORY_OF_SIP: Duration = Duration::from_secs(40);
/// Copies come every four seconds in the end: whoever finds nobody for so long of that time may have missed something.
const PATIENCE_OF_SIP: Duration = Duration::from_secs(8);

impl World {
    /// The next input is the engine's last.
    pub(crate) fn dies(&mut self, death: Death, down: Duration) {
        // While nothing can be written, an engine that dies takes with it what it did; turno says so aloud.
        let can_write = self.disk.as_ref().is_some_and(|disk| !disk.is_full());
        if can_write && self.life == Life::Lives {
            self.life = Life::Doomed(death, down);
        }
    }

    /// Hands an input to an engine that is killed over it.
    pub(crate) fn dies_over(&mut self, input: Input<'_>, death: Death, down: Duration) {
        if self.disk.as_ref().is_some_and(Disk::is_full) {
            self.life = Life::Lives;
            return self.tell(input);
        }
        self.engine.handle(input, self.now);
        let mut sends = match death {
            // Nothing is written: it is as if the input had never come.
            Death::BeforeWriting => None,
            Death::Writing(bytes) => {
                if let (Some(disk), Output::Keep(step)) = (&mut self.disk, self.engine.poll_output()) {
                    disk.tear(&step, usize::from(bytes));
                }
                None
            }
            Death::AfterWriting => Some(0),
            Death::Sending(many) => Some(u32::from(many)),
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
                Output::Transmit(_) | Output::Media(_) | Output::Reply(_) | Output::Stopped if *left == 0 => {
                    break;
                }
                output @ (Output::Transmit(_) | Output::Media(_) | Output::Reply(_) | Output::Stopped) => {
                    *left -= 1;
                    self.lets_out(output);
                }
            }
        }
        if is_written {
            self.proves_the_disk();
        }
        // Where the last step is as if it had never been, who hears whom is known.
        let is_known = matches!(death, Death::BeforeWriting | Death::Writing(_));
        let is_known = is_known && !self.media.is_short_of_ports();
        self.heard_at_death = is_known.then(|| self.media.voices());
        self.is_gone(down);
    }

    /// A step is on the disk: what it says has happened.
    pub(crate) fn writes(&mut self, step: &Step) {
        if let Some(disk) = &mut self.disk {
            disk.write(step);
        }
        for fact in &step.facts {
            self.record(step.at, fact);
        }
    }

    /// What is written is what is: a change that nobody noted would be gone after a crash.
    pub(crate) fn proves_the_disk(&mut self) {
        let Some(disk) = self.disk.as_ref().filter(|disk| !disk.is_full()) else { return };
        let images = self.engine.images();
        for kept in &images {
            let written = disk.images().get(&kept.name);
            assert!(written == Some(&kept.form), "{:?} is not written down as it is", kept.name);
        }
        assert_eq!(images.len(), disk.images().len(), "something is written down that is gone");
    }

    fn is_gone(&mut self, down: Duration) {
        self.chronicle_of_death();
        self.network.was_bad_once();
        self.life = Life::Dead;
        self.deaths.push((self.now, down));
        self.forget_wake();
        let taken = self.media.ports_taken;
        self.media = Recorder::forgetful();
        self.media.ports_taken = taken;
        let of_late = self.deaths.iter().filter(|(at, _)| self.now.since(*at) < MEMORY_OF_SIP);
        if of_late.map(|(_, down)| *down).sum::<Duration>() >= PATIENCE_OF_SIP {
            for person in &mut self.persons {
                person.is_deaf();
            }
        }
        self.witness.was_down(down);
        self.means_to(self.now + down, Errand::IsPickedUp);
    }

    /// The engine is started again.
    pub(crate) fn is_picked_up(&mut self) {
        let now = self.now;
        let Some(disk) = &mut self.disk else { return };
        let (images, _) = disk.is_read(now);
        assert!(images == *disk.images(), "what is read is not what was written");
        let engine = Engine::recover(self.plan.clone(), self.dice.number(), images, self.now);
        self.engine = engine.unwrap_or_else(|why| panic!("what was written can't be read: {why}"));
        self.engine.keep_journal(self.now);
        self.life = Life::Lives;
        self.drain();
        if let Some(before) = self.heard_at_death.take().filter(|_| !self.media.is_short_of_ports()) {
            assert_eq!(before, self.media.voices(), "the voices go elsewhere after a restart");
        }
        self.witness.looks(&self.engine, self.now);
        self.proves_the_disk();
        // What fell due meanwhile is done at once.
        self.tell(Input::Wake);
    }

    /// Nothing can be written for so long.
    pub(crate) fn disk_fills_up(&mut self, span: Duration) {
        if let Some(disk) = &mut self.disk {
            disk.fills_up();
            self.means_to(self.now + span, Errand::DiskIsEmptied);
        }
    }

    /// There is room again: everything is written anew.
    pub(crate) fn disk_is_emptied(&mut self) {
        let now = self.now;
        let lives = self.life != Life::Dead;
        if self.disk.as_mut().is_some_and(|disk| disk.is_emptied(lives, now)) {
            self.engine.note_all();
            self.tell(Input::Wake);
            self.proves_the_disk();
        }
    }

    /// Lets time pass until there is an engine again.
    pub(crate) fn waits_for_the_engine(&mut self) {
        if self.life == Life::Dead {
            while self.life == Life::Dead {
                self.run_for(Duration::from_secs(1));
            }
        }
        self.life = Life::Lives;
    }
}
