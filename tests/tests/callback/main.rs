//! A citizen who does not want to wait hangs up, keeps the place and is called back.

#![expect(clippy::wildcard_enum_match_arm, reason = "a look for one fact among all that there may ever be")]

mod ahead;
mod cancelled;
mod keys;
mod machines;
mod people;
mod tries;

use turno_media_plan::Audio;
use turno_model::{AgentState, CallbackChange, ContactOutcome, Fact, OfferOutcome};
use turno_tests::stage::{answering, millis, secs};

use people::{asks, busy_site, change, changes, citizen, confirms, waits};

#[test]
fn a_citizen_hangs_up_keeps_the_place_and_is_called_back_when_an_agent_is_free() {
    let (mut stage, ana, first) = busy_site();
    let person = citizen(&mut stage, answering(secs(2)));
    let line = asks(&mut stage);
    let later = waits(&mut stage, "0997777777");
    stage.run_for(secs(30));
    assert!(stage.is_over(line), "the goodbye is over, and turno has hung up");
    let rung = stage.times_rung(ana);
    stage.hangs_up(first);
    stage.until("the citizen talks to Ana", secs(60), |stage| {
        stage
            .last_incoming(person)
            .zip(stage.last_incoming(ana))
            .is_some_and(|(one, other)| stage.hear_each_other(one, other))
    });
    assert_eq!(stage.times_rung(ana), rung + 1);
    assert!(!stage.is_over(later), "who came later still waits");
    assert_eq!(stage.state("a001"), AgentState::Talking);
    assert_eq!(changes(&stage, |change| matches!(change, CallbackChange::Reached)), 1);
    let call = stage.last_incoming(person).expect("it rang");
    stage.hangs_up(call);
    stage.hangs_up(later);
    stage.run_for(secs(30));
    assert_eq!((stage.ended(ContactOutcome::Answered), stage.ended(ContactOutcome::Abandoned)), (2, 1));
    stage.finish();
}

#[test]
fn a_hang_up_before_the_confirmation_is_an_abandon() {
    let (mut stage, _, first) = busy_site();
    let line = waits(&mut stage, "0987654321");
    stage.presses(line, '1');
    stage.run_for(secs(2));
    stage.hangs_up(line);
    stage.run_for(secs(1));
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 1);
    assert_eq!(changes(&stage, |change| matches!(change, CallbackChange::Asked { .. })), 0);
    stage.hangs_up(first);
    stage.finish();
}

#[test]
fn an_agent_who_comes_free_takes_the_caller_in_the_middle_of_the_dialogue() {
    let (mut stage, ana, first) = busy_site();
    let line = waits(&mut stage, "0987654321");
    stage.presses(line, '1');
    stage.run_for(secs(2));
    assert!(matches!(stage.hears(line), Some(Audio::Prompts(_))));
    stage.hangs_up(first);
    let talk = stage.talks_to(line, ana);
    stage.presses(line, '1');
    assert_eq!(changes(&stage, |change| matches!(change, CallbackChange::Asked { .. })), 0);
    stage.hangs_up(talk);
    stage.finish();
}

#[test]
fn a_callback_lives_through_a_crash_at_every_stage() {
    // Wound: a restart forgets who was promised a call, or dials them twice.
    let (mut stage, ana, first) = busy_site();
    stage.keeps_journal();
    let person = citizen(&mut stage, answering(secs(4)));
    let line = waits(&mut stage, "0987654321");
    stage.presses(line, '1');
    stage.run_for(secs(1));
    stage.crashes(millis(300));
    confirms(&mut stage, line);
    stage.crashes(millis(300));
    stage.run_for(secs(30));
    stage.crashes(millis(300));
    stage.hangs_up(first);
    stage.until("Ana is rung", secs(30), |stage| stage.state("a001") == AgentState::Ringing);
    stage.crashes(millis(100));
    stage.until("the citizen is rung", secs(30), |stage| stage.times_rung(person) == 1);
    stage.crashes(millis(100));
    stage.until("they talk", secs(30), |stage| {
        stage
            .last_incoming(person)
            .zip(stage.last_incoming(ana))
            .is_some_and(|(one, other)| stage.hear_each_other(one, other))
    });
    stage.crashes(millis(300));
    assert_eq!(stage.times_rung(person), 1, "dialled once");
    let dialled = changes(&stage, |change| matches!(change, CallbackChange::Dialled { .. }));
    assert_eq!((dialled, stage.settled(OfferOutcome::Accepted)), (1, 2));
    let call = stage.last_incoming(person).expect("it rang");
    stage.hangs_up(call);
    stage.finish();
}

#[test]
fn the_trace_tells_a_callback_and_hides_the_number() {
    let (mut stage, _, first) = busy_site();
    stage.keep_messages();
    let person = citizen(&mut stage, answering(secs(1)));
    asks(&mut stage);
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.until("they talk", secs(60), |stage| change(stage, &CallbackChange::Reached));
    let contact = stage.facts().iter().find_map(|(_, fact)| match fact {
        Fact::Callback(contact, CallbackChange::Reached) => Some(*contact),
        _ => None,
    });
    let told = format!("{:?}", stage.story(contact.expect("it was reached")));
    assert!(told.contains("wants to be called back") && told.contains("answers the callback"), "{told}");
    assert!(!told.contains("87654321"), "the number is told");
    let call = stage.last_incoming(person).expect("it rang");
    stage.hangs_up(call);
    stage.finish();
}
