//! Sites whose queues call back by other rules, callers who often want it, and who answers when they are dialled.

use core::time::Duration;

use turno_ground::Rng;
use turno_media_plan::Answerer;
use turno_model::Plan;
use turno_model::plan::CallbackFirst;

use crate::action::Action;
use crate::draws::{SPAN_MICROS, one_of};
use crate::plan_mutation::PlanMutation;

/// The callers' keys after the first: for now, for another time, another number.
const KEYS: [&str; 6] = ["1", "1", "1", "31", "32", "20991234567#1"];

/// How often somebody else answers at most.
const CHANGES_MAX: u64 = 5;

/// In half of the scenarios. They have an Rng of their own, so that the rest of a seed stays the same.
pub(crate) fn callback_rules(
    seed: u64,
    came: &[(Duration, u32)],
) -> (Option<PlanMutation>, Vec<(Duration, Action)>) {
    let mut rng = Rng::new(seed ^ 0x6168_6561_64);
    let mut actions = Vec::new();
    if rng.below(2) == 0 {
        return (None, actions);
    }
    let rules = PlanMutation::Callbacks(rng.number());
    for &(at, caller) in came {
        if rng.below(2) == 0 {
            continue;
        }
        let mut at = at + Duration::from_millis(3_000 + rng.below(12_000));
        actions.push((at, Action::CallerPresses(caller, '1')));
        for key in one_of(&KEYS, &mut rng).chars() {
            at += Duration::from_millis(300 + rng.below(900));
            actions.push((at, Action::CallerPresses(caller, key)));
        }
    }
    for change in 0..rng.below(CHANGES_MAX) {
        let at = if change == 0 { Duration::ZERO } else { Duration::from_micros(rng.below(SPAN_MICROS)) };
        let who = [Answerer::Person, Answerer::Person, Answerer::Machine, Answerer::Silence];
        let who = (one_of(&who, &mut rng), Duration::from_millis(rng.below(9_000)));
        actions.push((at, Action::Answers(who.0, who.1)));
    }
    (Some(rules), actions)
}

/// Gives the callbacks of queues other rules, by this number; most dial the citizen first.
pub(crate) fn call_back(plan: &mut Plan, luck: u64) {
    let mut rng = Rng::new(luck);
    for queue in &mut plan.queues {
        let (first, ahead) = (rng.below(4), Duration::from_secs(rng.below(60)));
        let (tries, pause, ring) = (1 + rng.below(3), 10 + rng.below(30), 5 + rng.below(15));
        let leaves_machines = rng.below(4) > 0;
        let Some(callback) = &mut queue.callback else { continue };
        callback.first = if first == 0 { CallbackFirst::Agent } else { CallbackFirst::Citizen };
        callback.leaves_machines = leaves_machines && callback.first == CallbackFirst::Citizen;
        callback.ahead = ahead;
        callback.tries = u8::try_from(tries).unwrap_or(1);
        (callback.pause, callback.ring) = (Duration::from_secs(pause), Duration::from_secs(ring));
    }
}
