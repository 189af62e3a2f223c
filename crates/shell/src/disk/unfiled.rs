//! The facts of a step that could not be written: held back until they stand in a file.

use turno_ground::Moment;
use turno_journal::{Entry, frames};
use turno_model::{Fact, Position, Step};

/// The facts of one step.
pub(crate) struct Unfiled {
    /// The position behind which they stand.
    pub(crate) before: Position,
    pub(crate) at: Moment,
    pub(crate) facts: Vec<Fact>,
}

impl Unfiled {
    /// Of a step whose facts stand behind `before`.
    pub(crate) fn of(step: &Step, before: Position) -> Self {
        Self { before, at: step.at, facts: step.facts.clone() }
    }

    /// Of the steps in these bytes of a file with this number, of which the first `taken` bytes were written. The facts of the
    /// file stand behind `begin`.
    pub(crate) fn of_frames(bytes: &[u8], number: u64, taken: usize, begin: Position) -> Vec<Self> {
        let unwritten = frames(bytes, number).filter(|frame| frame.offset + frame.length > taken);
        let steps = unwritten.filter(|frame| matches!(frame.entry, Entry::Step(_)));
        steps
            .map(|frame| Self {
                before: begin.plus(frame.facts_before.into()),
                at: frame.at,
                facts: frame.facts(begin).filter_map(|(_, _, fact)| fact.fact().ok()).collect(),
            })
            .collect()
    }

    /// The last of them.
    pub(crate) const fn last(&self) -> Position {
        self.before.plus(self.facts.len() as u64)
    }
}
