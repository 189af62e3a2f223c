//! Callers who dial an agent's own number.

use core::time::Duration;

use turno_model::plan::{Entry, NumberPlan};
use turno_model::{AgentId, CallerKnown, Decision, Fact, Rule};
use turno_tests::stage::{Desk, Line, Stage, answering, millis, secs};

/// How long callers wait for the agent alone.
const WAIT: Duration = secs(120);

/// The number 7009 is Ana's own, who talks to somebody; Bruno is free.
fn ana_is_busy() -> (Stage, Desk, Desk, Line) {
    let mut stage = Stage::with(|plan| {
        let queue = plan.number("7001").and_then(|number| number.entry.queue()).expect("a queue");
        let ana = plan.agents.iter().position(|agent| agent.extension == "a001").expect("Ana");
        plan.numbers.push(NumberPlan {
            number: "7009".to_owned(),
            entry: Entry::Agent(AgentId(u32::try_from(ana).expect("a small room")), queue),
            hours: None,
            closed: None,
            holiday: None,
        });
    });
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(millis(500)));
    stage.run_for(secs(1));
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

fn direct(stage: &Stage) -> usize {
    stage.count(|fact| matches!(fact, Fact::CallerKnown(_, CallerKnown::DirectFor { .. })))
}

#[test]
fn a_caller_of_an_own_number_waits_for_its_busy_owner_while_another_agent_is_free() {
    let (mut stage, ana, bruno, busy) = ana_is_busy();
    let waiting = stage.call("7009", "0991234567");
    stage.run_for(secs(10));
    assert_eq!(stage.times_rung(bruno), 0);
    stage.hangs_up(busy);
    stage.talks_to(waiting, ana);
    let why = last_decision(&stage);
    assert_eq!((why.rule, why.winner), (Rule::Direct, stage.who("a001")));
    assert_eq!((direct(&stage), stage.times_rung(bruno)), (1, 0));
    stage.hangs_up(waiting);
    stage.finish();
}

#[test]
fn a_crash_and_another_plan_keep_whom_the_caller_waits_for_and_the_end_of_it() {
    // Wound: after a restart the caller waits for ever, or goes to anybody.
    let (mut stage, _, bruno, busy) = ana_is_busy();
    let waiting = stage.call("7009", "0991234567");
    stage.run_for(secs(10));
    stage.crashes(millis(300));
    let plan = (*stage.plan).clone();
    stage.replans(plan);
    stage.run_for(WAIT - secs(15));
    assert_eq!(stage.times_rung(bruno), 0);
    stage.run_for(secs(10));
    stage.talks_to(waiting, bruno);
    stage.hangs_up(waiting);
    stage.hangs_up(busy);
    stage.finish();
}

#[test]
fn a_caller_of_an_own_number_whose_owner_has_gone_home_is_served_by_the_queue_at_once() {
    let (mut stage, _, bruno, busy) = ana_is_busy();
    let ana = stage.who("a001");
    stage.command(turno_model::Command::LogOut(ana)).expect("after the talk");
    stage.hangs_up(busy);
    stage.run_for(secs(2));
    let waiting = stage.call("7009", "0991234567");
    stage.talks_to(waiting, bruno);
    assert_eq!(direct(&stage), 0);
    stage.hangs_up(waiting);
    stage.finish();
}

#[test]
fn an_owner_who_leaves_the_plan_leaves_the_number_to_the_queue() {
    let (mut stage, _, bruno, busy) = ana_is_busy();
    let waiting = stage.call("7009", "0991234567");
    stage.run_for(secs(10));
    let mut edited = (*stage.plan).clone();
    edited.retain_agents(|agent| agent.extension != "a001");
    assert!(matches!(edited.number("7009").map(|it| it.entry), Some(Entry::Queue(_))));
    stage.replans(edited);
    stage.hangs_up(busy);
    stage.run_for(secs(3));
    stage.talks_to(waiting, bruno);
    stage.hangs_up(waiting);
    stage.finish();
}
