//! The facts of a step that could not be written: held back until they are in a file.

use turno_ground::Moment;
use turno_journal::{Entry, frames};
use turno_model::{Fact, Position, Step};

/// The facts of one step.
pub(crate) struct Unfiled {
    /// The position after which they come.
    pub(crate) before: Position,
    pub(crate) at: Moment,
    pub(crate) facts: Vec<Fact>,
}

impl Unfiled {
    /// The facts of a step, which come after `before`.
    pub(crate) fn of(step: &Step, before: Position) -> Self {
        Self { before, at: step.at, facts: step.facts.clone() }
    }

    /// The facts of steps in these bytes of a segment, without the first `taken` bytes, which were written. The
    /// segment's facts come after `begin`.
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

    /// The position of the last fact.
    pub(crate) const fn last(&self) -> Position {
        self.before.plus(self.facts.len() as u64)
    }
}
