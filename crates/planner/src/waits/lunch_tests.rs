//! Lunch in turns beside lunch that nobody plans.

use std::path::Path;

use turno_model::Plan;

use super::{LunchFigures, LunchRule, live_lunch, lunch_day};

fn quito() -> Plan {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/quito");
    turno_config::load(&folder).expect("the first site is valid").0
}

#[test]
fn in_turns_everybody_has_lunch_within_its_hours_and_callers_wait_no_longer() {
    let plan = quito();
    let [unplanned, together, in_turns] = LunchRule::ALL.map(|rule| {
        let mut sum = LunchFigures::default();
        (1..=10).for_each(|seed| sum.add(&live_lunch(&lunch_day(&plan, 1_500, seed).expect("lunch"), rule)));
        sum
    });
    let share = |it: &LunchFigures| it.in_target as f64 / it.callers as f64;
    assert_eq!(in_turns.inside, in_turns.agents, "{in_turns:?}");
    assert!(in_turns.away_most <= 4 + 1, "four at once, and one who overstays: {in_turns:?}");
    assert!(share(&in_turns) >= share(&unplanned), "{in_turns:?} {unplanned:?}");
    assert!(share(&unplanned) > share(&together), "{unplanned:?} {together:?}");
    assert!(in_turns.overstays > 0, "one lunch of ten is longer");
}

#[test]
fn a_plan_without_turns_is_told_so() {
    let mut plan = quito();
    plan.aux_reasons.iter_mut().for_each(|reason| reason.turns = None);
    let why = lunch_day(&plan, 1_500, 1).expect_err("nobody takes turns");
    assert!(why.contains("aux_reason"), "{why}");
}
