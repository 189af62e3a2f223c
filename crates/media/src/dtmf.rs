//! DTMF keys as telephone-events (RFC 4733).

use std::collections::VecDeque;

/// Bytes of an event's payload.
pub(crate) const EVENT_BYTES: usize = 4;

/// Most digits of one stream that wait to be sent; further ones are dropped.
const WAITING_DIGITS_MAX: usize = 32;

/// How long a key that we send is pressed, in frames of 20 ms.
const PRESSED_FRAMES: u16 = 5;

/// How often the end of an event is sent, since a packet may be lost (RFC 4733, 2.5.1.4).
const END_PACKETS: u8 = 3;

/// RTP clock units of one frame.
const UNITS_PER_FRAME: u16 = 160;

/// -10 dBm0, as phones send it.
const VOLUME: u8 = 10;

const KEYS: &[u8; 16] = b"0123456789*#ABCD";

/// The keys that a peer presses: each is reported once, at its start.
#[derive(Debug, Default)]
pub(crate) struct HeardKeys {
    last: Option<(u32, u32)>,
}

impl HeardKeys {
    /// The digit that begins with this event packet; `None` for a repetition or an event that is no digit. If the first
    /// packet was lost, any later packet of the event counts as its start.
    pub(crate) fn heard(&mut self, ssrc: u32, timestamp: u32, payload: &[u8]) -> Option<char> {
        let (event, _) = payload.split_first_chunk::<EVENT_BYTES>()?;
        let older = |last: (u32, u32)| last.0 == ssrc && (timestamp.wrapping_sub(last.1) as i32) <= 0;
        if self.last.is_some_and(older) {
            return None;
        }
        self.last = Some((ssrc, timestamp));
        KEYS.get(usize::from(event[0])).map(|key| char::from(*key))
    }
}

/// The keys that we send to a peer, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Digits {
    waiting: VecDeque<u8>,
    pressed: Option<Pressed>,
}

#[derive(Debug)]
struct Pressed {
    event: u8,
    frames: u16,
    ends_left: u8,
}

/// One event packet to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventPacket {
    /// Whether it is the first packet of the event.
    pub(crate) begins: bool,
    /// The payload.
    pub(crate) payload: [u8; EVENT_BYTES],
}

impl Digits {
    /// Queues a digit; a character that is no key is ignored.
    pub(crate) fn press(&mut self, digit: char) {
        let key = KEYS.iter().position(|key| char::from(*key) == digit.to_ascii_uppercase());
        if let Some(event) = key.filter(|_| self.waiting.len() < WAITING_DIGITS_MAX) {
            self.waiting.push_back(event as u8);
        }
    }

    /// Whether something is left to send.
    pub(crate) fn is_busy(&self) -> bool {
        self.pressed.is_some() || !self.waiting.is_empty()
    }

    /// Drops all digits.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The packet of this frame.
    pub(crate) fn next_packet(&mut self) -> Option<EventPacket> {
        let begins = self.pressed.is_none();
        if begins {
            let event = self.waiting.pop_front()?;
            self.pressed = Some(Pressed { event, frames: 0, ends_left: END_PACKETS });
        }
        let pressed = self.pressed.as_mut()?;
        let ends = pressed.frames == PRESSED_FRAMES;
        if ends {
            pressed.ends_left -= 1;
        } else {
            pressed.frames += 1;
        }
        let [high, low] = (pressed.frames * UNITS_PER_FRAME).to_be_bytes();
        let payload = [pressed.event, if ends { 0x80 | VOLUME } else { VOLUME }, high, low];
        if pressed.ends_left == 0 {
            self.pressed = None;
        }
        Some(EventPacket { begins, payload })
    }
}

#[cfg(test)]
#[path = "dtmf_tests.rs"]
mod tests;
