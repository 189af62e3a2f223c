//! Tests the formulas against published values: the rows of ../shared/data/erlang.md, by number.

use super::*;

fn c(agents: u32, calls_per_half_hour: f64, handling: f64, threshold: f64) -> Expected {
    let calls = calls_per_half_hour / 1800.0;
    expected(&Load { agents, calls, handling, patience: None, threshold }).expect("the load can be carried")
}

fn a(agents: u32, calls: f64, handling: f64, patience: f64, threshold: f64) -> Expected {
    let load = Load { agents, calls, handling, patience: Some(patience), threshold };
    expected(&load).expect("callers who give up can't pile up")
}

fn is(found: f64, stated: f64, digit: f64) {
    assert!((found - stated).abs() <= digit / 2.0 + 1e-12, "{found} is not {stated}");
}

#[test]
fn erlang_c_gives_the_published_speeds_of_answer() {
    // Rows 1 and 2.
    // Exactly 2.2435058465 and 30.4312291134 (by fractions of whole numbers). The published digits are right to about
    // two parts in a hundred million, which is the tolerance here.
    is(c(20, 100.0, 240.0, 20.0).wait, 2.243_505_841, 1e-7);
    is(c(20, 100.0, 300.0, 20.0).wait, 30.431_228_6, 1.2e-6);
    is(c(20, 100.0, 240.0, 20.0).wait, 2.243_505_846_5, 1e-9);
    is(c(20, 100.0, 300.0, 20.0).wait, 30.431_229_113_4, 1e-9);
}

#[test]
fn fractions_of_agents_meet_the_published_targets_and_whole_ones_stand_around_them() {
    // Rows 3 and 4.
    for (target, stated) in [(5.0, 41.226_63), (30.0, 37.317_23)] {
        let found = agents_for(200.0 / 1800.0, 300.0, target);
        // The source truncates its digits where others round.
        is(found, stated, 2e-5);
        let (fewer, more) = (found.floor() as u32, found.ceil() as u32);
        assert!(c(fewer, 200.0, 300.0, 20.0).wait > target);
        assert!(c(more, 200.0, 300.0, 20.0).wait < target);
    }
}

#[test]
fn erlang_c_agrees_with_another_program() {
    // Rows 5 and 6: pyworkforce.
    let row = c(55, 360.0, 240.0, 15.0);
    is(row.waits, 0.2387, 1e-4);
    is(row.wait, 8.18, 1e-2);
    is(row.in_time, 0.8459, 1e-4);
    let row = c(14, 100.0, 180.0, 20.0);
    is(row.waits, 0.1741, 1e-4);
    is(row.wait, 7.84, 1e-2);
    is(row.in_time, 0.8884, 1e-4);
}

#[test]
fn fifty_agents_at_ninety_six_percent_are_as_published_with_and_without_patience() {
    // Rows 7 and 8: Garnett, Mandelbaum and Reiman 2002.
    let row = c(50, 48.0 * 30.0, 60.0, 20.0);
    is(row.wait, 20.83, 1e-2);
    is(row.occupancy, 0.96, 1e-2);
    let row = a(50, 0.8, 60.0, 120.0, 20.0);
    is(row.gives_up, 0.0309, 1e-4);
    is(row.wait, 3.71, 1e-2);
    is(row.occupancy, 0.930, 1e-3);
}

#[test]
fn the_first_sites_peak_with_patience_is_as_computed() {
    // Rows 9 and 10: exact solutions.
    let row = a(20, 260.0 / 3600.0, 240.0, 180.0, 20.0);
    is(row.waits, 0.2746, 1e-4);
    is(row.gives_up, 0.0440, 1e-4);
    is(row.wait, 7.93, 1e-2);
    assert!((row.in_time - 0.8289).abs() < 5e-4, "{}", row.in_time);
    let row = a(17, 260.0 / 3600.0, 240.0, 180.0, 20.0);
    is(row.waits, 0.5289, 1e-4);
    is(row.gives_up, 0.1119, 1e-4);
    is(row.wait, 20.14, 1e-2);
    assert!((row.in_time - 0.6086).abs() < 5e-4, "{}", row.in_time);
}

#[test]
fn a_load_that_cannot_be_carried_is_refused() {
    let load = Load { agents: 10, calls: 1.0, handling: 10.0, patience: None, threshold: 20.0 };
    assert_eq!(expected(&load), None);
}
