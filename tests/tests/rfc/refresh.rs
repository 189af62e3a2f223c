//! Requests that cross within a call.

use core::time::Duration;

use turno_model::AgentState;
use turno_tests::stage::{Desk, Line, Stage, answering, millis, secs};

fn talking() -> (Stage, Desk, Line, Line) {
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7001", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    stage.run_for(secs(1));
    (stage, ana, caller, at_ana)
}

/// Time from the beginning of a call to the engine's first request in it.
fn first_refresh() -> Duration {
    let (mut stage, ..) = talking();
    let (began, messages) = (stage.now(), stage.messages());
    stage.until("the call is refreshed", secs(3600), |stage| stage.messages() > messages);
    let after = stage.now().since(began);
    stage.finish();
    after
}

#[test]
fn a_hold_that_meets_a_refresh_is_made_all_the_same() {
    // RFC 3261, 14.1: glare, 491, and another try.
    let refresh = first_refresh();
    assert!(refresh < secs(1800), "{refresh:?}");
    for early in 0..6 {
        let (mut stage, _, caller, at_ana) = talking();
        stage.run_for(refresh - millis(early));
        stage.holds(at_ana);
        stage.holds(caller);
        stage.run_for(secs(10));
        assert_eq!(stage.state("a001"), AgentState::Holding, "{early} ms early");
        stage.resumes(at_ana);
        stage.resumes(caller);
        stage.run_for(secs(10));
        assert!(stage.hear_each_other(caller, at_ana), "{early} ms early");
        stage.finish();
    }
}

#[test]
fn both_sides_may_hang_up_during_a_refresh() {
    // RFC 3261, 15.1.2.
    let refresh = first_refresh();
    for early in 0..6 {
        let (mut stage, _, caller, at_ana) = talking();
        stage.run_for(refresh - millis(early));
        stage.hangs_up(at_ana);
        stage.hangs_up(caller);
        stage.finish();
    }
}

#[test]
fn a_long_call_is_refreshed_for_hours() {
    // RFC 4028, 10.
    let (mut stage, _, caller, at_ana) = talking();
    stage.run_for(secs(4 * 3600));
    assert!(stage.hear_each_other(caller, at_ana));
    stage.finish();
}

#[test]
fn a_caller_without_session_timers_who_vanishes_is_missed_however_late() {
    // RFC 4028, 4: support by one side is enough. The stage's phones do not support session timers.
    let mut stage = Stage::with(|plan| plan.media.inactivity = None);
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7001", "0991234567");
    stage.talks_to(caller, ana);
    // The caller's phone has answered several refreshes, always without Session-Expires.
    stage.run_for(secs(2 * 3600));
    stage.vanishes(caller.desk);
    stage.run_for(secs(3600));
    assert_ne!(stage.state("a001"), AgentState::Talking, "nobody is there");
    stage.finish();
}
