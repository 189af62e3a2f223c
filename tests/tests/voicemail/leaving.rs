//! What callers do at the voicemail: keys, silence, a hang-up, a full box, a full disk.

use turno_engine::RecordingEvent;
use turno_media_plan::Audio;
use turno_model::plan::{StepAction, StepPlan, StepWhen, VoicemailPrompt};
use turno_model::{
    Command, ContactOutcome, MessageEnd, QueueId, QueueState, RecordingLoss, VoicemailChange,
    VoicemailRefusal,
};
use turno_tests::stage::{Line, MESSAGE_SPAN, Stage, answering, millis, secs};

use crate::people::{
    busy_site, busy_site_with, changes, closes, discarded, hears_the_tone, leaves, loses, plays_to, prompt,
    speaks, to_close, waits, with_voicemail, written,
};

/// The message that waits is heard, so that nothing is left.
fn is_heard(stage: &mut Stage, first: Line, ana: turno_tests::stage::Desk) {
    stage.hangs_up(first);
    let heard = plays_to(stage, ana);
    stage.run_for(MESSAGE_SPAN + secs(1));
    stage.hangs_up(heard);
    stage.run_for(secs(1));
}

#[test]
fn a_hang_up_keeps_what_was_spoken_for_two_seconds_and_nothing_shorter() {
    let (mut stage, ana, first) = busy_site();
    let short = speaks(&mut stage);
    stage.hangs_up(short);
    stage.run_for(millis(500));
    closes(&mut stage, millis(1_900));
    assert_eq!((stage.ended(ContactOutcome::Abandoned), stage.ended(ContactOutcome::Outflowed)), (1, 0));
    assert_eq!(discarded(&stage), 1);
    let long = speaks(&mut stage);
    stage.hangs_up(long);
    stage.run_for(millis(500));
    closes(&mut stage, secs(2));
    assert_eq!((stage.ended(ContactOutcome::Abandoned), stage.ended(ContactOutcome::Outflowed)), (1, 1));
    assert_eq!(changes(&stage, |it| matches!(it, VoicemailChange::Left { .. })), 1);
    is_heard(&mut stage, first, ana);
    stage.finish();
}

#[test]
fn a_hang_up_during_the_choice_keeps_the_message() {
    let (mut stage, ana, first) = busy_site();
    let line = speaks(&mut stage);
    stage.presses(line, '#');
    closes(&mut stage, secs(5));
    assert_eq!(stage.hears(line), prompt(VoicemailPrompt::Menu));
    stage.hangs_up(line);
    stage.run_for(secs(1));
    assert_eq!(stage.ended(ContactOutcome::Outflowed), 1);
    is_heard(&mut stage, first, ana);
    stage.finish();
}

#[test]
fn silence_ends_a_message_and_a_caller_who_presses_nothing_has_sent_it() {
    let (mut stage, ana, first) = busy_site();
    let line = speaks(&mut stage);
    let recording = written(&stage);
    stage.recorder_says(RecordingEvent::Silent { recording });
    closes(&mut stage, secs(5));
    let silent =
        |it: &VoicemailChange| matches!(it, VoicemailChange::Recorded { end: MessageEnd::Silence, .. });
    assert_eq!(changes(&stage, silent), 1);
    stage.run_for(secs(60));
    assert!(stage.is_over(line));
    assert_eq!(stage.ended(ContactOutcome::Outflowed), 1);
    is_heard(&mut stage, first, ana);
    stage.finish();
}

#[test]
fn a_message_is_as_long_as_the_plan_allows() {
    let (mut stage, ana, first) = busy_site();
    let line = speaks(&mut stage);
    stage.run_for(secs(60));
    closes(&mut stage, secs(59));
    let long =
        |it: &VoicemailChange| matches!(it, VoicemailChange::Recorded { end: MessageEnd::TooLong, .. });
    assert_eq!(changes(&stage, long), 1);
    stage.presses(line, '1');
    stage.run_for(secs(10));
    is_heard(&mut stage, first, ana);
    stage.finish();
}

#[test]
fn nobody_speaks_and_the_caller_is_back_at_the_old_place() {
    let (mut stage, ana, first) = busy_site();
    let line = speaks(&mut stage);
    let later = waits(&mut stage, "0997777777");
    stage.presses(line, '#');
    closes(&mut stage, millis(100));
    assert_eq!(stage.hears(line), prompt(VoicemailPrompt::Nothing));
    stage.run_for(secs(5));
    assert!(stage.hears_music(line));
    stage.hangs_up(first);
    let talk = stage.talks_to(line, ana);
    stage.hangs_up(talk);
    stage.talks_to(later, ana);
    stage.hangs_up(later);
    stage.run_for(secs(1));
    assert_eq!(stage.ended(ContactOutcome::Answered), 3);
    stage.finish();
}

#[test]
fn a_message_is_recorded_again_and_the_first_try_is_deleted() {
    let (mut stage, ana, first) = busy_site();
    let line = speaks(&mut stage);
    stage.presses(line, '#');
    closes(&mut stage, secs(5));
    let before = to_close(&stage);
    stage.presses(line, '2');
    assert_eq!(discarded(&stage), 1);
    stage.run_for(secs(2));
    assert_eq!(stage.hears(line), Some(Audio::Silence));
    stage.presses(line, '#');
    closes(&mut stage, secs(5));
    assert_ne!(to_close(&stage), before);
    stage.presses(line, '1');
    stage.run_for(secs(10));
    assert_eq!(changes(&stage, |it| matches!(it, VoicemailChange::Left { .. })), 1);
    is_heard(&mut stage, first, ana);
    stage.finish();
}

#[test]
fn the_star_goes_on_waiting_at_every_stage() {
    let (mut stage, ana, first) = busy_site();
    let line = waits(&mut stage, "0987654321");
    stage.presses(line, '2');
    stage.presses(line, '*');
    assert!(stage.hears_music(line), "during the greeting");
    stage.presses(line, '2');
    hears_the_tone(&mut stage, line);
    stage.presses(line, '*');
    assert!(stage.hears_music(line), "while speaking");
    closes(&mut stage, secs(5));
    assert_eq!(discarded(&stage), 1, "nobody keeps what the caller did not want to leave");
    stage.presses(line, '2');
    hears_the_tone(&mut stage, line);
    stage.presses(line, '#');
    closes(&mut stage, secs(5));
    stage.presses(line, '*');
    assert!(stage.hears_music(line), "during the choice");
    assert_eq!((discarded(&stage), changes(&stage, |it| *it == VoicemailChange::WaitsOn)), (2, 3));
    stage.hangs_up(first);
    let talk = stage.talks_to(line, ana);
    stage.hangs_up(talk);
    stage.finish();
}

#[test]
fn keys_at_random_keep_every_caller() {
    let (mut stage, ana, first) = busy_site();
    let line = waits(&mut stage, "0987654321");
    for key in "579#2#A*0#1*B2*9".chars() {
        stage.presses(line, key);
        stage.run_for(millis(700));
    }
    while changes(&stage, |it| matches!(it, VoicemailChange::Began(_)))
        > changes(&stage, |it| *it == VoicemailChange::WaitsOn)
    {
        stage.presses(line, '*');
        stage.run_for(secs(1));
    }
    stage.hangs_up(first);
    let talk = stage.talks_to(line, ana);
    stage.hangs_up(talk);
    stage.finish();
}

#[test]
fn no_agent_is_rung_for_a_caller_who_speaks() {
    let (mut stage, ana, first) = busy_site();
    let line = speaks(&mut stage);
    let rung = stage.times_rung(ana);
    stage.hangs_up(first);
    stage.run_for(secs(30));
    assert_eq!(stage.times_rung(ana), rung);
    stage.presses(line, '*');
    let talk = stage.talks_to(line, ana);
    closes(&mut stage, secs(5));
    stage.hangs_up(talk);
    stage.finish();
}

#[test]
fn a_full_box_and_a_full_disk_are_told_and_the_caller_waits_on() {
    let (mut stage, ana, first) = busy_site_with(|queue| {
        if let Some(voicemail) = &mut queue.voicemail {
            voicemail.messages_max = 1;
        }
    });
    let line = speaks(&mut stage);
    loses(&mut stage);
    assert_eq!(stage.hears(line), prompt(VoicemailPrompt::NotPossible));
    stage.hangs_up(line);
    leaves(&mut stage);
    let other = waits(&mut stage, "0995555555");
    stage.presses(other, '2');
    stage.run_for(millis(100));
    assert_eq!(stage.hears(other), prompt(VoicemailPrompt::Full));
    for why in [VoicemailRefusal::NoRecorder, VoicemailRefusal::Full] {
        assert_eq!(changes(&stage, |it| *it == VoicemailChange::Refused(why)), 1);
    }
    stage.run_for(secs(5));
    assert!(stage.hears_music(other));
    is_heard(&mut stage, first, ana);
    let talk = stage.talks_to(other, ana);
    stage.hangs_up(talk);
    stage.finish();
}

#[test]
fn a_recorder_that_does_not_answer_keeps_no_caller() {
    let (mut stage, ana, first) = busy_site();
    let line = speaks(&mut stage);
    stage.presses(line, '#');
    stage.run_for(secs(31));
    assert_eq!(stage.hears(line), prompt(VoicemailPrompt::NotPossible));
    let lost = |fact: &turno_model::Fact| {
        matches!(
            fact,
            turno_model::Fact::Recording {
                change: turno_model::RecordingChange::Ended {
                    outcome: turno_model::RecordingOutcome::Lost(RecordingLoss::NoAnswer),
                    ..
                },
                ..
            }
        )
    };
    assert_eq!(stage.count(lost), 1);
    stage.hangs_up(first);
    let talk = stage.talks_to(line, ana);
    stage.hangs_up(talk);
    stage.finish();
}

fn step(when: StepWhen) -> StepPlan {
    StepPlan { when, action: StepAction::Voicemail }
}

#[test]
fn a_step_lets_callers_leave_messages_while_nobody_works() {
    let mut stage =
        Stage::with(|plan| with_voicemail(plan, |queue| queue.steps = vec![step(StepWhen::Nobody)]));
    let line = stage.call("7003", "0987654321");
    stage.run_for(millis(200));
    assert_eq!(stage.hears(line), prompt(VoicemailPrompt::Greeting));
    hears_the_tone(&mut stage, line);
    stage.hangs_up(line);
    stage.run_for(secs(1));
    closes(&mut stage, secs(5));
    stage.run_for(secs(8 * 3_600));
    assert_eq!(stage.ended(ContactOutcome::Outflowed), 1, "the caller's contact alone");
    let ana = stage.agent("a001", answering(secs(1)));
    let heard = plays_to(&mut stage, ana);
    stage.run_for(MESSAGE_SPAN + secs(1));
    stage.hangs_up(heard);
    stage.run_for(secs(1));
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
    stage.finish();
}

#[test]
fn messages_come_to_a_closed_queue_and_who_leaves_none_is_sent_away() {
    let (mut stage, ana, first) = busy_site_with(|queue| queue.steps = vec![step(StepWhen::Closed)]);
    let queue = QueueId(u32::try_from(stage.plan.queues.len() - 1).expect("few queues"));
    assert_eq!(stage.plan.queues[queue.index()].name, "general");
    stage.command(Command::SetQueue(queue, QueueState::Closed)).expect("a queue can be closed");
    let silent = waits(&mut stage, "0995555555");
    stage.presses(silent, '*');
    assert_eq!(stage.hears(silent), prompt(VoicemailPrompt::Goodbye));
    stage.run_for(secs(10));
    assert!(stage.is_over(silent));
    let line = stage.call("7003", "0987654321");
    stage.run_for(secs(1));
    hears_the_tone(&mut stage, line);
    stage.hangs_up(line);
    stage.run_for(secs(1));
    closes(&mut stage, secs(5));
    is_heard(&mut stage, first, ana);
    assert_eq!((stage.ended(ContactOutcome::Outflowed), stage.ended(ContactOutcome::Answered)), (2, 2));
    stage.finish();
}
