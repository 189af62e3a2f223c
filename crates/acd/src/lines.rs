//! The lines of all queues.
//!
//! A contact stands in one line. A queue has one line for the contacts that all of its agents may take, and one more for each
//! other reach that its contacts have had: those up to a level, those that agents of another queue may take too. An agent sees
//! the lines that reach them and compares their heads, so the order is one and nobody is skipped. Lines of the second kind
//! begin when a contact first needs one. Contacts that are kept for one agent stand in one more line of their queue, which no
//! agent sees: `kept` leads to them.

use core::ops::{Index, IndexMut};

use smallvec::{SmallVec, smallvec};
use turno_model::QueueId;

use crate::line::{Line, Place};
use crate::reach::Reach;

/// A line. The first ones have the numbers of their queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LineId(u32);

impl LineId {
    /// The line of the contacts that every agent of this queue may take.
    pub(crate) const fn of(queue: QueueId) -> Self {
        Self(queue.0)
    }

    /// The line at this place.
    pub(crate) fn at(place: usize) -> Self {
        Self(u32::try_from(place).unwrap_or(u32::MAX))
    }

    /// Its place among all lines.
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// All lines.
#[derive(Debug)]
pub(crate) struct Lines {
    lines: Vec<Line>,
    /// By line: its queue, and who may take its contacts.
    keys: Vec<(QueueId, Reach)>,
    of_queue: Vec<SmallVec<[LineId; 1]>>,
    /// By queue: the line of the contacts that are kept for an agent.
    kept: Vec<Option<LineId>>,
}

impl Lines {
    /// One empty line for each queue.
    pub(crate) fn new(queues: usize) -> Self {
        let ids = || (0..u32::try_from(queues).unwrap_or(u32::MAX)).map(QueueId);
        Self {
            lines: ids().map(|_| Line::default()).collect(),
            keys: ids().map(|queue| (queue, Reach::default())).collect(),
            of_queue: ids().map(|queue| smallvec![LineId::of(queue)]).collect(),
            kept: vec![None; queues],
        }
    }

    /// The line of a queue for contacts of this reach, if any has stood there.
    pub(crate) fn find(&self, queue: QueueId, reach: &Reach) -> Option<LineId> {
        if reach.is_plain() {
            return Some(LineId::of(queue));
        }
        if reach.kept_for().is_some() {
            return self.kept[queue.index()];
        }
        let lines = self.of_queue[queue.index()].iter().skip(1);
        lines.copied().find(|line| self.keys[line.index()].1 == *reach)
    }

    /// The line in which a contact of this queue and reach stands.
    ///
    /// # Panics
    /// If none has stood there.
    pub(crate) fn standing(&self, queue: QueueId, reach: &Reach) -> LineId {
        self.find(queue, reach).expect("a waiting contact has a line")
    }

    /// A new line of a queue.
    pub(crate) fn add(&mut self, queue: QueueId, reach: Reach) -> LineId {
        let id = LineId::at(self.lines.len());
        let mut line = Line::default();
        line.pause(self[LineId::of(queue)].is_paused());
        self.lines.push(line);
        if reach.kept_for().is_some() {
            self.kept[queue.index()] = Some(id);
        }
        self.keys.push((queue, reach));
        self.of_queue[queue.index()].push(id);
        id
    }

    /// Stops or resumes the offers of a queue.
    pub(crate) fn pause(&mut self, queue: QueueId, is_paused: bool) {
        for at in 0..self.of_queue[queue.index()].len() {
            let line = self.of_queue[queue.index()][at];
            self[line].pause(is_paused);
        }
    }

    /// The line of a queue's contacts that are kept for an agent, if there were any.
    pub(crate) fn kept(&self, queue: QueueId) -> Option<LineId> {
        self.kept[queue.index()]
    }

    /// The queue of a line.
    pub(crate) fn queue(&self, line: LineId) -> QueueId {
        self.keys[line.index()].0
    }

    /// The lines of a queue.
    pub(crate) fn of(&self, queue: QueueId) -> impl Iterator<Item = &Line> {
        self.of_queue[queue.index()].iter().map(|line| &self[*line])
    }

    /// Number of contacts in the lines of a queue.
    pub(crate) fn len(&self, queue: QueueId) -> usize {
        self.of(queue).map(Line::len).sum()
    }

    /// The position of a waiting contact in its queue, counted from 1.
    pub(crate) fn position(&self, queue: QueueId, place: Place) -> usize {
        self.of(queue).map(|line| line.position(place) - 1).sum::<usize>() + 1
    }

    /// The contacts of a queue, in order.
    pub(crate) fn places(&self, queue: QueueId) -> Vec<Place> {
        let mut places: Vec<Place> = self.of(queue).flat_map(Line::iter).collect();
        places.sort_unstable();
        places
    }

    /// All lines.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (LineId, &Line)> {
        (0..).map(LineId).zip(&self.lines)
    }

    /// Number of lines.
    pub(crate) fn count(&self) -> usize {
        self.lines.len()
    }
}

impl Index<LineId> for Lines {
    type Output = Line;

    fn index(&self, line: LineId) -> &Line {
        &self.lines[line.index()]
    }
}

impl IndexMut<LineId> for Lines {
    fn index_mut(&mut self, line: LineId) -> &mut Line {
        &mut self.lines[line.index()]
    }
}
