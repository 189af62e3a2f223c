//! One callback for each number: who calls again takes its place, and a second request joins the first.

use turno_model::{CallbackChange, CallbackRefusal, ContactOutcome};
use turno_tests::stage::{answering, ringing, secs};

use crate::people::{asks, busy_site, change, changes, citizen, waits};

#[test]
fn a_citizen_who_calls_again_is_recognised_and_has_the_place_of_the_callback() {
    let (mut stage, ana, first) = busy_site();
    let person = citizen(&mut stage, answering(secs(1)));
    asks(&mut stage);
    let other = waits(&mut stage, "0997777777");
    stage.run_for(secs(30));
    let again = waits(&mut stage, "+593987654321");
    assert_eq!(changes(&stage, |change| matches!(change, CallbackChange::CancelledByCall { .. })), 1);
    assert_eq!(stage.ended(ContactOutcome::Dequeued), 1);
    stage.hangs_up(first);
    let talk = stage.talks_to(again, ana);
    assert!(!stage.is_over(other), "who came after the first call waits on");
    stage.hangs_up(talk);
    stage.hangs_up(other);
    stage.run_for(secs(600));
    assert_eq!(stage.times_rung(person), 0, "nobody is called back");
    stage.finish();
}

#[test]
fn a_citizen_who_calls_while_the_own_phone_rings_talks_to_the_same_agent() {
    let (mut stage, ana, first) = busy_site();
    let person = citizen(&mut stage, ringing());
    asks(&mut stage);
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.until("the citizen's phone rings", secs(60), |stage| stage.times_rung(person) == 1);
    let again = stage.call("7003", "0987654321");
    let talk = stage.talks_to(again, ana);
    let call = stage.last_incoming(person).expect("it rang");
    assert!(stage.is_over(call), "it rings no more");
    stage.hangs_up(talk);
    stage.finish();
}

#[test]
fn a_second_request_for_a_number_joins_the_first() {
    let (mut stage, _, first) = busy_site();
    let person = citizen(&mut stage, answering(secs(1)));
    asks(&mut stage);
    let wife = waits(&mut stage, "0997777777");
    for key in "120987654321#1".chars() {
        stage.presses(wife, key);
        stage.run_for(secs(1));
    }
    assert!(change(&stage, &CallbackChange::Refused(CallbackRefusal::Waits)));
    assert_eq!(stage.ended(ContactOutcome::Dequeued), 1);
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.until("the citizen is reached", secs(60), |stage| change(stage, &CallbackChange::Reached));
    let call = stage.last_incoming(person).expect("it rang");
    stage.hangs_up(call);
    stage.run_for(secs(600));
    assert_eq!(stage.times_rung(person), 1);
    stage.finish();
}
