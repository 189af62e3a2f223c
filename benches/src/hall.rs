//! A room of the distributor alone: agents, a line, and the two questions that it answers all day.

use core::time::Duration;
use std::path::Path;
use std::sync::Arc;

use turno_acd::{Arrival, Offer, Room, RoomOutput};
use turno_ground::Moment;
use turno_model::{AgentId, Channel, ContactId, EndedBy, Plan, QueueId};

/// The room, with what is needed to go on asking.
pub struct Hall {
    /// The distributor.
    pub room: Room,
    /// The time in it.
    pub now: Moment,
    /// Who talks.
    pub talking: Vec<ContactId>,
    /// The number of the next contact.
    pub next: u64,
}

impl Hall {
    /// The lab's queue with `agents`: all free, or, with a line of `waiting`, all talking.
    pub fn new(agents: u32, waiting: u64) -> Self {
        let now = Moment::from_secs(1_000_000);
        let mut hall =
            Self { room: Room::new(Arc::new(plan(agents)), now), now, talking: Vec::new(), next: 1 };
        for agent in (0..agents).map(AgentId) {
            hall.room.set_reachable(agent, true, now);
            hall.drain();
        }
        if waiting > 0 {
            for _ in 0..u64::from(agents) + waiting {
                let offer = hall.arrive();
                hall.accept(offer);
            }
            assert_eq!(hall.talking.len(), agents as usize, "everybody talks");
            assert_eq!(hall.room.waiting(QueueId(0)) as u64, waiting, "the line stands");
        }
        hall
    }

    /// One more contact.
    pub fn arrive(&mut self) -> Option<Offer> {
        self.now = self.now + Duration::from_micros(10);
        let contact = ContactId(self.next);
        self.next += 1;
        let (channel, queue) = (Channel::Voice, QueueId(0));
        let arrival = Arrival { contact, channel, queue, priority: None, waiting_since: None };
        self.room.enqueue(arrival, self.now);
        self.drain()
    }

    /// Whoever talks longest hangs up; the next in line is offered.
    pub fn release(&mut self) -> Option<Offer> {
        let contact = self.talking.swap_remove(0);
        self.room.release(contact, EndedBy::Caller, self.now);
        self.drain()
    }

    /// The agent answers.
    pub fn accept(&mut self, offer: Option<Offer>) {
        if let Some(offer) = offer {
            self.talking.push(offer.contact());
            self.room.accept(offer, self.now);
            self.drain();
        }
    }

    /// Takes everything out; the offer, if there is one.
    pub fn drain(&mut self) -> Option<Offer> {
        let mut offered = None;
        while let Some(output) = self.room.poll_output() {
            match output {
                RoomOutput::Offer(offer) => offered = Some(offer),
                RoomOutput::Fact(_)
                | RoomOutput::RingOver { .. }
                | RoomOutput::Treat { .. }
                | RoomOutput::Warn { .. }
                | RoomOutput::Breach { .. }
                | RoomOutput::HoldOver { .. } => {}
            }
        }
        offered
    }
}

/// The lab with so many agents and room for the line.
fn plan(agents: u32) -> Plan {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sip-config/lab");
    let (mut plan, _) = turno_config::load(&folder).expect("the lab plan is valid");
    let agent = plan.agents[0].clone();
    plan.agents = (0..agents)
        .map(|at| turno_model::plan::AgentPlan { name: format!("b{at}"), ..agent.clone() })
        .collect();
    for queue in &mut plan.queues {
        queue.length_max = u32::MAX;
    }
    plan
}
