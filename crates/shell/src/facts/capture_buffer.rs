//! Captured SIP messages, on their way from the engine thread to the trace store.
//!
//! A fixed number of buffers circulates: the engine thread fills one, hands it over with the facts, and takes the next
//! empty one. It allocates nothing and waits for nobody. When all buffers are in use, messages are not captured but
//! counted.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use bytes::Bytes;
use prometheus::IntCounter;
use turno_ground::{Flow, Moment};
use turno_trace::CapturedMessage;

/// The number of buffers.
const BUFFERS: usize = 64;

/// Messages in one buffer.
const BUFFER_MESSAGES_MAX: usize = 128;

/// Bytes of messages after which a buffer is full.
const BUFFER_BYTES_MAX: usize = 128 * 1024;

/// A buffer.
pub(crate) type CapturedMessages = Vec<CapturedMessage>;

/// The engine thread's end.
pub(crate) struct Gathering {
    current: CapturedMessages,
    /// Whether `current` is a real buffer; false while all are in use.
    has_buffer: bool,
    bytes: usize,
    since: Moment,
    empty: Receiver<CapturedMessages>,
    unseen: IntCounter,
}

/// Where emptied buffers are returned.
pub(crate) type Emptied = SyncSender<CapturedMessages>;

/// Creates both ends, with all buffers on the engine's side.
pub(crate) fn gathering(unseen: IntCounter) -> (Gathering, Emptied) {
    let (emptied, empty) = sync_channel(BUFFERS);
    for _ in 0..BUFFERS {
        // The channel has room for exactly these.
        let _ = emptied.try_send(Vec::with_capacity(BUFFER_MESSAGES_MAX));
    }
    let gathering = Gathering {
        current: Vec::new(),
        has_buffer: false,
        bytes: 0,
        since: Moment::default(),
        empty,
        unseen,
    };
    (gathering, emptied)
}

impl Gathering {
    /// Captures a received message.
    pub(crate) fn received(&mut self, flow: Flow, bytes: &Bytes, now: Moment) {
        if self.has_room(now) {
            self.bytes += bytes.len();
            self.current.push(CapturedMessage::received(now, flow, bytes.clone()));
        }
    }

    /// Captures a sent message.
    pub(crate) fn sent(&mut self, flow: Flow, bytes: Bytes, now: Moment) {
        if self.has_room(now) {
            self.bytes += bytes.len();
            self.current.push(CapturedMessage::sent(now, flow, bytes));
        }
    }

    /// The time of the first message, if there is one.
    pub(crate) fn since(&self) -> Option<Moment> {
        (!self.current.is_empty()).then_some(self.since)
    }

    /// Whether the buffer is full.
    pub(crate) fn is_full(&self) -> bool {
        self.current.len() >= BUFFER_MESSAGES_MAX || self.bytes >= BUFFER_BYTES_MAX
    }

    /// Takes the captured messages.
    pub(crate) fn take(&mut self) -> CapturedMessages {
        self.bytes = 0;
        // An empty buffer stays here.
        if self.current.is_empty() {
            return Vec::new();
        }
        self.has_buffer = false;
        core::mem::take(&mut self.current)
    }

    /// Takes a buffer back that could not be handed over; its messages are lost.
    pub(crate) fn give_up(&mut self, mut captured_messages: CapturedMessages) {
        self.unseen.inc_by(captured_messages.len() as u64);
        if captured_messages.capacity() > 0 {
            captured_messages.clear();
            self.current = captured_messages;
            self.has_buffer = true;
        }
    }

    fn has_room(&mut self, now: Moment) -> bool {
        if !self.has_buffer
            && let Ok(buffer) = self.empty.try_recv()
        {
            self.current = buffer;
            self.has_buffer = true;
        }
        if self.current.is_empty() {
            self.since = now;
        }
        let has_room = self.has_buffer && !self.is_full();
        if !has_room {
            self.unseen.inc();
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use turno_ground::Transport;

    fn flow() -> Flow {
        let address = ([127, 0, 0, 1], 5060).into();
        Flow { transport: Transport::Udp, local: address, remote: address }
    }

    #[test]
    fn a_keeper_who_does_not_keep_up_costs_messages_and_nothing_else() {
        // A slow reader loses messages, which are counted, and never slows the engine.
        let unseen = IntCounter::new("unseen", "unseen").expect("a name");
        let (mut gathering, emptied) = gathering(unseen.clone());
        let bytes = Bytes::from_static(b"BYE");
        let mut out = Vec::new();
        for number in 0..20_000 {
            gathering.received(flow(), &bytes, Moment::from_micros(number));
            if gathering.is_full() {
                out.push(gathering.take());
            }
        }
        assert_eq!(out.len(), BUFFERS);
        assert!(out.iter().all(|buffer| buffer.capacity() == BUFFER_MESSAGES_MAX), "no buffer has grown");
        assert_eq!(unseen.get(), 20_000 - (BUFFERS * BUFFER_MESSAGES_MAX) as u64);
        let mut back = out.pop().expect("a buffer");
        back.clear();
        emptied.try_send(back).expect("there is room for it");
        gathering.sent(flow(), bytes, Moment::from_secs(9));
        assert_eq!(gathering.since(), Some(Moment::from_secs(9)));
        assert_eq!(gathering.take().len(), 1);
        assert_eq!(gathering.since(), None);
    }

    #[test]
    fn large_messages_fill_a_buffer_by_their_bytes() {
        let (mut gathering, _emptied) = gathering(IntCounter::new("unseen", "unseen").expect("a name"));
        let large = Bytes::from(vec![b'.'; 60_000]);
        let mut taken = 0;
        while !gathering.is_full() {
            gathering.received(flow(), &large, Moment::default());
            taken += 1;
        }
        assert_eq!(taken, BUFFER_BYTES_MAX.div_ceil(60_000));
    }
}
