//! The citizen is dialled before an agent has the contact, and then waits on the phone at the old place in line.

use turno_media_plan::Audio;
use turno_model::plan::{CallbackFirst, CallbackPlan, QueuePlan};
use turno_model::{AgentState, CallbackChange, CallbackFailure, ContactOutcome, OfferOutcome};
use turno_tests::stage::{Desk, Line, Stage, answering, millis, refusing, ringing, secs};

use crate::people::{asks, busy_site_with, change, changes, citizen, waits};

/// Ana is the only agent and talks; her after-call work is ten seconds.
fn site() -> (Stage, Desk, Line) {
    busy_site_with(|callback: &mut CallbackPlan, queue: &mut QueuePlan| {
        callback.first = CallbackFirst::Citizen;
        queue.acw = turno_model::plan::AcwPlan::Timed(secs(10));
    })
}

fn dials(stage: &Stage) -> usize {
    changes(stage, |change| matches!(change, CallbackChange::Dialled { .. }))
}

/// The citizen and Ana hear each other.
fn they_talk(stage: &mut Stage, person: Desk, ana: Desk) {
    stage.until("the citizen talks to Ana", secs(60), |stage| {
        stage
            .last_incoming(person)
            .zip(stage.last_incoming(ana))
            .is_some_and(|(one, other)| stage.hear_each_other(one, other))
    });
}

fn hangs_up_last(stage: &mut Stage, person: Desk) {
    let call = stage.last_incoming(person).expect("it rang");
    stage.hangs_up(call);
}

#[test]
fn a_citizen_is_dialled_when_the_agent_is_free_and_the_agent_hears_no_ringing() {
    let (mut stage, ana, first) = site();
    let person = citizen(&mut stage, answering(secs(6)));
    asks(&mut stage);
    let later = waits(&mut stage, "0997777777");
    stage.run_for(secs(30));
    assert_eq!(dials(&stage), 0, "the only agent talks");
    stage.hangs_up(first);
    // Who is on the phone does not wait for a dial, and the citizen is not dialled while nobody is free.
    let talk = stage.talks_to(later, ana);
    stage.run_for(secs(20));
    assert_eq!(dials(&stage), 0);
    stage.hangs_up(talk);
    let rung = stage.times_rung(ana);
    stage.until("the citizen's phone rings", secs(20), |stage| stage.times_rung(person) == 1);
    assert_eq!((stage.times_rung(ana), stage.state("a001")), (rung, AgentState::Available));
    stage.until("somebody answers", secs(20), |stage| change(stage, &CallbackChange::PickedUp));
    they_talk(&mut stage, person, ana);
    assert_eq!((stage.times_rung(ana), stage.times_rung(person)), (rung + 1, 1));
    assert_eq!(changes(&stage, |change| *change == CallbackChange::Reached), 1);
    hangs_up_last(&mut stage, person);
    stage.run_for(secs(30));
    assert_eq!((stage.ended(ContactOutcome::Answered), stage.ended(ContactOutcome::Abandoned)), (3, 0));
    stage.finish();
}

#[test]
fn the_citizen_hears_at_once_who_calls_and_then_music_until_the_agent_answers() {
    // Wound: somebody who answers a dialler hears nothing, says hello twice and hangs up.
    let (mut stage, ana, first) = site();
    stage.behaves(ana, answering(secs(8)));
    let person = citizen(&mut stage, answering(secs(1)));
    asks(&mut stage);
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.until("somebody answers", secs(60), |stage| change(stage, &CallbackChange::PickedUp));
    let call = stage.last_incoming(person).expect("it rang");
    assert!(matches!(stage.hears(call), Some(Audio::Prompts(_) | Audio::Music)));
    stage.run_for(secs(5));
    assert_eq!(stage.hears(call), Some(Audio::Music));
    they_talk(&mut stage, person, ana);
    hangs_up_last(&mut stage, person);
    stage.finish();
}

#[test]
fn a_citizen_who_hangs_up_in_line_is_no_abandon_and_is_not_dialled_again() {
    let (mut stage, ana, first) = site();
    stage.behaves(ana, ringing());
    let person = citizen(&mut stage, answering(secs(1)));
    asks(&mut stage);
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.until("Ana is rung", secs(60), |stage| stage.state("a001") == AgentState::Ringing);
    hangs_up_last(&mut stage, person);
    stage.run_for(secs(600));
    assert_eq!((dials(&stage), changes(&stage, |change| *change == CallbackChange::LeftInLine)), (1, 1));
    assert_eq!((stage.ended(ContactOutcome::Outflowed), stage.ended(ContactOutcome::Abandoned)), (1, 0));
    assert_eq!(stage.settled(OfferOutcome::CallerLeft), 1);
    stage.finish();
}

#[test]
fn a_busy_citizen_disturbs_no_agent_and_is_dialled_again_after_the_pause() {
    let (mut stage, ana, first) = site();
    let person = citizen(&mut stage, refusing(486));
    asks(&mut stage);
    stage.run_for(secs(20));
    let rung = stage.times_rung(ana);
    stage.hangs_up(first);
    let busy = CallbackChange::Failed(CallbackFailure::Busy);
    stage.until("the citizen is busy", secs(60), |stage| change(stage, &busy));
    stage.run_for(secs(100));
    assert_eq!(dials(&stage), 1, "the pause is not over");
    stage.run_for(secs(900));
    assert_eq!((dials(&stage), stage.times_rung(person), stage.times_rung(ana)), (2, 2, rung));
    assert_eq!(changes(&stage, |change| *change == CallbackChange::GivenUp), 1);
    assert_eq!(stage.ended(ContactOutcome::Outflowed), 1);
    stage.finish();
}

#[test]
fn a_phone_that_nobody_answers_rings_for_its_time_while_others_are_served() {
    let (mut stage, ana, first) = site();
    let person = citizen(&mut stage, ringing());
    asks(&mut stage);
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.until("the citizen's phone rings", secs(60), |stage| stage.times_rung(person) == 1);
    let later = waits(&mut stage, "0997777777");
    let talk = stage.talks_to(later, ana);
    stage.run_for(secs(28));
    assert!(change(&stage, &CallbackChange::Failed(CallbackFailure::NoAnswer)));
    let call = stage.last_incoming(person).expect("it rang");
    assert!(stage.is_over(call), "it rings no more");
    stage.behaves(person, answering(secs(1)));
    stage.hangs_up(talk);
    they_talk_within_the_pause(&mut stage);
    hangs_up_last(&mut stage, person);
    stage.finish();
}

fn they_talk_within_the_pause(stage: &mut Stage) {
    stage.until("the second dial is answered", secs(300), |stage| change(stage, &CallbackChange::Reached));
}

#[test]
fn a_dial_ahead_lives_through_a_crash_at_every_stage() {
    // Wound: after a restart the citizen is dialled twice, or answers a call that nobody knows.
    let (mut stage, ana, first) = site();
    stage.keeps_journal();
    stage.behaves(ana, answering(secs(4)));
    let person = citizen(&mut stage, answering(secs(6)));
    asks(&mut stage);
    stage.run_for(secs(15));
    stage.crashes(millis(300));
    stage.hangs_up(first);
    stage.until("the citizen is rung", secs(60), |stage| stage.times_rung(person) == 1);
    stage.crashes(millis(300));
    stage.until("somebody answers", secs(30), |stage| change(stage, &CallbackChange::PickedUp));
    stage.crashes(millis(300));
    stage.until("Ana is rung", secs(30), |stage| stage.state("a001") == AgentState::Ringing);
    stage.crashes(millis(100));
    they_talk(&mut stage, person, ana);
    stage.crashes(millis(300));
    assert_eq!((stage.times_rung(person), dials(&stage)), (1, 1), "dialled once");
    hangs_up_last(&mut stage, person);
    stage.finish();
}

#[test]
fn a_citizen_who_calls_again_while_the_phone_rings_is_not_called_by_two() {
    let (mut stage, ana, first) = site();
    let person = citizen(&mut stage, ringing());
    asks(&mut stage);
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.until("the citizen's phone rings", secs(60), |stage| stage.times_rung(person) == 1);
    let again = stage.call("7003", "0987654321");
    let talk = stage.talks_to(again, ana);
    let call = stage.last_incoming(person).expect("it rang");
    assert!(stage.is_over(call), "our call is withdrawn");
    assert_eq!(changes(&stage, |change| matches!(change, CallbackChange::CancelledByCall { .. })), 1);
    stage.hangs_up(talk);
    stage.run_for(secs(600));
    assert_eq!(dials(&stage), 1);
    stage.finish();
}

#[test]
fn a_dial_that_found_no_media_port_is_no_try() {
    let (mut stage, ana, first) = busy_site_with(|callback, queue| {
        callback.first = CallbackFirst::Citizen;
        callback.tries = 1;
        queue.acw = turno_model::plan::AcwPlan::Timed(secs(10));
    });
    let person = citizen(&mut stage, answering(secs(1)));
    asks(&mut stage);
    stage.run_for(secs(20));
    stage.takes_ports(1);
    stage.hangs_up(first);
    stage.until("a port is missing", secs(60), |stage| {
        change(stage, &CallbackChange::Failed(CallbackFailure::NoTrunk))
    });
    assert!(!change(&stage, &CallbackChange::GivenUp), "the only try is not used up");
    stage.run_for(secs(110));
    they_talk(&mut stage, person, ana);
    hangs_up_last(&mut stage, person);
    stage.finish();
}
