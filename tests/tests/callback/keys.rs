//! The keys of the dialogue: another number, a time, and keys at random.

use turno_media_plan::Audio;
use turno_model::plan::{StepAction, StepPlan, StepWhen};
use turno_model::{CallbackChange, CallbackOffer, CallbackRefusal, ContactOutcome};
use turno_tests::stage::{Line, Stage, answering, secs};

use crate::people::{busy_site, busy_site_with, change, changes, citizen, waits};

fn keys(stage: &mut Stage, line: Line, keys: &str) {
    for key in keys.chars() {
        stage.presses(line, key);
        stage.run_for(secs(1));
    }
}

#[test]
fn a_caller_who_has_waited_hears_the_offer_once() {
    let (mut stage, _, first) = busy_site();
    let line = waits(&mut stage, "0987654321");
    stage.run_for(secs(120));
    assert_eq!(
        changes(&stage, |change| *change == CallbackChange::Offered(CallbackOffer::Waited)),
        1,
        "after half a minute"
    );
    stage.hangs_up(line);
    stage.hangs_up(first);
    stage.finish();
}

#[test]
fn a_step_offers_a_callback_at_its_time() {
    let (mut stage, _, first) = busy_site_with(|callback, queue| {
        callback.after = None;
        queue.steps = vec![StepPlan { when: StepWhen::Waited(secs(20)), action: StepAction::OfferCallback }];
    });
    let line = waits(&mut stage, "0987654321");
    stage.run_for(secs(10));
    let offered = |change: &CallbackChange| *change == CallbackChange::Offered(CallbackOffer::Waited);
    assert_eq!(changes(&stage, offered), 0);
    stage.run_for(secs(20));
    assert_eq!(changes(&stage, offered), 1);
    assert!(!stage.is_over(line), "the caller waits on");
    stage.hangs_up(line);
    stage.hangs_up(first);
    stage.finish();
}

#[test]
fn another_number_is_keyed_in_and_foreign_and_dear_ones_are_refused() {
    let (mut stage, _, first) = busy_site();
    let person = citizen(&mut stage, answering(secs(1)));
    let line = waits(&mut stage, "anonymous");
    for dear in ["0019001234567", "1900123456", "911", ""] {
        keys(&mut stage, line, &format!("1{dear}#"));
        assert!(matches!(stage.hears(line), Some(Audio::Prompts(_)) | Some(Audio::Music)));
    }
    let refused = |why| change(&stage, &CallbackChange::Refused(why));
    assert!(refused(CallbackRefusal::NotAllowed) && refused(CallbackRefusal::NoNumber));
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 0, "the caller still waits");
    keys(&mut stage, line, "10987654321#1");
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.until("the citizen is reached", secs(60), |stage| change(stage, &CallbackChange::Reached));
    let call = stage.last_incoming(person).expect("it rang");
    stage.hangs_up(call);
    stage.finish();
}

#[test]
fn a_time_is_chosen_and_nobody_is_called_before_it() {
    let (mut stage, _, first) = busy_site();
    let person = citizen(&mut stage, answering(secs(1)));
    let line = waits(&mut stage, "0987654321");
    keys(&mut stage, line, "132");
    stage.hangs_up(first);
    stage.run_for(secs(58 * 60));
    assert_eq!(stage.times_rung(person), 0, "the caller chose eleven o'clock");
    stage.run_for(secs(3 * 60));
    assert_eq!(stage.times_rung(person), 1);
    let call = stage.last_incoming(person).expect("it rang");
    stage.hangs_up(call);
    stage.finish();
}

#[test]
fn keys_at_random_and_silence_leave_the_caller_in_line() {
    let (mut stage, ana, first) = busy_site();
    let line = waits(&mut stage, "0987654321");
    keys(&mut stage, line, "5#0*1*19#2*123*2#A1B");
    stage.run_for(secs(60));
    assert_eq!(changes(&stage, |change| matches!(change, CallbackChange::Asked { .. })), 0);
    stage.hangs_up(first);
    let talk = stage.talks_to(line, ana);
    stage.hangs_up(talk);
    stage.finish();
}

#[test]
fn a_caller_who_finds_the_line_full_is_asked_and_one_who_says_no_is_sent_away() {
    let (mut stage, _, first) = busy_site_with(|callback, queue| {
        callback.when_full = true;
        queue.length_max = 1;
    });
    let second = waits(&mut stage, "0992222222");
    let third = waits(&mut stage, "0987654321");
    let fourth = waits(&mut stage, "0994444444");
    assert_eq!(changes(&stage, |change| *change == CallbackChange::Offered(CallbackOffer::Full)), 2);
    stage.presses(third, '1');
    stage.presses(fourth, '*');
    stage.run_for(secs(30));
    assert_eq!(stage.ended(ContactOutcome::Outflowed), 1);
    assert_eq!(changes(&stage, |change| matches!(change, CallbackChange::Asked { .. })), 1);
    assert!(stage.is_over(third) && stage.is_over(fourth));
    let person = citizen(&mut stage, answering(secs(1)));
    stage.hangs_up(second);
    stage.hangs_up(first);
    stage.until("the citizen is reached", secs(60), |stage| change(stage, &CallbackChange::Reached));
    let call = stage.last_incoming(person).expect("it rang");
    stage.hangs_up(call);
    stage.finish();
}

#[test]
fn a_long_expected_wait_is_a_reason_to_offer_at_once() {
    let (mut stage, _, first) = busy_site_with(|callback, _| {
        callback.after = None;
        callback.told_over = Some(secs(1));
    });
    let line = waits(&mut stage, "0987654321");
    stage.run_for(secs(10));
    assert!(change(&stage, &CallbackChange::Offered(CallbackOffer::LongWait)));
    stage.hangs_up(line);
    stage.hangs_up(first);
    stage.finish();
}
