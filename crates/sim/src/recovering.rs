//! Restarts the engine from the disk.

use std::sync::Arc;

use turno_engine::{Engine, Input, aligned};
use turno_media_plan::Direction;

use crate::life::{Killed, Life};
use crate::media::Voices;
use crate::world::World;

impl World {
    /// Restarts the engine from the disk, and checks times, plan and media paths.
    pub(crate) fn is_picked_up(&mut self) {
        let Some(disk) = &mut self.disk else { return };
        let (read, until) = disk.is_read();
        assert!(read.images() == disk.images(), "what is read is not what was said to be kept");
        if self.life == Life::Dead(Killed::Machine) {
            self.clocks.starts(self.now);
        }
        self.clocks.resumes(until, self.now);
        let now = self.clocks.told(self.now);
        let (told, took) = (now.since(self.absences.since()), self.absences.span());
        let is_known = self.life == Life::Dead(Killed::Process);
        assert!(
            !is_known || Some(told) == took,
            "a restart that took {took:?} is said to have taken {told:?}"
        );
        disk.goes_on(&read, now);
        self.invariants.was_away(self.absences.since(), now);
        let plan = Arc::new(aligned(self.site.clone(), read.images()));
        self.works_by(plan.clone());
        let engine = Engine::recover(plan, self.rng.number(), read.into_images(), now);
        self.keying.is_killed();
        self.engine = engine.unwrap_or_else(|why| panic!("what was written can't be read: {why}"));
        self.shows_certificate();
        self.engine.keep_journal(now);
        let wall = self.clocks.wall(self.now);
        self.engine.wall_is(wall, now);
        self.invariants.wall_is(wall, now);
        self.life = Life::Lives;
        self.drain();
        if let Some(before) = self.heard_at_death.take().filter(|_| !self.media.is_short_of_ports()) {
            self.hears_the_same(&before);
        }
        self.proves_the_disk();
        // What was due meanwhile is done at once.
        self.tell(Input::Wake);
    }

    /// The media paths are as before. If the site was edited, contacts without an agent may have moved on.
    fn hears_the_same(&self, before: &Voices) {
        let mut after = self.media.voices();
        let mut before = before.clone();
        if self.was_edited {
            before.retain(|_, (partner, ..)| partner.is_some());
            after.retain(|port, _| before.contains_key(port));
        }
        // A leg may have been written down and killed before its stream was opened.
        after.retain(|port, voice| {
            before.contains_key(port) || !matches!(voice, (None, None, Direction::Inactive))
        });
        assert_eq!(before, after, "the voices go elsewhere after a restart");
    }
}
