//! What a supervisor does to queues, and to callers who wait in them.

use turno_media_plan::Audio;
use turno_model::command::verb::Verb;
use turno_model::{
    Act, AgentState, Asker, Channel, Command, Commanded, ContactId, ContactOutcome, Done, Fact, Newcomer,
    PromptName, QueueId, QueueState, Refusal, TurnedAway,
};
use turno_tests::stage::{Line, Stage, answering, millis, secs};

/// The queue of number 7000.
const FIRST: QueueId = QueueId(0);

/// A caller who waits; the contact's number.
fn waits(stage: &mut Stage, from: &str) -> (Line, ContactId) {
    let before = stage.count(|fact| matches!(fact, Fact::Queued { .. }));
    let caller = stage.call("7000", from);
    stage.until("queued", secs(5), |stage| stage.count(|fact| matches!(fact, Fact::Queued { .. })) > before);
    let queued = stage
        .facts()
        .iter()
        .filter_map(|(_, fact)| if let Fact::Queued { contact, .. } = fact { Some(*contact) } else { None });
    (caller, queued.max().expect("queued"))
}

fn orders(stage: &mut Stage, command: Command) -> Result<Done, Refusal> {
    stage.ordered(Asker::Control, command, Some("a test"))
}

#[test]
fn a_paused_queue_lets_callers_wait_beside_free_agents_also_after_a_crash() {
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    assert_eq!(orders(&mut stage, Act::SetQueue(FIRST, QueueState::Paused)), Ok(Done::Now));
    let (caller, _) = waits(&mut stage, "0991234567");
    stage.run_for(secs(5));
    stage.crashes(millis(300));
    stage.run_for(secs(5));
    assert_eq!((stage.state("a001"), stage.times_rung(ana)), (AgentState::Available, 0));
    assert_eq!(orders(&mut stage, Act::SetQueue(FIRST, QueueState::Open)), Ok(Done::Now));
    let at_ana = stage.talks_to(caller, ana);
    stage.hangs_up(at_ana);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn a_closed_queue_serves_who_waits_and_turns_the_others_away() {
    let mut stage = Stage::new();
    let (caller, _) = waits(&mut stage, "0991234567");
    assert_eq!(orders(&mut stage, Act::SetQueue(FIRST, QueueState::Closed)), Ok(Done::Now));
    let late = stage.call("7000", "0991234568");
    stage.until("turned away", secs(5), |stage| stage.is_over(late));
    assert_eq!(stage.turned_away(TurnedAway::Closed), 1);
    let from = turno_ground::Pii("0991234569".into());
    let newcomer = Newcomer::now(Channel::Callback, FIRST, from);
    assert_eq!(orders(&mut stage, Act::Enqueue(newcomer)), Err(Refusal::QueueClosed));
    let ana = stage.agent("a001", answering(secs(1)));
    let at_ana = stage.talks_to(caller, ana);
    stage.hangs_up(at_ana);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn a_caller_is_moved_with_the_time_waited_and_one_with_priority_comes_first() {
    let mut stage = Stage::new();
    let (first, moved) = waits(&mut stage, "0991234567");
    let (second, urgent) = waits(&mut stage, "0991234568");
    assert_eq!(orders(&mut stage, Act::Move(moved, QueueId(1))), Ok(Done::Now));
    assert_eq!(orders(&mut stage, Act::Prioritise(urgent, 5)), Ok(Done::Now));
    let queued =
        |fact: &Fact| matches!(fact, Fact::Queued { contact, queue: QueueId(1), .. } if *contact == moved);
    assert_eq!(stage.count(queued), 1);
    let ana = stage.agent("a001", answering(secs(1)));
    let at_ana = stage.talks_to(second, ana);
    for (command, why) in [
        (Act::Prioritise(urgent, 1), Refusal::NotWaiting),
        (Act::Move(urgent, QueueId(1)), Refusal::NotWaiting),
        (Act::End(urgent, None), Refusal::NotWaiting),
        (Act::Move(moved, QueueId(99)), Refusal::NoSuchQueue),
        (Act::End(moved, Some(PromptName(9_999))), Refusal::NoSuchPrompt),
        (Act::Announce(FIRST, PromptName(9_999)), Refusal::NoSuchPrompt),
    ] {
        assert_eq!(orders(&mut stage, command), Err(why));
    }
    stage.hangs_up(at_ana);
    let at_ana = stage.talks_to(first, ana);
    stage.hangs_up(at_ana);
    stage.run_for(secs(2));
    assert_eq!(stage.ended(ContactOutcome::Answered), 2);
    let told = |fact: &Fact| {
        matches!(fact, Fact::Commanded(Commanded { by: Asker::Control, why: Some(why), verb: Verb::Prioritise, contact, .. })
            if why == "a test" && *contact == Some(urgent))
    };
    assert_eq!(stage.count(told), 1, "who, what and why are a fact; a refusal is none");
    stage.finish();
}

#[test]
fn a_waiting_caller_hears_the_prompt_and_is_let_go() {
    for prompt in [None, Some(PromptName(0))] {
        let mut stage = Stage::new();
        let (caller, contact) = waits(&mut stage, "0991234567");
        assert_eq!(orders(&mut stage, Act::End(contact, prompt)), Ok(Done::Now));
        stage.until("let go", secs(65), |stage| stage.is_over(caller));
        assert_eq!(stage.ended(ContactOutcome::Dequeued), 1);
        stage.finish();
    }
}

#[test]
fn all_who_wait_hear_what_the_supervisor_says_and_then_music_again() {
    let mut stage = Stage::new();
    let (caller, _) = waits(&mut stage, "0991234567");
    assert_eq!(orders(&mut stage, Act::Announce(FIRST, PromptName(0))), Ok(Done::Now));
    assert!(matches!(stage.hears(caller), Some(Audio::Prompts(_))));
    stage.until("music again", secs(60), |stage| stage.hears_music(caller));
    stage.hangs_up(caller);
    stage.run_for(secs(2));
    stage.finish();
}
