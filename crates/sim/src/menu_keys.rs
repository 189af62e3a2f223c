//! Callers who press keys at random in menus, while prompts are read, and in everything that comes after.

use core::time::Duration;

use turno_ground::Rng;
use turno_model::Plan;

use crate::action::Action;
use crate::draws::one_of;

/// A key has no meaning in most menus, or leads somewhere, back, or in a circle.
const KEYS: [char; 12] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'];

/// Longest pause between two keys: long enough for a menu to be repeated after silence.
const PAUSE_MAX: u64 = 12_000;

/// In two of three scenarios of a site with menus, half of the callers press several keys.
pub(crate) fn menu_keys(plan: &Plan, seed: u64, came: &[(Duration, u32)]) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x6d65_6e75);
    let mut actions = Vec::new();
    if plan.menus.is_empty() || rng.below(3) == 0 {
        return actions;
    }
    for &(at, caller) in came {
        if rng.below(2) == 0 {
            continue;
        }
        let mut at = at + Duration::from_millis(rng.below(4_000));
        for _ in 0..=rng.below(9) {
            actions.push((at, Action::CallerPresses(caller, one_of(&KEYS, &mut rng))));
            at += Duration::from_millis(rng.below(PAUSE_MAX));
        }
    }
    actions
}
