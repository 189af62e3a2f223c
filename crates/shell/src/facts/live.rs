//! The newest batches in memory, for readers that keep up.

use std::collections::VecDeque;

use turno_model::Position;

use crate::facts::batch::Batch;

/// Limits of what is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LiveRoom {
    pub(crate) batches: usize,
    pub(crate) facts: usize,
}

/// About a megabyte; with a call a second this holds some minutes.
pub(crate) const ROOM: LiveRoom = LiveRoom { batches: 512, facts: 8_192 };

/// Consecutive batches without a gap.
pub(crate) struct Live {
    batches: VecDeque<Batch>,
    facts: usize,
    room: LiveRoom,
    /// The position before the oldest fact.
    begin: Position,
}

/// The result of a search after a position.
pub(crate) enum Behind {
    /// The next batch.
    Next(Batch),
    /// There are no newer facts.
    Nothing,
    /// The next facts are no longer in memory; memory begins after this position.
    Older(Position),
}

impl Live {
    /// No facts since this position.
    pub(crate) const fn new(begin: Position, room: LiveRoom) -> Self {
        Self { batches: VecDeque::new(), facts: 0, room, begin }
    }

    /// The position of the newest fact.
    pub(crate) fn end(&self) -> Position {
        self.batches.back().map_or(self.begin, Batch::last)
    }

    /// Adds the next batch. If facts are missing before it, everything older is dropped: the journal may have the
    /// missing ones.
    pub(crate) fn take(&mut self, batch: Batch) {
        if batch.before() != self.end() {
            self.batches.clear();
            self.facts = 0;
            self.begin = batch.before();
        }
        self.facts += batch.facts().len();
        self.batches.push_back(batch);
        while self.batches.len() > self.room.batches
            || (self.facts > self.room.facts && self.batches.len() > 1)
        {
            let Some(oldest) = self.batches.pop_front() else { break };
            self.facts -= oldest.facts().len();
            self.begin = oldest.last();
        }
    }

    /// The oldest position from which reading can continue.
    pub(crate) const fn begin(&self) -> Position {
        self.begin
    }

    /// The next batch after a position.
    pub(crate) fn behind(&self, place: Position) -> Behind {
        if place < self.begin {
            return Behind::Older(self.begin);
        }
        let at = self.batches.partition_point(|batch| batch.last() <= place);
        self.batches.get(at).map_or(Behind::Nothing, |batch| Behind::Next(batch.behind(place)))
    }
}
