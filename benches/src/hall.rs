//! The distributor alone with agents and a line, and its two usual decisions.

use core::time::Duration;
use std::path::Path;
use std::sync::Arc;

use turno_acd::{Arrival, Offer, Room, RoomOutput};
use turno_ground::Moment;
use turno_model::{AgentId, Channel, ContactId, EndedBy, Plan, QueueId};

/// The distributor, with the state that the next decision needs.
pub struct Hall {
    /// The distributor.
    pub room: Room,
    /// The present moment.
    pub now: Moment,
    /// The contacts that talk.
    pub talking: Vec<ContactId>,
    /// The number of the next contact.
    pub next: u64,
}

impl Hall {
    /// The lab's queue with `agents`: all free, or all talking if a line of `waiting` is given.
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

    /// A contact that talks ends; the next in line is offered.
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

    /// Drains the outputs and returns the offer, if there is one.
    pub fn drain(&mut self) -> Option<Offer> {
        let mut offered = None;
        while let Some(output) = self.room.poll_output() {
            match output {
                RoomOutput::Offer(offer) => offered = Some(offer),
                RoomOutput::Fact(_)
                | RoomOutput::RingOver { .. }
                | RoomOutput::Treat { .. }
                | RoomOutput::Full { .. }
                | RoomOutput::Moved { .. }
                | RoomOutput::OfferCallback { .. }
                | RoomOutput::DialAhead { .. }
                | RoomOutput::Voicemail { .. }
                | RoomOutput::SendTo { .. }
                | RoomOutput::Warn { .. }
                | RoomOutput::Breach { .. }
                | RoomOutput::HoldOver { .. } => {}
            }
        }
        offered
    }
}

/// The lab plan with this many agents and enough room for the line.
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
