//! How agents of a site take turns for a break in a scenario.

use core::time::Duration;

use turno_ground::Rng;
use turno_model::plan::{AuxReasonPlan, BreakTurns};
use turno_model::{Hours, HoursId, Plan};

/// Each span of the hours is open for so many minutes, and closed until the next one begins.
const OPEN: u16 = 3;
const EVERY: u16 = 4;

/// Lets a site have turns for its first AUX reason, by this number. The hours open every few minutes, so that the promised
/// turns lie within the scenario.
pub(crate) fn take_turns(plan: &mut Plan, luck: u64) {
    let mut rng = Rng::new(luck);
    let mut seconds = |least: u64, most: u64| Duration::from_secs(least + rng.below(most - least + 1));
    let (span, wait_limit, unused) = (seconds(5, 40), seconds(5, 90), seconds(3, 20));
    let at_once = 1 + u32::try_from(rng.below(3)).unwrap_or(0);
    let spans: Vec<_> = (0..1440 / EVERY).map(|at| (at * EVERY, at * EVERY + OPEN)).collect();
    let hours = HoursId(u32::try_from(plan.hours.len()).unwrap_or(u32::MAX));
    plan.hours.push(Hours { weekly: core::array::from_fn(|_| spans.clone()), ..Hours::always("breaks") });
    let turns = Some(BreakTurns { hours, span, at_once, wait_limit, unused });
    match plan.aux_reasons.first_mut() {
        Some(reason) => (reason.turns, reason.is_interruptible) = (turns, false),
        None => plan.aux_reasons.push(AuxReasonPlan {
            name: "break".to_owned(),
            digit: 1,
            turns,
            is_interruptible: false,
        }),
    }
}
