//! Consecutive facts with their positions.

use std::sync::Arc;

use turno_ground::Moment;
use turno_model::{Fact, PlanIndex, Position};

/// Facts with their moments, in order.
pub(crate) type Facts = Vec<(Moment, Fact)>;

/// Consecutive facts without a gap.
#[derive(Clone, Debug)]
pub struct Batch {
    before: Position,
    facts: Arc<Facts>,
    places: Option<Arc<PlanIndex>>,
}

impl Batch {
    /// Facts that follow `before`, with the index of the present plan.
    pub(crate) fn new(before: Position, facts: Arc<Facts>) -> Self {
        Self { before, facts, places: None }
    }

    /// Facts of the past, with the plan index under which they were recorded.
    pub(crate) fn of_past(before: Position, facts: Facts, places: Option<Arc<PlanIndex>>) -> Self {
        Self { before, facts: Arc::new(facts), places }
    }

    /// The position before the first fact.
    pub const fn before(&self) -> Position {
        self.before
    }

    /// The position of the last fact.
    pub fn last(&self) -> Position {
        self.before.plus(self.facts.len() as u64)
    }

    /// The plan index for their queues, agents and trunks; `None`: that of the present plan.
    pub fn places(&self) -> Option<&Arc<PlanIndex>> {
        self.places.as_ref()
    }

    /// The facts with their moments.
    pub fn iter(&self) -> core::slice::Iter<'_, (Moment, Fact)> {
        self.facts.iter()
    }

    /// The facts with their positions.
    pub fn placed(&self) -> impl Iterator<Item = (Position, Moment, &Fact)> {
        (1..).zip(self.facts.iter()).map(|(number, (at, fact))| (self.before.plus(number), *at, fact))
    }

    /// The facts themselves, shared.
    pub(crate) const fn facts(&self) -> &Arc<Facts> {
        &self.facts
    }

    /// The part of the batch after a position.
    pub(crate) fn behind(&self, place: Position) -> Self {
        let known = place.facts_since(self.before).filter(|known| *known > 0).unwrap_or(0);
        let Some(skip) = usize::try_from(known).ok().filter(|skip| *skip > 0) else { return self.clone() };
        let facts = self.facts.get(skip..).unwrap_or_default().to_vec();
        Self { before: self.before.plus(known), facts: Arc::new(facts), places: self.places.clone() }
    }
}

impl<'a> IntoIterator for &'a Batch {
    type Item = &'a (Moment, Fact);
    type IntoIter = core::slice::Iter<'a, (Moment, Fact)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
