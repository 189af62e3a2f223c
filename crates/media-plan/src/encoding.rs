//! Codec of a stream, and the payload types of its packets in each direction.
//!
//! The receiver chooses the payload types: packets to the peer carry those of the peer's SDP, packets from the peer
//! those of ours (RFC 3264, 5.1 and 6.1). Many peers still send their own numbers, so those are accepted too if they
//! have no other meaning.

use serde::{Deserialize, Serialize};

use crate::codec::Codec;

/// Encoding of a stream, as agreed by offer and answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encoding {
    /// The codec, in both directions.
    pub codec: Codec,
    /// Its payload type in packets to the peer.
    pub payload_type: u8,
    /// The payload type of telephone-event (RFC 4733) in packets to the peer, if agreed.
    pub telephone_event: Option<u8>,
    /// Meaning of the payload types in packets from the peer.
    #[serde(default)]
    pub heard: Heard,
}

/// Meaning of a payload type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// Audio.
    Voice(Codec),
    /// A DTMF key.
    TelephoneEvent,
}

/// Meanings of the payload types in a peer's packets: a few numbers for each codec and for telephone-event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    numbers: [[u8; NUMBERS_MAX]; KINDS.len()],
}

/// Cap on numbers with the same meaning: ours, an earlier one of ours, the peer's, and the static one.
const NUMBERS_MAX: usize = 4;

/// No payload type.
const NONE: u8 = u8::MAX;

const KINDS: [Named; 4] =
    [Named::Voice(Codec::Pcma), Named::Voice(Codec::Pcmu), Named::Voice(Codec::G722), Named::TelephoneEvent];

impl Named {
    const fn place(self) -> usize {
        match self {
            Self::Voice(Codec::Pcma) => 0,
            Self::Voice(Codec::Pcmu) => 1,
            Self::Voice(Codec::G722) => 2,
            Self::TelephoneEvent => 3,
        }
    }
}

impl Encoding {
    /// The same payload types in both directions, as between peers that mirror each other.
    pub fn new(codec: Codec, payload_type: u8, telephone_event: Option<u8>) -> Self {
        let mut heard = Heard::default();
        heard.add(Named::Voice(codec), payload_type);
        if let Some(number) = telephone_event {
            heard.add(Named::TelephoneEvent, number);
        }
        heard.add_static();
        Self { codec, payload_type, telephone_event, heard }
    }

    /// Content of a packet from the peer.
    pub fn hears(&self, payload_type: u8) -> Option<Named> {
        if self.heard.is_empty() {
            // Written by an earlier version of turno, which knew one number for both directions.
            return Self::new(self.codec, self.payload_type, self.telephone_event).heard.named(payload_type);
        }
        self.heard.named(payload_type)
    }
}

impl Default for Heard {
    fn default() -> Self {
        Self { numbers: [[NONE; NUMBERS_MAX]; KINDS.len()] }
    }
}

impl Heard {
    /// The meaning of a number, if it has one.
    pub fn named(&self, payload_type: u8) -> Option<Named> {
        let place = self.numbers.iter().position(|numbers| numbers.contains(&payload_type))?;
        (payload_type != NONE).then(|| KINDS[place])
    }

    /// The first number with this meaning: ours, if our SDP has one.
    pub fn first(&self, named: Named) -> Option<u8> {
        Some(self.numbers[named.place()][0]).filter(|number| *number != NONE)
    }

    /// All numbers with their meanings.
    pub fn all(&self) -> impl Iterator<Item = (Named, u8)> + '_ {
        let of = |(place, numbers): (usize, &[u8; NUMBERS_MAX])| numbers.map(|number| (KINDS[place], number));
        self.numbers.iter().enumerate().flat_map(of).filter(|(_, number)| *number != NONE)
    }

    /// Adds a number, unless it already has a meaning or the list is full.
    pub fn add(&mut self, named: Named, payload_type: u8) {
        if payload_type >= 128 || self.named(payload_type).is_some() {
            return;
        }
        let free = self.numbers[named.place()].iter_mut().find(|number| **number == NONE);
        if let Some(free) = free {
            *free = payload_type;
        }
    }

    /// Adds the static payload types: a peer whose answer has several codecs may switch between them at any time (RFC
    /// 3264, 6.1).
    pub fn add_static(&mut self) {
        for codec in Codec::ALL {
            self.add(Named::Voice(codec), codec.payload_type());
        }
    }

    fn is_empty(&self) -> bool {
        self.numbers.iter().all(|numbers| numbers[0] == NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_first_meaning() {
        // RFC 3264, 5.1: our own SDP defines what we receive; the peer's numbers come after it.
        let mut heard = Heard::default();
        heard.add(Named::TelephoneEvent, 96);
        heard.add(Named::Voice(Codec::G722), 96);
        heard.add(Named::Voice(Codec::G722), 200);
        heard.add_static();
        assert_eq!(heard.named(96), Some(Named::TelephoneEvent));
        assert_eq!(heard.named(9), Some(Named::Voice(Codec::G722)));
        assert_eq!((heard.named(200), heard.named(255), heard.named(13)), (None, None, None));
        assert_eq!(heard.first(Named::TelephoneEvent), Some(96));
    }

    #[test]
    fn a_call_written_by_an_earlier_turno_is_heard_as_before() {
        // Wound: an upgrade during calls.
        let old = Encoding { heard: Heard::default(), ..Encoding::new(Codec::Pcma, 96, Some(100)) };
        assert_eq!(old.hears(96), Some(Named::Voice(Codec::Pcma)));
        assert_eq!(old.hears(100), Some(Named::TelephoneEvent));
        assert_eq!(old.hears(0), Some(Named::Voice(Codec::Pcmu)));
    }
}
