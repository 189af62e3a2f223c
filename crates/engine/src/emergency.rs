//! Whether the emergency announcement is on, and with which prompt.

use turno_ground::{Changeset, DecodeError, RowChange, TrackedRow};
use turno_model::PromptName;

/// The state of the emergency announcement.
#[derive(Debug)]
pub(crate) struct EmergencyState {
    /// One row: the prompt; `None`: the announcement is off.
    prompt: TrackedRow<Option<PromptName>>,
}

impl EmergencyState {
    /// It is off.
    pub(crate) fn off() -> Self {
        Self { prompt: TrackedRow::new([None].into_iter()) }
    }

    /// Switches it; true if that changes anything.
    pub(crate) fn turn(&mut self, prompt: Option<PromptName>) -> bool {
        let is_news = self.prompt[0] != prompt;
        if is_news {
            self.prompt[0] = prompt;
        }
        is_news
    }

    /// The prompt; `None`: it is off.
    pub(crate) fn prompt(&self) -> Option<PromptName> {
        self.prompt[0]
    }

    /// Writes a change into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.prompt.write_down(|row, prompt| changes.keep(table, row as u64, prompt));
    }

    /// Marks it as changed, so that the next [`Self::write_down`] writes it.
    pub(crate) fn note_all(&mut self) {
        self.prompt.note_all();
    }

    /// Restores it from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is none of these.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        self.prompt.restore(usize::try_from(line.key).unwrap_or(usize::MAX), line.read()?);
        Ok(())
    }
}
