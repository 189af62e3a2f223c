//! What was received and is not yet taken up: messages of calls under way ahead of those that begin something.
//!
//! The system's socket buffers know no order but time, so they are emptied into here as soon as possible, and a
//! message's age is known from when its socket was last found empty. Both lines are bounded; what finds no room is
//! dropped like by a full socket buffer, and SIP repeats it.

use core::time::Duration;
use std::collections::VecDeque;

use bytes::Bytes;
use turno_engine::{Class, classify};
use turno_ground::{Flow, Moment};

/// Messages of calls under way that may be staged.
const RUNNING_MAX: usize = 8_192;

/// Messages that begin something and may be staged: at a tenth of a millisecond each, half a second's work.
const FRESH_MAX: usize = 4_096;

/// Bytes of all staged messages.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// Counts of staged INVITEs by the mark of their branch.
const MARKS: usize = 1_024;

/// Messages of calls under way in one turn: so many that they win, and not so many that nobody else is ever heard.
const RUNNING_A_TURN_MAX: usize = 256;

/// Messages that begin something in one turn.
const FRESH_A_TURN_MAX: usize = 64;

/// How long a turn's messages may take before the sockets are emptied again: so long one of a call under way may wait
/// behind what begins something, and so long the system's buffers must hold out.
const TURN_SPAN_MAX: Duration = Duration::from_millis(1);

/// What is staged.
#[derive(Debug)]
pub(crate) enum What {
    /// A message with its path.
    Message(Flow, Bytes),
    /// A stream is gone: after everything that it brought.
    FlowClosed(Flow),
}

/// One thing that waits.
#[derive(Debug)]
pub(crate) struct Staged {
    pub(crate) what: What,
    /// When it came, or sooner.
    pub(crate) since: Moment,
    /// Whether it begins something.
    pub(crate) is_fresh: bool,
    mark: Option<u16>,
}

/// One turn: what is taken up before the sockets are emptied again.
#[derive(Debug)]
pub(crate) struct Turn {
    began: Moment,
    running: usize,
    fresh: usize,
}

impl Turn {
    /// A turn of which nothing is used up.
    pub(crate) const fn begin(now: Moment) -> Self {
        Self { began: now, running: 0, fresh: 0 }
    }
}

/// The two lines.
#[derive(Debug)]
pub(crate) struct PriorityQueue {
    running: VecDeque<Staged>,
    fresh: VecDeque<Staged>,
    bytes: usize,
    invites: Box<[u16; MARKS]>,
}

impl PriorityQueue {
    /// Nothing waits.
    pub(crate) fn new() -> Self {
        Self { running: VecDeque::new(), fresh: VecDeque::new(), bytes: 0, invites: Box::new([0; MARKS]) }
    }

    /// Puts a message in its line.
    ///
    /// # Errors
    /// The message, if there is no room for it.
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

    /// Notes that a stream is gone. There are never more of these than streams.
    pub(crate) fn put_closed(&mut self, flow: Flow, since: Moment) {
        self.fresh.push_back(Staged { what: What::FlowClosed(flow), since, is_fresh: true, mark: None });
    }

    /// The next that is taken up in this turn, if the turn is not over: of calls under way first, and of the rest at
    /// least one, so that a flood of forged goodbyes does not keep everybody else out.
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

    /// How much waits.
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
