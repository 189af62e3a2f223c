//! Contacts that a supervisor gives to an agent.

use turno_acd::{CannotPull, TakesEffect};
use turno_model::plan::{QueuePlan, StepAction, StepPlan, StepWhen, Treatment};
use turno_model::{AgentId, CallerKnown, ContactId, Fact, OfferOutcome, QueueState, Rule};

use crate::stage::{ANA, BRUNO, CARLA, CEDULA, Cue, NOBODY, PASSPORT, Stage, agent, plan, queue, secs};

/// Ana serves the first queue, Bruno the second, and nobody is free: each has a call.
fn stage() -> Stage {
    let first = QueuePlan { when_nobody: Treatment::PromptAndEnd(NOBODY), ..queue(0) };
    let mut stage =
        Stage::new(plan(vec![first, queue(1)], vec![agent(&[(0, 1)]), agent(&[(1, 1)]), agent(&[(1, 1)])]));
    stage.everyone_works(2);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    stage.call(2, PASSPORT);
    stage.answers(BRUNO);
    stage
}

fn pulls(stage: &mut Stage, contact: ContactId, agent: AgentId) -> Result<TakesEffect, CannotPull> {
    stage.act(|room, now| room.pull(contact, agent, now))
}

/// The agent's call ends, and the after-call work too.
fn becomes_free(stage: &mut Stage, agent: AgentId) {
    let contact = stage.room.contact_of(agent).expect("a call");
    stage.act(|room, now| room.release(contact, turno_model::EndedBy::Caller, now));
    stage.wait(20);
}

/// The agent asks to leave, and goes when the call ends.
fn leaves(stage: &mut Stage, agent: AgentId) {
    stage.act(|room, now| room.log_out(agent, now)).expect("after the call");
    let contact = stage.room.contact_of(agent).expect("a call");
    stage.act(|room, now| room.release(contact, turno_model::EndedBy::Caller, now));
    stage.wait(0);
}

fn ends_without_offer(stage: &Stage) -> usize {
    let is_it = |fact: &Fact| matches!(fact, Fact::CallerKnown(_, CallerKnown::PulledNoMore { .. }));
    stage.facts.iter().filter(|(_, fact)| is_it(fact)).count()
}

fn last_rule(stage: &Stage) -> Rule {
    let rule = |fact: &Fact| match fact {
        Fact::Offered { decision, .. } => Some(decision.rule),
        _ => None,
    };
    stage.facts.iter().filter_map(|(_, fact)| rule(fact)).next_back().expect("an offer")
}

#[test]
fn a_free_agent_without_the_skill_gets_a_pulled_caller_at_once() {
    let mut stage = stage();
    let waiting = stage.call(3, CEDULA);
    stage.works(CARLA);
    assert!(stage.offers.is_empty(), "Carla lacks the skill");
    assert_eq!(pulls(&mut stage, waiting, CARLA), Ok(TakesEffect::Done));
    assert_eq!(stage.answers(CARLA), waiting);
    assert_eq!(last_rule(&stage), Rule::Pulled);
}

#[test]
fn a_busy_agent_gets_a_pulled_caller_before_those_who_wait_longer() {
    let mut stage = stage();
    stage.call(3, PASSPORT);
    let waiting = stage.call(4, CEDULA);
    assert_eq!(pulls(&mut stage, waiting, BRUNO), Ok(TakesEffect::Afterwards));
    // Ana serves the queue, and does not get who is given to Bruno.
    becomes_free(&mut stage, ANA);
    assert!(stage.offers.is_empty());
    becomes_free(&mut stage, BRUNO);
    assert_eq!(stage.answers(BRUNO), waiting);
    assert_eq!(last_rule(&stage), Rule::Pulled);
    assert_eq!(ends_without_offer(&stage), 0);
}

#[test]
fn after_ten_minutes_everybody_may_take_a_pulled_caller() {
    let mut stage = stage();
    let waiting = stage.call(3, CEDULA);
    let _ = pulls(&mut stage, waiting, BRUNO);
    becomes_free(&mut stage, ANA);
    stage.wait(579);
    assert!(stage.offers.is_empty());
    stage.wait(1);
    assert_eq!(stage.answers(ANA), waiting);
    assert_eq!(ends_without_offer(&stage), 1);
}

#[test]
fn a_pulled_caller_goes_to_all_when_the_agent_leaves_or_it_is_undone() {
    let mut stage = stage();
    let (first, second) = (stage.call(3, CEDULA), stage.call(4, CEDULA));
    let _ = pulls(&mut stage, first, BRUNO);
    let _ = pulls(&mut stage, second, BRUNO);
    becomes_free(&mut stage, ANA);
    assert!(stage.act(|room, now| room.pull_back(second, now)));
    assert!(!stage.act(|room, now| room.pull_back(second, now)), "it is given to nobody now");
    assert_eq!(stage.answers(ANA), second);
    becomes_free(&mut stage, ANA);
    assert!(stage.offers.is_empty());
    leaves(&mut stage, BRUNO);
    assert_eq!(stage.answers(ANA), first);
}

#[test]
fn the_later_of_two_supervisors_wins() {
    let mut stage = stage();
    let waiting = stage.call(3, CEDULA);
    let _ = pulls(&mut stage, waiting, ANA);
    let _ = pulls(&mut stage, waiting, BRUNO);
    becomes_free(&mut stage, ANA);
    assert!(stage.offers.is_empty());
    becomes_free(&mut stage, BRUNO);
    assert_eq!(stage.answers(BRUNO), waiting);
    assert_eq!(ends_without_offer(&stage), 1, "the first supervisor's order is over");
}

#[test]
fn a_pulled_caller_whom_the_agent_misses_goes_to_all() {
    let mut stage = stage();
    let waiting = stage.call(3, CEDULA);
    stage.works(CARLA);
    let _ = pulls(&mut stage, waiting, CARLA);
    let offer = stage.offer_to(CARLA);
    stage.settle(offer, OfferOutcome::NoAnswer);
    becomes_free(&mut stage, ANA);
    assert_eq!(stage.answers(ANA), waiting);
}

#[test]
fn a_pull_asks_neither_a_pause_nor_whether_somebody_works_for_the_queue() {
    let mut stage = stage();
    stage.act(|room, now| room.turn_queue(CEDULA, QueueState::Paused, now));
    let waiting = stage.call(3, CEDULA);
    let _ = pulls(&mut stage, waiting, BRUNO);
    // Ana, the only one with the skill, leaves: who waits for nobody in particular is led elsewhere.
    let other = stage.call(4, CEDULA);
    leaves(&mut stage, ANA);
    assert_eq!(stage.cues, [Cue::Treat(other, NOBODY)]);
    becomes_free(&mut stage, BRUNO);
    assert_eq!(stage.answers(BRUNO), waiting);
}

#[test]
fn who_is_pulled_to_an_agent_who_leaves_is_led_elsewhere_if_nobody_works() {
    let mut stage = stage();
    let waiting = stage.call(3, CEDULA);
    let _ = pulls(&mut stage, waiting, BRUNO);
    leaves(&mut stage, ANA);
    assert_eq!(stage.cues, []);
    leaves(&mut stage, BRUNO);
    assert_eq!(stage.cues, [Cue::Treat(waiting, NOBODY)]);
}

#[test]
fn a_pull_needs_a_contact_that_waits_and_an_agent_who_works() {
    let mut stage = stage();
    let waiting = stage.call(3, CEDULA);
    assert_eq!(pulls(&mut stage, waiting, CARLA), Err(CannotPull::LoggedOut));
    assert_eq!(pulls(&mut stage, ContactId(1), BRUNO), Err(CannotPull::NotWaiting));
    assert_eq!(pulls(&mut stage, ContactId(99), BRUNO), Err(CannotPull::NotWaiting));
    assert!(!stage.act(|room, now| room.pull_back(waiting, now)));
    assert_eq!(ends_without_offer(&stage), 0);
}

#[test]
fn a_step_that_moves_a_pulled_caller_ends_the_pull() {
    let step = StepPlan { when: StepWhen::Waited(secs(30)), action: StepAction::MoveTo(PASSPORT) };
    let mut stage = Stage::new(plan(
        vec![QueuePlan { steps: vec![step], ..queue(0) }, queue(1)],
        vec![agent(&[(0, 1)]), agent(&[(1, 1)])],
    ));
    stage.everyone_works(2);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    stage.call(2, PASSPORT);
    stage.answers(BRUNO);
    let waiting = stage.call(3, CEDULA);
    let _ = pulls(&mut stage, waiting, ANA);
    stage.wait(30);
    assert_eq!(ends_without_offer(&stage), 1);
    assert_eq!(stage.room.queue_of_waiting(waiting), Some(PASSPORT));
}
