//! The emergency announcement: before everything else, once for those who wait, until it is switched off.

use turno_model::{
    AfterEmergency, Asker, Command, ContactOutcome, Done, Emergency, Fact, OpenState, Refusal, TurnedAway,
};
use turno_tests::stage::plan::{TUESDAY_AT_FIVE, prompt, quito};
use turno_tests::stage::{PROMPT_SPAN, Stage, answering, millis, ringing, secs};

use crate::{MAIN, hears, in_menu, queue};

fn orders(stage: &mut Stage, command: Command) -> Result<Done, Refusal> {
    stage.ordered(Asker::Control, command, Some("water pipe"))
}

fn heard(stage: &Stage) -> usize {
    stage.count(|fact| matches!(fact, Fact::Emergency(Emergency::Heard { .. })))
}

#[test]
fn every_caller_hears_it_first_and_goes_on() {
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    assert_eq!(orders(&mut stage, Command::EmergencyOn(None)), Ok(Done::Now));
    let line = stage.call("7002", "0991234567");
    stage.until("it plays", secs(2), |stage| hears(stage, line) == ["es/holiday"]);
    stage.presses(line, '1');
    assert_eq!(hears(&stage, line), ["es/holiday"], "no key cuts it");
    stage.until("the menu plays", PROMPT_SPAN + secs(2), |stage| hears(stage, line) == MAIN);
    stage.presses(line, '1');
    stage.talks_to(line, ana);
    assert_eq!(queue(&stage).as_deref(), Some("taxes"));
    stage.hangs_up(line);
    assert_eq!(orders(&mut stage, Command::EmergencyOff), Ok(Done::Now));
    let later = in_menu(&mut stage);
    assert_eq!(hears(&stage, later), MAIN);
    assert_eq!(heard(&stage), 1);
    stage.hangs_up(later);
    stage.finish();
}

#[test]
fn callers_who_wait_hear_it_once_and_keep_their_place() {
    let mut stage = Stage::new();
    stage.agent("a001", ringing());
    let line = stage.call("7001", "0991234567");
    stage.run_for(secs(1));
    assert_eq!(orders(&mut stage, Command::EmergencyOn(None)), Ok(Done::Now));
    assert_eq!(hears(&stage, line), ["es/holiday"]);
    assert_eq!(orders(&mut stage, Command::EmergencyOn(None)), Ok(Done::Now), "it is on already");
    stage.run_for(secs(60));
    assert_eq!((heard(&stage), stage.ended(ContactOutcome::Dequeued)), (1, 0));
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn callers_in_a_menu_hear_it_at_once_and_then_their_menu_again() {
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let line = in_menu(&mut stage);
    // A caller who has gone on to the second menu stays there.
    let other = in_menu(&mut stage);
    stage.presses(other, '3');
    assert_eq!(hears(&stage, other), ["es/thanks"]);
    assert_eq!(orders(&mut stage, Command::EmergencyOn(None)), Ok(Done::Now));
    for call in [line, other] {
        assert_eq!(hears(&stage, call), ["es/holiday"]);
    }
    stage.presses(line, '1');
    assert_eq!(hears(&stage, line), ["es/holiday"], "no key cuts it");
    stage.crashes(millis(300));
    stage.until("the menu again", PROMPT_SPAN + secs(3), |stage| hears(stage, line) == MAIN);
    stage.until("the second menu again", secs(3), |stage| hears(stage, other) == ["es/thanks"]);
    assert_eq!(heard(&stage), 2);
    stage.presses(line, '1');
    stage.talks_to(line, ana);
    assert_eq!(queue(&stage).as_deref(), Some("taxes"));
    stage.hangs_up(line);
    stage.hangs_up(other);
    stage.finish();
}

#[test]
fn callers_in_a_menu_are_let_go_after_it_if_it_ends_the_calls() {
    let mut stage = Stage::with(|plan| plan.emergency.then = AfterEmergency::End);
    let line = in_menu(&mut stage);
    assert_eq!(orders(&mut stage, Command::EmergencyOn(None)), Ok(Done::Now));
    assert_eq!(hears(&stage, line), ["es/holiday"]);
    stage.run_for(PROMPT_SPAN + secs(1));
    assert!(stage.is_over(line));
    assert_eq!(stage.turned_away(TurnedAway::Emergency), 1);
    stage.finish();
}

#[test]
fn it_can_end_the_calls_and_another_prompt_can_be_named() {
    let mut stage = Stage::with(|plan| plan.emergency.then = AfterEmergency::End);
    let closed = prompt(&stage.plan, "es/closed");
    assert_eq!(orders(&mut stage, Command::EmergencyOn(Some(closed))), Ok(Done::Now));
    let line = stage.call("7002", "0991234567");
    stage.until("it plays", secs(2), |stage| hears(stage, line) == ["es/closed"]);
    stage.run_for(PROMPT_SPAN + secs(1));
    assert!(stage.is_over(line));
    assert_eq!(stage.turned_away(TurnedAway::Emergency), 1);
    stage.finish();
}

#[test]
fn it_comes_before_the_notice_of_the_hours() {
    let mut plan = quito();
    plan.emergency.prompt = Some(prompt(&plan, "es/portal"));
    assert_ne!(plan.hours[0].at(TUESDAY_AT_FIVE), OpenState::Open);
    let mut stage = Stage::open(plan, 1, TUESDAY_AT_FIVE);
    assert_eq!(orders(&mut stage, Command::EmergencyOn(None)), Ok(Done::Now));
    let line = stage.call("1800510510", "0991234567");
    stage.until("it plays", secs(2), |stage| hears(stage, line) == ["es/portal"]);
    stage.until("the notice plays", PROMPT_SPAN + secs(2), |stage| hears(stage, line) == ["es/closed"]);
    stage.run_for(PROMPT_SPAN + secs(1));
    assert!(stage.is_over(line));
    assert_eq!(stage.turned_away(TurnedAway::Closed), 1);
    stage.finish();
}

#[test]
fn it_stays_on_through_a_crash_and_a_caller_who_hears_it_goes_on() {
    // Wound: after a restart in a crisis, nobody hears the announcement.
    let mut stage = Stage::new();
    stage.keeps_journal();
    assert_eq!(orders(&mut stage, Command::EmergencyOn(None)), Ok(Done::Now));
    let line = stage.call("7002", "0991234567");
    stage.until("it plays", secs(2), |stage| hears(stage, line) == ["es/holiday"]);
    stage.crashes(millis(300));
    assert_eq!(hears(&stage, line), ["es/holiday"]);
    stage.until("the menu plays", PROMPT_SPAN + secs(2), |stage| hears(stage, line) == MAIN);
    let second = stage.call("7000", "0998888888");
    stage.until("it plays to the next", secs(2), |stage| hears(stage, second) == ["es/holiday"]);
    stage.hangs_up(second);
    stage.hangs_up(line);
    stage.finish();
    assert_eq!(stage.turned_away(TurnedAway::HungUpInMenu), 2);
}

#[test]
fn a_new_plan_keeps_it_on_and_a_prompt_that_is_gone_becomes_that_of_the_plan() {
    let mut stage = Stage::new();
    let portal = prompt(&stage.plan, "es/portal");
    assert_eq!(orders(&mut stage, Command::EmergencyOn(Some(portal))), Ok(Done::Now));
    let mut plan = (*stage.plan).clone();
    plan.prompts[portal.index()].file = std::path::PathBuf::new();
    stage.replans(plan);
    let line = stage.call("7002", "0991234567");
    stage.until("it plays", secs(2), |stage| hears(stage, line) == ["es/holiday"]);
    let mut plan = (*stage.plan).clone();
    plan.numbers.retain(|number| number.number != "7002");
    stage.replans(plan);
    stage.run_for(PROMPT_SPAN + secs(1));
    assert!(stage.is_over(line), "the number is gone");
    assert_eq!(stage.turned_away(TurnedAway::NotPossible), 1);
    stage.finish();
}

#[test]
fn it_needs_a_prompt() {
    let mut stage = Stage::with(|plan| plan.emergency.prompt = None);
    assert_eq!(orders(&mut stage, Command::EmergencyOn(None)), Err(Refusal::NoSuchPrompt));
    assert_eq!(orders(&mut stage, Command::EmergencyOff), Ok(Done::Now), "it is off");
    stage.finish();
}
