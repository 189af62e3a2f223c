//! A caller who calls again waits a while for the agent of last time, who is busy.

use core::time::Duration;

use turno_model::{AgentState, CallerKnown, Decision, Fact, Rule};
use turno_tests::stage::{Desk, Line, Stage, answering, millis, secs};

/// How long callers wait for the agent of last time.
const WAIT: Duration = secs(40);

/// Ana has served this caller and talks to another one; Bruno is free.
fn ana_is_busy() -> (Stage, Desk, Desk, Line) {
    let mut stage = Stage::with(|plan| {
        plan.queues.iter_mut().for_each(|queue| {
            (queue.last_agent, queue.rule, queue.last_agent_wait) = (Some(secs(600)), Rule::UcdMia, WAIT);
        });
    });
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(millis(500)));
    stage.run_for(secs(1));
    let first = stage.call("7001", "0991234567");
    stage.talks_to(first, ana);
    stage.hangs_up(first);
    stage.run_for(secs(20));
    let busy = stage.call("7001", "0995555555");
    stage.talks_to(busy, ana);
    let bruno = stage.agent("a002", answering(millis(500)));
    stage.run_for(secs(5));
    (stage, ana, bruno, busy)
}

fn last_decision(stage: &Stage) -> Decision {
    let offered = stage.facts().iter().rev().find_map(|(_, fact)| match fact {
        Fact::Offered { decision, .. } => Some((**decision).clone()),
        _ => None,
    });
    offered.expect("something was offered")
}

fn kept(stage: &Stage) -> usize {
    stage.count(|fact| matches!(fact, Fact::CallerKnown(_, CallerKnown::KeptFor { .. })))
}

#[test]
fn a_caller_waits_for_the_busy_agent_of_last_time_while_another_one_is_free() {
    let (mut stage, ana, bruno, busy) = ana_is_busy();
    let again = stage.call("7001", "0991234567");
    stage.run_for(secs(10));
    assert_eq!((stage.state("a002"), stage.times_rung(bruno)), (AgentState::Available, 0));
    stage.hangs_up(busy);
    stage.talks_to(again, ana);
    let why = last_decision(&stage);
    assert_eq!((why.rule, why.winner), (Rule::LastAgent, stage.who("a001")));
    assert_eq!((kept(&stage), stage.times_rung(bruno)), (1, 0));
    stage.hangs_up(again);
    stage.finish();
}

#[test]
fn after_that_time_everybody_may_take_the_caller() {
    let (mut stage, _, bruno, busy) = ana_is_busy();
    let again = stage.call("7001", "0991234567");
    stage.run_for(WAIT - secs(1));
    assert_eq!(stage.times_rung(bruno), 0);
    stage.run_for(secs(3));
    stage.talks_to(again, bruno);
    stage.hangs_up(again);
    stage.hangs_up(busy);
    stage.finish();
}

#[test]
fn an_agent_who_goes_for_a_break_is_waited_for_no_more() {
    let (mut stage, _, bruno, busy) = ana_is_busy();
    let again = stage.call("7001", "0991234567");
    stage.run_for(secs(2));
    let ana = stage.who("a001");
    stage.command(turno_model::Command::LogOut(ana)).expect("after the talk");
    stage.run_for(secs(2));
    assert_eq!(stage.times_rung(bruno), 0);
    stage.hangs_up(busy);
    stage.run_for(secs(3));
    stage.talks_to(again, bruno);
    stage.hangs_up(again);
    stage.finish();
}

#[test]
fn a_crash_and_another_plan_keep_the_caller_for_the_agent_and_the_end_of_it() {
    // Wound: after a restart the caller waits for ever, or goes to anybody.
    let (mut stage, _, bruno, busy) = ana_is_busy();
    let again = stage.call("7001", "0991234567");
    stage.run_for(secs(10));
    stage.crashes(millis(300));
    let plan = (*stage.plan).clone();
    stage.replans(plan);
    stage.run_for(secs(20));
    assert_eq!(stage.times_rung(bruno), 0);
    stage.run_for(secs(15));
    stage.talks_to(again, bruno);
    stage.hangs_up(again);
    stage.hangs_up(busy);
    stage.finish();
}

#[test]
fn other_callers_do_not_wait_for_it_and_one_who_has_waited_much_longer_goes_first() {
    let (mut stage, ana, bruno, busy) = ana_is_busy();
    let again = stage.call("7001", "0991234567");
    stage.run_for(secs(1));
    let other = stage.call("7001", "0996666666");
    stage.talks_to(other, bruno);
    assert!(!stage.is_talking(again) || stage.times_rung(ana) == 2, "the other one overtakes at Bruno alone");
    stage.hangs_up(busy);
    stage.talks_to(again, ana);
    stage.hangs_up(again);
    stage.hangs_up(other);
    stage.finish();
}
