//! Tests of contacts that can't or should not wait.

use turno_model::plan::{QueuePlan, Treatment};
use turno_model::{ContactId, ContactOutcome, Fact, OfferOutcome};

use crate::stage::{
    ANA, BRUNO, CEDULA, Cue, FULL, NOBODY, PASSPORT, Stage, TOO_LONG, agent, plan, queue, secs,
};

#[test]
fn a_caller_too_many_hears_why_and_is_counted_as_outflowed() {
    // QueuePlan::length_max. FIELD: offered = answered + abandoned + outflowed + dequeued.
    let mut stage = Stage::with_queue(1, QueuePlan { length_max: 2, ..queue(0) });
    for caller in 1..=4 {
        stage.call(caller, CEDULA);
    }
    assert_eq!(stage.ended(), [(4, ContactOutcome::Outflowed)], "one rings, two wait");
    assert_eq!(stage.cues, [Cue::Treat(ContactId(4), FULL)]);
    let queued = stage.facts.iter().filter(|(_, fact)| matches!(fact, Fact::Queued { .. })).count();
    assert_eq!(queued, 4, "a treated contact had entered the queue");
}

#[test]
fn a_queue_where_nobody_may_wait_still_takes_whoever_finds_an_agent() {
    // QueuePlan::length_max of zero.
    let mut stage = Stage::with_queue(1, QueuePlan { length_max: 0, ..queue(0) });
    stage.call(1, CEDULA);
    stage.call(2, CEDULA);
    assert_eq!(stage.offered(), [(ANA, 1)]);
    assert_eq!(stage.ended(), [(2, ContactOutcome::Outflowed)]);
}

#[test]
fn a_full_queue_that_is_told_to_go_on_takes_everybody() {
    // Treatment::Wait.
    let mut stage = Stage::with_queue(0, QueuePlan { length_max: 1, when_full: Treatment::Wait, ..queue(0) });
    stage.call(1, CEDULA);
    stage.call(2, CEDULA);
    assert_eq!((stage.room.waiting(CEDULA), stage.ended().len()), (2, 0));
}

#[test]
fn a_caller_who_has_waited_too_long_hears_why() {
    // Deadline::WaitOver.
    let mut stage = Stage::with_queue(0, QueuePlan { wait_max: Some(secs(600)), ..queue(0) });
    let caller = stage.call(1, CEDULA);
    stage.wait(599);
    assert!(stage.ended().is_empty());
    stage.wait(1);
    assert_eq!(stage.cues, [Cue::Treat(caller, TOO_LONG)]);
    assert_eq!(stage.ended(), [(1, ContactOutcome::Outflowed)]);
}

#[test]
fn nobody_is_sent_away_for_waiting_too_long_while_an_agent_rings() {
    // Deadline::WaitOver does not apply while a contact rings; it applies when the contact returns from a missed offer.
    let mut stage = Stage::with_queue(2, QueuePlan { wait_max: Some(secs(10)), ..queue(0) });
    let caller = stage.call(1, CEDULA);
    stage.wait(15);
    assert_eq!(stage.offered(), [(ANA, 1), (BRUNO, 1)], "another agent goes before the treatment");
    let offer = stage.offer_to(BRUNO);
    stage.settle(offer, OfferOutcome::Refused);
    stage.wait(0);
    assert_eq!(stage.cues, [Cue::Treat(caller, TOO_LONG)]);
}

#[test]
fn a_caller_to_whom_nobody_could_talk_is_told_at_once() {
    // Nobody with the skill is logged in, at entry.
    let when_nobody = Treatment::PromptAndEnd(NOBODY);
    let mut stage = Stage::new(plan(
        vec![QueuePlan { when_nobody, ..queue(0) }, queue(1)],
        vec![agent(&[(0, 1)]), agent(&[(1, 1)])],
    ));
    stage.works(BRUNO);
    stage.call(1, CEDULA);
    assert_eq!(stage.cues, [Cue::Treat(ContactId(1), NOBODY)], "Bruno lacks the skill");
    stage.works(ANA);
    stage.act(|room, now| room.aux(ANA, 0, now)).expect("she may go");
    stage.call(2, CEDULA);
    assert_eq!(stage.room.waiting(CEDULA), 1, "an agent at lunch comes back");
}

#[test]
fn those_who_wait_are_told_when_the_last_agent_goes_home() {
    // Nobody with the skill is logged in any more.
    let when_nobody = Treatment::PromptAndEnd(NOBODY);
    let mut stage = Stage::new(plan(
        vec![QueuePlan { when_nobody, ..queue(0) }, queue(1)],
        vec![agent(&[(0, 1), (1, 1)]), agent(&[(0, 1)])],
    ));
    stage.everyone_works(2);
    for agent in [ANA, BRUNO] {
        stage.act(|room, now| room.aux(agent, 0, now)).expect("a meeting");
    }
    stage.call(1, CEDULA);
    stage.call(2, CEDULA);
    stage.call(3, PASSPORT);
    stage.act(|room, now| room.log_out(ANA, now)).expect("she may go");
    assert!(stage.cues.is_empty(), "Bruno is there");
    stage.act(|room, now| room.log_out(BRUNO, now)).expect("he may go");
    assert_eq!(stage.cues, [Cue::Treat(ContactId(1), NOBODY), Cue::Treat(ContactId(2), NOBODY)]);
    assert_eq!(stage.room.waiting(PASSPORT), 1, "that queue goes on waiting");
}

#[test]
fn the_last_agent_who_goes_home_instead_of_answering_leaves_nobody_in_line() {
    // The only agent asks to log out while ringing: the caller is treated, not forgotten.
    let when_nobody = Treatment::PromptAndEnd(NOBODY);
    let mut stage = Stage::with_queue(1, QueuePlan { when_nobody, ..queue(0) });
    stage.call(1, CEDULA);
    stage.act(|room, now| room.log_out(ANA, now)).expect("kept");
    stage.wait(15);
    assert_eq!(stage.cues, [Cue::Treat(ContactId(1), NOBODY)]);
    assert_eq!(stage.ended(), [(1, ContactOutcome::Outflowed)]);
}
