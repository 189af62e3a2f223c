//! People who are dialled before an agent has them: when, how many, and where they stand afterwards.

use turno_model::plan::{CallbackFirst, CallbackPlan, QueuePlan};
use turno_model::{AgentState, ContactId, ContactOutcome, EndedBy, OfferOutcome, sample};

use crate::stage::{ANA, BRUNO, CEDULA, PASSPORT, Stage, agent, plan, queue, secs};

fn ahead(skill: u32) -> QueuePlan {
    let callback = CallbackPlan { first: CallbackFirst::Citizen, ahead: secs(15), ..sample::callback() };
    QueuePlan { callback: Some(callback), ..queue(skill) }
}

/// One queue that dials ahead, and so many agents.
fn room(agents: u32) -> Stage {
    Stage::with_queue(agents, ahead(0))
}

/// A caller who asks to be called back while everybody is busy.
fn asks(stage: &mut Stage, contact: u64) -> ContactId {
    let contact = stage.call(contact, CEDULA);
    stage.act(|room, now| assert!(room.call_back(contact, now + secs(10), now)));
    contact
}

fn ends(stage: &mut Stage, contact: u64) {
    stage.act(|room, now| room.release(ContactId(contact), EndedBy::Caller, now));
}

#[test]
fn a_person_is_dialled_when_an_agent_is_free_and_then_stands_at_the_old_place() {
    let mut stage = room(1);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    let first = asks(&mut stage, 2);
    let later = stage.call(3, CEDULA);
    stage.wait(60);
    assert!(stage.dialled.is_empty(), "the only agent talks, and is not expected soon");
    ends(&mut stage, 1);
    stage.wait(20);
    assert_eq!(stage.answers(ANA), later, "who is on the phone does not wait for a dial");
    ends(&mut stage, 3);
    stage.wait(20);
    assert_eq!(stage.dialled, [first]);
    stage.act(|room, now| room.person_comes(first, now));
    assert_eq!(stage.answers(ANA), first);
}

#[test]
fn a_free_agent_stays_free_while_the_phone_rings_and_the_person_comes_at_once() {
    let mut stage = room(1);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    let first = asks(&mut stage, 2);
    ends(&mut stage, 1);
    stage.wait(21);
    assert_eq!(stage.dialled, [first]);
    assert_eq!(stage.state(ANA), AgentState::Available);
    let third = stage.call(3, CEDULA);
    assert_eq!(stage.answers(ANA), third, "nobody waits for a phone that rings");
    stage.act(|room, now| room.person_comes(first, now));
    stage.call(4, CEDULA);
    ends(&mut stage, 3);
    stage.wait(21);
    assert_eq!(stage.answers(ANA), first, "the place is that of the first call");
}

#[test]
fn a_queue_dials_one_person_at_a_time_and_never_more_than_it_has_agents() {
    let queues = vec![ahead(0), QueuePlan { skill: queue(0).skill, ..ahead(1) }];
    let mut stage = Stage::new(plan(queues, vec![agent(&[(0, 1)])]));
    stage.works(ANA);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    let (first, second) = (asks(&mut stage, 2), asks(&mut stage, 3));
    let third = stage.call(4, PASSPORT);
    stage.act(|room, now| room.call_back(third, now + secs(10), now));
    ends(&mut stage, 1);
    stage.wait(60);
    assert_eq!(stage.dialled, [first], "one agent serves both queues");
    stage.act(|room, now| room.dial_later(first, now + secs(300), now));
    stage.wait(1);
    assert_eq!(stage.dialled, [first, second], "nobody waits for somebody who is busy");
    assert_eq!(stage.ended().len(), 1, "only the first talk is over");
}

#[test]
fn an_agent_who_is_nearly_ready_is_enough() {
    // With twenty agents in talks of about three minutes one of them is ready within nine seconds.
    let mut stage = room(20);
    for caller in 1..=20 {
        stage.call(caller, CEDULA);
    }
    for agent in 0..20 {
        stage.answers(turno_model::AgentId(agent));
    }
    let first = asks(&mut stage, 30);
    stage.wait(9);
    assert!(stage.dialled.is_empty(), "the goodbye plays");
    stage.wait(2);
    assert_eq!(stage.dialled, [first]);
    assert_eq!(stage.state(BRUNO), AgentState::Talking);
}

#[test]
fn a_person_who_hangs_up_before_an_agent_comes_is_sent_away_and_no_abandon() {
    let mut stage = room(1);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    let first = asks(&mut stage, 2);
    ends(&mut stage, 1);
    stage.wait(21);
    stage.act(|room, now| room.person_comes(first, now));
    let offer = stage.offer();
    assert_eq!(offer.contact(), first);
    stage.act(|room, now| room.leaves_after_dial(first, EndedBy::Caller, now));
    stage.settle(offer, OfferOutcome::CallerLeft);
    assert_eq!(stage.ended(), [(1, ContactOutcome::Answered), (2, ContactOutcome::Outflowed)]);
    assert_eq!(stage.state(ANA), AgentState::Available);
}

#[test]
fn somebody_who_came_earlier_and_waits_is_never_overtaken_by_a_dial() {
    let mut stage = room(20);
    for caller in 1..=20 {
        stage.call(caller, CEDULA);
    }
    for agent in 0..20 {
        stage.answers(turno_model::AgentId(agent));
    }
    let waits = stage.call(30, CEDULA);
    asks(&mut stage, 31);
    stage.wait(100);
    assert!(stage.dialled.is_empty(), "{waits:?} still waits for the same agents");
    stage.act(|room, now| room.abandon(waits, now));
    stage.wait(1);
    assert_eq!(stage.dialled.len(), 1);
}
