//! The agents, the lines, and what happens to them.

use std::collections::VecDeque;
use std::sync::Arc;

use compact_str::CompactString;
use turno_ground::Moment;
use turno_model::{
    AgentId, AgentState, ContactId, EndedBy, IllegalMove, OfferOutcome, Plan, QueueId, TransferKind,
};

use crate::asked::{Asked, NoContact};
use crate::offer::Offer;
use crate::output::{Arrival, RoomOutput};

/// All agents and all contacts that wait or talk.
#[derive(Debug)]
pub struct Room {
    plan: Arc<Plan>,
    outbox: VecDeque<RoomOutput>,
}

#[expect(missing_docs, unused_variables, reason = "the shape comes first")]
impl Room {
    pub fn new(plan: Arc<Plan>, seed: u64, now: Moment) -> Self {
        Self { plan, outbox: VecDeque::new() }
    }
    pub fn log_in(&mut self, agent: AgentId, now: Moment) -> Result<Asked, IllegalMove> {
        Ok(Asked::Done)
    }
    pub fn log_out(&mut self, agent: AgentId, now: Moment) -> Result<Asked, IllegalMove> {
        Ok(Asked::Done)
    }
    pub fn ready(&mut self, agent: AgentId, now: Moment) -> Result<Asked, IllegalMove> {
        Ok(Asked::Done)
    }
    pub fn aux(&mut self, agent: AgentId, reason: u8, now: Moment) -> Result<Asked, IllegalMove> {
        Ok(Asked::Done)
    }
    pub fn end_acw(&mut self, agent: AgentId, now: Moment) -> Result<Asked, IllegalMove> {
        Ok(Asked::Done)
    }
    pub fn wrap_up(&mut self, agent: AgentId, code: CompactString, now: Moment) -> Result<(), NoContact> {
        Ok(())
    }
    pub fn set_reachable(&mut self, agent: AgentId, reachable: bool, now: Moment) {}
    pub fn other_call_begins(&mut self, agent: AgentId, now: Moment) -> Result<(), IllegalMove> {
        Ok(())
    }
    pub fn other_call_ends(&mut self, agent: AgentId, now: Moment) -> Result<(), IllegalMove> {
        Ok(())
    }
    pub fn state(&self, agent: AgentId) -> AgentState {
        let _ = &self.plan;
        AgentState::LoggedOut
    }
    pub fn enqueue(&mut self, arrival: Arrival, now: Moment) {}
    pub fn abandon(&mut self, contact: ContactId, now: Moment) {}
    pub fn dequeue(&mut self, contact: ContactId, now: Moment) {}
    pub fn accept(&mut self, offer: Offer, now: Moment) {}
    pub fn settle(&mut self, offer: Offer, outcome: OfferOutcome, now: Moment) {}
    pub fn hold(&mut self, contact: ContactId, now: Moment) {}
    pub fn resume(&mut self, contact: ContactId, now: Moment) {}
    pub fn release(&mut self, contact: ContactId, by: EndedBy, now: Moment) {}
    pub fn agent_lost(&mut self, contact: ContactId, now: Moment) {}
    pub fn transfer_to_queue(&mut self, contact: ContactId, queue: QueueId, kind: TransferKind, now: Moment) {
    }
    pub fn transfer_away(&mut self, contact: ContactId, kind: TransferKind, to: &str, now: Moment) {}
    pub fn poll_output(&mut self) -> Option<RoomOutput> {
        self.outbox.pop_front()
    }
    pub fn next_deadline(&mut self) -> Option<Moment> {
        None
    }
    pub fn handle_deadlines(&mut self, now: Moment) {}
    pub fn check_invariants(&self) {}
    pub fn waiting(&self, queue: QueueId) -> usize {
        0
    }
}
