//! The messages that passed last: so many and so many bytes, never more; the oldest go first.

use std::collections::VecDeque;

use bytes::Bytes;
use turno_ground::{Flow, Moment};

use crate::captured_message::{CapturedMessage, Way};

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RingLimits {
    /// Messages.
    pub messages: usize,
    /// Bytes of all messages together.
    pub bytes: usize,
}

/// The messages that passed last.
///
/// Their bytes lie one after another in one piece of memory, taken once and written round and round, so that what is
/// kept costs what it says, however large the buffers were in which the messages came.
#[derive(Debug)]
pub struct Ring {
    limits: RingLimits,
    bytes: Box<[u8]>,
    /// Where the next message is written.
    head: usize,
    kept: VecDeque<Kept>,
    used: usize,
    forgotten: u64,
}

#[derive(Clone, Copy, Debug)]
struct Kept {
    at: Moment,
    way: Way,
    flow: Flow,
    start: usize,
    length: usize,
}

impl Ring {
    /// An empty ring. Its memory is asked for at once and becomes real as it is written.
    pub fn new(limits: RingLimits) -> Self {
        Self {
            limits,
            bytes: vec![0; limits.bytes].into_boxed_slice(),
            head: 0,
            kept: VecDeque::with_capacity(limits.messages),
            used: 0,
            forgotten: 0,
        }
    }

    /// Keeps a copy of a message. One that is longer than the whole ring is not kept.
    pub fn push(&mut self, captured: &CapturedMessage) {
        let length = captured.bytes.len();
        if length > self.limits.bytes || self.limits.messages == 0 {
            self.forgotten += 1;
            return;
        }
        while self.used + length > self.limits.bytes || self.kept.len() >= self.limits.messages {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.used -= oldest.length;
            self.forgotten += 1;
        }
        let start = self.head;
        let first = length.min(self.limits.bytes - start);
        self.bytes[start..start + first].copy_from_slice(&captured.bytes[..first]);
        self.bytes[..length - first].copy_from_slice(&captured.bytes[first..]);
        self.head = if self.limits.bytes == 0 { 0 } else { (start + length) % self.limits.bytes };
        self.used += length;
        self.kept.push_back(Kept { at: captured.at, way: captured.way, flow: captured.flow, start, length });
    }

    /// Copies of all messages from `since` on that one of `wanted` has as its Call-ID, oldest first.
    pub fn of_calls(&self, wanted: &[&[u8]], since: Moment) -> Vec<CapturedMessage> {
        let from = self.kept.partition_point(|kept| kept.at < since);
        let mut found = Vec::new();
        let mut joined = Vec::new();
        for kept in self.kept.iter().skip(from) {
            let bytes = self.at(kept, &mut joined);
            if crate::raw::call_id(bytes).is_some_and(|id| wanted.contains(&id)) {
                let bytes = Bytes::copy_from_slice(bytes);
                found.push(CapturedMessage { at: kept.at, way: kept.way, flow: kept.flow, bytes });
            }
        }
        found
    }

    /// When the oldest message that is kept passed.
    pub fn oldest(&self) -> Option<Moment> {
        self.kept.front().map(|kept| kept.at)
    }

    /// How many messages are kept.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many bytes the kept messages have.
    pub const fn bytes(&self) -> usize {
        self.used
    }

    /// How many messages had to go, since the start.
    pub const fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// A kept message; one that is written round the end is joined in `joined`.
    fn at<'a>(&'a self, kept: &Kept, joined: &'a mut Vec<u8>) -> &'a [u8] {
        let end = kept.start + kept.length;
        if end <= self.limits.bytes {
            return &self.bytes[kept.start..end];
        }
        joined.clear();
        joined.extend_from_slice(&self.bytes[kept.start..]);
        joined.extend_from_slice(&self.bytes[..end - self.limits.bytes]);
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use turno_ground::{Rng, Transport};

    fn captured(number: u64, length: usize) -> CapturedMessage {
        let address = ([127, 0, 0, 1], 5060).into();
        let flow = Flow { transport: Transport::Udp, local: address, remote: address };
        let mut bytes = format!("BYE x\r\nCall-ID: {}\r\n\r\n", number % 7).into_bytes();
        bytes.resize(bytes.len().max(length), b'.');
        CapturedMessage::received(Moment::from_micros(number), flow, Bytes::from(bytes))
    }

    #[test]
    fn a_flood_keeps_to_the_bound_and_leaves_the_newest() {
        // A flood once filled a peer's log with 13 GB in 15 minutes.
        let limits = RingLimits { messages: 50, bytes: 4_000 };
        let mut ring = Ring::new(limits);
        let mut rng = Rng::new(3);
        let mut all = Vec::new();
        for number in 0..20_000 {
            let one = captured(number, usize::try_from(rng.below(400)).unwrap_or(0));
            ring.push(&one);
            all.push(one);
            assert!(ring.len() <= limits.messages && ring.bytes() <= limits.bytes, "at {number}");
        }
        assert!(ring.len() > 5);
        assert_eq!(ring.forgotten() + ring.len() as u64, 20_000);
        let kept = &all[all.len() - ring.len()..];
        assert_eq!(ring.oldest(), Some(kept[0].at));
        for wanted in 0..7u64 {
            let id = wanted.to_string();
            let found = ring.of_calls(&[id.as_bytes()], Moment::default());
            let expected: Vec<_> = kept.iter().filter(|one| one.at.as_micros() % 7 == wanted).collect();
            assert_eq!(found.len(), expected.len());
            assert!(
                found.iter().zip(expected).all(|(one, other)| one.bytes == other.bytes && one.at == other.at)
            );
        }
    }

    #[test]
    fn what_does_not_fit_at_all_is_not_kept() {
        let mut ring = Ring::new(RingLimits { messages: 3, bytes: 100 });
        ring.push(&captured(1, 101));
        assert_eq!((ring.len(), ring.forgotten()), (0, 1));
        ring.push(&captured(2, 100));
        assert_eq!((ring.len(), ring.bytes()), (1, 100));
    }
}
