//! Records of observers: who observes which conversation.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use turno_calls::CallId;
use turno_ground::{Change, Changeset, DecodeError, RowChange, TrackedMap};
use turno_model::{AgentId, Asker, ContactId, Observing};
use turno_sip::SessionId;

/// Progress of an observer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ObserverStage {
    /// The observer's phones ring with this call.
    Rings(CallId),
    /// The observer's leg is in the bridge of the contact's call.
    In(SessionId),
}

/// Record of one observer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Observation {
    /// The contact whose conversation is observed.
    pub(crate) contact: ContactId,
    /// What the observer does, or will do: listen, whisper or talk.
    pub(crate) how: Observing,
    /// Who asked for it.
    pub(crate) by: Asker,
    /// How far the observer has come.
    pub(crate) stage: ObserverStage,
    /// The agent who asked this observer for help, if one did.
    pub(crate) help: Option<Help>,
}

/// A request for help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Help {
    /// The agent who asked.
    pub(crate) agent: AgentId,
    /// The experts who were rung before and did not come.
    pub(crate) declined: [Option<AgentId>; EXPERTS_MAX - 1],
}

/// Cap on the experts who are rung for one request for help.
const EXPERTS_MAX: usize = 3;

/// All observers. An agent observes at most one conversation.
#[derive(Debug, Default)]
pub(crate) struct Observers {
    table: TrackedMap<AgentId, Observation>,
    /// Experts who were rung for help and do not come, until the engine has heard of it in the same step.
    declined: VecDeque<(AgentId, Observation)>,
}

impl Observers {
    /// Creates the record of an observer who is rung.
    pub(crate) fn begin(&mut self, observer: AgentId, observation: Observation) {
        self.table.insert(observer, observation);
    }

    /// The observer has answered and is in the bridge.
    pub(crate) fn is_in(&mut self, observer: AgentId, session: SessionId) {
        if let Some(observation) = self.table.get_mut(&observer) {
            observation.stage = ObserverStage::In(session);
        }
    }

    /// An observer goes on by another dialog.
    pub(crate) fn goes_on_with(&mut self, before: SessionId, session: SessionId) {
        let is_there = |it: &Observation| it.stage == ObserverStage::In(before);
        let found = self.iter().find(|(_, it)| is_there(it)).map(|(observer, _)| observer);
        if let Some(observer) = found {
            self.is_in(observer, session);
        }
    }

    /// Changes what the observer does.
    pub(crate) fn does(&mut self, observer: AgentId, how: Observing, by: Asker) {
        if let Some(observation) = self.table.get_mut(&observer) {
            (observation.how, observation.by) = (how, by);
        }
    }

    /// Removes an observer.
    pub(crate) fn end(&mut self, observer: AgentId) -> Option<Observation> {
        let observation = self.table.remove(&observer)?;
        match observation.stage {
            ObserverStage::Rings(_) if observation.help.is_some() => {
                self.declined.push_back((observer, observation));
            }
            ObserverStage::Rings(_) | ObserverStage::In(_) => {}
        }
        Some(observation)
    }

    /// The next expert who was rung for help and does not come.
    pub(crate) fn poll_declined(&mut self) -> Option<(AgentId, Observation)> {
        self.declined.pop_front()
    }

    /// The expert who helps in a contact's talk, or is rung for it.
    pub(crate) fn helper_of(&self, contact: ContactId) -> Option<AgentId> {
        let helps = |it: &Observation| it.contact == contact && it.help.is_some();
        self.iter().find(|(_, it)| helps(it)).map(|(observer, _)| observer)
    }

    /// The observation of an agent.
    pub(crate) fn get(&self, observer: AgentId) -> Option<Observation> {
        self.table.get(&observer).copied()
    }

    /// Every observer, in the order of agents.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (AgentId, &Observation)> {
        self.table.iter().map(|(observer, observation)| (*observer, observation))
    }

    /// Whether there is no observer.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Writes the changed records into the changeset.
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

    /// Marks every record as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores one observer from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is not an observer record.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let observer = u32::try_from(line.key).map(AgentId);
        let observer =
            observer.map_err(|why| DecodeError { table: line.table, key: line.key, why: why.to_string() })?;
        self.table.restore(observer, line.read()?);
        Ok(())
    }
}
