//! A day of the first site in the simulated world.

use core::time::Duration;
use std::sync::Arc;

use turno_planner::{Shape, Spans};
use turno_sim::{DayOrder, NoDay, live_day};
use turno_tests::stage::plan::quito;

fn order(seed: u64, calls: usize) -> DayOrder {
    DayOrder {
        seed,
        calls,
        agents: usize::MAX,
        shape: Shape::bank(),
        talk: Spans::LogNormal(Duration::from_secs(160), 0.98),
        patience: Spans::Observed(Duration::from_secs(300)),
        keeps_facts: false,
    }
}

#[test]
fn fifteen_hundred_calls_are_lived_through_and_reported() {
    // BRIEF: 1200 to 1500 calls a day, 20 agents, 07:50 to 16:30, lunch in turns.
    let lived = live_day(Arc::new(quito()), &order(1, 1500)).expect("the line opens");
    assert_eq!(lived.violation, None);
    assert_eq!(lived.day.line.arrived, 1500);
    assert_eq!(lived.span.1.since(lived.span.0), Duration::from_secs(520 * 60));
    let all = &lived.day.all;
    assert!(all.answered > 1300, "{all:?}");
    // Half an hour of lunch for each of the twenty agents.
    let aux: Duration = lived.day.agents.iter().map(|agent| agent.times.aux_all()).sum();
    assert!(aux >= Duration::from_secs(20 * 1800), "{aux:?}");
    let again = live_day(Arc::new(quito()), &order(1, 1500)).expect("the line opens");
    assert_eq!(again.hash, lived.hash);
}

#[test]
fn with_half_of_the_agents_the_same_calls_wait_longer() {
    // BRIEF: the planner's question.
    let whole = live_day(Arc::new(quito()), &order(2, 1200)).expect("the line opens");
    let half = live_day(Arc::new(quito()), &DayOrder { agents: 9, ..order(2, 1200) }).expect("it opens");
    let level = |day: &turno_ledger::Day| day.all.service_level_avaya().expect("calls were offered");
    assert!(level(&half.day) < level(&whole.day) - 0.1, "{} and {}", level(&half.day), level(&whole.day));
}

#[test]
fn a_site_that_nobody_can_call_has_no_day() {
    // Bad input.
    let mut plan = quito();
    plan.numbers.clear();
    assert_eq!(live_day(Arc::new(plan), &order(1, 10)).expect_err("no number"), NoDay::NoNumber);
    let mut plan = quito();
    plan.hours.iter_mut().for_each(|hours| hours.weekly = Default::default());
    assert_eq!(live_day(Arc::new(plan), &order(1, 10)).expect_err("never open"), NoDay::NeverOpen);
}
