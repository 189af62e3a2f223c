//! Number of calls under way that each agent has outside the queues.

use turno_ground::{Changeset, DecodeError, RowChange, TrackedRow};
use turno_model::{AgentId, Plan};

/// One counter for each agent, in the order of the plan.
#[derive(Debug)]
pub(crate) struct AgentCalls {
    under_way: TrackedRow<u32>,
}

impl AgentCalls {
    /// No agent has such a call.
    pub(crate) fn new(plan: &Plan) -> Self {
        Self { under_way: TrackedRow::new(plan.agents.iter().map(|_| 0)) }
    }

    /// Adds a counter for each agent that the new plan appends.
    pub(crate) fn configure(&mut self, plan: &Plan) {
        while self.under_way.len() < plan.agents.len() {
            self.under_way.push(0);
        }
    }

    /// Counts one more call of an agent.
    pub(crate) fn begin(&mut self, agent: AgentId) {
        self.under_way[agent.index()] += 1;
    }

    /// Counts one call less. True if it was the agent's last.
    pub(crate) fn end(&mut self, agent: AgentId) -> bool {
        let calls = &mut self.under_way[agent.index()];
        *calls = calls.saturating_sub(1);
        *calls == 0
    }

    /// Whether the agent has such a call.
    pub(crate) fn has(&self, agent: AgentId) -> bool {
        self.under_way[agent.index()] > 0
    }

    /// Whether no agent has such a call.
    pub(crate) fn are_over(&self) -> bool {
        self.under_way.iter().all(|calls| *calls == 0)
    }

    /// Sets all counters to zero: none of these calls survives a restart.
    pub(crate) fn forget(&mut self) {
        for place in 0..self.under_way.len() {
            if self.under_way[place] > 0 {
                self.under_way[place] = 0;
            }
        }
    }

    /// Writes the changed counters into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.under_way.write_down(|agent, calls| changes.keep(table, agent as u64, calls));
    }

    /// Marks every counter as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.under_way.note_all();
    }

    /// Restores one agent's counter from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is not a counter of a known agent.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        self.under_way.restore(usize::try_from(line.key).unwrap_or(usize::MAX), line.read()?);
        Ok(())
    }
}
