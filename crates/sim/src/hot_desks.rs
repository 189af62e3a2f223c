//! When agents of a scenario sit down by PIN or call the agents' line, and which PINs the site has.

use core::time::Duration;

use turno_ground::{Rng, Secret};
use turno_model::Plan;

use crate::action::Action;
use crate::agent_deed::KeyedIn;
use crate::draws::SPAN_MICROS;
use crate::plan_mutation::PlanMutation;

/// The number of the agents' line.
const AGENTS_LINE: &str = "023952301";

/// How often somebody keys in a PIN at most, after the first time.
const KEYED_MAX: u64 = 14;

/// In one scenario of three. It has an Rng of its own, so that the rest of a seed stays the same.
pub(crate) fn hot_desks(seed: u64, agents: usize) -> (Option<PlanMutation>, Vec<(Duration, Action)>) {
    let mut rng = Rng::new(seed ^ 0x6465_736b);
    if rng.below(3) > 0 {
        return (None, Vec::new());
    }
    let rules = PlanMutation::Pins(rng.number());
    let index = |below: u64, rng: &mut Rng| usize::try_from(rng.below(below.max(1))).unwrap_or(0);
    // Whose PIN is tried most.
    let often = index(agents as u64, &mut rng);
    let mut actions = Vec::new();
    for _ in 0..=rng.below(KEYED_MAX) {
        let at = Duration::from_micros(rng.below(SPAN_MICROS));
        let agent = if rng.below(2) == 0 { often } else { index(agents as u64 + 2, &mut rng) };
        let keys = KeyedIn {
            agent,
            wrong: if rng.below(2) == 0 { 0 } else { u8::try_from(rng.below(4)).unwrap_or(0) },
            is_right: rng.below(4) > 0,
            stops_after: (rng.below(8) == 0).then(|| u8::try_from(rng.below(12)).unwrap_or(0)),
        };
        let action = match rng.below(5) {
            0 | 1 => Action::CallsLine(keys, rng.number()),
            // The last desks have no owner.
            2 | 3 => Action::KeysIn(index(2, &mut rng), keys),
            _ => Action::KeysIn(index(8, &mut rng), keys),
        };
        actions.push((at, action));
    }
    if rng.below(2) == 0 {
        actions.extend(tries_on(often, rng.below(2) == 0, &mut rng));
    }
    (Some(rules), actions)
}

/// Somebody tries one PIN after another, and then comes who knows it.
fn tries_on(agent: usize, is_line: bool, rng: &mut Rng) -> Vec<(Duration, Action)> {
    let mut at = Duration::from_micros(rng.below(SPAN_MICROS / 2));
    let mut actions = Vec::new();
    for turn in 0..6 {
        let is_right = turn > 2;
        let keys = KeyedIn { agent, wrong: if is_right { 0 } else { 2 }, is_right, stops_after: None };
        // At several desks at once, or one after another by the one telephone that there is.
        let action = if is_line { Action::CallsLine(keys, 0) } else { Action::KeysIn(turn % 3, keys) };
        actions.push((at, action));
        at += Duration::from_secs(if is_line || turn > 1 { 14 } else { 1 });
    }
    actions
}

/// Gives agents PINs by this number, extensions that can be keyed in, and the site an agents' line if carriers lead to it.
pub(crate) fn give_pins(plan: &mut Plan, luck: u64) {
    let mut rng = Rng::new(luck);
    let agents = plan.agents.iter_mut().map(|agent| &mut agent.extension);
    let seats = plan.seats.iter_mut().map(|seat| &mut seat.extension);
    for extension in agents.chain(seats).filter(|it| !it.chars().all(|sign| sign.is_ascii_digit())) {
        let digits: String = extension.chars().filter(char::is_ascii_digit).collect();
        *extension = format!("1{digits}");
    }
    for (place, agent) in plan.agents.iter_mut().enumerate() {
        agent.pin = (rng.below(6) > 0).then(|| Secret::new(format!("47{place:04}")));
    }
    plan.phones.agents_line = plan.dial_out.trunk.map(|_| AGENTS_LINE.to_owned());
}
