//! One queue, two agents, three callers: prints what the distributor decides, second by second.
//!
//! `cargo run -p turno-acd --example one_queue`

use core::time::Duration;
use std::sync::Arc;

use turno_acd::{Arrival, Room, RoomOutput};
use turno_ground::Moment;
use turno_model::{AgentId, Channel, ContactId, EndedBy, Fact, Plan, QueueId, SkillId, sample};

const ANA: AgentId = AgentId(0);
const BRUNO: AgentId = AgentId(1);

fn main() {
    let start = Moment::from_secs(1_795_532_400);
    let plan = Plan {
        skills: vec!["passports".to_owned()],
        queues: vec![sample::queue("passports", SkillId(0))],
        agents: vec![sample::agent("1001", &[(0, 1)]), sample::agent("1002", &[(0, 1)])],
        ..sample::plan()
    };
    let mut room = Room::new(Arc::new(plan), start);
    let mut now = start;
    for agent in [ANA, BRUNO] {
        room.set_reachable(agent, true, now);
        room.log_in(agent, now).expect("anybody may log in");
        answer_offers(&mut room, start, now);
        now = now + Duration::from_secs(1);
    }
    for number in 1..=3 {
        let contact = ContactId(number);
        let arrival = Arrival {
            contact,
            channel: Channel::Voice,
            queue: QueueId(0),
            priority: None,
            waiting_since: None,
        };
        room.enqueue(arrival, now);
        answer_offers(&mut room, start, now);
        now = now + Duration::from_secs(5);
    }
    // Ana's caller hangs up. Her after-call work lasts 20 seconds, then the third caller is offered to her.
    room.release(ContactId(1), EndedBy::Caller, now);
    answer_offers(&mut room, start, now);
    let until = now + Duration::from_secs(60);
    while let Some(at) = room.next_deadline().filter(|at| *at <= until) {
        room.handle_deadlines(at);
        answer_offers(&mut room, start, at);
    }
}

/// Prints what happened, and accepts each offer at once, as an agent who picks up does.
fn answer_offers(room: &mut Room, start: Moment, now: Moment) {
    while let Some(output) = room.poll_output() {
        let second = now.since(start).as_secs();
        match output {
            RoomOutput::Fact(Fact::Offered { contact, agent, decision, .. }) => {
                println!(
                    "{second:>3} s  contact {} is offered to agent {}: {decision:?}",
                    contact.0, agent.0
                );
            }
            RoomOutput::Fact(fact) => println!("{second:>3} s  {fact:?}"),
            RoomOutput::Offer(offer) => room.accept(offer, now),
            RoomOutput::RingOver { .. }
            | RoomOutput::Treat { .. }
            | RoomOutput::Moved { .. }
            | RoomOutput::SendTo { .. }
            | RoomOutput::Full { .. }
            | RoomOutput::DialAhead { .. }
            | RoomOutput::OfferCallback { .. }
            | RoomOutput::Voicemail { .. }
            | RoomOutput::Warn { .. }
            | RoomOutput::Breach { .. }
            | RoomOutput::HoldOver { .. } => {}
        }
    }
}
