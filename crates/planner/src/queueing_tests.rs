//! Tests the simulation against Erlang's formulas: rows 1, 2 and 5 to 10 of ../shared/data/erlang.md.

use super::*;
use crate::erlang::{Load, expected};

/// How many standard errors a figure may differ from its formula. One test in 16,000 would fail by chance; the seed is
/// fixed.
const ERRORS_MAX: f64 = 4.0;

fn plan() -> Plan {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/lab");
    turno_config::load(&folder).expect("the lab plan is valid").0
}

fn is(name: &str, found: Measured, stated: f64, error_max: f64) {
    println!("{name}: {:.4} +- {:.4}, {stated:.4} by formula", found.value, found.error);
    assert!(found.error <= error_max, "{name}: an error of {} tells nothing", found.error);
    let errors = (found.value - stated).abs() / found.error.max(1e-9);
    assert!(errors <= ERRORS_MAX, "{name}: {found:?} is {errors:.1} errors from {stated}");
}

/// Simulates a row and compares it with the formula; `wait_error_max` is the largest error of the wait, in seconds.
fn row(load: Load, seed: u64, calls: u64, wait_error_max: f64) {
    let seconds = Duration::from_secs_f64;
    let order = QueueOrder {
        seed,
        agents: load.agents,
        between: seconds(1.0 / load.calls),
        handling: Spans::Exponential(seconds(load.handling)),
        patience: load.patience.map(|patience| Spans::Exponential(seconds(patience))),
        threshold: seconds(load.threshold),
        warm_up: calls / 20,
        calls,
    };
    let found = measure(&plan(), &order);
    let stated = expected(&load).expect("the load can be carried");
    is("waits at all", found.waits, stated.waits, 0.02);
    is("wait", found.wait, stated.wait, wait_error_max);
    is("in time", found.in_time, stated.in_time, 0.03);
    is("occupancy", found.occupancy, stated.occupancy, 0.005);
    if load.patience.is_some() {
        is("gives up", found.gives_up, stated.gives_up, 0.004);
    }
}

fn c(agents: u32, calls_per_half_hour: f64, handling: f64, threshold: f64) -> Load {
    Load { agents, calls: calls_per_half_hour / 1800.0, handling, patience: None, threshold }
}

#[test]
fn twenty_agents_meet_erlang_c() {
    // Rows 1 and 2.
    row(c(20, 100.0, 240.0, 20.0), 1, 150_000, 0.25);
    row(c(20, 100.0, 300.0, 20.0), 2, 150_000, 3.0);
}

#[test]
fn fifty_five_and_fourteen_agents_meet_erlang_c() {
    // Rows 5 and 6.
    row(c(55, 360.0, 240.0, 15.0), 3, 150_000, 1.5);
    row(c(14, 100.0, 180.0, 20.0), 4, 150_000, 0.6);
}

#[test]
fn a_nearly_saturated_room_meets_erlang_c_and_with_patience_erlang_a() {
    // Rows 7 and 8.
    row(c(50, 48.0 * 30.0, 60.0, 20.0), 5, 400_000, 2.0);
    let impatient = Load { patience: Some(120.0), ..c(50, 48.0 * 30.0, 60.0, 20.0) };
    row(impatient, 6, 150_000, 0.25);
}

#[test]
fn the_first_sites_peak_meets_erlang_a() {
    // Rows 9 and 10.
    for (agents, seed) in [(20, 7), (17, 8)] {
        let load =
            Load { agents, calls: 260.0 / 3600.0, handling: 240.0, patience: Some(180.0), threshold: 20.0 };
        row(load, seed, 100_000, 0.7);
    }
}

#[test]
fn lognormal_talks_with_the_same_mean_wait_longer_than_erlang_says() {
    // Pollaczek and Khinchine: a larger spread of handling times means longer waits. A simulator must show it; the
    // formula does not.
    let seconds = Duration::from_secs;
    let order = |handling| QueueOrder {
        seed: 9,
        agents: 5,
        between: seconds(40),
        handling,
        patience: None,
        threshold: seconds(20),
        warm_up: 5_000,
        calls: 200_000,
    };
    let plain = measure(&plan(), &order(Spans::Exponential(seconds(160))));
    let spread = measure(&plan(), &order(Spans::LogNormal(seconds(160), 0.98)));
    let error = plain.wait.error.hypot(spread.wait.error);
    assert!(spread.wait.value > plain.wait.value + 2.0 * error, "{plain:?} {spread:?}");
}
