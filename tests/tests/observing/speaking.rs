//! A supervisor speaks live to all who wait in a queue.

use turno_media_plan::{Audio, Tone};
use turno_model::{
    Act, AgentState, Asker, AuxReason, Command, ContactId, Done, Fact, LiveSpeech, Plan, QueueId, Refusal,
    SpeechChange,
};
use turno_tests::stage::{Desk, Line, Stage, answering, millis, ringing, secs};

/// The queue of number 7000, without announcements.
const INFO: QueueId = QueueId(0);
/// The queue of number 7001, with a greeting and announcements.
const TAXES: QueueId = QueueId(1);
/// The queue with callbacks, to which the menu of number 7002 leads.
const GENERAL: QueueId = QueueId(2);

/// The supervisor Eva, in a break, and nobody else at work.
fn stage_with(change: impl FnOnce(&mut Plan)) -> (Stage, Desk) {
    let mut stage = Stage::with(change);
    stage.keeps_journal();
    let eva = stage.agent("a003", answering(millis(500)));
    let who = stage.who("a003");
    stage.command(Command::Aux(who, 1)).expect("Eva may rest");
    (stage, eva)
}

fn stage() -> (Stage, Desk) {
    stage_with(|_| {})
}

fn speech(stage: &mut Stage, queue: QueueId) -> Result<Done, Refusal> {
    let who = stage.who("a003");
    stage.ordered(Asker::Control, Command::Speak(who, queue), Some("a storm"))
}

/// Eva is rung, answers, and can be heard.
fn speaks(stage: &mut Stage, eva: Desk, queue: QueueId) -> Line {
    let before = stage.count(is_begin);
    assert_eq!(speech(stage, queue), Ok(Done::Now));
    stage.until("Eva speaks", secs(5), |stage| stage.count(is_begin) > before);
    stage.last_incoming(eva).expect("it rang")
}

fn waits(stage: &mut Stage, number: &str, from: &str) -> Line {
    let before = stage.count(is_queued);
    let caller = stage.call(number, from);
    stage.until("queued", secs(30), |stage| stage.count(is_queued) > before);
    stage.run_for(millis(200));
    caller
}

fn is_queued(fact: &Fact) -> bool {
    matches!(fact, Fact::Queued { .. })
}

fn is_begin(fact: &Fact) -> bool {
    matches!(fact, Fact::LiveSpeech(LiveSpeech { change: SpeechChange::Began { .. }, .. }))
}

fn hears(stage: &Stage, caller: Line, speaker: Line) -> bool {
    let at = stage.stream_of(speaker).map(|(stream, _)| stream);
    at.is_some_and(|at| stage.hears(caller) == Some(Audio::Live(at)))
}

fn changes(stage: &Stage) -> Vec<SpeechChange> {
    let change = |fact: &Fact| if let Fact::LiveSpeech(it) = fact { Some(it.change.clone()) } else { None };
    stage.facts().iter().filter_map(|(_, fact)| change(fact)).collect()
}

/// The contacts that have heard a speech, and how many the end has counted.
fn heard(stage: &Stage) -> (Vec<ContactId>, Vec<u32>) {
    let (mut contacts, mut counted) = (Vec::new(), Vec::new());
    for change in changes(stage) {
        match change {
            SpeechChange::Began { .. } => {}
            SpeechChange::Heard { contact } => contacts.push(contact),
            SpeechChange::Ended { heard } => counted.push(heard),
        }
    }
    (contacts, counted)
}

fn rests(stage: &Stage) -> bool {
    stage.state("a003") == AgentState::Aux(AuxReason::Planned(1))
}

#[test]
fn all_who_wait_and_who_comes_meanwhile_hear_the_supervisor_until_an_agent_answers() {
    let (mut stage, eva) = stage();
    let first = waits(&mut stage, "7000", "0990000001");
    let elsewhere = waits(&mut stage, "7001", "0990000002");
    assert_eq!(speech(&mut stage, INFO), Ok(Done::Now));
    let at_eva = stage.rings_at(eva);
    stage.until("she answers", secs(2), |stage| stage.hears(at_eva) == Some(Audio::Tone(Tone::Speak)));
    assert!(stage.hears_music(first), "the tone is hers alone");
    stage.until("she speaks", secs(2), |stage| hears(stage, first, at_eva));
    assert_eq!(stage.hears(at_eva), Some(Audio::Silence));
    assert_eq!(stage.state("a003"), AgentState::OtherCall, "a speaker gets no offer");
    let late = waits(&mut stage, "7000", "0990000003");
    assert!(hears(&stage, late, at_eva) && hears(&stage, first, at_eva) && !hears(&stage, elsewhere, at_eva));
    // Offers go on as ever, and who is answered hears the agent alone.
    let ana = stage.agent("a001", answering(secs(1)));
    let at_ana = stage.talks_to(first, ana);
    assert!(stage.hear_each_other(first, at_ana) && !hears(&stage, first, at_eva));
    assert!(hears(&stage, late, at_eva), "the others are not disturbed");
    stage.hangs_up(at_eva);
    stage.until("music again", secs(2), |stage| stage.hears_music(late));
    assert!(rests(&stage), "Eva is where she was");
    let (contacts, counted) = heard(&stage);
    assert_eq!((contacts.len(), counted), (2, vec![2]));
    let began = SpeechChange::Began { by: Asker::Control, why: Some("a storm".into()) };
    assert_eq!(changes(&stage)[0], began);
    let story = format!("{:?}", stage.story(contacts[0]));
    assert!(story.contains("who speaks to the queue"), "{story}");
    for line in [first, late, elsewhere] {
        stage.hangs_up(line);
    }
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn a_supervisor_dials_the_code_and_a_number_of_the_queue() {
    let (mut stage, eva) = stage();
    let caller = waits(&mut stage, "7000", "0990000001");
    let at_eva = stage.dials(eva, "*297000");
    stage.until("she speaks", secs(5), |stage| hears(stage, caller, at_eva));
    let who = stage.who("a003");
    assert_eq!(changes(&stage)[0], SpeechChange::Began { by: Asker::Phone(who), why: None });
    stage.hangs_up(at_eva);
    stage.until("music again", secs(2), |stage| stage.hears_music(caller) && rests(stage));
    // Neither a menu's number nor an extension is a queue.
    for behind in ["7002", "a001", "9999"] {
        let at_eva = stage.dials(eva, &format!("*29{behind}"));
        stage.until("refused", secs(8), |stage| stage.is_over(at_eva));
    }
    assert_eq!(stage.count(is_begin), 1);
    stage.hangs_up(caller);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn the_speech_ends_by_itself_after_a_beep() {
    let (mut stage, eva) = stage_with(|plan| plan.room.speak_max = secs(20));
    let caller = waits(&mut stage, "7000", "0990000001");
    let at_eva = speaks(&mut stage, eva, INFO);
    let began = stage.when(is_begin).expect("it began");
    stage.until("it is over", secs(30), |stage| stage.is_over(at_eva));
    assert!(stage.hears_music(caller));
    let warned = stage.when_tone(Tone::Warning).expect("a beep");
    assert_eq!(warned.since(began), secs(15));
    let is_end = |fact: &Fact| {
        matches!(fact, Fact::LiveSpeech(LiveSpeech { change: SpeechChange::Ended { heard: 1 }, .. }))
    };
    assert_eq!(stage.when(is_end).expect("it ended").since(began), secs(20));
    stage.hangs_up(caller);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn what_is_refused_says_why() {
    let (mut stage, eva) = stage_with(|plan| plan.agents[4].supervises = false);
    for extension in ["a004", "a005"] {
        stage.agent(extension, ringing());
    }
    let [who, luis, no_supervisor, away] = ["a003", "a004", "a005", "a009"].map(|it| stage.who(it));
    let mut asks = |agent, queue| stage.command(Act::Speak(agent, queue));
    assert_eq!(asks(who, QueueId(99)), Err(Refusal::NoSuchQueue));
    assert_eq!(asks(no_supervisor, INFO), Err(Refusal::MayNotSpeak));
    assert_eq!(asks(away, INFO), Err(Refusal::NoPhone));
    let at_eva = speaks(&mut stage, eva, INFO);
    let mut asks = |agent, queue| stage.command(Act::Speak(agent, queue));
    assert_eq!(asks(luis, INFO), Err(Refusal::SpokenTo { by: "a003".into() }));
    assert_eq!(asks(who, TAXES), Err(Refusal::AgentBusy));
    // Another queue has its own speaker, who is not there yet while the phone rings.
    assert_eq!(asks(luis, TAXES), Ok(Done::Now));
    assert_eq!(asks(who, TAXES), Err(Refusal::SpokenTo { by: "a004".into() }));
    stage.until("Luis does not answer", secs(60), |stage| stage.state("a004") == AgentState::Available);
    assert_eq!(stage.count(is_begin), 1);
    assert!(!stage.is_over(at_eva));
    stage.hangs_up(at_eva);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn a_greeting_is_heard_to_its_end_and_no_announcement_interrupts_the_speaker() {
    let (mut stage, eva) = stage();
    let early = waits(&mut stage, "7001", "0990000001");
    assert!(matches!(stage.hears(early), Some(Audio::Prompts(_))));
    let at_eva = speaks(&mut stage, eva, TAXES);
    assert!(matches!(stage.hears(early), Some(Audio::Prompts(_))), "the greeting is not cut");
    stage.until("the speaker after it", secs(10), |stage| hears(stage, early, at_eva));
    for _ in 0..30 {
        stage.run_for(secs(2));
        assert!(hears(&stage, early, at_eva), "no announcement interrupts");
    }
    stage.hangs_up(at_eva);
    stage.until("announced again", secs(15), |stage| matches!(stage.hears(early), Some(Audio::Prompts(_))));
    stage.hangs_up(early);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn who_is_asked_about_a_callback_is_left_alone_until_that_is_over() {
    let (mut stage, eva) = stage();
    let caller = waits(&mut stage, "7002", "0990000001");
    stage.run_for(secs(1));
    stage.presses(caller, '1');
    stage.until("asked", secs(2), |stage| matches!(stage.hears(caller), Some(Audio::Prompts(_))));
    let at_eva = speaks(&mut stage, eva, GENERAL);
    assert!(!hears(&stage, caller, at_eva));
    stage.presses(caller, '9');
    assert!(stage.hears_music(caller), "a key at random leads nowhere, and the question stands");
    stage.presses(caller, '*');
    assert!(hears(&stage, caller, at_eva));
    stage.hangs_up(at_eva);
    stage.until("music", secs(2), |stage| stage.hears_music(caller));
    stage.hangs_up(caller);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn who_is_moved_hears_what_the_other_queue_hears_and_counts_once() {
    let (mut stage, eva) = stage();
    let caller = waits(&mut stage, "7000", "0990000001");
    let at_eva = speaks(&mut stage, eva, INFO);
    let (contacts, _) = heard(&stage);
    for (queue, is_heard) in [(GENERAL, false), (INFO, true)] {
        stage.command(Act::Move(contacts[0], queue)).expect("the caller waits");
        assert_eq!(hears(&stage, caller, at_eva), is_heard);
        assert_eq!(stage.hears_music(caller), !is_heard);
    }
    // An announcement by command is heard over it, and then the speaker again.
    stage.command(Act::Announce(INFO, turno_model::PromptName(0))).expect("there is one");
    assert!(matches!(stage.hears(caller), Some(Audio::Prompts(_))));
    stage.until("the speaker again", secs(10), |stage| hears(stage, caller, at_eva));
    stage.hangs_up(at_eva);
    stage.run_for(secs(1));
    assert_eq!(heard(&stage), (contacts, vec![1]));
    stage.hangs_up(caller);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn who_is_moved_between_two_speakers_and_back_counts_once_for_each() {
    let (mut stage, eva) = stage();
    let bob = stage.agent("a002", answering(millis(500)));
    let who = stage.who("a002");
    stage.command(Command::Aux(who, 1)).expect("Bob may rest");
    let caller = waits(&mut stage, "7000", "0990000001");
    let at_eva = speaks(&mut stage, eva, INFO);
    let (contacts, _) = heard(&stage);
    assert_eq!(stage.ordered(Asker::Control, Command::Speak(who, GENERAL), None), Ok(Done::Now));
    stage.until("Bob speaks", secs(5), |stage| stage.count(is_begin) == 2);
    let at_bob = stage.last_incoming(bob).expect("it rang");
    for (queue, speaker) in [(GENERAL, at_bob), (INFO, at_eva), (GENERAL, at_bob)] {
        stage.command(Act::Move(contacts[0], queue)).expect("the caller waits");
        assert!(hears(&stage, caller, speaker));
    }
    for speaker in [at_eva, at_bob] {
        stage.hangs_up(speaker);
        stage.run_for(secs(1));
    }
    assert_eq!(heard(&stage), (vec![contacts[0], contacts[0]], vec![1, 1]));
    stage.hangs_up(caller);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn who_is_transferred_to_the_queue_or_loses_the_agent_hears_the_speaker_too() {
    let (mut stage, eva) = stage();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0990000001");
    let at_ana = stage.talks_to(caller, ana);
    let at_eva = speaks(&mut stage, eva, INFO);
    assert!(stage.hear_each_other(caller, at_ana));
    let who = stage.who("a001");
    stage.behaves(ana, ringing());
    stage.passes_on(at_ana, "7000");
    stage.until("in line again", secs(5), |stage| hears(stage, caller, at_eva));
    stage.command(Command::LogOut(who)).expect("Ana may go");
    stage.run_for(secs(20));
    assert!(hears(&stage, caller, at_eva), "an offer that nobody takes changes nothing");
    stage.hangs_up(at_eva);
    stage.hangs_up(caller);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn a_speaker_speaks_on_when_we_are_killed_and_picked_up() {
    let (mut stage, eva) = stage_with(|plan| plan.room.speak_max = secs(30));
    let caller = waits(&mut stage, "7000", "0990000001");
    assert_eq!(speech(&mut stage, INFO), Ok(Done::Now));
    stage.rings_at(eva);
    stage.crashes(millis(100));
    stage.until("Eva speaks", secs(5), |stage| stage.count(is_begin) == 1);
    let at_eva = stage.last_incoming(eva).expect("it rang");
    stage.crashes(millis(300));
    assert!(hears(&stage, caller, at_eva));
    assert_eq!(stage.state("a003"), AgentState::OtherCall);
    let who = stage.who("a003");
    assert_eq!(stage.command(Act::Speak(who, INFO)), Err(Refusal::SpokenTo { by: "a003".into() }));
    let late = waits(&mut stage, "7000", "0990000002");
    assert!(hears(&stage, late, at_eva));
    stage.until("her time is over", secs(40), |stage| stage.is_over(at_eva));
    assert!(stage.hears_music(caller) && stage.hears_music(late) && rests(&stage));
    assert_eq!(heard(&stage).1, [2]);
    stage.hangs_up(caller);
    stage.hangs_up(late);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn a_speaker_whose_phone_is_lost_is_gone_and_the_music_goes_on() {
    let (mut stage, eva) = stage();
    let caller = waits(&mut stage, "7000", "0990000001");
    let at_eva = speaks(&mut stage, eva, INFO);
    stage.falls_silent(at_eva);
    stage.until("music again", secs(60), |stage| stage.hears_music(caller));
    assert!(stage.is_over(at_eva) || stage.state("a003") != AgentState::OtherCall);
    stage.hangs_up(caller);
    stage.run_for(secs(2));
    stage.finish();
}
