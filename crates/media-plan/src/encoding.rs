//! Which codec a stream speaks, and which numbers its packets carry each way.
//!
//! A payload type belongs to whoever receives: packets to the peer carry the numbers of the peer's SDP, packets from the
//! peer those of ours (RFC 3264, 5.1 and 6.1). Many peers send by their own numbers all the same, so those are taken
//! too where they mean nothing else.

use serde::{Deserialize, Serialize};

use crate::codec::Codec;

/// What was agreed for a stream by offer and answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encoding {
    /// The codec, both ways.
    pub codec: Codec,
    /// Its payload type towards the peer.
    pub payload_type: u8,
    /// The payload type of telephone-event (RFC 4733) towards the peer, if agreed.
    pub telephone_event: Option<u8>,
    /// What the numbers of the peer's packets mean.
    #[serde(default)]
    pub heard: Heard,
}

/// What a payload type stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A piece of voice.
    Voice(Codec),
    /// A key.
    TelephoneEvent,
}

/// What the payload types of a peer's packets mean: a few numbers for each codec, and for telephone-event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    numbers: [[u8; NUMBERS_MAX]; KINDS.len()],
}

/// Most numbers that one thing has: ours, an earlier one of ours, the peer's, the static one.
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
    /// The same numbers both ways, as between peers that mirror each other.
    pub fn new(codec: Codec, payload_type: u8, telephone_event: Option<u8>) -> Self {
        let mut heard = Heard::default();
        heard.add(Named::Voice(codec), payload_type);
        if let Some(number) = telephone_event {
            heard.add(Named::TelephoneEvent, number);
        }
        heard.add_static();
        Self { codec, payload_type, telephone_event, heard }
    }

    /// What a packet from the peer holds.
    pub fn hears(&self, payload_type: u8) -> Option<Named> {
        if self.heard.is_empty() {
            // Written by a turno that knew one number for both ways.
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
    /// What a number means, if anything.
    pub fn named(&self, payload_type: u8) -> Option<Named> {
        let place = self.numbers.iter().position(|numbers| numbers.contains(&payload_type))?;
        (payload_type != NONE).then(|| KINDS[place])
    }

    /// The first number that a thing was given: ours, if our SDP named it.
    pub fn first(&self, named: Named) -> Option<u8> {
        Some(self.numbers[named.place()][0]).filter(|number| *number != NONE)
    }

    /// Every number with its meaning.
    pub fn all(&self) -> impl Iterator<Item = (Named, u8)> + '_ {
        let of = |(place, numbers): (usize, &[u8; NUMBERS_MAX])| numbers.map(|number| (KINDS[place], number));
        self.numbers.iter().enumerate().flat_map(of).filter(|(_, number)| *number != NONE)
    }

    /// Gives a number a meaning, unless it has one already or there is no room.
    pub fn add(&mut self, named: Named, payload_type: u8) {
        if payload_type >= 128 || self.named(payload_type).is_some() {
            return;
        }
        let free = self.numbers[named.place()].iter_mut().find(|number| **number == NONE);
        if let Some(free) = free {
            *free = payload_type;
        }
    }

    /// Adds the static numbers: a peer whose answer named several codecs may change between them at any time
    /// (RFC 3264, 6.1).
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
        // RFC 3264, 5.1: our own SDP says what we receive; what the peer says of it comes after.
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
        // Wound: an upgrade in the middle of calls.
        let old = Encoding { heard: Heard::default(), ..Encoding::new(Codec::Pcma, 96, Some(100)) };
        assert_eq!(old.hears(96), Some(Named::Voice(Codec::Pcma)));
        assert_eq!(old.hears(100), Some(Named::TelephoneEvent));
        assert_eq!(old.hears(0), Some(Named::Voice(Codec::Pcmu)));
    }
}
