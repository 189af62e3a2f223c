//! The received messages that wait for the engine, and when each source was last seen empty.

use turno_ground::Moment;

use crate::net::priority_queue::PriorityQueue;

/// The waiting messages, and when each source was last seen empty.
pub(crate) struct ReceiveQueue {
    /// For each socket, whether it may hold datagrams, and when it was last seen empty.
    pub(crate) sockets: Vec<(bool, Moment)>,
    /// When the inbox was last seen empty.
    pub(crate) inbox_empty_at: Moment,
    pub(crate) priority: PriorityQueue,
}

impl ReceiveQueue {
    /// An empty queue for this number of sockets.
    pub(crate) fn new(sockets: usize, now: Moment) -> Self {
        Self { sockets: vec![(true, now); sockets], inbox_empty_at: now, priority: PriorityQueue::new() }
    }

    /// Notes which sockets ended the sleep: their datagrams have arrived just now.
    pub(crate) fn woken(&mut self, readable: impl Iterator<Item = bool>, now: Moment) {
        for (socket, readable) in self.sockets.iter_mut().zip(readable) {
            *socket = (readable, now);
        }
        self.inbox_empty_at = now;
    }
}
