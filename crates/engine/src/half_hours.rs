//! The next half hours that a caller may choose for a callback.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{Hours, OpenState};

/// How many times are offered: a caller keeps no more in mind.
const OFFERED: usize = 3;

/// A time that is nearer than this is not offered.
const NEAREST: Duration = Duration::from_secs(10 * 60);

/// How far ahead times are looked for.
const AHEAD_MAX: u64 = 48;

const HALF_HOUR: u64 = 30 * 60;

/// The next half hours at which the site is open: how far away each is, and its minute of the day.
pub(crate) fn half_hours(hours: Option<&Hours>, wall: Moment) -> Vec<(Duration, u16)> {
    // Zones differ from UTC by whole half hours or by 45 minutes; the local minute decides.
    let minute = |at: Moment| minute_of_day(hours, at);
    let into = u64::from(minute(wall) % 30) * 60 + wall.as_micros() / 1_000_000 % 60;
    let first = HALF_HOUR - into;
    let times = (0..AHEAD_MAX).map(|at| Duration::from_secs(first + at * HALF_HOUR));
    let is_open = |after: &Duration| hours.is_none_or(|hours| hours.at(wall + *after) == OpenState::Open);
    times
        .filter(|after| *after >= NEAREST)
        .filter(is_open)
        .take(OFFERED)
        .map(|after| (after, minute(wall + after)))
        .collect()
}

/// The minute of the day that clocks of the site show.
pub(crate) fn minute_of_day(hours: Option<&Hours>, wall: Moment) -> u16 {
    hours.map_or_else(|| utc_minute(wall), |hours| hours.minute_of_day(wall))
}

fn utc_minute(at: Moment) -> u16 {
    u16::try_from(at.as_micros() / 60_000_000 % 1_440).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_three_half_hours_are_offered_and_none_that_is_too_near() {
        let day = 20_000 * 86_400;
        let at = |hour: u64, minute: u64, second: u64| {
            half_hours(None, Moment::from_secs(day + hour * 3_600 + minute * 60 + second))
        };
        let minutes =
            |times: Vec<(Duration, u16)>| times.into_iter().map(|(_, minute)| minute).collect::<Vec<_>>();
        assert_eq!(at(10, 3, 20)[0], (Duration::from_secs(26 * 60 + 40), 630));
        assert_eq!(minutes(at(10, 3, 20)), [630, 660, 690]);
        assert_eq!(minutes(at(10, 25, 0)), [660, 690, 720], "10:30 is too near");
        assert_eq!(minutes(at(23, 40, 0)), [0, 30, 60]);
    }
}
