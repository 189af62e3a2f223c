//! Media ports: who has which, the longest unused first.

use std::collections::{BTreeSet, VecDeque};

/// Every media port is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPort;

/// The free even ports of a range, in the order in which they were given back.
#[derive(Debug)]
pub(crate) struct Ports {
    free: VecDeque<u16>,
    /// Ports that are free or in use.
    count: usize,
    /// Refused ports whose legs are still there.
    refused: BTreeSet<u16>,
}

impl Ports {
    /// The even ports from `first` to `last` whose odd successor is in the range too.
    pub(crate) fn new(first: u16, last: u16) -> Self {
        let start = first + first % 2;
        let free: VecDeque<u16> = (start..last).step_by(2).collect();
        Self { count: free.len(), free, refused: BTreeSet::new() }
    }

    pub(crate) fn take(&mut self) -> Result<u16, NoPort> {
        self.free.pop_front().ok_or(NoPort)
    }

    pub(crate) fn give_back(&mut self, port: u16) {
        if self.refused.remove(&port) {
            self.count -= 1;
        } else {
            self.free.push_back(port);
        }
    }

    /// Leaves out what other programs have already.
    pub(crate) fn leave_out(&mut self, taken: &[u16]) {
        self.free.retain(|port| !taken.contains(port));
        self.count = self.free.len();
    }

    /// Another program has this port: it is not given out again.
    pub(crate) fn set_aside(&mut self, port: u16) {
        self.refused.insert(port);
    }

    pub(crate) fn in_use(&self) -> usize {
        self.count - self.free.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_another_program_has_is_not_given_out_again() {
        // Bad input: a refused socket.
        let mut ports = Ports::new(4000, 4003);
        assert_eq!(ports.take(), Ok(4000));
        ports.set_aside(4000);
        ports.give_back(4000);
        assert_eq!(ports.in_use(), 0);
        assert_eq!(ports.take(), Ok(4002));
        assert_eq!(ports.take(), Err(NoPort));
        ports.give_back(4002);
        assert_eq!((ports.take(), ports.in_use()), (Ok(4002), 1));
    }
}
