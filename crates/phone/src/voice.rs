//! A phone's media: sends a sound in G.711 over RTP every twenty milliseconds, and receives RTP.

use core::time::Duration;
use std::collections::VecDeque;

use bytes::{BufMut, Bytes, BytesMut};
use turno_ground::{Moment, Rng};
use turno_media_plan::{Direction, Encoding};

use crate::g711;
use crate::listening::{DIGITS, Heard};
use crate::sound::Sound;

/// The span of one packet.
const PACKET: Duration = Duration::from_millis(20);
/// The samples of one packet.
const SAMPLES: usize = 160;
/// After a longer pause than this, the packets that were missed are not sent.
const CATCH_UP_MAX: Duration = Duration::from_millis(200);
/// How many packets a digit lasts; its end is sent three times (RFC 4733, 2.5.1.4).
const DIGIT_PACKETS: u16 = 5;
const DIGIT_ENDS: u16 = 3;

/// One phone's side of an RTP session. It is silent until [`Self::agree`].
#[derive(Debug)]
pub struct Voice {
    sound: Sound,
    source: u32,
    sequence: u16,
    timestamp: u32,
    encoding: Option<Encoding>,
    direction: Direction,
    /// The sound in the agreed codec, with its beginning repeated at its end so that each packet is one slice.
    encoded: Bytes,
    at: usize,
    next: Option<Moment>,
    starts: bool,
    digits: VecDeque<u8>,
    digit: Option<Digit>,
    sent: u64,
    heard: Heard,
}

#[derive(Debug)]
struct Digit {
    code: u8,
    timestamp: u32,
    packet: u16,
}

impl Voice {
    /// A voice that will send `sound`. `rng` gives its SSRC and its first sequence number and timestamp.
    pub fn new(sound: Sound, rng: &mut Rng) -> Self {
        let [source, start] = [rng.number(), rng.number()];
        Self {
            sound,
            source: source as u32,
            sequence: start as u16,
            timestamp: (start >> 16) as u32,
            encoding: None,
            direction: Direction::Inactive,
            encoded: Bytes::new(),
            at: 0,
            next: None,
            starts: true,
            digits: VecDeque::new(),
            digit: None,
            sent: 0,
            heard: Heard::default(),
        }
    }

    /// Takes the result of offer and answer, and starts or stops sending. With G.722 it sends and counts packets, but
    /// their content is mu-law noise.
    pub fn agree(&mut self, encoding: Encoding, direction: Direction, now: Moment) {
        if self.encoding.is_none_or(|old| old.codec != encoding.codec) {
            let mut octets: Vec<u8> =
                self.sound.samples().iter().map(|sample| g711::encode(encoding.codec, *sample)).collect();
            octets.extend_from_within(..SAMPLES.min(octets.len()));
            self.encoded = Bytes::from(octets);
            self.at = 0;
        }
        self.encoding = Some(encoding);
        self.direction = direction;
        if direction.sends() {
            self.starts |= self.next.is_none();
            self.next = self.next.or(Some(now));
        } else {
            self.next = None;
        }
    }

    /// Stops sending.
    pub fn stop(&mut self) {
        self.next = None;
        self.direction = Direction::Inactive;
    }

    /// Changes the sound from the next packet on.
    pub fn say(&mut self, sound: Sound, now: Moment) {
        self.sound = sound;
        if let Some(encoding) = self.encoding.take() {
            self.agree(encoding, self.direction, now);
        }
    }

    /// Queues a digit (`0`-`9`, `*`, `#`, `A`-`D`) to be sent by telephone-event; others are ignored.
    pub fn send_digit(&mut self, digit: char) {
        if let Some(code) = DIGITS.iter().position(|known| *known == digit.to_ascii_uppercase()) {
            self.digits.push_back(code as u8);
        }
    }

    /// When the next packet is due; `None` while the voice may not send.
    pub fn next_deadline(&self) -> Option<Moment> {
        self.next
    }

    /// The next packet if it is due. Call it until it returns `None`.
    pub fn poll_packet(&mut self, now: Moment) -> Option<Bytes> {
        let due = self.next.filter(|due| *due <= now)?;
        let encoding = self.encoding?;
        let missed = now.since(due) > CATCH_UP_MAX;
        self.next = Some(if missed { now } else { due } + PACKET);
        self.sent += 1;
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(SAMPLES as u32);
        if self.digit.is_none() && encoding.telephone_event.is_some() {
            self.digit =
                self.digits.pop_front().map(|code| Digit { code, timestamp: self.timestamp, packet: 0 });
        }
        match (self.digit.take(), encoding.telephone_event) {
            (Some(digit), Some(kind)) => Some(self.digit_packet(digit, kind)),
            (Some(_) | None, _) => Some(self.audio_packet(encoding.payload_type)),
        }
    }

    /// Handles one received UDP packet.
    pub fn handle_packet(&mut self, packet: &[u8], now: Moment) {
        match self.encoding {
            Some(encoding) => self.heard.take(packet, encoding, now),
            None => self.heard.refused += 1,
        }
    }

    /// What has been heard until now.
    pub fn heard(&self) -> &Heard {
        &self.heard
    }

    /// Resets what has been heard, for a test that compares before and after.
    pub fn forget_heard(&mut self) {
        self.heard = Heard::default();
    }

    /// The number of packets sent.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    fn audio_packet(&mut self, kind: u8) -> Bytes {
        let starts = core::mem::take(&mut self.starts);
        let mut packet = self.head(kind, starts, self.timestamp, SAMPLES);
        packet.extend_from_slice(&self.encoded[self.at..self.at + SAMPLES]);
        self.at = (self.at + SAMPLES) % (self.encoded.len() - SAMPLES);
        packet.freeze()
    }

    fn digit_packet(&mut self, mut digit: Digit, kind: u8) -> Bytes {
        digit.packet += 1;
        let ends = digit.packet > DIGIT_PACKETS;
        let duration = digit.packet.min(DIGIT_PACKETS) * SAMPLES as u16;
        let mut packet = self.head(kind, digit.packet == 1, digit.timestamp, 4);
        packet.put_u8(digit.code);
        packet.put_u8(if ends { 0x80 | 10 } else { 10 }); // volume: -10 dBm0
        packet.put_u16(duration);
        if digit.packet < DIGIT_PACKETS + DIGIT_ENDS {
            self.digit = Some(digit);
        }
        packet.freeze()
    }

    fn head(&self, kind: u8, marker: bool, timestamp: u32, payload: usize) -> BytesMut {
        let mut packet = BytesMut::with_capacity(12 + payload);
        packet.put_u8(0x80);
        packet.put_u8(kind | if marker { 0x80 } else { 0 });
        packet.put_u16(self.sequence);
        packet.put_u32(timestamp);
        packet.put_u32(self.source);
        packet
    }
}

#[cfg(test)]
#[path = "voice_tests.rs"]
mod tests;
