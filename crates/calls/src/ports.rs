//! Media ports: which are free, how long a released one rests, and which are bound in advance.

use std::collections::{BTreeSet, VecDeque};

use turno_ground::Moment;
use turno_media_plan::{RESTING_PORTS_MAX, STREAMS_MAX, StreamFailure};

use core::time::Duration;

/// Every media port is in use, or none can be opened now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPort;

/// Cap on ports bound in advance, in careful mode.
const IN_HAND_MAX: usize = 16;

/// How long careful mode lasts after a port could not be opened.
const CARE_SPAN: Duration = Duration::from_secs(30);

/// Pause before the next attempt after a resource of this process ran out.
const AGAIN_SPAN: Duration = Duration::from_secs(1);

/// The free even ports of a range.
///
/// A released port rests until a number of others were released after it: late packets of an earlier peer must not
/// reach the next one. After the rest it goes before ports that were never used, because the media plane still has it
/// bound.
///
/// Normally a port is given out before it is bound, so that nobody waits for the media plane. After a failure, in
/// careful mode, only ports that the media plane has already bound are given out, so that nobody is rung or answered in
/// vain.
#[derive(Debug)]
pub(crate) struct Ports {
    unused: VecDeque<u16>,
    /// Released ports that rest, the oldest first.
    resting: VecDeque<u16>,
    /// Bound by the media plane in advance; given out first.
    in_hand: VecDeque<u16>,
    /// Requested from the media plane in advance, without an answer yet.
    asked: BTreeSet<u16>,
    /// Number of ports, free or in use.
    count: usize,
    /// Cap on ports in use.
    most: usize,
    /// Ports that another program holds, while their legs still exist.
    refused: BTreeSet<u16>,
    /// End of careful mode, in which only ports bound in advance are given out.
    careful_until: Option<Moment>,
    /// Next attempt to bind ports in advance.
    again_at: Option<Moment>,
    /// After a resource ran out, no port is given out until then, so that offers do not loop.
    pause_until: Option<Moment>,
}

impl Ports {
    /// The even ports from `first` to `last` whose odd successor is in the range too.
    pub(crate) fn new(first: u16, last: u16) -> Self {
        let start = first + first % 2;
        let unused: VecDeque<u16> = (start..last).step_by(2).collect();
        Self {
            count: unused.len(),
            unused,
            resting: VecDeque::new(),
            in_hand: VecDeque::new(),
            asked: BTreeSet::new(),
            most: STREAMS_MAX,
            refused: BTreeSet::new(),
            careful_until: None,
            again_at: None,
            pause_until: None,
        }
    }

    /// Caps the number of ports in use.
    pub(crate) fn limit(&mut self, most: usize) {
        self.most = most.min(STREAMS_MAX);
    }

    pub(crate) fn take(&mut self) -> Result<u16, NoPort> {
        if self.in_use() >= self.most || self.pause_until.is_some() {
            return Err(NoPort);
        }
        if let Some(port) = self.in_hand.pop_front() {
            return Ok(port);
        }
        if self.is_careful() {
            return Err(NoPort);
        }
        self.next().ok_or(NoPort)
    }

    /// Takes the ports that legs had before a restart, even those outside the present range.
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
        if self.is_careful() {
            // Closing it in the media plane frees a descriptor for another port.
            self.again_at = None;
        }
    }

    /// Excludes ports that other programs hold.
    pub(crate) fn leave_out(&mut self, taken: &[u16]) {
        let in_use = self.in_use();
        self.unused.retain(|port| !taken.contains(port));
        self.count = self.unused.len() + in_use;
    }

    /// A leg's port could not be opened. A port that another program holds is not given out again.
    pub(crate) fn has_failed(&mut self, port: u16, failure: StreamFailure, now: Moment) {
        match failure {
            StreamFailure::PortRefused => drop(self.refused.insert(port)),
            StreamFailure::NoRoom(_) => {
                self.again_at = Some(now + AGAIN_SPAN);
                self.pause_until = self.again_at;
            }
        }
        self.is_to_be_careful(now);
    }

    /// Starts careful mode, or extends it.
    pub(crate) fn is_to_be_careful(&mut self, now: Moment) {
        self.careful_until = Some(now + CARE_SPAN);
    }

    /// The media plane has bound this port in advance.
    pub(crate) fn is_reserved(&mut self, port: u16) {
        if self.asked.remove(&port) {
            self.in_hand.push_back(port);
        }
    }

    /// The media plane could not bind this port in advance.
    pub(crate) fn is_not_reserved(&mut self, port: u16, failure: StreamFailure, now: Moment) {
        if !self.asked.remove(&port) {
            return;
        }
        match failure {
            StreamFailure::PortRefused => self.count -= 1,
            StreamFailure::NoRoom(_) => {
                self.unused.push_front(port);
                self.again_at = Some(now + AGAIN_SPAN);
            }
        }
        self.is_to_be_careful(now);
    }

    /// The next port for the media plane to bind in advance, in careful mode.
    pub(crate) fn wanted(&mut self) -> Option<u16> {
        let has_enough = self.in_hand.len() + self.asked.len() >= IN_HAND_MAX;
        let is_full = self.in_use() + self.in_hand.len() + self.asked.len() >= self.most;
        if !self.is_careful() || self.again_at.is_some() || has_enough || is_full {
            return None;
        }
        let port = self.next()?;
        self.asked.insert(port);
        Some(port)
    }

    /// When [`Ports::handle_time`] must be called next.
    pub(crate) const fn next_deadline(&self) -> Option<Moment> {
        match (self.pause_until, self.again_at) {
            (Some(at), _) | (None, Some(at)) => Some(at),
            (None, None) => self.careful_until,
        }
    }

    /// Allows new attempts after a pause. True if careful mode has ended.
    pub(crate) fn handle_time(&mut self, now: Moment) -> bool {
        if self.again_at.is_some_and(|at| at <= now) {
            self.again_at = None;
        }
        if self.pause_until.is_some_and(|until| until <= now) {
            self.pause_until = None;
        }
        let is_over = self.careful_until.is_some_and(|until| until <= now);
        if is_over {
            self.careful_until = None;
        }
        is_over
    }

    pub(crate) const fn is_careful(&self) -> bool {
        self.careful_until.is_some()
    }

    /// Number of ports that can be taken now.
    pub(crate) fn free(&self) -> usize {
        if self.pause_until.is_some() {
            return 0;
        }
        let others = if self.is_careful() { 0 } else { self.unused.len() + self.resting.len() };
        (self.in_hand.len() + others).min(self.most.saturating_sub(self.in_use()))
    }

    /// Cap on ports in use, by the limit and by the range.
    pub(crate) fn most(&self) -> usize {
        self.most.min(self.count)
    }

    /// Whether the limit allows fewer ports than the range has.
    pub(crate) fn is_limited(&self) -> bool {
        self.most < self.count.min(STREAMS_MAX)
    }

    pub(crate) fn in_use(&self) -> usize {
        self.count - self.unused.len() - self.resting.len() - self.in_hand.len() - self.asked.len()
    }

    fn next(&mut self) -> Option<u16> {
        let rested = if self.resting.len() > RESTING_PORTS_MAX { self.resting.pop_front() } else { None };
        rested.or_else(|| self.unused.pop_front()).or_else(|| self.resting.pop_front())
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
        ports.has_failed(4000, StreamFailure::PortRefused, Moment::from_secs(1));
        ports.give_back(4000);
        assert_eq!((ports.in_use(), ports.take()), (0, Err(NoPort)), "nothing is in hand yet");
        assert_eq!((ports.wanted(), ports.wanted()), (Some(4002), None));
        ports.is_reserved(4002);
        assert_eq!(ports.take(), Ok(4002));
        assert_eq!(ports.take(), Err(NoPort));
        ports.give_back(4002);
        assert_eq!(ports.wanted(), Some(4002), "it rests, and is the only one");
        ports.is_reserved(4002);
        assert_eq!((ports.take(), ports.in_use()), (Ok(4002), 1));
    }

    #[test]
    fn a_want_of_our_own_sets_no_port_aside_and_is_tried_again_after_a_second() {
        // Wound: without descriptors, every port was blamed on another program, and the next leg failed at once.
        let want = StreamFailure::NoRoom(turno_media_plan::Want::Descriptors);
        let at = Moment::from_secs;
        let mut ports = Ports::new(4000, 4007);
        assert_eq!((ports.take(), ports.take(), ports.free()), (Ok(4000), Ok(4002), 2));
        ports.has_failed(4002, want, at(1));
        assert_eq!((ports.free(), ports.take(), ports.wanted()), (0, Err(NoPort), None));
        assert_eq!(ports.next_deadline(), Some(at(2)));
        assert!(!ports.handle_time(at(2)));
        assert_eq!((ports.wanted(), ports.wanted(), ports.wanted()), (Some(4004), Some(4006), None));
        ports.is_reserved(4004);
        ports.is_not_reserved(4006, want, at(2));
        assert_eq!((ports.free(), ports.take(), ports.take()), (1, Ok(4004), Err(NoPort)));
        ports.has_failed(4004, want, at(3));
        ports.give_back(4004);
        assert_eq!((ports.free(), ports.next_deadline()), (0, Some(at(4))), "no round without a pause");
        ports.handle_time(at(4));
        assert_eq!(ports.wanted(), Some(4006));
        ports.is_reserved(4006);
        assert_eq!((ports.free(), ports.take()), (1, Ok(4006)));
        assert!(ports.handle_time(at(34)), "half a minute without a failure");
        ports.give_back(4002);
        assert_eq!((ports.in_use(), ports.free(), ports.most()), (2, 2, 4), "none is set aside");
    }

    #[test]
    fn no_more_ports_are_in_use_than_there_are_descriptors_for() {
        // Bad input: `ulimit -n 200` and ten thousand ports in the plan.
        let mut ports = Ports::new(10_000, 19_999);
        ports.limit(2);
        let first = ports.take().expect("there is room");
        assert_eq!((ports.take().is_ok(), ports.take(), ports.free()), (true, Err(NoPort), 0));
        ports.give_back(first);
        assert_eq!((ports.free(), ports.take().is_ok(), ports.most()), (1, true, 2));
        assert!(ports.is_limited() && !Ports::new(10_000, 19_999).is_limited());
    }

    #[test]
    fn a_wide_range_gives_out_no_more_ports_than_the_media_plane_opens() {
        // Wound: ports that were refused for lack of a resource were excluded for good, as if other programs held them.
        let mut ports = Ports::new(10_000, 59_999);
        let taken: Vec<u16> = core::iter::from_fn(|| ports.take().ok()).collect();
        assert_eq!((taken.len(), ports.in_use()), (STREAMS_MAX, STREAMS_MAX));
        ports.give_back(taken[0]);
        assert!(ports.take().is_ok(), "one that is given back can be had");
    }

    #[test]
    fn nobody_hears_the_call_before_on_the_same_port() {
        // Wound: late RTP of an ended call reaches the next one.
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
