//! What all parts of a phone share: its identity, its deadlines and its output queues.

use std::collections::VecDeque;

use bytes::Bytes;
use turno_ground::Timers;

use crate::deadline::Deadline;
use crate::event::PhoneEvent;
use crate::station::Station;

/// The station, the deadlines and the output queues of a phone.
#[derive(Debug)]
pub(crate) struct Base {
    pub(crate) station: Station,
    pub(crate) timers: Timers<Deadline>,
    transmits: VecDeque<Bytes>,
    events: VecDeque<PhoneEvent>,
}

impl Base {
    pub(crate) fn new(station: Station, seed: u64) -> Self {
        Self { station, timers: Timers::new(seed), transmits: VecDeque::new(), events: VecDeque::new() }
    }

    pub(crate) fn transmit(&mut self, bytes: Bytes) {
        self.transmits.push_back(bytes);
    }

    pub(crate) fn report(&mut self, event: PhoneEvent) {
        self.events.push_back(event);
    }

    pub(crate) fn confused(&mut self, what: String) {
        self.report(PhoneEvent::Confused { what });
    }

    pub(crate) fn poll_transmit(&mut self) -> Option<Bytes> {
        self.transmits.pop_front()
    }

    pub(crate) fn poll_event(&mut self) -> Option<PhoneEvent> {
        self.events.pop_front()
    }
}
