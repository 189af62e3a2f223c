//! Dials that do not reach the person: how often, with which pauses, and what the agent has of it.

use turno_model::{AgentState, CallbackChange, CallbackFailure, ContactOutcome, OfferOutcome};
use turno_tests::stage::{Stage, answering, refusing, ringing, secs};

use crate::people::{asks, busy_site, changes, citizen};

fn failed(stage: &Stage, why: CallbackFailure) -> usize {
    changes(stage, |change| *change == CallbackChange::Failed(why))
}

#[test]
fn a_busy_citizen_is_dialled_again_after_the_pause_and_then_given_up() {
    let (mut stage, ana, first) = busy_site();
    let person = citizen(&mut stage, refusing(486));
    asks(&mut stage);
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.until("the citizen is busy", secs(60), |stage| failed(stage, CallbackFailure::Busy) == 1);
    assert_eq!(stage.state("a001"), AgentState::Available, "no cool-down and no after-call work");
    let rung = stage.times_rung(ana);
    stage.run_for(secs(110));
    assert_eq!(stage.times_rung(ana), rung, "the pause is not over");
    stage.run_for(secs(30));
    assert_eq!((stage.times_rung(ana), stage.times_rung(person)), (rung + 1, 2));
    assert_eq!(changes(&stage, |change| *change == CallbackChange::GivenUp), 1);
    assert_eq!((stage.ended(ContactOutcome::Outflowed), stage.ended(ContactOutcome::Abandoned)), (1, 0));
    assert_eq!(stage.settled(OfferOutcome::NoAnswer), 0);
    stage.finish();
}

#[test]
fn a_phone_that_nobody_answers_rings_for_its_time() {
    let (mut stage, _, first) = busy_site();
    let person = citizen(&mut stage, ringing());
    asks(&mut stage);
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.until("the citizen's phone rings", secs(60), |stage| stage.times_rung(person) == 1);
    stage.run_for(secs(28));
    assert_eq!(failed(&stage, CallbackFailure::NoAnswer), 0);
    assert_eq!(stage.state("a001"), AgentState::Ringing, "longer than an offer rings");
    stage.run_for(secs(4));
    assert_eq!(failed(&stage, CallbackFailure::NoAnswer), 1);
    let call = stage.last_incoming(person).expect("it rang");
    assert!(stage.is_over(call), "it rings no more");
    stage.behaves(person, answering(secs(1)));
    stage.until("the second dial is answered", secs(300), |stage| {
        changes(stage, |change| *change == CallbackChange::Reached) == 1
    });
    let call = stage.last_incoming(person).expect("it rang");
    stage.hangs_up(call);
    stage.finish();
}

#[test]
fn a_citizen_who_refuses_and_one_who_can_not_be_reached_are_told_apart() {
    for (status, why) in [
        (603, CallbackFailure::Refused),
        (404, CallbackFailure::Unreachable),
        (480, CallbackFailure::NoAnswer),
    ] {
        let (mut stage, _, first) = busy_site();
        citizen(&mut stage, refusing(status));
        asks(&mut stage);
        stage.run_for(secs(20));
        stage.hangs_up(first);
        stage.run_for(secs(30));
        assert_eq!(failed(&stage, why), 1, "{status}");
        stage.run_for(secs(200));
        stage.finish();
    }
}

#[test]
fn an_agent_who_does_not_answer_loses_the_offer_and_nobody_is_dialled() {
    let (mut stage, ana, first) = busy_site();
    let person = citizen(&mut stage, answering(secs(1)));
    asks(&mut stage);
    stage.behaves(ana, ringing());
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.run_for(secs(40));
    assert_eq!((stage.settled(OfferOutcome::NoAnswer), stage.times_rung(person)), (1, 0));
    stage.behaves(ana, answering(secs(1)));
    stage.until("the next offer is answered", secs(120), |stage| {
        changes(stage, |change| *change == CallbackChange::Reached) == 1
    });
    let call = stage.last_incoming(person).expect("it rang");
    stage.hangs_up(call);
    stage.finish();
}

#[test]
fn an_agent_who_hangs_up_while_the_phone_rings_ends_the_dial() {
    let (mut stage, ana, first) = busy_site();
    let person = citizen(&mut stage, ringing());
    asks(&mut stage);
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.until("the citizen's phone rings", secs(60), |stage| stage.times_rung(person) == 1);
    let held = stage.last_incoming(ana).expect("it rang");
    stage.hangs_up(held);
    stage.run_for(secs(2));
    let call = stage.last_incoming(person).expect("it rang");
    assert!(stage.is_over(call));
    assert_eq!(failed(&stage, CallbackFailure::AgentLeft), 1);
    stage.run_for(secs(600));
    stage.finish();
}
