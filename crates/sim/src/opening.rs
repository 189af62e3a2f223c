//! When a site opens and closes on the simulated day.

use core::time::Duration;

use turno_ground::{Moment, Rng};
use turno_model::{OpenState, Plan};

/// Monday, 23 November 2026, 00:00 UTC: the search for an open day begins here.
const MONDAY: Moment = Moment::from_secs(1_795_392_000);
/// Where the search ends: a fortnight, in minutes.
const MINUTES: u32 = 14 * 24 * 60;
/// How long the day of a line that never closes is simulated.
const DAY_MAX: Duration = Duration::from_secs(12 * 3600);

const MINUTE: Duration = Duration::from_secs(60);

/// When the line opens and closes on the first day on which all numbers are open; if it never closes, the first twelve
/// hours. `None` if it does not open within a fortnight.
pub fn day(plan: &Plan) -> Option<(Moment, Moment)> {
    let is_open = |at: Moment| {
        plan.numbers
            .iter()
            .filter_map(|number| number.hours)
            .all(|hours| plan.hours[hours.index()].at(at) == OpenState::Open)
    };
    let begin = (0..MINUTES).map(|minute| MONDAY + MINUTE * minute).find(|at| is_open(*at))?;
    let mut end = begin;
    while is_open(end) && end.since(begin) < DAY_MAX {
        end = end + MINUTE;
    }
    Some((begin, end))
}

/// When a scenario begins: mostly while the line is open, sometimes shortly before it opens or closes.
pub(crate) fn moment(plan: &Plan, rng: &mut Rng) -> Moment {
    let Some((begin, end)) = day(plan) else { return MONDAY };
    match rng.below(8) {
        0 => begin - MINUTE,
        1 => end - MINUTE,
        _ => begin + Duration::from_secs(rng.below(end.since(begin).as_secs().saturating_sub(600))),
    }
}
