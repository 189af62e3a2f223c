//! Measures received RTP: packets, losses, gaps, digits, level and frequency.

use core::f32::consts::TAU;
use core::time::Duration;
use std::collections::VecDeque;

use turno_ground::Moment;
use turno_media_plan::{Codec, Encoding, Named};

use crate::g711;
use crate::sound::RATE;

/// Number of samples kept for measuring: a fifth of a second.
const WINDOW: usize = RATE / 5;

/// The digits by their telephone-event code (RFC 4733, 3.2).
pub(crate) const DIGITS: [char; 16] =
    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D'];

/// What has been received since the voice began.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// RTP packets accepted, telephone-events included.
    pub received: u64,
    /// Packets that came twice, or after a later one.
    pub late: u64,
    /// Packets that are not RTP of version 2 or have a payload type that was not agreed.
    pub refused: u64,
    /// Digits received by telephone-event, each once.
    pub digits: String,
    /// The longest span between two packets.
    pub longest_gap: Duration,
    /// Interarrival jitter (RFC 3550, 6.4.1).
    pub jitter: Duration,
    source: Option<u32>,
    expected: u64,
    last_sequence: u16,
    last_at: Option<Moment>,
    last_transit: Option<i64>,
    last_event: Option<u32>,
    window: VecDeque<i16>,
}

impl Heard {
    /// Packets missing between the first and the last sequence number, summed over all sources.
    pub fn lost(&self) -> u64 {
        self.expected.saturating_sub(self.received)
    }

    /// The level of the last fifth of a second, in dB relative to the loudest possible sine. `None` before the first
    /// packet.
    pub fn level(&self) -> Option<f32> {
        if self.window.is_empty() {
            return None;
        }
        let energy: f32 = self.window.iter().map(|sample| f32::from(*sample).powi(2)).sum();
        let mean = energy / self.window.len() as f32;
        Some(10.0 * (mean.max(1.0) / (32_767.0f32.powi(2) / 2.0)).log10())
    }

    /// The candidate frequency (hertz) that has at least half the energy of the last fifth of a second, if any.
    pub fn dominant(&self, candidates: &[u16]) -> Option<u16> {
        let energy: f32 = self.window.iter().map(|sample| f32::from(*sample).powi(2)).sum();
        let (hertz, power) = candidates
            .iter()
            .map(|hertz| (*hertz, self.power(*hertz)))
            .max_by(|one, other| one.1.total_cmp(&other.1))?;
        // A pure sine's Goertzel power is energy * n / 2.
        let whole = energy * self.window.len() as f32 / 2.0;
        (energy > 1_000.0 * self.window.len() as f32 && power * 2.0 > whole).then_some(hertz)
    }

    /// Whether a frequency (hertz) has at least a tenth of the energy of the last fifth of a second: one of several voices.
    pub fn has(&self, hertz: u16) -> bool {
        let energy: f32 = self.window.iter().map(|sample| f32::from(*sample).powi(2)).sum();
        let whole = energy * self.window.len() as f32 / 2.0;
        energy > 1_000.0 * self.window.len() as f32 && self.power(hertz) * 10.0 > whole
    }

    /// The power at one frequency, by Goertzel's filter.
    fn power(&self, hertz: u16) -> f32 {
        let coefficient = 2.0 * (TAU * f32::from(hertz) / RATE as f32).cos();
        let (mut last, mut before) = (0.0f32, 0.0f32);
        for sample in &self.window {
            let next = f32::from(*sample) + coefficient * last - before;
            before = core::mem::replace(&mut last, next);
        }
        last * last + before * before - coefficient * last * before
    }

    pub(crate) fn take(&mut self, packet: &[u8], encoding: Encoding, now: Moment) {
        let Some(rtp) = Rtp::read(packet) else {
            self.refused += 1;
            return;
        };
        // A strict phone: it accepts only the payload types in its own SDP (RFC 3264, 5.1).
        let is_ours = |named: &Named| encoding.heard.first(*named) == Some(rtp.kind);
        let taken = [Named::Voice(encoding.codec), Named::TelephoneEvent].into_iter().find(is_ours);
        let Some(named) = taken else {
            self.refused += 1;
            return;
        };
        self.count(&rtp, now);
        match named {
            Named::TelephoneEvent => self.take_event(&rtp),
            Named::Voice(codec) => self.take_audio(codec, rtp.payload),
            // Our SDP never has it.
            Named::Opus => {}
        }
    }

    fn count(&mut self, rtp: &Rtp<'_>, now: Moment) {
        let step = rtp.sequence.wrapping_sub(self.last_sequence);
        if self.source != Some(rtp.source) {
            self.source = Some(rtp.source);
            self.expected += 1;
            self.last_sequence = rtp.sequence;
            self.last_transit = None;
        } else if step != 0 && step < 0x8000 {
            self.expected += u64::from(step);
            self.last_sequence = rtp.sequence;
        } else {
            self.late += 1;
        }
        self.received += 1;
        if let Some(last) = self.last_at {
            self.longest_gap = self.longest_gap.max(now.since(last));
        }
        self.last_at = Some(now);
        let arrival = i64::try_from(now.as_micros() / 125).unwrap_or(i64::MAX);
        let transit = arrival - i64::from(rtp.timestamp);
        if let Some(last) = self.last_transit.replace(transit) {
            let step = Duration::from_micros((transit - last).unsigned_abs().min(RATE as u64) * 125);
            self.jitter = (self.jitter * 15 + step) / 16;
        }
    }

    fn take_event(&mut self, rtp: &Rtp<'_>) {
        if self.last_event == Some(rtp.timestamp) {
            return;
        }
        self.last_event = Some(rtp.timestamp);
        if let Some(digit) = rtp.payload.first().and_then(|code| DIGITS.get(usize::from(*code))) {
            self.digits.push(*digit);
        }
    }

    fn take_audio(&mut self, codec: Codec, payload: &[u8]) {
        if codec == Codec::G722 {
            return; // counted, not decoded
        }
        self.window.extend(payload.iter().map(|octet| g711::decode(codec, *octet)));
        let surplus = self.window.len().saturating_sub(WINDOW);
        self.window.drain(..surplus);
    }
}

struct Rtp<'a> {
    kind: u8,
    sequence: u16,
    timestamp: u32,
    source: u32,
    payload: &'a [u8],
}

impl<'a> Rtp<'a> {
    /// Reads a packet (RFC 3550, 5.1) without header extension or padding, which turno never sends to a phone.
    fn read(packet: &'a [u8]) -> Option<Self> {
        let (head, payload) = packet.split_first_chunk::<12>()?;
        let sources = usize::from(head[0] & 0x0F) * 4;
        if head[0] >> 6 != 2 || head[0] & 0x30 != 0 {
            return None;
        }
        Some(Self {
            kind: head[1] & 0x7F,
            sequence: u16::from_be_bytes([head[2], head[3]]),
            timestamp: u32::from_be_bytes([head[4], head[5], head[6], head[7]]),
            source: u32::from_be_bytes([head[8], head[9], head[10], head[11]]),
            payload: payload.get(sources..)?,
        })
    }
}
