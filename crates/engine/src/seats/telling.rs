//! How many phones of a seat are there, and whether any of them answers, is told.

use turno_ground::Moment;
use turno_model::{AgentId, Fact};

use crate::outbox::Outbox;
use crate::seats::Seats;
use crate::seats::told::SeatOutput;

impl Seats {
    /// Tells how many phones the seat has now, and whether any of them can be rung.
    pub(super) fn tell_contacts(&mut self, agent: AgentId, outbox: &mut Outbox, now: Moment) {
        let contacts = u32::try_from(self.rows[agent.index()].contacts()).unwrap_or(u32::MAX);
        outbox.record(Fact::Registered { agent, contacts }, now);
        self.update_reachability(agent);
    }

    /// Tells whether any of the seat's contacts answers.
    pub(super) fn update_reachability(&mut self, agent: AgentId) {
        let reachable = self.rows[agent.index()].is_reachable();
        self.outputs.push_back(SeatOutput::Reachable(agent, reachable));
    }
}
