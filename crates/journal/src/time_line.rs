//! The time of a turno that continues a journal: the time of the previous one, counted on.
//!
//! People and other machines set the wall clock, so a restart does not trust it. If it was put forward by an hour while
//! turno was gone for a second, every registration, session and patience would end. As long as the machine did not
//! restart, its uptime tells how much time has passed. After a restart of the machine there is only the wall clock;
//! then no moment is earlier than the last recorded one.

use core::time::Duration;

use turno_ground::Moment;

/// Time lines that differ by less are equal.
const NEAR_MICROS: u64 = 1_000;

/// The clocks of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MachineTime<'a> {
    /// The id of the machine's present boot; empty if unknown.
    pub boot: &'a str,
    /// The uptime, sleep included.
    pub up: Duration,
    /// The wall clock.
    pub wall: Moment,
}

/// The moment at which the machine was started. Every other moment follows from it and the uptime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeLine {
    boot: String,
    zero: Moment,
}

impl TimeLine {
    /// The time line of a turno that continues after `until`, the last recorded moment; `before` is that of the
    /// previous turno.
    pub fn resume(before: Option<&Self>, until: Moment, machine: MachineTime<'_>) -> Self {
        let same = before.filter(|line| !line.boot.is_empty() && line.boot == machine.boot);
        let now = same.map_or(machine.wall, |line| line.at(machine.up));
        Self { boot: machine.boot.to_owned(), zero: now.max(until) - machine.up }
    }

    /// The moment at this uptime.
    pub fn at(&self, up: Duration) -> Moment {
        self.zero + up
    }

    /// Whether another time line is the same except for rounding.
    pub fn is_near(&self, other: &Self) -> bool {
        let apart = self.zero.as_micros().abs_diff(other.zero.as_micros());
        self.boot == other.boot && apart < NEAR_MICROS
    }

    /// The text that is stored beside a journal.
    pub fn to_text(&self) -> String {
        format!("{} {}\n", self.boot, self.zero.as_micros())
    }

    /// Parses the text of [`Self::to_text`]; `None` if it is another.
    pub fn of_text(text: &str) -> Option<Self> {
        let (boot, zero) = text.trim_end().split_once(' ')?;
        Some(Self { boot: boot.to_owned(), zero: Moment::from_micros(zero.parse().ok()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);
    const NOON: Moment = Moment::from_secs(1_795_532_400);

    fn machine(boot: &str, up: Duration, wall: Moment) -> MachineTime<'_> {
        MachineTime { boot, up, wall }
    }

    #[test]
    fn a_clock_that_was_put_forward_while_turno_was_gone_for_a_second_does_not_end_anybodys_hour() {
        let line = TimeLine::resume(None, Moment::default(), machine("a", HOUR, NOON));
        let second = Duration::from_secs(1);
        for wall in [NOON + 9 * HOUR, NOON - 9 * HOUR] {
            let next = TimeLine::resume(Some(&line), NOON, machine("a", HOUR + second, wall));
            assert_eq!(next.at(HOUR + second), NOON + second);
        }
    }

    #[test]
    fn over_a_start_of_the_machine_the_wall_clock_counts_but_never_goes_behind_what_was_written() {
        let line = TimeLine::resume(None, Moment::default(), machine("a", HOUR, NOON));
        let up = Duration::from_secs(20);
        let next = TimeLine::resume(Some(&line), NOON, machine("b", up, NOON + HOUR));
        assert_eq!(next.at(up), NOON + HOUR);
        let wrong = TimeLine::resume(Some(&line), NOON, machine("b", up, Moment::from_secs(5)));
        assert_eq!(wrong.at(up), NOON);
        assert_eq!(wrong.at(up + HOUR), NOON + HOUR);
    }

    #[test]
    fn where_nobody_knows_which_start_it_is_no_two_are_the_same() {
        let line = TimeLine::resume(None, Moment::default(), machine("", HOUR, NOON));
        let next = TimeLine::resume(Some(&line), NOON, machine("", HOUR, NOON + HOUR));
        assert_eq!(next.at(HOUR), NOON + HOUR);
    }

    #[test]
    fn a_line_is_read_as_it_was_written_and_anything_else_is_none() {
        let line = TimeLine::resume(None, Moment::default(), machine("0b1d-77", HOUR, NOON));
        assert_eq!(TimeLine::of_text(&line.to_text()), Some(line.clone()));
        assert!(TimeLine::of_text(&line.to_text()).is_some_and(|it| it.is_near(&line)));
        for text in ["", "0b1d-77", "0b1d-77 noon"] {
            assert_eq!(TimeLine::of_text(text), None, "{text:?}");
        }
    }
}
