//! Records of consultations: which agent consults whom about which contact. An agent has one at most.

use serde::{Deserialize, Serialize};
use turno_ground::{Change, Changeset, DecodeError, RowChange, TrackedMap};
use turno_model::{AgentId, Consulted, ContactId};
use turno_sip::SessionId;

use crate::consult_stage::ConsultStage;

/// Record of one consultation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Consultation {
    /// The contact of the agent.
    pub(crate) contact: ContactId,
    /// Who is consulted.
    pub(crate) whom: Consulted,
    /// Their extension or number, for the transfer that may come of it.
    pub(crate) to: String,
    /// How far it is.
    pub(crate) stage: ConsultStage,
    /// Whether the recording was paused for it.
    pub(crate) has_paused: bool,
}

impl Consultation {
    /// The colleague, who is occupied meanwhile.
    pub(crate) const fn colleague(&self) -> Option<AgentId> {
        match &self.whom {
            Consulted::Agent(colleague) => Some(*colleague),
            Consulted::Dependency(_) | Consulted::Outside => None,
        }
    }
}

/// All consultations, by the agent who consults.
#[derive(Debug, Default)]
pub(crate) struct Consultations {
    table: TrackedMap<AgentId, Consultation>,
}

impl Consultations {
    /// A consultation begins.
    pub(crate) fn begin(&mut self, agent: AgentId, consultation: Consultation) {
        self.table.insert(agent, consultation);
    }

    /// A consultation goes on.
    pub(crate) fn goes_to(&mut self, agent: AgentId, stage: ConsultStage) {
        if let Some(consultation) = self.table.get_mut(&agent) {
            consultation.stage = stage;
        }
    }

    /// Who is consulted goes on by another dialog.
    pub(crate) fn goes_on_with(&mut self, before: SessionId, session: SessionId) {
        let Some(agent) = self.of_guest(before) else { return };
        let Some(stage) = self.get(agent).map(|it| it.stage.with_guest(session)) else { return };
        self.goes_to(agent, stage);
    }

    /// The recording was paused for it, or is not any more.
    pub(crate) fn has_paused(&mut self, agent: AgentId, has_paused: bool) {
        if let Some(consultation) = self.table.get_mut(&agent) {
            consultation.has_paused = has_paused;
        }
    }

    /// Removes a consultation.
    pub(crate) fn end(&mut self, agent: AgentId) -> Option<Consultation> {
        self.table.remove(&agent)
    }

    /// The consultation of an agent.
    pub(crate) fn get(&self, agent: AgentId) -> Option<&Consultation> {
        self.table.get(&agent)
    }

    /// The agent who consults the party with this leg.
    pub(crate) fn of_guest(&self, session: SessionId) -> Option<AgentId> {
        self.iter().find(|(_, it)| it.stage.guest() == Some(session)).map(|(agent, _)| agent)
    }

    /// Every consultation, in the order of agents.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (AgentId, &Consultation)> {
        self.table.iter().map(|(agent, consultation)| (*agent, consultation))
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Writes the changed records into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|agent, change| match change {
            Change::Is(consultation) => {
                changes.keep(table, u64::from(agent.0), consultation);
                true
            }
            Change::Gone => {
                changes.delete(table, u64::from(agent.0));
                false
            }
        });
    }

    /// Marks every record as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores one consultation from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is not a record of one.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let agent = u32::try_from(line.key).map(AgentId);
        let agent =
            agent.map_err(|why| DecodeError { table: line.table, key: line.key, why: why.to_string() })?;
        self.table.restore(agent, line.read()?);
        Ok(())
    }
}
