//! Phones that are told of waiting messages (RFC 3842).

use std::path::PathBuf;

use core::time::Duration;
use turno_engine::{RecordingEvent, RecordingOrder};
use turno_ground::Secret;
use turno_model::plan::{RecordingPlan, SoundForm, VoicemailPlan};
use turno_model::{Language, Plan};
use turno_tests::stage::{MESSAGE_SPAN, Stage, TONE_SPAN, answering, millis, secs};

use crate::lamps::Watcher;
use crate::raw::last_status;

const MESSAGES: &str = "Event: message-summary\r\nExpires: 600\r\n";

fn with_voicemail(plan: &mut Plan) {
    plan.recording = Some(RecordingPlan {
        folder: PathBuf::new(),
        form: SoundForm::Opus,
        key_file: PathBuf::new(),
        keys: Secret::default(),
        digits_pause: Duration::ZERO,
        pause_key: None,
        classes: vec![],
    });
    for queue in &mut plan.queues {
        queue.voicemail = Some(VoicemailPlan {
            key: '2',
            greeting: vec![],
            silence: secs(4),
            longest: secs(60),
            messages_max: 9,
            language: Language::English,
            recordings: vec![],
            prompts: vec![],
        });
    }
}

/// A caller leaves a message for the queue of 7001.
fn leaves_a_message(stage: &mut Stage) {
    let line = stage.call("7001", "0987654321");
    stage.run_for(secs(1));
    stage.presses(line, '2');
    stage.run_for(TONE_SPAN + millis(200));
    let written = stage.recording_orders.iter().rev().find_map(|order| {
        if let RecordingOrder::Write(sheet) = order { Some(sheet.recording) } else { None }
    });
    let recording = written.expect("the caller is recorded");
    stage.run_for(secs(5));
    stage.hangs_up(line);
    stage.run_for(millis(200));
    let (length, voiced, missing) = (secs(5), secs(5), Duration::ZERO);
    stage.recorder_says(RecordingEvent::Closed { recording, length, missing, voiced, hash: [7; 32] });
}

/// What the phone was told since.
fn told(bea: &Watcher, stage: &mut Stage) -> Vec<String> {
    let letters = bea.reads(stage);
    let said = |letter: &String| {
        let (_, body) = letter.split_once("\r\n\r\n")?;
        letter.contains("application/simple-message-summary").then(|| body.replace("\r\n", ", "))
    };
    letters.iter().filter_map(said).collect()
}

fn summary(waits: &str, user: &str, counts: &str) -> Vec<String> {
    vec![format!(
        "Messages-Waiting: {waits}, Message-Account: sip:{user}@turno, Voice-Message: {counts} (0/0), "
    )]
}

#[test]
fn a_phone_hears_at_once_of_messages_that_wait_are_heard_and_are_handled() {
    let mut stage = Stage::with(with_voicemail);
    let ana = stage.agent("a001", answering(secs(1)));
    let first = stage.call("7001", "0991111111");
    stage.talks_to(first, ana);
    let mut bea = Watcher::new(&mut stage);
    stage.command(turno_model::Command::LogOut(stage.who("a002"))).expect("Bea only watches");
    assert_eq!(last_status(&bea.asks(&mut stage, "7001", "queue", MESSAGES)), Some(200));
    stage.run_for(secs(1));
    stage.letters_to(bea.address);
    leaves_a_message(&mut stage);
    assert_eq!(told(&bea, &mut stage), summary("yes", "7001", "1/0"));
    stage.hangs_up(first);
    stage.until("the agent is asked to hear it", secs(60), |stage| {
        matches!(stage.recording_orders.last(), Some(RecordingOrder::Load { .. }))
    });
    assert_eq!(told(&bea, &mut stage), summary("no", "7001", "0/1"));
    let Some(RecordingOrder::Load { recording, .. }) = stage.recording_orders.last().cloned() else {
        unreachable!("it was waited for")
    };
    stage.recorder_says(RecordingEvent::Loaded { recording });
    stage.run_for(MESSAGE_SPAN + secs(1));
    let heard = stage.last_incoming(ana).expect("it rang");
    stage.hangs_up(heard);
    assert_eq!(told(&bea, &mut stage), summary("no", "7001", "0/0"));
    stage.forgets_confusions();
    stage.run_for(secs(700));
    stage.take_letters();
    stage.finish();
}

#[test]
fn an_agent_has_the_messages_of_the_queues_that_the_agent_serves() {
    let mut stage = Stage::with(with_voicemail);
    let mut bea = Watcher::new(&mut stage);
    let bea_is = stage.who("a002");
    stage.command(turno_model::Command::LogOut(bea_is)).expect("Bea only watches");
    leaves_a_message(&mut stage);
    let letters = bea.asks(&mut stage, "a003", "agent", MESSAGES);
    assert_eq!(last_status(&letters), Some(200));
    assert!(letters.iter().any(|letter| letter.contains("Voice-Message: 1/0 (0/0)")), "{letters:?}");
    let recording = stage.recording_orders.iter().find_map(|order| {
        if let RecordingOrder::Write(sheet) = order { Some(sheet.recording) } else { None }
    });
    let recording = recording.expect("a message was recorded");
    let contact = turno_model::ContactId(1);
    stage.recorder_says(RecordingEvent::Purged { recording, contact });
    assert_eq!(told(&bea, &mut stage), summary("no", "a003", "0/0"));
    stage.forgets_confusions();
    stage.run_for(secs(700));
    stage.take_letters();
    stage.finish();
}

#[test]
fn a_site_without_voicemail_says_that_it_has_no_messages_to_tell_of() {
    let mut stage = Stage::new();
    let mut bea = Watcher::new(&mut stage);
    assert_eq!(last_status(&bea.asks(&mut stage, "a001", "none", MESSAGES)), Some(489));
    stage.forgets_confusions();
    stage.finish();
}
