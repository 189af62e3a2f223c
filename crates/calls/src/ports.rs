//! Media ports: who has which, the longest unused first.

use std::collections::VecDeque;

/// Every media port is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPort;

/// The free even ports of a range, in the order in which they were given back.
#[derive(Debug)]
pub(crate) struct Ports {
    free: VecDeque<u16>,
    count: usize,
}

impl Ports {
    /// The even ports from `first` to `last` whose odd successor is in the range too.
    pub(crate) fn new(first: u16, last: u16) -> Self {
        let start = first + first % 2;
        let free: VecDeque<u16> = (start..last).step_by(2).collect();
        Self { count: free.len(), free }
    }

    pub(crate) fn take(&mut self) -> Result<u16, NoPort> {
        self.free.pop_front().ok_or(NoPort)
    }

    pub(crate) fn give_back(&mut self, port: u16) {
        self.free.push_back(port);
    }

    pub(crate) fn in_use(&self) -> usize {
        self.count - self.free.len()
    }
}
