//! Who observes which talk: one record for each observer.

use serde::{Deserialize, Serialize};
use turno_calls::CallId;
use turno_ground::{Change, Changeset, DecodeError, RowChange, TrackedMap};
use turno_model::{AgentId, Asker, ContactId, Observing};
use turno_sip::SessionId;

/// How far an observer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ObserverStage {
    /// The observer's phones ring, by this call.
    Rings(CallId),
    /// The observer's leg is in the bridge of the contact's call.
    In(SessionId),
}

/// What is kept of one observer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Observation {
    /// Whose talk with an agent is observed.
    pub(crate) contact: ContactId,
    /// What the observer does there, or is going to do.
    pub(crate) how: Observing,
    /// Who asked for that.
    pub(crate) by: Asker,
    /// How far the observer has come.
    pub(crate) stage: ObserverStage,
}

/// Every observer. An agent observes one talk at a time.
#[derive(Debug, Default)]
pub(crate) struct Observers {
    table: TrackedMap<AgentId, Observation>,
}

impl Observers {
    /// An agent begins to observe.
    pub(crate) fn begin(&mut self, observer: AgentId, observation: Observation) {
        self.table.insert(observer, observation);
    }

    /// The observer has answered and is in the bridge.
    pub(crate) fn is_in(&mut self, observer: AgentId, session: SessionId) {
        if let Some(observation) = self.table.get_mut(&observer) {
            observation.stage = ObserverStage::In(session);
        }
    }

    /// The observer does something else from now on.
    pub(crate) fn does(&mut self, observer: AgentId, how: Observing, by: Asker) {
        if let Some(observation) = self.table.get_mut(&observer) {
            (observation.how, observation.by) = (how, by);
        }
    }

    /// Forgets an observer as a whole.
    pub(crate) fn end(&mut self, observer: AgentId) -> Option<Observation> {
        self.table.remove(&observer)
    }

    /// What an agent observes.
    pub(crate) fn get(&self, observer: AgentId) -> Option<Observation> {
        self.table.get(&observer).copied()
    }

    /// Every observer, in the order of the agents.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (AgentId, &Observation)> {
        self.table.iter().map(|(observer, observation)| (*observer, observation))
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Writes down what has changed.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|observer, change| match change {
            Change::Is(observation) => {
                changes.keep(table, u64::from(observer.0), observation);
                true
            }
            Change::Gone => {
                changes.delete(table, u64::from(observer.0));
                false
            }
        });
    }

    /// Makes the next [`Self::write_down`] write everything.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Puts back what was written of one observer.
    ///
    /// # Errors
    /// [`DecodeError`] if it is not one of ours.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let observer = u32::try_from(line.key).map(AgentId);
        let observer =
            observer.map_err(|why| DecodeError { table: line.table, key: line.key, why: why.to_string() })?;
        self.table.restore(observer, line.read()?);
        Ok(())
    }
}
