//! The engine is killed, and picked up again from what it wrote down.

use core::time::Duration;
use std::sync::Arc;

use turno_engine::{Engine, Input, Output, aligned};
use turno_ground::Moment;
use turno_model::Step;

use crate::deed::{Death, Loss, Shift};
use crate::disk::Disk;
use crate::errand::Errand;
use crate::life::{Life, Whole};
use crate::media::{Recorder, Voices};
use crate::world::World;

/// How long a request is sent again.
const MEMORY_OF_SIP: Duration = Duration::from_secs(40);
/// Copies come every four seconds in the end: whoever finds nobody for so long of that time may have missed something.
const PATIENCE_OF_SIP: Duration = Duration::from_secs(8);
const SECOND: Duration = Duration::from_secs(1);

impl World {
    /// The next input is the engine's last.
    pub(crate) fn dies(&mut self, death: Death, down: Duration, whole: Whole) {
        // While nothing can be written, an engine that dies takes with it what it did; turno says so aloud.
        let can_write = self.disk.as_ref().is_some_and(|disk| !disk.is_unsafe());
        if can_write && self.life == Life::Lives {
            self.life = Life::Doomed(death, down, whole);
        }
    }

    /// Hands an input to an engine that is killed over it.
    pub(crate) fn dies_over(
        &mut self,
        act: impl FnOnce(&mut Engine, Moment),
        death: Death,
        (down, whole): (Duration, Whole),
    ) {
        if self.disk.as_ref().is_some_and(Disk::is_unsafe) {
            self.life = Life::Lives;
            return self.lets(act);
        }
        // Whether somebody left the site and came back may be forgotten with this step.
        self.may_be_out.fill(true);
        act(&mut self.engine, self.clocks.told(self.now));
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
        self.is_gone(down, whole);
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

    fn is_gone(&mut self, down: Duration, whole: Whole) {
        self.goes(whole);
        self.is_out_of_reach(down);
        self.means_to(self.now + down, Errand::IsPickedUp);
    }

    /// The engine is no more, and what it had is on the disk.
    pub(crate) fn goes(&mut self, whole: Whole) {
        self.chronicle_of_death();
        self.life = Life::Dead(whole);
        self.deaths += 1;
        self.jumps += u64::from(whole == Whole::Machine);
        self.stood_still_at = self.clocks.told(self.now);
        self.forget_wake();
        self.connections_end();
        let (taken, no_room_until) = (self.media.ports_taken, self.media.no_room_until);
        self.media = Recorder::forgetful();
        (self.media.ports_taken, self.media.no_room_until) = (taken, no_room_until);
    }

    /// Whoever sends to the engine finds nobody for so long.
    pub(crate) fn is_out_of_reach(&mut self, span: Duration) {
        self.network.was_bad_once();
        self.absences.push((self.now, span));
        let of_late = self.absences.iter().filter(|(at, _)| self.now.since(*at) < MEMORY_OF_SIP);
        if of_late.map(|(_, span)| *span).sum::<Duration>() >= PATIENCE_OF_SIP {
            for person in &mut self.persons {
                person.is_deaf();
            }
        }
    }

    /// The engine is started again.
    pub(crate) fn is_picked_up(&mut self) {
        let Some(disk) = &mut self.disk else { return };
        let (read, until) = disk.is_read();
        assert!(read.images() == disk.images(), "what is read is not what was said to be kept");
        if self.life == Life::Dead(Whole::Machine) {
            self.clocks.starts(self.now);
        }
        self.clocks.resumes(until, self.now);
        let now = self.clocks.told(self.now);
        let (told, took) = (now.since(self.stood_still_at), self.absences.last().map(|(_, span)| *span));
        let is_known = self.life == Life::Dead(Whole::Process);
        assert!(
            !is_known || Some(told) == took,
            "a restart that took {took:?} is said to have taken {told:?}"
        );
        disk.goes_on(&read, now);
        self.witness.was_away(self.stood_still_at, now);
        let plan = Arc::new(aligned(self.site.clone(), read.images()));
        self.works_by(plan.clone());
        let engine = Engine::recover(plan, self.dice.number(), read.into_images(), now);
        self.engine = engine.unwrap_or_else(|why| panic!("what was written can't be read: {why}"));
        self.engine.keep_journal(now);
        self.engine.wall_is(self.clocks.wall(self.now), now);
        self.life = Life::Lives;
        self.drain();
        if let Some(before) = self.heard_at_death.take().filter(|_| !self.media.is_short_of_ports()) {
            self.hears_the_same(&before);
        }
        self.proves_the_disk();
        // What fell due meanwhile is done at once.
        self.tell(Input::Wake);
    }

    /// The voices go where they went. Where the site was edited, whoever does not talk yet may be rung or sent away.
    fn hears_the_same(&self, before: &Voices) {
        let mut after = self.media.voices();
        let mut before = before.clone();
        if self.was_edited {
            before.retain(|_, (partner, ..)| partner.is_some());
            after.retain(|port, _| before.contains_key(port));
        }
        assert_eq!(before, after, "the voices go elsewhere after a restart");
    }

    /// Somebody sets the clock on the wall.
    pub(crate) fn clock_is_set(&mut self, shift: Shift) {
        self.clocks.is_set(shift);
        self.jumps += 1;
        self.engine.wall_is(self.clocks.wall(self.now), self.clocks.told(self.now));
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
        if matches!(self.life, Life::StandsStill(_)) {
            // Whoever would write it anew stands still as well.
            return self.means_to(self.now + SECOND, Errand::DiskIsEmptied);
        }
        let now = self.clocks.told(self.now);
        let lives = !matches!(self.life, Life::Dead(_));
        if self.disk.as_mut().is_some_and(|disk| disk.is_emptied(lives, now)) {
            self.engine.note_all();
            self.tell(Input::Wake);
            self.proves_the_disk();
        }
    }

    /// Something of the journal is taken away; turno looks within a second.
    pub(crate) fn disk_loses(&mut self, loss: Loss) {
        if self.life == Life::Lives
            && let Some(disk) = self.disk.as_mut().filter(|disk| !disk.is_unsafe())
        {
            disk.loses(loss);
            self.means_to(self.now + SECOND, Errand::DiskIsLookedAt);
        }
    }

    /// What is missing is written anew.
    pub(crate) fn disk_is_looked_at(&mut self) {
        if self.life != Life::Lives {
            return self.means_to(self.now + SECOND, Errand::DiskIsLookedAt);
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

    /// Lets time pass until there is an engine again.
    pub(crate) fn waits_for_the_engine(&mut self) {
        while matches!(self.life, Life::Dead(_) | Life::StandsStill(_)) {
            self.run_for(SECOND);
        }
        self.life = Life::Lives;
    }
}
