//! A room that is broken on purpose, and what the look at it finds.

use std::sync::Arc;

use core::time::Duration;

use turno_ground::Moment;
use turno_model::plan::Treatment;
use turno_model::{
    AgentEvent, AgentId, Channel, ContactId, Plan, QueueId, QueueState, SkillId, WhyNot, sample,
};

use super::*;
use crate::output::Arrival;

const ANA: AgentId = AgentId(0);
const CALLER: ContactId = ContactId(1);

/// Ana is on a break, and a caller waits.
fn room() -> (Room, Moment) {
    let now = Moment::from_secs(1_000_000);
    let queue =
        turno_model::plan::QueuePlan { when_nobody: Treatment::Wait, ..sample::queue("queue", SkillId(0)) };
    let plan = Plan {
        skills: vec!["skill".to_owned()],
        queues: vec![queue],
        agents: vec![sample::agent("1000", &[(0, 1)])],
        ..sample::plan()
    };
    let mut room = Room::new(Arc::new(plan), now);
    room.set_reachable(ANA, true, now);
    room.log_in(ANA, now).expect("anybody can log in");
    room.aux(ANA, 0, now).expect("a free agent may go");
    let arrival = Arrival {
        contact: CALLER,
        channel: Channel::Voice,
        queue: QueueId(0),
        priority: None,
        waiting_since: None,
    };
    room.enqueue(arrival, now);
    (room, now)
}

#[test]
fn a_room_that_forgets_to_match_is_seen() {
    // Wound F#1641, F#1062: the dispatch dies, and only a reload helps.
    let (mut room, now) = room();
    assert!(room.overlooked(now).is_empty(), "nobody is free");
    assert!(matches!(room.why_not(ANA, CALLER).as_slice(), [WhyNot::Aux(_)]));
    // The agent is ready, and nobody looks whether anything waits.
    room.turn(ANA, AgentEvent::Ready, now);
    let later = now + Duration::from_millis(250);
    let seen =
        Overlooked { contact: CALLER, queue: QueueId(0), agent: ANA, span: Duration::from_millis(250) };
    assert_eq!(room.overlooked(later).as_slice(), [seen]);
    assert!(room.why_not(ANA, CALLER).is_empty());
    room.pair_agent(ANA, later);
    assert!(room.overlooked(later).is_empty(), "it is offered now");
}

#[test]
fn a_queue_that_is_paused_and_a_contact_without_a_port_are_no_fault() {
    let (mut room, now) = room();
    room.turn(ANA, AgentEvent::Ready, now);
    room.ports_free(0);
    assert!(room.overlooked(now).is_empty());
    assert_eq!(room.why_not(ANA, CALLER).as_slice(), [WhyNot::NoPort]);
    let (mut room, now) = self::room();
    room.turn_queue(QueueId(0), QueueState::Paused, now);
    room.turn(ANA, AgentEvent::Ready, now);
    assert!(room.overlooked(now).is_empty());
    assert_eq!(room.why_not(ANA, CALLER).as_slice(), [WhyNot::Paused(QueueId(0))]);
}
