//! turno's clock: the wall clock's time at the start, continued by the uptime, so that it never steps back.
#![expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clocks")]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::time::{ClockId, clock_gettime};
use turno_ground::Moment;
use turno_journal::{MachineTime, TimeLine};

/// Where Linux identifies the boot of the machine.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// The time at the start plus the machine's uptime since then, sleep included. So setting the machine's time can't make
/// a wait negative or end every call. All copies show the same time.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    set_at: Moment,
    up: Duration,
}

impl Clock {
    /// A clock set to the wall clock.
    pub fn new() -> Self {
        Self { set_at: wall(), up: up() }
    }

    /// The clock of a run that continues a journal: by the previous run's line if the machine was not rebooted since,
    /// and never before `until`, the last recorded moment. The returned line is for the next run.
    pub(crate) fn resume(before: Option<&TimeLine>, until: Moment) -> (Self, TimeLine) {
        let boot = std::fs::read_to_string(BOOT_ID).unwrap_or_default();
        let machine = MachineTime { boot: boot.trim(), up: up(), wall: wall() };
        let line = TimeLine::resume(before, until, machine);
        (Self { set_at: line.at(machine.up), up: machine.up }, line)
    }

    /// The line of this clock, for the next run.
    pub(crate) fn line(&self) -> TimeLine {
        let boot = std::fs::read_to_string(BOOT_ID).unwrap_or_default();
        TimeLine::resume(
            None,
            Moment::default(),
            MachineTime { boot: boot.trim(), up: self.up, wall: self.set_at },
        )
    }

    /// The time now.
    pub fn now(&self) -> Moment {
        self.set_at + up().saturating_sub(self.up)
    }

    /// When the clock was set: the start of the process.
    pub const fn set_at(&self) -> Moment {
        self.set_at
    }

    /// Nanoseconds since the clock was set, for measuring steps shorter than a microsecond.
    pub(crate) fn nanos(&self) -> u64 {
        u64::try_from(up().saturating_sub(self.up).as_nanos()).unwrap_or(u64::MAX)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// The wall clock, which people and other machines may set.
pub(crate) fn wall() -> Moment {
    Moment::default() + SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn up() -> Duration {
    let time = clock_gettime(ClockId::Boottime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_machine_whose_time_was_put_back_during_a_restart_tells_nobody_a_negative_wait() {
        let written = Clock::new().now() + HOUR;
        assert!(Clock::resume(None, written).0.now() >= written);
        assert!(Clock::resume(None, Moment::from_secs(1)).0.now() < written);
    }

    #[test]
    fn a_restart_on_a_machine_that_was_not_started_anew_goes_on_with_the_time_of_the_one_before() {
        // As if the wall clock had been put back by an hour since.
        let (before, line) = Clock::resume(None, wall() + HOUR);
        let (next, again) = Clock::resume(Some(&line), Moment::default());
        assert!(next.set_at() >= before.set_at() && next.set_at().since(before.set_at()) < HOUR);
        assert_eq!(again, line);
    }

    #[test]
    fn the_clock_never_steps_back() {
        let clock = Clock::new();
        let copy = clock;
        let mut last = clock.set_at();
        for _ in 0..10_000 {
            let now = copy.now();
            assert!(now >= last);
            last = now;
        }
    }
}
