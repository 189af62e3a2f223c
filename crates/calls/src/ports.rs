//! Media ports: who has which, and how long one rests before another leg gets it.

use std::collections::{BTreeSet, VecDeque};

use turno_media_plan::{RESTING_PORTS_MAX, STREAMS_MAX};

/// Every media port is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPort;

/// The free even ports of a range.
///
/// A port that was given back rests until so many others have been given back after it: what an earlier peer still
/// sends must not reach the next. Then it comes before those that were never used, because the media plane has it bound.
#[derive(Debug)]
pub(crate) struct Ports {
    unused: VecDeque<u16>,
    /// In the order in which they were given back.
    resting: VecDeque<u16>,
    /// Ports that are free or in use.
    count: usize,
    /// Refused ports whose legs are still there.
    refused: BTreeSet<u16>,
}

impl Ports {
    /// The even ports from `first` to `last` whose odd successor is in the range too.
    pub(crate) fn new(first: u16, last: u16) -> Self {
        let start = first + first % 2;
        let unused: VecDeque<u16> = (start..last).step_by(2).collect();
        Self { count: unused.len(), unused, resting: VecDeque::new(), refused: BTreeSet::new() }
    }

    pub(crate) fn take(&mut self) -> Result<u16, NoPort> {
        if self.in_use() >= STREAMS_MAX {
            return Err(NoPort);
        }
        let rested = if self.resting.len() > RESTING_PORTS_MAX { self.resting.pop_front() } else { None };
        rested.or_else(|| self.unused.pop_front()).or_else(|| self.resting.pop_front()).ok_or(NoPort)
    }

    /// Takes the ports that legs had before a restart. Those that are out of the range now are their legs' all the same.
    pub(crate) fn take_these(&mut self, ports: &BTreeSet<u16>) {
        self.unused.retain(|unused| !ports.contains(unused));
        self.count = self.unused.len() + ports.len();
    }

    pub(crate) fn give_back(&mut self, port: u16) {
        if self.refused.remove(&port) {
            self.count -= 1;
        } else {
            self.resting.push_back(port);
        }
    }

    /// Leaves out what other programs have already.
    pub(crate) fn leave_out(&mut self, taken: &[u16]) {
        let in_use = self.in_use();
        self.unused.retain(|port| !taken.contains(port));
        self.count = self.unused.len() + in_use;
    }

    /// Another program has this port: it is not given out again.
    pub(crate) fn set_aside(&mut self, port: u16) {
        self.refused.insert(port);
    }

    pub(crate) fn in_use(&self) -> usize {
        self.count - self.unused.len() - self.resting.len()
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

    #[test]
    fn a_wide_range_gives_out_no_more_ports_than_the_media_plane_opens() {
        // Wound: ports that were refused for want of room were set aside for good, as if other programs had them.
        let mut ports = Ports::new(10_000, 59_999);
        let taken: Vec<u16> = core::iter::from_fn(|| ports.take().ok()).collect();
        assert_eq!((taken.len(), ports.in_use()), (STREAMS_MAX, STREAMS_MAX));
        ports.give_back(taken[0]);
        assert!(ports.take().is_ok(), "one that is given back can be had");
    }

    #[test]
    fn nobody_hears_the_call_before_on_the_same_port() {
        // Wound: late RTP of a call that is over reaches the next one.
        let mut ports = Ports::new(10_000, 19_999);
        let first = ports.take().expect("a free port");
        ports.give_back(first);
        for _ in 0..RESTING_PORTS_MAX {
            let other = ports.take().expect("a free port");
            assert_ne!(other, first, "it rests");
            ports.give_back(other);
        }
        assert_eq!(ports.take(), Ok(first), "it has rested, and is bound already");
        assert_eq!(ports.in_use(), 1);
    }
}
