//! Received messages that wait for the engine: those of running calls go before those that begin something.
//!
//! The system's socket buffers are ordered by time only, so they are emptied into this queue as soon as possible. A
//! message counts as received when its socket was last seen empty, so its age is never underestimated. Both lines are
//! bounded; a message that does not fit is dropped as by a full socket buffer, and SIP retransmits it.

use core::time::Duration;
use std::collections::VecDeque;

use bytes::Bytes;
use turno_engine::{Class, classify};
use turno_ground::{Flow, Moment};

/// Most waiting messages of running calls.
const RUNNING_MAX: usize = 8_192;

/// Most waiting messages that begin something: at a tenth of a millisecond each, half a second's work.
const FRESH_MAX: usize = 4_096;

/// Bytes of all waiting messages.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// Counters of waiting INVITEs, selected by a hash of their branch.
const MARKS: usize = 1_024;

/// Messages of running calls in one turn: enough that they go first, and few enough that others are still served.
const RUNNING_A_TURN_MAX: usize = 256;

/// Messages that begin something in one turn.
const FRESH_A_TURN_MAX: usize = 64;

/// The longest turn before the sockets are emptied again: so long a message of a running call may wait behind new ones,
/// and so long the system's buffers must suffice.
const TURN_SPAN_MAX: Duration = Duration::from_millis(1);

/// A waiting event.
#[derive(Debug)]
pub(crate) enum What {
    /// A message with its flow.
    Message(Flow, Bytes),
    /// A stream was closed; it is handled after all its messages.
    FlowClosed(Flow),
}

/// A waiting event with its age.
#[derive(Debug)]
pub(crate) struct Staged {
    pub(crate) what: What,
    /// When it was received, or earlier.
    pub(crate) since: Moment,
    /// Whether it begins something.
    pub(crate) is_fresh: bool,
    mark: Option<u16>,
}

/// The counters of one turn: the messages handled before the sockets are emptied again.
#[derive(Debug)]
pub(crate) struct Turn {
    began: Moment,
    running: usize,
    fresh: usize,
}

impl Turn {
    /// A new turn.
    pub(crate) const fn begin(now: Moment) -> Self {
        Self { began: now, running: 0, fresh: 0 }
    }
}

/// The line of running calls and the line of new messages.
#[derive(Debug)]
pub(crate) struct PriorityQueue {
    running: VecDeque<Staged>,
    fresh: VecDeque<Staged>,
    bytes: usize,
    invites: Box<[u16; MARKS]>,
}

impl PriorityQueue {
    /// An empty queue.
    pub(crate) fn new() -> Self {
        Self { running: VecDeque::new(), fresh: VecDeque::new(), bytes: 0, invites: Box::new([0; MARKS]) }
    }

    /// Puts a message in its line.
    ///
    /// # Errors
    /// Returns the message if there is no room.
    pub(crate) fn put(&mut self, flow: Flow, bytes: Bytes, since: Moment) -> Result<(), (Flow, Bytes)> {
        let class = classify(&bytes);
        let (is_running, mark) = match class {
            Class::Running => (true, None),
            Class::Cancel(mark) => (self.invites[place(mark)] == 0, None),
            Class::Invite(mark) => (false, Some(mark)),
            Class::Fresh => (false, None),
            Class::Spent => return Ok(()),
        };
        let (line, most) =
            if is_running { (&mut self.running, RUNNING_MAX) } else { (&mut self.fresh, FRESH_MAX) };
        if line.len() >= most || self.bytes + bytes.len() > BYTES_MAX {
            return Err((flow, bytes));
        }
        self.bytes += bytes.len();
        if let Some(mark) = mark {
            self.invites[place(mark)] += 1;
        }
        line.push_back(Staged { what: What::Message(flow, bytes), since, is_fresh: !is_running, mark });
        Ok(())
    }

    /// Adds the end of a stream. There are never more of these than streams.
    pub(crate) fn put_closed(&mut self, flow: Flow, since: Moment) {
        self.fresh.push_back(Staged { what: What::FlowClosed(flow), since, is_fresh: true, mark: None });
    }

    /// The next message of this turn, if the turn is not over: running calls first, and at least one new message, so
    /// that a flood of forged BYEs does not block new calls.
    pub(crate) fn next(&mut self, turn: &mut Turn, now: Moment) -> Option<Staged> {
        let is_over = now.since(turn.began) > TURN_SPAN_MAX;
        if turn.fresh == 0 && turn.running < RUNNING_A_TURN_MAX && !is_over {
            turn.running += 1;
            if let Some(staged) = self.running.pop_front() {
                return Some(self.taken(staged));
            }
        }
        if turn.fresh > 0 && (turn.fresh >= FRESH_A_TURN_MAX || is_over) {
            return None;
        }
        turn.fresh += 1;
        let staged = self.fresh.pop_front()?;
        Some(self.taken(staged))
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.running.is_empty() && self.fresh.is_empty()
    }

    /// The number of waiting events.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.running.len() + self.fresh.len()
    }

    fn taken(&mut self, staged: Staged) -> Staged {
        match &staged.what {
            What::Message(_, bytes) => self.bytes -= bytes.len(),
            What::FlowClosed(_) => {}
        }
        if let Some(mark) = staged.mark {
            self.invites[place(mark)] -= 1;
        }
        staged
    }
}

const fn place(mark: u16) -> usize {
    mark as usize % MARKS
}

#[cfg(test)]
#[path = "priority_queue_tests.rs"]
mod tests;
