//! What agents do with a message: keys, hang-ups, phones that do not take it.

use turno_engine::RecordingEvent;
use turno_media_plan::Audio;
use turno_model::plan::VoicemailPrompt;
use turno_model::{AgentState, ContactOutcome, OfferOutcome, VoicemailChange};
use turno_tests::stage::{MESSAGE_SPAN, answering, millis, refusing, ringing, secs};

use crate::people::{answers_a_message, busy_site, changes, leaves, loads, plays_to, prompt, written};

#[test]
fn an_agent_who_hangs_up_before_the_end_leaves_the_message_in_line() {
    let (mut stage, ana, first) = busy_site();
    leaves(&mut stage);
    stage.hangs_up(first);
    let heard = plays_to(&mut stage, ana);
    stage.run_for(MESSAGE_SPAN / 2);
    stage.hangs_up(heard);
    stage.run_for(secs(1));
    assert_eq!((stage.state("a001"), stage.ended(ContactOutcome::Answered)), (AgentState::Acw, 1));
    let again = plays_to(&mut stage, ana);
    stage.run_for(MESSAGE_SPAN + secs(1));
    stage.hangs_up(again);
    stage.run_for(secs(1));
    assert_eq!(stage.ended(ContactOutcome::Answered), 2);
    assert_eq!(changes(&stage, |it| matches!(it, VoicemailChange::Played { .. })), 2);
    stage.finish();
}

#[test]
fn keys_play_the_message_again_and_end_it() {
    let (mut stage, ana, first) = busy_site();
    leaves(&mut stage);
    stage.hangs_up(first);
    let heard = plays_to(&mut stage, ana);
    stage.run_for(MESSAGE_SPAN + secs(1));
    stage.presses(heard, '7');
    stage.presses(heard, '1');
    loads(&mut stage);
    assert!(matches!(stage.hears(heard), Some(Audio::Sound(_))));
    stage.run_for(secs(1));
    stage.presses(heard, '3');
    stage.run_for(secs(1));
    assert!(stage.is_over(heard), "turno hangs up");
    assert_eq!(stage.ended(ContactOutcome::Answered), 2);
    assert_eq!(changes(&stage, |it| matches!(it, VoicemailChange::Heard { .. })), 1, "heard once");
    stage.finish();
}

#[test]
fn a_message_that_can_not_be_read_is_told_and_not_offered_for_ever() {
    let (mut stage, ana, first) = busy_site();
    leaves(&mut stage);
    let recording = written(&stage);
    stage.hangs_up(first);
    let rung = stage.times_rung(ana);
    let heard = answers_a_message(&mut stage, ana);
    stage.recorder_says(RecordingEvent::NotLoaded { recording });
    stage.run_for(millis(200));
    assert_eq!(stage.hears(heard), prompt(VoicemailPrompt::Lost));
    stage.hangs_up(heard);
    stage.run_for(secs(60));
    assert_eq!((stage.ended(ContactOutcome::Answered), stage.times_rung(ana)), (2, rung + 1));
    stage.finish();
}

#[test]
fn a_phone_that_refuses_or_rings_on_keeps_the_message_in_line() {
    let (mut stage, ana, first) = busy_site();
    leaves(&mut stage);
    stage.behaves(ana, refusing(486));
    stage.hangs_up(first);
    stage.until("the phone refuses", secs(60), |stage| stage.settled(OfferOutcome::Refused) == 1);
    stage.behaves(ana, ringing());
    stage.until("the phone rings on", secs(90), |stage| stage.settled(OfferOutcome::NoAnswer) == 1);
    stage.behaves(ana, answering(secs(1)));
    let heard = plays_to(&mut stage, ana);
    stage.run_for(MESSAGE_SPAN + secs(1));
    stage.hangs_up(heard);
    stage.run_for(secs(1));
    assert_eq!(stage.ended(ContactOutcome::Answered), 2);
    stage.finish();
}

#[test]
fn an_agent_who_does_not_hang_up_is_free_after_a_minute() {
    let (mut stage, ana, first) = busy_site();
    leaves(&mut stage);
    stage.hangs_up(first);
    let heard = plays_to(&mut stage, ana);
    stage.run_for(MESSAGE_SPAN + secs(62));
    assert!(stage.is_over(heard), "turno hangs up");
    assert_eq!(stage.ended(ContactOutcome::Answered), 2);
    stage.finish();
}

#[test]
fn a_message_whose_files_are_deleted_ends() {
    let (mut stage, ana, first) = busy_site();
    leaves(&mut stage);
    let recording = written(&stage);
    let contact = turno_model::ContactId(1);
    stage.recorder_says(RecordingEvent::Purged { recording, contact });
    stage.run_for(secs(1));
    assert_eq!(changes(&stage, |it| *it == VoicemailChange::Expired), 1);
    assert_eq!(stage.ended(ContactOutcome::Outflowed), 2);
    stage.hangs_up(first);
    stage.run_for(secs(60));
    assert_eq!(stage.times_rung(ana), 1);
    stage.finish();
}

#[test]
fn a_message_is_not_heard_while_the_phone_is_on_hold() {
    // Wound: the agent holds to look something up, and comes back to a call that is over.
    let (mut stage, ana, first) = busy_site();
    leaves(&mut stage);
    stage.hangs_up(first);
    let heard = plays_to(&mut stage, ana);
    stage.run_for(secs(1));
    stage.holds(heard);
    stage.run_for(MESSAGE_SPAN + secs(120));
    assert!(!stage.is_over(heard));
    assert_eq!(changes(&stage, |it| matches!(it, VoicemailChange::Heard { .. })), 0);
    stage.resumes(heard);
    stage.run_for(secs(1));
    loads(&mut stage);
    assert!(matches!(stage.hears(heard), Some(Audio::Sound(_))), "from its beginning");
    stage.run_for(MESSAGE_SPAN + secs(1));
    stage.hangs_up(heard);
    stage.run_for(secs(1));
    assert_eq!(stage.ended(ContactOutcome::Answered), 2);
    stage.finish();
}

#[test]
fn a_message_that_a_slow_disk_does_not_give_in_time_waits_again() {
    let (mut stage, ana, first) = busy_site();
    leaves(&mut stage);
    stage.hangs_up(first);
    let heard = answers_a_message(&mut stage, ana);
    stage.until("turno gives up", secs(30), |stage| stage.is_over(heard));
    assert_eq!(stage.ended(ContactOutcome::Answered), 1, "the message is not handled");
    let again = plays_to(&mut stage, ana);
    stage.run_for(MESSAGE_SPAN + secs(1));
    stage.hangs_up(again);
    stage.run_for(secs(1));
    assert_eq!(stage.ended(ContactOutcome::Answered), 2);
    stage.finish();
}
