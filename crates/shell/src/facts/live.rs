//! The newest batches, in memory, for readers that keep up.

use std::collections::VecDeque;

use turno_model::Position;

use crate::facts::batch::Batch;

/// How much is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LiveRoom {
    pub(crate) batches: usize,
    pub(crate) facts: usize,
}

/// About a megabyte; a room with a call a second does so much in minutes.
pub(crate) const ROOM: LiveRoom = LiveRoom { batches: 512, facts: 8_192 };

/// A row of batches without a gap.
pub(crate) struct Live {
    batches: VecDeque<Batch>,
    facts: usize,
    room: LiveRoom,
    /// The position behind which the oldest stands.
    begin: Position,
}

/// What stands behind a position.
pub(crate) enum Behind {
    /// This comes next.
    Next(Batch),
    /// Nothing has happened since.
    Nothing,
    /// It is not in memory any more, up to this position.
    Older(Position),
}

impl Live {
    /// Nothing has happened since this position.
    pub(crate) const fn new(begin: Position, room: LiveRoom) -> Self {
        Self { batches: VecDeque::new(), facts: 0, room, begin }
    }

    /// The position of the newest fact.
    pub(crate) fn end(&self) -> Position {
        self.batches.back().map_or(self.begin, Batch::last)
    }

    /// Takes the next batch. Where facts are missing before it, everything older is forgotten: the journal may have them.
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

    /// The oldest position that can be gone on from.
    pub(crate) const fn begin(&self) -> Position {
        self.begin
    }

    /// What stands behind a position.
    pub(crate) fn behind(&self, place: Position) -> Behind {
        if place < self.begin {
            return Behind::Older(self.begin);
        }
        let at = self.batches.partition_point(|batch| batch.last() <= place);
        self.batches.get(at).map_or(Behind::Nothing, |batch| Behind::Next(batch.behind(place)))
    }
}
