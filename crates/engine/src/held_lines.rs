//! The held lines of agents: at most one for each.

use std::collections::BTreeSet;

use turno_ground::{Change, Changeset, DecodeError, RowChange, Tracked};
use turno_model::AgentId;
use turno_sip::SessionId;

use crate::line_stage::{LineEvent, LineStage};

/// All held lines, by agent.
#[derive(Debug)]
pub(crate) struct HeldLines {
    table: Tracked<u64, LineStage>,
    /// Agents whose open line leads to a number that the plan does not say any more.
    old: BTreeSet<AgentId>,
    /// Agents who may want a line since something has happened in this step.
    wanted: Vec<AgentId>,
}

impl HeldLines {
    /// None. `seed` seeds the hash table.
    pub(crate) fn new(seed: u64) -> Self {
        Self { table: Tracked::new(seed), old: BTreeSet::new(), wanted: Vec::new() }
    }

    /// The plan gives the agent another number: the line ends when it is idle.
    pub(crate) fn is_old(&mut self, agent: AgentId) {
        if self.stage(agent).is_some() {
            self.old.insert(agent);
        }
    }

    /// Whether the agent's line leads to another number than the plan says.
    pub(crate) fn leads_elsewhere(&self, agent: AgentId) -> bool {
        self.old.contains(&agent)
    }

    /// The agent's telephone is not busy any more.
    pub(crate) fn may_be_wanted(&mut self, agent: AgentId) {
        self.wanted.push(agent);
    }

    /// The next agent who may want a line.
    pub(crate) fn poll_wanted(&mut self) -> Option<AgentId> {
        self.wanted.pop()
    }

    /// Applies an event. False if it does not fit the stage; then nothing has changed.
    pub(crate) fn turn(&mut self, agent: AgentId, event: LineEvent) -> bool {
        let key = u64::from(agent.0);
        let after = LineStage::after(self.stage(agent), event);
        debug_assert!(after.is_ok(), "{event:?} of {agent:?}, whose line is {:?}", self.stage(agent));
        match after {
            Ok(Some(stage)) => {
                if let Some(before) = self.table.get_mut(&key) {
                    *before = stage;
                } else {
                    self.table.insert(key, stage);
                }
            }
            Ok(None) => {
                self.table.remove(&key);
                self.old.remove(&agent);
            }
            Err(_) => return false,
        }
        true
    }

    /// The stage of an agent's line; `None`: there is none.
    pub(crate) fn stage(&self, agent: AgentId) -> Option<LineStage> {
        self.table.get(&u64::from(agent.0)).copied()
    }

    /// The leg of an agent's line, while it is open.
    pub(crate) fn leg_of(&self, agent: AgentId) -> Option<SessionId> {
        match self.stage(agent)? {
            LineStage::Open(session) => Some(session),
            LineStage::Dials(_) => None,
        }
    }

    /// The agent whose line this leg is.
    pub(crate) fn of_leg(&self, session: SessionId) -> Option<AgentId> {
        self.all().into_iter().find(|(_, stage)| *stage == LineStage::Open(session)).map(|(agent, _)| agent)
    }

    /// How many are open.
    pub(crate) fn open(&self) -> usize {
        if self.table.is_empty() {
            return 0;
        }
        self.all().iter().filter(|(_, stage)| matches!(stage, LineStage::Open(_))).count()
    }

    /// Every line, by agent.
    pub(crate) fn all(&self) -> Vec<(AgentId, LineStage)> {
        let keys = self.table.keys().into_iter();
        let agent = |key: u64| AgentId(u32::try_from(key).unwrap_or(u32::MAX));
        keys.filter_map(|key| Some((agent(key), *self.table.get(&key)?))).collect()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty() && self.wanted.is_empty()
    }

    /// Writes the changed lines into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|agent, change| match change {
            Change::Is(stage) => {
                changes.keep(table, agent, stage);
                true
            }
            Change::Gone => {
                changes.delete(table, agent);
                false
            }
        });
    }

    /// Marks every row as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores one line from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is no line.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        self.table.restore(line.key, line.read()?);
        Ok(())
    }
}
