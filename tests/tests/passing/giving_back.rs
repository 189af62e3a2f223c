//! An agent gives a caller back to the queue.

use turno_model::{AgentState, Asker, Command, ContactOutcome, Fact, PassingChange, Refusal};
use turno_tests::stage::{Desk, Line, Stage, answering, ringing, secs};

use super::changes;

/// Ana talks to a caller, a later caller waits, and nobody else is there.
fn talk() -> (Stage, Desk, Line, Line, Line) {
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991111111");
    let at_ana = stage.talks_to(caller, ana);
    stage.run_for(secs(5));
    let later = stage.call("7000", "0992222222");
    stage.run_for(secs(5));
    (stage, ana, caller, at_ana, later)
}

fn entered(stage: &Stage) -> u64 {
    stage.snapshot().queues.iter().map(|queue| queue.total.entered).sum()
}

#[test]
fn a_caller_who_is_given_back_is_served_before_those_who_came_later() {
    // Wound chatwoot#10376: the wait clock is lost at handover.
    let (mut stage, _, caller, at_ana, later) = talk();
    stage.keep_messages();
    let ana_id = stage.who("a001");
    let done = stage.ordered(Asker::Control, Command::Return(ana_id), Some("another language"));
    assert!(done.is_ok(), "{done:?}");
    stage.run_for(secs(1));
    assert!(stage.is_over(at_ana) && stage.hears_music(caller));
    assert_eq!(changes(&stage), [PassingChange::Returned]);
    assert_eq!(stage.state("a001"), AgentState::Acw);
    let bruno = stage.agent("a002", answering(secs(1)));
    let at_bruno = stage.talks_to(caller, bruno);
    assert!(stage.hear_each_other(caller, at_bruno));
    assert_eq!(entered(&stage), 2, "each caller entered the queue once");
    let contact = stage.facts().iter().find_map(|(_, fact)| fact.contact()).expect("somebody called");
    let told = format!("{:?}", stage.story(contact));
    assert!(told.contains("gives the caller back to the queue"), "{told}");
    stage.hangs_up(caller);
    stage.hangs_up(later);
    stage.run_for(secs(1));
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
    stage.finish();
}

#[test]
fn a_transfer_to_the_code_gives_the_caller_back() {
    let (mut stage, _, caller, at_ana, _) = talk();
    stage.passes_on(at_ana, "*27");
    stage.run_for(secs(1));
    assert!(stage.is_over(at_ana) && stage.hears_music(caller));
    assert_eq!(changes(&stage), [PassingChange::Returned]);
    stage.finish();
}

#[test]
fn an_agent_who_dials_the_code_beside_the_held_caller_gives_the_caller_back() {
    let (mut stage, ana, caller, at_ana, _) = talk();
    stage.holds(at_ana);
    stage.run_for(secs(1));
    stage.dials(ana, "*27");
    stage.run_for(secs(3));
    assert!(stage.is_over(at_ana) && stage.hears_music(caller));
    assert_eq!(changes(&stage), [PassingChange::Returned]);
    stage.finish();
}

#[test]
fn a_caller_who_leaves_while_waiting_again_was_answered_and_the_books_balance() {
    let (mut stage, _, caller, _, _) = talk();
    let ana_id = stage.who("a001");
    assert!(stage.command(Command::Return(ana_id)).is_ok());
    stage.run_for(secs(3));
    assert_eq!(stage.snapshot().queues.iter().map(|queue| queue.waiting).sum::<u32>(), 2);
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    assert_eq!((stage.ended(ContactOutcome::Answered), stage.ended(ContactOutcome::Abandoned)), (1, 0));
    stage.finish();
}

#[test]
fn without_a_talk_or_during_a_transfer_nothing_is_given_back() {
    let (mut stage, _, caller, at_ana, _) = talk();
    let [ana, bruno] = ["a001", "a002"].map(|extension| stage.who(extension));
    assert_eq!(stage.command(Command::Return(bruno)), Err(Refusal::NoTalk));
    stage.agent("a002", ringing());
    stage.run_for(secs(1));
    stage.agent("a003", ringing());
    stage.run_for(secs(1));
    stage.passes_on(at_ana, "a003");
    stage.run_for(secs(1));
    assert_eq!(stage.command(Command::Return(ana)), Err(Refusal::PassedOn));
    assert_eq!(changes(&stage), []);
    stage.hangs_up(caller);
    stage.finish();
}

#[test]
fn a_caller_who_was_given_back_is_at_the_front_after_a_crash_too() {
    let (mut stage, _, caller, _, _) = talk();
    let ana_id = stage.who("a001");
    assert!(stage.command(Command::Return(ana_id)).is_ok());
    stage.run_for(secs(1));
    stage.crashes(secs(2));
    let bruno = stage.agent("a002", answering(secs(1)));
    stage.talks_to(caller, bruno);
    let connected = stage.count(|fact| matches!(fact, Fact::Connected { .. }));
    assert_eq!(connected, 2);
    stage.finish();
}
