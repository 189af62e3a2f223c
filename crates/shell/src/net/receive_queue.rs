//! What came and is not taken up: two lines, and since when the doors have been seen empty.

use turno_ground::Moment;

use crate::net::priority_queue::PriorityQueue;

/// What came and is not taken up, and since when the doors have been seen open.
pub(crate) struct ReceiveQueue {
    /// For each socket whether it may hold something, and when it was last seen empty.
    pub(crate) sockets: Vec<(bool, Moment)>,
    /// When the inbox was last seen empty.
    pub(crate) inbox_empty_at: Moment,
    pub(crate) staging: PriorityQueue,
}

impl ReceiveQueue {
    /// Nothing came through `sockets` sockets.
    pub(crate) fn new(sockets: usize, now: Moment) -> Self {
        Self { sockets: vec![(true, now); sockets], inbox_empty_at: now, staging: PriorityQueue::new() }
    }

    /// Takes note of what the sleep ended by: whatever is there came just now.
    pub(crate) fn woken(&mut self, readable: impl Iterator<Item = bool>, now: Moment) {
        for (socket, readable) in self.sockets.iter_mut().zip(readable) {
            *socket = (readable, now);
        }
        self.inbox_empty_at = now;
    }
}
