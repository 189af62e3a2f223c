//! AUX that a step may interrupt.

use turno_model::plan::{AuxReasonPlan, QueuePlan, StepAction, StepPlan, StepWhen};
use turno_model::{AgentState, AuxReason, Fact, QueueState, StepDid};

use crate::stage::{ANA, BRUNO, CARLA, CEDULA, Stage, agent, plan, queue, secs};

const BREAK: u8 = 0;
const BACK_OFFICE: u8 = 1;

/// Ana has level 1 and Bruno level 2; Carla serves another queue. After 30 seconds so many of them are called back, of whom
/// level 1 may come.
fn stage(most: u8) -> Stage {
    let step = StepPlan { when: StepWhen::Waited(secs(30)), action: StepAction::Interrupt(most) };
    let mut plan = plan(
        vec![QueuePlan { steps: vec![step], ..queue(0) }, queue(1)],
        vec![agent(&[(0, 1)]), agent(&[(0, 2)]), agent(&[(1, 1)])],
    );
    let reason = |name: &str, digit, is_interruptible| AuxReasonPlan {
        name: name.to_owned(),
        digit,
        turns: None,
        is_interruptible,
    };
    plan.aux_reasons = vec![reason("break", 1, false), reason("back_office", 2, true)];
    let mut stage = Stage::new(plan);
    stage.everyone_works(3);
    stage
}

fn goes(stage: &mut Stage, agent: turno_model::AgentId, reason: u8) {
    stage.act(|room, now| room.aux(agent, reason, now)).expect("an AUX");
    stage.wait(1);
}

fn interrupted(stage: &Stage) -> Vec<Vec<turno_model::AgentId>> {
    let did = |fact: &Fact| match fact {
        Fact::Stepped(step) => match &step.did {
            StepDid::Interrupted(agents) => Some(agents.to_vec()),
            _ => None,
        },
        _ => None,
    };
    stage.facts.iter().filter_map(|(_, fact)| did(fact)).collect()
}

#[test]
fn a_caller_who_waits_long_gets_an_agent_from_the_back_office() {
    let mut stage = stage(1);
    goes(&mut stage, BRUNO, BACK_OFFICE);
    goes(&mut stage, ANA, BACK_OFFICE);
    goes(&mut stage, CARLA, BACK_OFFICE);
    stage.call(1, CEDULA);
    stage.wait(29);
    assert!(stage.offered().is_empty());
    stage.wait(1);
    assert_eq!(stage.offered(), [(BRUNO, 1)], "he has been there for longest");
    assert_eq!(interrupted(&stage), [[BRUNO]]);
    assert_eq!(stage.room.state(ANA), AgentState::Aux(AuxReason::Planned(BACK_OFFICE)));
}

#[test]
fn a_break_is_not_interrupted_and_the_step_says_that_nobody_was_found() {
    let mut stage = stage(2);
    goes(&mut stage, ANA, BREAK);
    goes(&mut stage, BRUNO, BREAK);
    goes(&mut stage, CARLA, BACK_OFFICE);
    stage.call(1, CEDULA);
    stage.wait(60);
    assert!(stage.offered().is_empty());
    let nobody: [Vec<_>; 1] = [Vec::new()];
    assert_eq!(interrupted(&stage), nobody, "Carla serves another queue");
    stage.act(|room, now| room.ready(ANA, now)).expect("the break is over");
    assert_eq!(stage.offered(), [(ANA, 1)], "the caller is still in line");
}

#[test]
fn as_many_are_called_back_as_the_step_says_and_the_others_stay_ready() {
    let mut stage = stage(2);
    goes(&mut stage, ANA, BACK_OFFICE);
    goes(&mut stage, BRUNO, BACK_OFFICE);
    stage.call(1, CEDULA);
    stage.wait(30);
    assert_eq!(interrupted(&stage), [[ANA, BRUNO]]);
    assert_eq!(stage.offered(), [(ANA, 1)]);
    assert_eq!(stage.room.state(BRUNO), AgentState::Available);
}

#[test]
fn nobody_is_called_back_to_a_paused_queue() {
    let mut stage = stage(1);
    goes(&mut stage, ANA, BACK_OFFICE);
    goes(&mut stage, BRUNO, BACK_OFFICE);
    stage.call(1, CEDULA);
    stage.act(|room, now| room.turn_queue(CEDULA, QueueState::Paused, now));
    stage.wait(60);
    assert_eq!(stage.room.state(ANA), AgentState::Aux(AuxReason::Planned(BACK_OFFICE)));
    assert!(stage.offered().is_empty());
}

#[test]
fn an_agent_whose_phone_is_gone_is_left_alone() {
    let mut stage = stage(1);
    goes(&mut stage, ANA, BACK_OFFICE);
    goes(&mut stage, BRUNO, BACK_OFFICE);
    stage.act(|room, now| room.set_reachable(ANA, false, now));
    stage.call(1, CEDULA);
    stage.wait(30);
    assert_eq!(stage.offered(), [(BRUNO, 1)]);
}
