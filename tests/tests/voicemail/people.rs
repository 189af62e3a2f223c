//! The people of these tests: an agent who is busy, a caller who leaves a message, and the recorder.

use core::time::Duration;
use std::path::PathBuf;

use turno_engine::{RecordingEvent, RecordingOrder};
use turno_ground::Secret;
use turno_media_plan::{Audio, PromptId};
use turno_model::plan::{
    Entry, NumberPlan, QueuePlan, RecordingPlan, RetentionClass, SoundForm, VoicemailPlan, VoicemailPrompt,
};
use turno_model::{
    ContactId, Fact, Language, Plan, PromptName, QueueId, RecordingId, RecordingLoss, VoicemailChange,
};
use turno_tests::stage::{Desk, Line, PROMPT_SPAN, Stage, TONE_SPAN, answering, millis, secs};

/// A voicemail whose prompts are the first of the plan, in their order.
pub(crate) fn voicemail() -> VoicemailPlan {
    VoicemailPlan {
        key: '2',
        greeting: vec![],
        silence: secs(4),
        longest: secs(60),
        messages_max: 2,
        language: Language::Spanish,
        recordings: vec![],
        prompts: (0..11).map(PromptName).collect(),
    }
}

/// The site with voicemail in its queue `general`, which 7003 reaches.
pub(crate) fn with_voicemail(plan: &mut Plan, edit: impl FnOnce(&mut QueuePlan)) {
    plan.recording = Some(RecordingPlan {
        folder: PathBuf::from("recordings"),
        form: SoundForm::Opus,
        key_file: PathBuf::new(),
        keys: Secret::default(),
        digits_pause: secs(5),
        pause_key: None,
        classes: vec![RetentionClass { name: "standard".to_owned(), kept: secs(90 * 86_400) }],
    });
    let general = plan.queues.iter().position(|queue| queue.name == "general").expect("it is planned");
    plan.queues[general].voicemail = Some(voicemail());
    plan.queues[general].callback = None;
    plan.queues[general].announcements = None;
    edit(&mut plan.queues[general]);
    plan.numbers.push(NumberPlan {
        number: "7003".to_owned(),
        entry: Entry::Queue(QueueId(u32::try_from(general).expect("few queues"))),
        hours: None,
        closed: None,
        holiday: None,
    });
}

/// Ana is the only agent, and talks to the first caller.
pub(crate) fn busy_site() -> (Stage, Desk, Line) {
    busy_site_with(|_| {})
}

/// The same with another plan of the queue.
pub(crate) fn busy_site_with(edit: impl FnOnce(&mut QueuePlan)) -> (Stage, Desk, Line) {
    let mut stage = Stage::with(|plan| with_voicemail(plan, edit));
    let ana = stage.agent("a001", answering(secs(1)));
    let first = stage.call("7003", "0991111111");
    stage.talks_to(first, ana);
    (stage, ana, first)
}

/// A caller who waits in the queue.
pub(crate) fn waits(stage: &mut Stage, from: &str) -> Line {
    let line = stage.call("7003", from);
    stage.run_for(secs(3));
    line
}

/// A caller waits, presses the key, hears greeting and tone, and speaks for six seconds.
pub(crate) fn speaks(stage: &mut Stage) -> Line {
    let line = waits(stage, "0987654321");
    stage.presses(line, '2');
    hears_the_tone(stage, line);
    stage.run_for(secs(6));
    line
}

/// Greeting and tone are over.
pub(crate) fn hears_the_tone(stage: &mut Stage, line: Line) {
    stage.run_for(PROMPT_SPAN + TONE_SPAN + millis(100));
    assert_eq!(stage.hears(line), Some(Audio::Silence), "the caller is recorded");
}

/// A caller leaves a message, and turno hangs up.
pub(crate) fn leaves(stage: &mut Stage) {
    let line = speaks(stage);
    stage.presses(line, '#');
    closes(stage, secs(6));
    stage.presses(line, '1');
    stage.run_for(secs(20));
    assert!(stage.is_over(line), "turno has thanked and hung up");
}

/// The recording that the recorder was asked to close last.
pub(crate) fn to_close(stage: &Stage) -> RecordingId {
    let closed = stage.recording_orders.iter().rev().find_map(|order| match order {
        RecordingOrder::Close { recording, .. } => Some(*recording),
        RecordingOrder::Write(_) | RecordingOrder::Purge => None,
        RecordingOrder::Discard { .. } | RecordingOrder::Load { .. } => None,
    });
    closed.expect("a recording is to be closed")
}

/// The recorder closes a message with so much voice.
pub(crate) fn closes(stage: &mut Stage, voiced: Duration) {
    let recording = to_close(stage);
    let (length, missing) = (voiced + secs(1), Duration::ZERO);
    stage.recorder_says(RecordingEvent::Closed { recording, length, missing, voiced, hash: [7; 32] });
    stage.run_for(millis(200));
}

/// The recorder loses the message that it writes.
pub(crate) fn loses(stage: &mut Stage) {
    let recording = written(stage);
    let loss = RecordingLoss::DiskFull;
    stage.recorder_says(RecordingEvent::Lost { recording, length: Duration::ZERO, loss });
    stage.run_for(millis(200));
}

/// The recording that the recorder was asked to write last.
pub(crate) fn written(stage: &Stage) -> RecordingId {
    let written = stage.recording_orders.iter().rev().find_map(|order| match order {
        RecordingOrder::Write(sheet) => Some(sheet.recording),
        RecordingOrder::Close { .. } | RecordingOrder::Purge => None,
        RecordingOrder::Discard { .. } | RecordingOrder::Load { .. } => None,
    });
    written.expect("something is recorded")
}

/// The recorder was asked to read a message, and has lent it.
pub(crate) fn loads(stage: &mut Stage) {
    let asked = stage.recording_orders.iter().rev().find_map(|order| match order {
        RecordingOrder::Load { recording, .. } => Some(*recording),
        RecordingOrder::Write(_) | RecordingOrder::Close { .. } => None,
        RecordingOrder::Discard { .. } | RecordingOrder::Purge => None,
    });
    let recording = asked.expect("a message is to be read");
    stage.recorder_says(RecordingEvent::Loaded { recording });
    stage.run_for(millis(100));
}

/// Ana's phone rings for a message, she answers, and the message plays.
pub(crate) fn plays_to(stage: &mut Stage, ana: Desk) -> Line {
    let line = answers_a_message(stage, ana);
    loads(stage);
    assert!(matches!(stage.hears(line), Some(Audio::Sound(_))), "{:?}", stage.hears(line));
    line
}

/// Ana's phone rings for a message, she answers, and the recorder is asked for it.
pub(crate) fn answers_a_message(stage: &mut Stage, ana: Desk) -> Line {
    let before = (stage.times_rung(ana), asked(stage));
    stage.until("the phone rings", secs(90), |stage| stage.times_rung(ana) > before.0);
    stage.until("the recorder is asked", secs(30), |stage| asked(stage) > before.1);
    stage.last_incoming(ana).expect("it rang")
}

/// How often the recorder was asked for a message.
fn asked(stage: &Stage) -> usize {
    stage.recording_orders.iter().filter(|order| matches!(order, RecordingOrder::Load { .. })).count()
}

/// How many recordings the recorder was asked to delete.
pub(crate) fn discarded(stage: &Stage) -> usize {
    let is_it = |order: &&RecordingOrder| matches!(order, RecordingOrder::Discard { .. });
    stage.recording_orders.iter().filter(is_it).count()
}

/// What is heard of this kind.
pub(crate) fn prompt(which: VoicemailPrompt) -> Option<Audio> {
    Some(Audio::Prompts(vec![PromptId(which as u16)]))
}

/// How many facts of voicemail match.
pub(crate) fn changes(stage: &Stage, is_such: impl Fn(&VoicemailChange) -> bool) -> usize {
    stage.count(|fact| if let Fact::Voicemail(it) = fact { is_such(&it.change) } else { false })
}

/// The contact of the message that was left last.
pub(crate) fn message(stage: &Stage) -> ContactId {
    let left = stage.facts().iter().rev().find_map(|(_, fact)| match fact {
        Fact::Voicemail(it) if matches!(it.change, VoicemailChange::Left { .. }) => Some(it.contact),
        _ => None,
    });
    left.expect("a message was left")
}
