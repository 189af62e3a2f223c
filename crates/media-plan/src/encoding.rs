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
    /// The payload type of Opus in packets to the peer, if agreed beside the codec. The peer may send either (RFC 3264, 6.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opus: Option<u8>,
}

/// Meaning of a payload type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// Audio.
    Voice(Codec),
    /// A DTMF key.
    TelephoneEvent,
    /// Opus, which has a clock of 48 kHz (RFC 7587).
    Opus,
}

/// Meanings of the payload types in a peer's packets: a few numbers for each codec and for telephone-event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    numbers: [[u8; NUMBERS_MAX]; KINDS.len()],
    /// Those of Opus: ours and the peer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opus: Option<[u8; OPUS_NUMBERS_MAX]>,
}

/// Cap on numbers of Opus.
const OPUS_NUMBERS_MAX: usize = 2;

/// Cap on numbers with the same meaning: ours, an earlier one of ours, the peer's, and the static one.
const NUMBERS_MAX: usize = 4;

/// No payload type.
const NONE: u8 = u8::MAX;

const KINDS: [Named; 4] =
    [Named::Voice(Codec::Pcma), Named::Voice(Codec::Pcmu), Named::Voice(Codec::G722), Named::TelephoneEvent];

impl Named {
    /// Its place among the kinds; `None` for Opus.
    const fn place(self) -> Option<usize> {
        match self {
            Self::Voice(Codec::Pcma) => Some(0),
            Self::Voice(Codec::Pcmu) => Some(1),
            Self::Voice(Codec::G722) => Some(2),
            Self::TelephoneEvent => Some(3),
            Self::Opus => None,
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
        Self { codec, payload_type, telephone_event, heard, opus: None }
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
        Self { numbers: [[NONE; NUMBERS_MAX]; KINDS.len()], opus: None }
    }
}

impl Heard {
    /// The meaning of a number, if it has one.
    pub fn named(&self, payload_type: u8) -> Option<Named> {
        if payload_type == NONE {
            return None;
        }
        if self.opus.is_some_and(|numbers| numbers.contains(&payload_type)) {
            return Some(Named::Opus);
        }
        let place = self.numbers.iter().position(|numbers| numbers.contains(&payload_type))?;
        Some(KINDS[place])
    }

    /// The first number with this meaning: ours, if our SDP has one.
    pub fn first(&self, named: Named) -> Option<u8> {
        let first = match named.place() {
            Some(place) => self.numbers[place][0],
            None => self.opus?[0],
        };
        Some(first).filter(|number| *number != NONE)
    }

    /// All numbers with their meanings.
    pub fn all(&self) -> impl Iterator<Item = (Named, u8)> + '_ {
        let of = |(place, numbers): (usize, &[u8; NUMBERS_MAX])| numbers.map(|number| (KINDS[place], number));
        let opus = self.opus.into_iter().flatten().map(|number| (Named::Opus, number));
        self.numbers.iter().enumerate().flat_map(of).chain(opus).filter(|(_, number)| *number != NONE)
    }

    /// Adds a number, unless it already has a meaning or the list is full.
    pub fn add(&mut self, named: Named, payload_type: u8) {
        if payload_type >= 128 || self.named(payload_type).is_some() {
            return;
        }
        let numbers: &mut [u8] = match named.place() {
            Some(place) => &mut self.numbers[place],
            None => self.opus.get_or_insert([NONE; OPUS_NUMBERS_MAX]),
        };
        if let Some(free) = numbers.iter_mut().find(|number| **number == NONE) {
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
