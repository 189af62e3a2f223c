//! A change that a reload reports as applied is in force for the next request.

use turno_ground::Secret;
use turno_model::AgentState;
use turno_model::plan::SipPlan;
use turno_tests::stage::{Stage, answering, millis, plan, secs};

#[test]
fn a_number_denied_by_a_reload_is_refused_to_the_next_who_dials_it() {
    // Wound: the block on toll fraud is in the plan, and calls go out all night.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let before = stage.dials(ana, "0991234567");
    stage.run_for(millis(100));
    assert_eq!(stage.refusal(before), None, "it goes out");
    stage.hangs_up(before);
    stage.run_for(secs(1));
    let mut edited = plan::site();
    edited.dial_out.deny = vec!["099.".to_owned()];
    stage.replans(edited.clone());
    let after = stage.dials(ana, "0991234567");
    stage.run_for(secs(1));
    assert!(stage.refusal(after).is_some(), "it is refused");
    edited.dial_out.deny.clear();
    edited.dial_out.allow.clear();
    stage.replans(edited);
    let nothing = stage.dials(ana, "0981234567");
    stage.run_for(secs(1));
    assert!(stage.refusal(nothing).is_some(), "nothing is allowed any more");
    stage.finish();
}

#[test]
fn a_password_changed_by_a_reload_is_asked_for_at_once() {
    // Wound: a stolen password is changed, and the thief can still dial with it.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let mut edited = plan::site();
    edited.seats[0].password = Secret::new("other");
    stage.replans(edited);
    let call = stage.dials(ana, "0991234567");
    stage.run_for(secs(1));
    assert!(stage.refusal(call).is_some(), "the old password calls nobody");
    stage.finish();
}

#[test]
fn phones_are_asked_as_often_as_the_plan_says_now() {
    // Wound: a reload sets the interval, and phones that were registered before never get OPTIONS.
    let asked = |interval: Option<u64>| {
        let mut edited = plan::site();
        edited.sip = SipPlan { options_interval: interval.map(secs), options_misses_max: 2, ..edited.sip };
        edited
    };
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    stage.replans(asked(Some(5)));
    stage.vanishes(ana);
    stage.run_for(secs(100));
    assert!(matches!(stage.state("a001"), AgentState::Aux(_)), "the phone that is gone is found out");
    stage.replans(asked(None));
    assert_eq!(stage.state("a001"), AgentState::Available, "its registration alone counts again");
    stage.run_for(secs(100));
    assert_eq!(stage.state("a001"), AgentState::Available);
    stage.finish();
}

#[test]
fn an_address_that_is_never_to_be_banned_is_let_in_by_the_reload_that_says_so() {
    // Wound: the branch office stays banned for a day after the plan was corrected.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let address: core::net::IpAddr = "203.0.113.9".parse().expect("an address");
    stage.command(turno_model::Command::Ban(address, secs(3600))).expect("it is banned");
    assert_eq!(stage.bans().len(), 1);
    let mut edited = plan::site();
    edited.fence.never_ban = vec![("203.0.113.0".parse().expect("an address"), 24)];
    stage.replans(edited);
    assert!(stage.bans().is_empty(), "it is let in");
    stage.crashes(secs(1));
    assert!(stage.bans().is_empty(), "also after a crash");
    stage.finish();
}
