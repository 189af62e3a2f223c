//! Voicemail lives through crashes and other plans.

use turno_media_plan::Audio;
use turno_model::plan::VoicemailPrompt;
use turno_model::{ContactOutcome, VoicemailChange};
use turno_tests::stage::{MESSAGE_SPAN, Stage, answering, millis, secs};

use crate::people::{
    busy_site, changes, closes, hears_the_tone, leaves, loads, plays_to, prompt, waits, with_voicemail,
};

#[test]
fn a_message_lives_through_a_crash_at_every_stage_and_is_one_contact() {
    // Wound: a restart loses what was spoken, or makes two contacts of one message.
    let (mut stage, ana, first) = busy_site();
    stage.keeps_journal();
    let line = waits(&mut stage, "0987654321");
    stage.presses(line, '2');
    stage.crashes(millis(300));
    hears_the_tone(&mut stage, line);
    stage.crashes(millis(300));
    stage.run_for(secs(3));
    stage.presses(line, '#');
    stage.crashes(millis(300));
    closes(&mut stage, secs(5));
    assert_eq!(stage.hears(line), prompt(VoicemailPrompt::Menu));
    stage.crashes(millis(300));
    stage.presses(line, '1');
    stage.crashes(millis(300));
    stage.run_for(secs(20));
    stage.crashes(millis(300));
    stage.hangs_up(first);
    let rung = stage.times_rung(ana);
    stage.until("Ana is rung", secs(60), |stage| stage.times_rung(ana) > rung);
    stage.crashes(millis(100));
    stage.run_for(secs(6));
    loads(&mut stage);
    stage.run_for(secs(2));
    stage.crashes(millis(300));
    let heard = stage.last_incoming(ana).expect("it rang");
    assert_ne!(stage.hears(heard), prompt(VoicemailPrompt::Keys), "it has not been heard");
    loads(&mut stage);
    assert!(matches!(stage.hears(heard), Some(Audio::Sound(_))), "{:?}", stage.hears(heard));
    stage.run_for(MESSAGE_SPAN + secs(1));
    stage.crashes(millis(300));
    stage.hangs_up(heard);
    stage.run_for(secs(1));
    assert_eq!(changes(&stage, |it| matches!(it, VoicemailChange::Left { .. })), 1);
    assert_eq!((stage.ended(ContactOutcome::Answered), stage.ended(ContactOutcome::Outflowed)), (2, 1));
    stage.finish();
}

#[test]
fn a_caller_who_hangs_up_while_turno_is_down_has_left_a_message() {
    let (mut stage, ana, first) = busy_site();
    stage.keeps_journal();
    let line = waits(&mut stage, "0987654321");
    stage.presses(line, '2');
    hears_the_tone(&mut stage, line);
    stage.run_for(secs(5));
    stage.hangs_up(line);
    stage.run_for(millis(100));
    stage.crashes(secs(2));
    closes(&mut stage, secs(5));
    assert_eq!(changes(&stage, |it| matches!(it, VoicemailChange::Left { .. })), 1);
    stage.hangs_up(first);
    let heard = plays_to(&mut stage, ana);
    stage.run_for(MESSAGE_SPAN + secs(1));
    stage.hangs_up(heard);
    stage.finish();
}

#[test]
fn a_plan_without_voicemail_keeps_the_messages_that_wait() {
    let mut without = None;
    let mut stage = Stage::with(|plan| {
        with_voicemail(plan, |_| {});
        let mut other = plan.clone();
        other.queues.iter_mut().for_each(|queue| queue.voicemail = None);
        without = Some(other);
    });
    let ana = stage.agent("a001", answering(secs(1)));
    let first = stage.call("7003", "0991111111");
    stage.talks_to(first, ana);
    leaves(&mut stage);
    let line = waits(&mut stage, "0997777777");
    stage.presses(line, '2');
    stage.run_for(millis(100));
    stage.replans(without.expect("the stage has a plan"));
    hears_the_tone(&mut stage, line);
    stage.presses(line, '#');
    closes(&mut stage, millis(100));
    stage.hangs_up(first);
    let heard = plays_to(&mut stage, ana);
    stage.run_for(MESSAGE_SPAN + secs(1));
    stage.hangs_up(heard);
    let talk = stage.talks_to(line, ana);
    stage.hangs_up(talk);
    stage.finish();
}
