//! Tests of marks, wrap-up codes and after-call work that goes on.

use std::sync::Arc;

use compact_str::CompactString;
use turno_acd::{CannotExtend, TakesEffect};
use turno_model::plan::{AcwPlan, QueuePlan, WrapUpCodePlan};
use turno_model::{
    AgentId, AgentState as S, AuxReason, ContactId, EndedBy, Fact, Handled, HandlingChange, QueueId,
};

use crate::stage::{ANA, BRUNO, CARLA, CEDULA, Cue, Stage, agent, plan, queue, secs};

const CALLER: ContactId = ContactId(1);

/// Ana talks to caller 1, in a room with code 17 (five minutes) and code 18.
fn talk_in(of: QueuePlan) -> Stage {
    let code = |code: &str, target| WrapUpCodePlan {
        code: code.to_owned(),
        name: code.to_owned(),
        handling_target: target,
    };
    let mut plan = plan(vec![of], vec![agent(&[(0, 1)])]);
    plan.wrap_up_codes = vec![code("17", Some(secs(300))), code("18", None)];
    let mut stage = Stage::new(plan);
    stage.everyone_works(1);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    stage
}

fn codes_required(acw: AcwPlan) -> QueuePlan {
    QueuePlan { wrap_up_required: true, acw, ..queue(0) }
}

fn gives(stage: &mut Stage, code: &'static str) {
    stage
        .act(|room, now| room.wrap_up(ANA, CompactString::const_new(code), now))
        .expect("there was a contact");
}

fn hangs_up(stage: &mut Stage) {
    stage.act(|room, now| room.release(CALLER, EndedBy::Caller, now));
}

fn changes(stage: &Stage) -> Vec<HandlingChange> {
    let change = |fact: &Fact| match fact {
        Fact::Handling(Handled { contact: CALLER, agent: ANA, change }) => Some(*change),
        _ => None,
    };
    stage.facts.iter().filter_map(|(_, fact)| change(fact)).collect()
}

#[test]
fn marks_after_the_target_are_heard_and_counted_each_once() {
    let mut stage = talk_in(QueuePlan { handling_marks: vec![150, 200], ..queue(0) });
    stage.wait(180);
    assert_eq!(stage.cues, [Cue::Warn(CALLER, ANA), Cue::Breach(CALLER, ANA)]);
    stage.wait(89);
    assert!(changes(&stage).is_empty());
    stage.wait(1);
    assert_eq!(changes(&stage), [HandlingChange::Marked { percent: 150 }]);
    assert_eq!(stage.cues.len(), 3);
    stage.wait(10_000);
    assert_eq!(changes(&stage).len(), 2);
    assert_eq!(changes(&stage)[1], HandlingChange::Marked { percent: 200 });
    assert_eq!(stage.state(ANA), S::Talking, "a talk is never ended");
}

#[test]
fn a_code_given_in_the_talk_brings_its_own_target() {
    let mut stage = talk_in(QueuePlan { handling_marks: vec![150], ..queue(0) });
    stage.wait(100);
    gives(&mut stage, "17");
    assert_eq!(changes(&stage), [HandlingChange::Retargeted { target: secs(300) }]);
    stage.wait(169);
    assert!(stage.cues.is_empty(), "the queue's target does not count any more");
    stage.wait(1);
    assert_eq!(stage.cues, [Cue::Warn(CALLER, ANA)]);
    stage.wait(30);
    assert_eq!(stage.cues, [Cue::Warn(CALLER, ANA), Cue::Breach(CALLER, ANA)]);
    stage.wait(149);
    assert_eq!(changes(&stage).len(), 1);
    stage.wait(1);
    assert_eq!(changes(&stage)[1], HandlingChange::Marked { percent: 150 });
}

#[test]
fn a_code_with_a_shorter_target_is_overdue_at_once_and_once() {
    let mut plan = plan(vec![queue(0)], vec![agent(&[(0, 1)])]);
    let short = WrapUpCodePlan { code: "9".into(), name: "short".into(), handling_target: Some(secs(60)) };
    plan.wrap_up_codes = vec![short];
    let mut stage = Stage::new(plan);
    stage.everyone_works(1);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    stage.wait(100);
    gives(&mut stage, "9");
    stage.wait(0);
    assert_eq!(stage.cues, [Cue::Breach(CALLER, ANA)]);
    gives(&mut stage, "9");
    stage.wait(500);
    assert_eq!(stage.cues.len(), 1);
}

#[test]
fn after_call_work_waits_for_the_code_that_its_queue_asks_for() {
    let mut stage = talk_in(codes_required(AcwPlan::Timed(secs(20))));
    hangs_up(&mut stage);
    assert_eq!(changes(&stage), [HandlingChange::CodeOwed]);
    stage.wait(500);
    assert_eq!(stage.state(ANA), S::Acw);
    assert!(stage.room.owes_code(ANA));
    gives(&mut stage, "18");
    assert_eq!(stage.state(ANA), S::Available);
    assert!(!stage.room.owes_code(ANA));
}

#[test]
fn a_code_given_early_lets_after_call_work_last_for_its_span() {
    let mut stage = talk_in(codes_required(AcwPlan::Timed(secs(20))));
    hangs_up(&mut stage);
    stage.wait(5);
    gives(&mut stage, "18");
    stage.wait(14);
    assert_eq!(stage.state(ANA), S::Acw);
    stage.wait(1);
    assert_eq!(stage.state(ANA), S::Available);
}

#[test]
fn a_code_given_in_the_talk_is_owed_by_nobody() {
    let mut stage = talk_in(codes_required(AcwPlan::Timed(secs(0))));
    gives(&mut stage, "18");
    hangs_up(&mut stage);
    assert_eq!(stage.state(ANA), S::Available);
    assert!(changes(&stage).is_empty());
    // The next contact needs one of its own.
    stage.call(2, CEDULA);
    stage.answers(ANA);
    stage.act(|room, now| room.release(ContactId(2), EndedBy::Caller, now));
    stage.wait(60);
    assert_eq!(stage.state(ANA), S::Acw, "also where there is no after-call work");
    gives(&mut stage, "18");
    assert_eq!(stage.state(ANA), S::Available);
}

#[test]
fn aux_comes_after_the_code_and_log_out_needs_none() {
    let mut stage = talk_in(codes_required(AcwPlan::Timed(secs(20))));
    stage.act(|room, now| room.aux(ANA, 0, now)).expect("asked for in the talk");
    hangs_up(&mut stage);
    stage.wait(60);
    assert_eq!(stage.state(ANA), S::Acw);
    gives(&mut stage, "18");
    assert_eq!(stage.state(ANA), S::Aux(AuxReason::Planned(0)));

    let mut stage = talk_in(codes_required(AcwPlan::Manual));
    hangs_up(&mut stage);
    let asked = stage.act(|room, now| room.aux(ANA, 0, now)).expect("it waits");
    assert_eq!(asked, TakesEffect::Afterwards);
    assert_eq!(stage.state(ANA), S::Acw);
    stage.act(|room, now| room.log_out(ANA, now)).expect("nobody is kept at work");
    assert_eq!(stage.state(ANA), S::LoggedOut);
    assert!(!stage.room.owes_code(ANA));
}

#[test]
fn after_call_work_is_made_longer_once() {
    let mut stage = talk_in(queue(0));
    assert!(matches!(stage.act(|room, _| room.extend_acw(ANA)), Err(CannotExtend::NotNow(_))));
    hangs_up(&mut stage);
    stage.wait(15);
    stage.act(|room, _| room.extend_acw(ANA)).expect("it is timed");
    assert_eq!(changes(&stage), [HandlingChange::Extended { by: secs(20) }]);
    assert_eq!(stage.act(|room, _| room.extend_acw(ANA)), Err(CannotExtend::Already));
    stage.wait(24);
    assert_eq!(stage.state(ANA), S::Acw);
    stage.wait(1);
    assert_eq!(stage.state(ANA), S::Available);
    // Manual after-call work has no span.
    let mut stage = talk_in(QueuePlan { acw: AcwPlan::Manual, ..queue(0) });
    hangs_up(&mut stage);
    assert!(matches!(stage.act(|room, _| room.extend_acw(ANA)), Err(CannotExtend::NotNow(_))));
}

#[test]
fn a_reload_that_takes_marks_away_ends_them() {
    let marks = QueuePlan { handling_marks: vec![150], ..queue(0) };
    let mut stage = talk_in(marks);
    let without = plan(vec![queue(0)], vec![agent(&[(0, 1)])]);
    stage.act(|room, now| room.replan(Arc::new(without), now));
    stage.wait(1_000);
    assert!(changes(&stage).is_empty());
}

#[test]
fn the_best_free_helper_of_the_skill_is_chosen() {
    let helper = |skills: &[(u32, u8)]| {
        let mut agent = agent(skills);
        agent.helps = true;
        agent
    };
    let agents = vec![agent(&[(0, 1)]), helper(&[(0, 3)]), helper(&[(0, 2)]), helper(&[(1, 1)])];
    let mut stage = Stage::new(plan(vec![queue(0), queue(1)], agents));
    stage.everyone_works(4);
    let expert = |stage: &Stage, queue: QueueId, but: Option<AgentId>| {
        stage.room.free_expert(queue, |agent| Some(agent) != but)
    };
    assert_eq!(expert(&stage, CEDULA, None), Some(CARLA));
    assert_eq!(expert(&stage, CEDULA, Some(CARLA)), Some(BRUNO));
    stage.act(|room, now| room.aux(BRUNO, 0, now)).expect("idle");
    assert_eq!(expert(&stage, CEDULA, Some(CARLA)), None);
}
