//! The clocks of the machine under a simulated engine, and the time that the engine is told.

use core::time::Duration;

use turno_ground::Moment;
use turno_journal::{MachineTime, TimeLine};

use crate::action::Shift;

/// The machine's uptime when a world begins.
const UP: Duration = Duration::from_secs(3600);

/// The machine's clocks. The world's own time, `now`, is the true one.
#[derive(Debug)]
pub(crate) struct Clocks {
    /// How often the machine was started.
    boots: u64,
    /// When it was started last.
    booted: Moment,
    /// How far the wall clock was set forward and back, in sum.
    forward: Duration,
    back: Duration,
    /// Gives the time that the engine is told.
    line: TimeLine,
}

impl Clocks {
    /// Clocks that are right.
    pub(crate) fn new(now: Moment) -> Self {
        let machine = MachineTime { boot: "0", up: UP, wall: now };
        Self {
            boots: 0,
            booted: now - UP,
            forward: Duration::ZERO,
            back: Duration::ZERO,
            line: TimeLine::resume(None, Moment::default(), machine),
        }
    }

    /// Somebody sets the wall clock.
    pub(crate) fn is_set(&mut self, shift: Shift) {
        match shift {
            Shift::Forward(span) => self.forward += span,
            Shift::Back(span) => self.back += span,
        }
    }

    /// The machine restarts.
    pub(crate) const fn starts(&mut self, now: Moment) {
        self.boots += 1;
        self.booted = now;
    }

    /// A new engine resumes after the last recorded moment.
    pub(crate) fn resumes(&mut self, until: Moment, now: Moment) {
        let boot = self.boots.to_string();
        let machine = MachineTime { boot: &boot, up: self.up(now), wall: self.wall(now) };
        self.line = TimeLine::resume(Some(&self.line), until, machine);
    }

    /// The engine's time when it is `now` in the world.
    pub(crate) fn told(&self, now: Moment) -> Moment {
        self.line.at(self.up(now))
    }

    /// The world's time when it is `at` for the engine.
    pub(crate) fn when(&self, at: Moment) -> Moment {
        self.booted + at.since(self.line.at(Duration::ZERO))
    }

    /// The wall clock.
    pub(crate) fn wall(&self, now: Moment) -> Moment {
        now + self.forward - self.back
    }

    fn up(&self, now: Moment) -> Duration {
        now.since(self.booted)
    }
}
