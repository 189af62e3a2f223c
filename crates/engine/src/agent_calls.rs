//! Calls that no queue gave: how many each agent has under way.

use turno_ground::{Changeset, DecodeError, RowChange, TrackedRow};
use turno_model::{AgentId, Plan};

/// The calls of each agent's own, in the order of the plan.
#[derive(Debug)]
pub(crate) struct AgentCalls {
    under_way: TrackedRow<u32>,
}

impl AgentCalls {
    /// Nobody has any.
    pub(crate) fn new(plan: &Plan) -> Self {
        Self { under_way: TrackedRow::new(plan.agents.iter().map(|_| 0)) }
    }

    /// Works by `plan` from now on: a new agent's place is at the end.
    pub(crate) fn configure(&mut self, plan: &Plan) {
        while self.under_way.len() < plan.agents.len() {
            self.under_way.push(0);
        }
    }

    /// An agent begins one.
    pub(crate) fn begin(&mut self, agent: AgentId) {
        self.under_way[agent.index()] += 1;
    }

    /// One is over. Whether it was the last of this agent.
    pub(crate) fn end(&mut self, agent: AgentId) -> bool {
        let calls = &mut self.under_way[agent.index()];
        *calls = calls.saturating_sub(1);
        *calls == 0
    }

    /// Whether the agent has one.
    pub(crate) fn has(&self, agent: AgentId) -> bool {
        self.under_way[agent.index()] > 0
    }

    /// Whether nobody has any.
    pub(crate) fn are_over(&self) -> bool {
        self.under_way.iter().all(|calls| *calls == 0)
    }

    /// None has come back from before a restart.
    pub(crate) fn forget(&mut self) {
        for place in 0..self.under_way.len() {
            if self.under_way[place] > 0 {
                self.under_way[place] = 0;
            }
        }
    }

    /// Writes down what has changed.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.under_way.write_down(|agent, calls| changes.keep(table, agent as u64, calls));
    }

    /// Makes the next [`Self::write_down`] write everything.
    pub(crate) fn note_all(&mut self) {
        self.under_way.note_all();
    }

    /// Puts back what was written of one agent.
    ///
    /// # Errors
    /// [`DecodeError`] if it is not one of ours.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        self.under_way.restore(usize::try_from(line.key).unwrap_or(usize::MAX), line.read()?);
        Ok(())
    }
}
