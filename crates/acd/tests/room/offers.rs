//! Tests of offers: who is rung, and what follows.

use turno_model::{AgentState as S, AuxReason, Candidate, ContactOutcome, Fact, OfferOutcome, PassedOver};

use crate::stage::{ANA, BRUNO, CEDULA, PASSPORT, Stage, agent, plan, queue, secs};

#[test]
fn a_caller_rings_in_the_same_step_in_which_an_agent_is_free() {
    // Wound: dispatch by polling (A 1 s, F 100 ms of SQL, O 1 s).
    let mut stage = Stage::with_agents(1);
    stage.call(1, CEDULA);
    assert_eq!(stage.offered(), [(ANA, 1)]);
    let (_, queued) = &stage.facts[stage.facts.len() - 3];
    assert!(matches!(queued, Fact::Queued { position: 1, .. }), "{queued:?}");
    let (_, offered) = &stage.facts[stage.facts.len() - 2];
    assert!(matches!(offered, Fact::Offered { delay, .. } if delay.is_zero()), "{offered:?}");
    assert_eq!(stage.offer().ring(), secs(15));
    assert_eq!(stage.room.waiting(CEDULA), 1, "who rings still waits for an answer");
}

#[test]
fn a_caller_whose_agent_lets_it_ring_goes_to_the_next_with_the_first_clock() {
    // Deadline::RingOver. FIELD: RONA goes back to the front of its queue.
    let mut stage = Stage::with_agents(2);
    stage.call(1, CEDULA);
    stage.wait(15);
    assert_eq!(stage.state(ANA), S::Aux(AuxReason::Rona));
    assert_eq!(stage.offered(), [(ANA, 1), (BRUNO, 1)]);
    stage.wait(2);
    stage.answers(BRUNO);
    let (_, connected) = stage.facts.last().expect("there are facts");
    assert!(matches!(connected, Fact::Connected { waited, .. } if *waited == secs(17)), "{connected:?}");
}

#[test]
fn a_caller_who_was_missed_stands_ahead_of_those_who_came_later() {
    // FIELD: RONA goes back to the front of its queue.
    let mut stage = Stage::with_agents(1);
    stage.call(1, CEDULA);
    stage.wait(5);
    stage.call(2, CEDULA);
    stage.wait(40);
    assert_eq!(stage.offered(), [(ANA, 1), (ANA, 1)], "the cool-down is over and the first is first");
}

#[test]
fn whoever_misses_a_call_is_rung_again_after_the_cool_down_and_not_before() {
    // Deadline::CoolDownOver. Wounds FreePBX#40 (rung for ever) and kazoo#6609 (logged out for ever).
    let mut stage = Stage::with_agents(1);
    stage.call(1, CEDULA);
    stage.wait(15 + 29);
    assert_eq!(stage.offered().len(), 1);
    stage.wait(1);
    assert_eq!(stage.offered().len(), 2);
}

#[test]
fn an_agent_who_says_ready_ends_the_cool_down() {
    // Wound kazoo#6609: there is a way back.
    let mut stage = Stage::with_agents(1);
    stage.call(1, CEDULA);
    let offer = stage.offer();
    stage.settle(offer, OfferOutcome::Unreachable);
    assert_eq!(stage.state(ANA), S::Aux(AuxReason::Rona));
    stage.act(|room, now| room.ready(ANA, now)).expect("an agent in cool-down can become ready");
    assert_eq!(stage.offered(), [(ANA, 1), (ANA, 1)]);
    stage.answers(ANA);
    stage.wait(31);
    assert_eq!(stage.state(ANA), S::Talking, "the cool-down that was ended early ends nothing later");
}

#[test]
fn a_refused_caller_goes_on_waiting() {
    // Wound O#2886: refusing an offer drops the caller.
    let mut stage = Stage::with_agents(1);
    stage.call(1, CEDULA);
    let offer = stage.offer();
    stage.settle(offer, OfferOutcome::Refused);
    assert_eq!(stage.state(ANA), S::Aux(AuxReason::Rona));
    assert_eq!((stage.room.waiting(CEDULA), stage.ended().len()), (1, 0));
}

#[test]
fn an_agent_whose_caller_left_keeps_the_place_in_line() {
    // Wound F#2529: agent rung after the caller left.
    let mut stage = Stage::with_agents(2);
    stage.call(1, CEDULA);
    stage.wait(3);
    let offer = stage.offer();
    stage.settle(offer, OfferOutcome::CallerLeft);
    stage.act(|room, now| room.abandon(turno_model::ContactId(1), now));
    assert_eq!(stage.ended(), [(1, ContactOutcome::Abandoned)], "once, though it was said twice");
    stage.call(2, CEDULA);
    assert_eq!(stage.offered(), [(ANA, 1), (ANA, 2)]);
}

#[test]
fn a_caller_who_hangs_up_while_it_rings_leaves_when_the_offer_is_settled() {
    // Wound F#2529: withdrawal is bound to the offer token; an answer that crosses it connects nobody.
    let mut stage = Stage::with_agents(1);
    let caller = stage.call(1, CEDULA);
    stage.act(|room, now| room.abandon(caller, now));
    assert!(stage.ended().is_empty());
    let offer = stage.offer();
    stage.act(|room, now| room.accept(offer, now));
    assert_eq!(stage.ended(), [(1, ContactOutcome::Abandoned)]);
    assert_eq!(stage.state(ANA), S::Available);
    assert!(!stage.facts.iter().any(|(_, fact)| matches!(fact, Fact::Connected { .. })));
}

#[test]
fn an_offer_that_nobody_has_seen_yet_is_taken_back_with_its_caller() {
    // Wound F#2529: agent rung after the caller left.
    let mut stage = Stage::with_agents(1);
    stage.act(|room, now| {
        let contact = turno_model::ContactId(1);
        let channel = turno_model::Channel::Voice;
        room.enqueue(
            turno_acd::Arrival { contact, channel, queue: CEDULA, priority: None, waiting_since: None },
            now,
        );
        room.abandon(contact, now);
    });
    assert!(stage.offers.is_empty(), "the phone stays quiet");
    assert_eq!(stage.ended(), [(1, ContactOutcome::Abandoned)]);
    assert_eq!(stage.state(ANA), S::Available);
}

#[test]
fn a_caller_moved_elsewhere_is_offered_to_nobody_in_between() {
    // Contact outcome Dequeued: served elsewhere.
    let mut stage = Stage::with_agents(2);
    let caller = stage.call(1, CEDULA);
    stage.act(|room, now| room.dequeue(caller, now));
    let offer = stage.offer();
    stage.settle(offer, OfferOutcome::Withdrawn);
    assert_eq!(stage.ended(), [(1, ContactOutcome::Dequeued)]);
    assert_eq!(stage.offered(), [(ANA, 1)]);
    let waits = stage.call(2, CEDULA);
    assert_eq!(stage.offered().last(), Some(&(ANA, 2)), "Ana has not lost her place");
    assert_eq!(stage.offer().contact(), waits);
}

#[test]
fn whoever_missed_a_caller_gets_them_again_only_if_there_is_nobody_else() {
    // PassedOver::TriedBefore.
    let mut stage = Stage::with_agents(2);
    stage.act(|room, now| room.aux(BRUNO, 1, now)).expect("Bruno goes to lunch");
    stage.call(1, CEDULA);
    let offer = stage.offer();
    stage.settle(offer, OfferOutcome::Refused);
    stage.act(|room, now| room.ready(ANA, now)).expect("Ana is sorry");
    assert_eq!(stage.offered(), [(ANA, 1), (ANA, 1)], "nobody else is there");
    let again = stage.offer();
    stage.act(|room, now| room.ready(BRUNO, now)).expect("Bruno is back");
    stage.settle(again, OfferOutcome::Withdrawn);
    assert_eq!(stage.offered().last(), Some(&(BRUNO, 1)), "Ana has been idle longer and has missed it");
    let decision = stage.facts.iter().rev().find_map(|(_, fact)| match fact {
        Fact::Offered { decision, .. } => Some(decision.clone()),
        _ => None,
    });
    let decision = decision.expect("there was an offer");
    assert_eq!(decision.passed_over.as_slice(), [(Candidate::Agent(ANA), PassedOver::TriedBefore)]);
}

#[test]
fn an_agent_whose_offer_is_withdrawn_serves_the_greater_need_that_came_meanwhile() {
    // A returned contact and a returned agent are matched with all others, not only with each other.
    let queues = vec![queue(0), turno_model::plan::QueuePlan { priority: 5, ..queue(1) }];
    let mut stage = Stage::new(plan(queues, vec![agent(&[(0, 1), (1, 1)]), agent(&[(0, 1)])]));
    stage.works(ANA);
    stage.call(1, CEDULA);
    stage.works(BRUNO);
    stage.call(2, PASSPORT);
    let offer = stage.offer();
    stage.settle(offer, OfferOutcome::Withdrawn);
    assert_eq!(stage.offered(), [(ANA, 1), (ANA, 2), (BRUNO, 1)]);
}
