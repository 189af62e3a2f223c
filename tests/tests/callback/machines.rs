//! Answering machines and silent lines that answer a dial ahead: no agent is disturbed, and the citizen is dialled again.

use turno_media_plan::{Answerer, Audio};
use turno_model::plan::{CallbackFirst, CallbackPlan};
use turno_model::{AgentState, CallbackChange, CallbackFailure, ContactOutcome};
use turno_tests::stage::{Desk, Line, Stage, answering, millis, secs};

use crate::people::{asks, busy_site_with, change, changes, citizen};

/// Ana talks, and turno listens who answers.
fn site() -> (Stage, Desk, Line) {
    busy_site_with(|callback: &mut CallbackPlan, queue| {
        (callback.first, callback.leaves_machines) = (CallbackFirst::Citizen, true);
        queue.acw = turno_model::plan::AcwPlan::Timed(secs(10));
    })
}

/// A citizen's phone answers a dial ahead; who has answered is clear three seconds later.
fn somebody_answers(stage: &mut Stage, first: Line, who: Option<Answerer>) -> Desk {
    let person = citizen(stage, answering(secs(1)));
    stage.answered_by(who.map(|who| (who, secs(3))));
    asks(stage);
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.until("somebody answers", secs(60), |stage| change(stage, &CallbackChange::PickedUp));
    person
}

#[test]
fn a_machine_is_left_without_an_agent_and_dialled_again_after_the_pause() {
    let (mut stage, ana, first) = site();
    let rung = stage.times_rung(ana);
    let person = somebody_answers(&mut stage, first, Some(Answerer::Machine));
    let call = stage.last_incoming(person).expect("it rang");
    assert!(matches!(stage.hears(call), Some(Audio::Prompts(_) | Audio::Music)), "no dead air");
    stage.run_for(secs(4));
    assert!(change(&stage, &CallbackChange::Failed(CallbackFailure::Machine)) && stage.is_over(call));
    stage.run_for(secs(100));
    assert_eq!(stage.times_rung(person), 1, "the pause is not over");
    stage.run_for(secs(100));
    assert_eq!((stage.times_rung(person), stage.times_rung(ana)), (2, rung), "Ana is never disturbed");
    assert_eq!(changes(&stage, |change| *change == CallbackChange::GivenUp), 1);
    assert_eq!(stage.ended(ContactOutcome::Outflowed), 1);
    stage.finish();
}

#[test]
fn a_line_on_which_nobody_speaks_is_a_try_that_failed() {
    let (mut stage, _, first) = site();
    let person = somebody_answers(&mut stage, first, Some(Answerer::Silence));
    // Who listens to the greeting may be a person: silence counts when it is over.
    let silence = CallbackChange::Failed(CallbackFailure::Silence);
    stage.until("the silence is told", secs(9), |stage| change(stage, &silence));
    stage.answered_by(Some((Answerer::Person, secs(1))));
    stage.until("the second dial is answered", secs(300), |stage| change(stage, &CallbackChange::Reached));
    let call = stage.last_incoming(person).expect("it rang");
    stage.hangs_up(call);
    stage.finish();
}

#[test]
fn a_person_is_offered_as_soon_as_it_is_clear_and_otherwise_after_ten_seconds() {
    for (who, span) in [(Some(Answerer::Person), 4), (None, 11)] {
        let (mut stage, ana, first) = site();
        let person = somebody_answers(&mut stage, first, who);
        assert_eq!(stage.state("a001"), AgentState::Available, "a machine would disturb nobody");
        stage.run_for(secs(span - 2));
        assert_eq!(changes(&stage, |change| *change == CallbackChange::Due), 0);
        stage.until("they talk", secs(5), |stage| {
            let phones = stage.last_incoming(person).zip(stage.last_incoming(ana));
            phones.is_some_and(|(one, other)| stage.hear_each_other(one, other))
        });
        let call = stage.last_incoming(person).expect("it rang");
        stage.hangs_up(call);
        stage.finish();
    }
}

#[test]
fn who_hangs_up_before_it_is_clear_was_reached_and_left() {
    let (mut stage, _, first) = site();
    let person = somebody_answers(&mut stage, first, None);
    let call = stage.last_incoming(person).expect("it rang");
    stage.hangs_up(call);
    stage.run_for(secs(600));
    assert_eq!(changes(&stage, |change| *change == CallbackChange::LeftInLine), 1);
    assert_eq!(changes(&stage, |change| matches!(change, CallbackChange::Dialled { .. })), 1);
    stage.finish();
}

#[test]
fn a_crash_while_turno_listens_takes_the_answer_for_a_person() {
    // Wound: what was said before the crash is forgotten, and the person who waits for an answer is hung up on.
    let (mut stage, ana, first) = site();
    stage.keeps_journal();
    let person = somebody_answers(&mut stage, first, None);
    stage.crashes(millis(300));
    stage.until("they talk", secs(5), |stage| {
        let phones = stage.last_incoming(person).zip(stage.last_incoming(ana));
        phones.is_some_and(|(one, other)| stage.hear_each_other(one, other))
    });
    assert_eq!(stage.times_rung(person), 1, "dialled once");
    let call = stage.last_incoming(person).expect("it rang");
    stage.hangs_up(call);
    stage.finish();
}
