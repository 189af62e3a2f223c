//! Tests of talk, hold, the handling target, and the ways in which a contact ends.

use turno_acd::Arrival;
use turno_model::plan::QueuePlan;
use turno_model::{
    AgentState as S, Channel, ContactId, ContactOutcome, EndedBy, Fact, QueueId, TransferKind,
};

use crate::stage::{ANA, BRUNO, CARLA, CEDULA, Cue, PASSPORT, Stage, agent, plan, queue, secs};

/// Ana talks to caller 1.
fn ana_talks() -> Stage {
    let mut stage = Stage::with_agents(1);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    stage
}

const CALLER: ContactId = ContactId(1);

#[test]
fn a_held_caller_is_recalled_after_two_minutes() {
    // Deadline::HoldOver. Wound F#1140: a caller is forgotten on hold.
    let mut stage = ana_talks();
    stage.act(|room, now| room.hold(CALLER, now));
    assert_eq!(stage.state(ANA), S::Holding);
    stage.wait(119);
    assert!(stage.cues.is_empty());
    stage.wait(1);
    assert_eq!(stage.cues, [Cue::HoldOver(CALLER, ANA)]);
    assert!(stage.facts.iter().any(|(_, fact)| matches!(fact, Fact::HoldRecalled { .. })));
    stage.act(|room, now| room.resume(CALLER, now));
    assert_eq!(stage.state(ANA), S::Talking);
}

#[test]
fn a_caller_taken_back_in_time_is_not_recalled() {
    // Deadline::HoldOver ends with the hold.
    let mut stage = ana_talks();
    stage.act(|room, now| room.hold(CALLER, now));
    stage.wait(100);
    stage.act(|room, now| room.resume(CALLER, now));
    stage.wait(40);
    assert!(!stage.cues.contains(&Cue::HoldOver(CALLER, ANA)));
}

#[test]
fn an_agent_hears_that_the_target_comes_near_and_that_it_is_passed_once_each() {
    // Deadline::HandlingWarning, Deadline::HandlingBreach: talk and hold count.
    let mut stage = ana_talks();
    stage.wait(100);
    stage.act(|room, now| room.hold(CALLER, now));
    stage.wait(49);
    assert!(stage.cues.is_empty());
    stage.wait(1);
    assert_eq!(stage.cues, [Cue::Warn(CALLER, ANA)]);
    stage.act(|room, now| room.resume(CALLER, now));
    stage.wait(30);
    assert_eq!(stage.cues, [Cue::Warn(CALLER, ANA), Cue::Breach(CALLER, ANA)]);
    stage.wait(10_000);
    assert_eq!(stage.cues.len(), 2, "a citizen is never cut off");
    assert_eq!(stage.state(ANA), S::Talking);
}

#[test]
fn talk_and_hold_of_a_segment_add_up() {
    // FIELD: AHT is always given with its parts.
    let mut stage = ana_talks();
    stage.wait(30);
    stage.act(|room, now| room.hold(CALLER, now));
    stage.wait(12);
    stage.act(|room, now| room.resume(CALLER, now));
    stage.wait(5);
    stage.act(|room, now| room.hold(CALLER, now));
    stage.wait(3);
    stage.act(|room, now| room.release(CALLER, EndedBy::Caller, now));
    let parts = stage.facts.iter().find_map(|(_, fact)| match fact {
        Fact::Disconnected { talked, held, .. } => Some((*talked, *held)),
        _ => None,
    });
    assert_eq!(parts, Some((secs(35), secs(15))));
    assert_eq!(stage.ended(), [(1, ContactOutcome::Answered)]);
    assert_eq!(stage.state(ANA), S::Acw);
}

#[test]
fn a_caller_whose_agent_is_lost_is_served_first() {
    // Wound: a dead leg drops the caller. The wait counts from the first start.
    let mut stage = ana_talks();
    stage.wait(60);
    stage.call(2, CEDULA);
    stage.wait(5);
    stage.act(|room, now| room.agent_lost(CALLER, now));
    assert_eq!(stage.state(ANA), S::Acw);
    assert!(matches!(stage.facts.last(), Some((_, Fact::Queued { contact: CALLER, position: 1, .. }))));
    stage.wait(20);
    assert_eq!(stage.offered().last(), Some(&(ANA, 1)), "nobody else is there");
    let offer = stage.offer();
    stage.act(|room, now| room.settle(offer, turno_model::OfferOutcome::CallerLeft, now));
    assert_eq!(stage.ended(), [(1, ContactOutcome::Answered)], "an agent had talked to it");
}

#[test]
fn a_caller_passed_to_another_queue_keeps_the_clock() {
    // Wound chatwoot#10376: the wait clock is lost at handover.
    let mut stage = Stage::new(plan(
        vec![queue(0), queue(1)],
        vec![agent(&[(0, 1)]), agent(&[(1, 1)]), agent(&[(1, 1)])],
    ));
    stage.everyone_works(2);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    stage.call(2, PASSPORT);
    stage.answers(BRUNO);
    stage.call(3, PASSPORT);
    stage.wait(30);
    stage.act(|room, now| room.transfer_to_queue(CALLER, PASSPORT, TransferKind::Blind, now));
    assert_eq!(stage.state(ANA), S::Acw);
    stage.works(CARLA);
    assert_eq!(stage.offered().last(), Some(&(CARLA, 1)), "ahead of who came later");
    let decision = stage.facts.iter().rev().find_map(|(_, fact)| match fact {
        Fact::Offered { decision, .. } => Some(decision.clone()),
        _ => None,
    });
    assert_eq!(decision.expect("there was an offer").waited, secs(0), "talk is not waiting");
    let to = stage.facts.iter().find_map(|(_, fact)| match fact {
        Fact::Transferred { to, .. } => Some(to.to_string()),
        _ => None,
    });
    assert_eq!(to.as_deref(), Some("queue-1"));
}

#[test]
fn a_caller_who_is_given_back_waits_before_later_ones_and_another_agent_is_preferred() {
    let mut stage = Stage::new(plan(vec![queue(0)], vec![agent(&[(0, 1)]), agent(&[(0, 1)])]));
    stage.works(ANA);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    stage.call(2, CEDULA);
    stage.wait(30);
    assert!(stage.act(|room, now| room.give_back(CALLER, now)));
    assert_eq!(stage.state(ANA), S::Acw);
    stage.works(BRUNO);
    assert_eq!(stage.offered().last(), Some(&(BRUNO, 1)), "ahead of who came later");
    assert!(!stage.act(|room, now| room.give_back(CALLER, now)), "only an agent with a talk gives back");
}

#[test]
fn a_queue_may_begin_the_wait_anew_at_a_transfer() {
    let anew = QueuePlan { transfer_keeps_wait: false, ..queue(1) };
    let mut stage =
        Stage::new(plan(vec![queue(0), anew], vec![agent(&[(0, 1)]), agent(&[(1, 1)]), agent(&[(1, 1)])]));
    stage.everyone_works(2);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    stage.call(2, PASSPORT);
    stage.answers(BRUNO);
    stage.call(3, PASSPORT);
    stage.wait(30);
    stage.act(|room, now| room.transfer_to_queue(CALLER, PASSPORT, TransferKind::Blind, now));
    stage.works(CARLA);
    assert_eq!(stage.offered().last(), Some(&(CARLA, 3)), "behind who has waited there");
}

#[test]
fn a_caller_passed_on_to_a_number_has_left_and_the_agent_wraps_up() {
    // Wound A#607: wrap-up is lost after a transfer.
    let mut stage = ana_talks();
    stage.act(|room, now| room.transfer_away(CALLER, TransferKind::Attended, "1002", now));
    assert_eq!(stage.state(ANA), S::Acw);
    assert_eq!(stage.ended(), [(1, ContactOutcome::Answered)]);
    stage.wait(20);
    assert_eq!(stage.state(ANA), S::Available);
}

#[test]
fn words_about_a_caller_who_has_left_change_nothing() {
    // The engine may report late; the room stays consistent.
    let mut stage = ana_talks();
    stage.act(|room, now| room.resume(CALLER, now));
    stage.act(|room, now| room.release(CALLER, EndedBy::Caller, now));
    let before = stage.facts.len();
    stage.act(|room, now| room.hold(CALLER, now));
    stage.act(|room, now| room.release(CALLER, EndedBy::Agent, now));
    stage.act(|room, now| room.agent_lost(CALLER, now));
    stage.act(|room, now| room.transfer_away(CALLER, TransferKind::Blind, "1002", now));
    stage.act(|room, now| room.abandon(CALLER, now));
    assert_eq!(stage.facts.len(), before);
}

#[test]
fn a_caller_who_waited_elsewhere_stands_where_that_wait_puts_them() {
    // Wound FreePBX#621: callbacks jump the line. A callback is the same contact in its place.
    let mut stage = Stage::with_agents(0);
    for caller in 1..=3 {
        stage.call(caller, CEDULA);
        stage.wait(10);
    }
    let since = stage.now;
    stage.arrive(Arrival {
        contact: ContactId(9),
        channel: Channel::Callback,
        queue: QueueId(0),
        priority: None,
        waiting_since: Some(since - secs(15)),
    });
    let position = stage.facts.iter().rev().find_map(|(_, fact)| match fact {
        Fact::Queued { position, .. } => Some(*position),
        _ => None,
    });
    assert_eq!(position, Some(3), "after the second, before the third");
}
