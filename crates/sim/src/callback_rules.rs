//! Sites whose queues call back by other rules, callers who often want it, and who answers when they are dialled.

use core::time::Duration;

use turno_ground::Rng;
use turno_media_plan::Answerer;
use turno_model::Plan;
use turno_model::plan::{AcwPlan, CallbackFirst, Entry, NumberPlan};

use crate::action::{Action, Arrival, Temper};
use crate::draws::{SPAN_MICROS, one_of};
use crate::plan_mutation::PlanMutation;

/// The callers' keys after the first: for now, for another time, another number.
const KEYS: [&str; 6] = ["1", "1", "1", "31", "32", "20991234567#1"];

/// The callers who come together.
const CROWD: u32 = 14;

/// How often somebody else answers at most.
const CHANGES_MAX: u64 = 5;

/// In one scenario of four. A crowd comes besides the other callers, so that the agents are busy, and many of it want to be
/// called back. They have an Rng of their own.
pub(crate) fn callback_rules(
    seed: u64,
    plan: &Plan,
    callers: u32,
) -> (Option<PlanMutation>, Vec<(Duration, Action)>) {
    let mut rng = Rng::new(seed ^ 0x61_6865_6164);
    let mut actions = Vec::new();
    let direct = |number: &NumberPlan| matches!(number.entry, Entry::Queue(_));
    let Some(number) = plan.numbers.iter().position(direct).filter(|_| rng.below(4) == 0) else {
        return (None, actions);
    };
    let rules = PlanMutation::Callbacks(rng.number());
    let begin = rng.below(60_000);
    for caller in callers..callers + CROWD {
        let mut at = Duration::from_millis(begin + rng.below(8_000));
        let arrival = Arrival {
            caller,
            number,
            key: None,
            patience: None,
            talk: Duration::from_millis(5_000 + rng.below(25_000)),
            redials: (1, Duration::from_millis(rng.below(60_000))),
            late_offer: false,
        };
        actions.push((at, Action::Arrives(arrival)));
        at += Duration::from_millis(1_000 + rng.below(6_000));
        for key in ["1", one_of(&KEYS, &mut rng)].concat().chars() {
            at += Duration::from_millis(300 + rng.below(900));
            actions.push((at, Action::CallerPresses(caller, key)));
        }
    }
    for change in 0..rng.below(CHANGES_MAX) {
        let at = if change == 0 { Duration::ZERO } else { Duration::from_micros(rng.below(SPAN_MICROS)) };
        let who = [Answerer::Person, Answerer::Person, Answerer::Machine, Answerer::Silence];
        let who = (one_of(&who, &mut rng), Duration::from_millis(rng.below(9_000)));
        actions.push((at, Action::Answers(who.0, who.1)));
        let after = Duration::from_millis(rng.below(6_000));
        let tempers = [Temper::Refusing(486), Temper::Refusing(603), Temper::Slow, Temper::Prompt(after)];
        actions.push((at + after, Action::CitizenIs(one_of(&tempers, &mut rng))));
    }
    (Some(rules), actions)
}

/// Gives each queue callbacks, if any has them, by rules of this number; most dial the citizen first.
pub(crate) fn call_back(plan: &mut Plan, luck: u64) {
    let mut rng = Rng::new(luck);
    let Some(like) = plan.queues.iter().find_map(|queue| queue.callback.clone()) else { return };
    let acw = Duration::from_secs(5 + rng.below(40));
    for queue in &mut plan.queues {
        // Agents who are seldom free, so that callers wait.
        queue.acw = AcwPlan::Timed(acw);
        let (first, ahead) = (rng.below(4), Duration::from_secs(rng.below(60)));
        let (tries, pause, ring) = (1 + rng.below(3), 10 + rng.below(30), 5 + rng.below(15));
        let leaves_machines = rng.below(4) > 0;
        let callback = queue.callback.get_or_insert_with(|| like.clone());
        callback.first = if first == 0 { CallbackFirst::Agent } else { CallbackFirst::Citizen };
        callback.leaves_machines = leaves_machines && callback.first == CallbackFirst::Citizen;
        callback.ahead = ahead;
        callback.tries = u8::try_from(tries).unwrap_or(1);
        (callback.pause, callback.ring) = (Duration::from_secs(pause), Duration::from_secs(ring));
    }
}
