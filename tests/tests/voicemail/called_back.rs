//! A citizen who is dialled ahead, and goes to the voicemail instead of waiting for the agent.

use turno_media_plan::Audio;
use turno_model::plan::{CallbackFirst, QueuePlan};
use turno_model::{CallbackChange, ContactOutcome, EndedBy, Fact, VoicemailChange};
use turno_tests::stage::{Desk, Line, Stage, answering, ringing, secs};

use crate::people::{changes, closes, hears_the_tone, plays_to, waits, with_voicemail};

/// Ana, whose phone rings on, and a citizen who has asked for a callback, was dialled ahead and is at the voicemail.
fn at_the_voicemail() -> (Stage, Desk, Line) {
    let mut stage = Stage::with(|plan| {
        let planned = plan.queues.iter().find_map(|queue| queue.callback.clone());
        let edit = |queue: &mut QueuePlan| {
            queue.callback = planned;
            queue.callback.as_mut().expect("a queue has callbacks").first = CallbackFirst::Citizen;
        };
        with_voicemail(plan, edit);
    });
    let ana = stage.agent("a001", answering(secs(1)));
    let first = stage.call("7003", "0991111111");
    stage.talks_to(first, ana);
    let address = |port: u16| format!("127.40.0.1:{port}").parse().expect("an address");
    let person = stage.phone_at("0987654321", "", (address(5060), address(40_000)), answering(secs(1)));
    let asks = waits(&mut stage, "0987654321");
    for _ in 0..2 {
        stage.presses(asks, '1');
        stage.run_for(secs(2));
    }
    stage.run_for(secs(20));
    stage.behaves(ana, ringing());
    stage.hangs_up(first);
    stage.until("the citizen is in line", secs(90), |stage| told(stage, &CallbackChange::PickedUp) == 1);
    stage.run_for(secs(5));
    let call = stage.last_incoming(person).expect("it rang");
    stage.presses(call, '2');
    stage.run_for(secs(30));
    if stage.hears(call) != Some(Audio::Silence) {
        // Ana was rung at that moment: the key counts when her phone has rung its time.
        stage.presses(call, '2');
        hears_the_tone(&mut stage, call);
    }
    (stage, ana, call)
}

fn told(stage: &Stage, wanted: &CallbackChange) -> usize {
    stage.count(|fact| matches!(fact, Fact::Callback(_, change) if change == wanted))
}

#[test]
fn a_message_instead_of_the_wait_ends_the_callback() {
    // Wound: the callback of somebody who was reached stays open for ever.
    let (mut stage, ana, call) = at_the_voicemail();
    stage.run_for(secs(6));
    stage.presses(call, '#');
    closes(&mut stage, secs(6));
    stage.presses(call, '1');
    stage.run_for(secs(20));
    assert!(stage.is_over(call));
    assert_eq!(changes(&stage, |it| matches!(it, VoicemailChange::Left { .. })), 1);
    assert_eq!(
        (told(&stage, &CallbackChange::LeftMessage), told(&stage, &CallbackChange::LeftInLine)),
        (1, 0)
    );
    assert_eq!(stage.ended(ContactOutcome::Outflowed), 1);
    stage.behaves(ana, answering(secs(1)));
    let heard = plays_to(&mut stage, ana);
    stage.run_for(turno_tests::stage::MESSAGE_SPAN + secs(1));
    stage.hangs_up(heard);
    stage.run_for(secs(1));
    stage.finish();
}

#[test]
fn a_hang_up_at_the_greeting_of_somebody_who_was_reached_is_no_abandon() {
    let (mut stage, _, call) = at_the_voicemail();
    stage.hangs_up(call);
    stage.run_for(secs(5));
    closes(&mut stage, secs(0));
    assert_eq!(told(&stage, &CallbackChange::LeftInLine), 1);
    assert_eq!((stage.ended(ContactOutcome::Outflowed), stage.ended(ContactOutcome::Abandoned)), (1, 0));
    let by_caller = |fact: &Fact| {
        matches!(fact, Fact::ContactEnded { outcome: ContactOutcome::Outflowed, by: EndedBy::Caller, .. })
    };
    assert_eq!(stage.count(by_caller), 1);
    stage.finish();
}
