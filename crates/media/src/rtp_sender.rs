//! The RTP source that a peer sees: SSRC, sequence numbers and timestamps of all packets sent to it.
//!
//! A peer sees one source with one running sequence and one clock, so its jitter buffer notices no switch from music to
//! a voice. Relayed packets keep the gaps and the order of their own sequence; what we play follows the clock.

use turno_ground::{Moment, Rng};

use crate::jitter::DROPOUT_PACKETS_MAX;
use crate::packet::{Header, UNITS_PER_MILLISECOND};

/// RTP clock units of one frame of 20 ms, in all codecs but Opus.
pub(crate) const FRAME_UNITS: u32 = 160;

/// RTP clock units of Opus in a millisecond (RFC 7587, 4.1).
pub(crate) const OPUS_UNITS_PER_MILLISECOND: u64 = 48;

/// Largest gap at which a mix continues a relay, or a relay continues a mix: 100 ms. A longer gap is a silence, and the
/// next packet begins a talk spurt.
const SEAM_UNITS_MAX: u32 = 800;

/// The sending state for one peer.
#[derive(Debug)]
pub(crate) struct RtpSender {
    ssrc: u32,
    next_sequence: u16,
    timestamp: u32,
    /// When `timestamp` was first used.
    stamped_at: Option<Moment>,
    /// The duration of the last packet's voice, in RTP clock units; 0 after a key.
    span: u32,
    run: Run,
    /// RTP clock units in a millisecond. Where it changes, a timestamp goes on by the time that has passed in the new units, as
    /// receivers expect of a source that changes its codec.
    clock: u64,
    packets: u64,
    octets: u64,
}

#[derive(Debug)]
enum Run {
    /// Nothing runs: the next packet takes its timestamp from the clock.
    Between,
    /// Our own audio, frame by frame.
    Own,
    /// A bridge's mix, frame by frame; it may continue a relay, and a relay may continue it.
    Mix,
    /// Another source's audio.
    Relay(Shift),
}

#[derive(Debug)]
struct Shift {
    ssrc: u32,
    first: u16,
    highest: u16,
    sequence: u16,
    timestamp: u32,
}

/// The numbers of one of our packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// The sequence number.
    pub(crate) sequence: u16,
    /// The timestamp.
    pub(crate) timestamp: u32,
    /// Whether it begins a talk spurt.
    pub(crate) marker: bool,
}

impl RtpSender {
    /// Random SSRC, sequence number and timestamp, as RFC 3550 requires.
    pub(crate) fn new(rng: &mut Rng) -> Self {
        Self {
            ssrc: rng.number() as u32,
            next_sequence: rng.number() as u16 >> 1,
            timestamp: rng.number() as u32,
            stamped_at: None,
            span: 0,
            run: Run::Between,
            clock: UNITS_PER_MILLISECOND,
            packets: 0,
            octets: 0,
        }
    }

    /// The same counters with a new source: receivers begin again with it.
    pub(crate) fn renewed(&self, rng: &mut Rng) -> Self {
        Self { packets: self.packets, octets: self.octets, ..Self::new(rng) }
    }

    /// The source from before a restart: its timestamps go on with the clock.
    pub(crate) fn continue_from(&mut self, ssrc: u32, next_sequence: u16, (timestamp, at): (u32, Moment)) {
        (self.ssrc, self.next_sequence) = (ssrc, next_sequence);
        (self.timestamp, self.stamped_at) = (timestamp, Some(at));
    }

    /// The next packet's sequence number, if nothing is relayed out of order.
    pub(crate) const fn next_sequence(&self) -> u16 {
        self.next_sequence
    }

    /// The last timestamp and when it was used.
    pub(crate) fn stamp_at(&self, now: Moment) -> (u32, Moment) {
        self.stamped_at.map_or((self.timestamp, now), |at| (self.timestamp, at))
    }

    /// Ends the run: the next packet begins a talk spurt at the clock's time.
    pub(crate) fn pause(&mut self) {
        self.run = Run::Between;
    }

    /// Numbers the next frame of our own audio.
    pub(crate) fn own(&mut self, now: Moment) -> Numbers {
        self.turns_to(UNITS_PER_MILLISECOND);
        let marker = !matches!(self.run, Run::Own);
        if marker {
            self.anchor(now);
        } else {
            self.stamp(self.timestamp.wrapping_add(FRAME_UNITS), now);
        }
        self.run = Run::Own;
        Numbers { sequence: self.take_sequence(), timestamp: self.timestamp, marker }
    }

    /// Numbers the next frame of a mix, which continues a mix or a relay without a gap.
    pub(crate) fn mixed(&mut self, now: Moment) -> Numbers {
        self.turns_to(UNITS_PER_MILLISECOND);
        let goes_on = match self.run {
            Run::Mix => true,
            Run::Relay(_) => self.is_recent(now),
            Run::Own | Run::Between => false,
        };
        if goes_on {
            self.stamp(self.timestamp.wrapping_add(self.span.max(1)), now);
        } else {
            self.anchor(now);
        }
        self.run = Run::Mix;
        Numbers { sequence: self.take_sequence(), timestamp: self.timestamp, marker: !goes_on }
    }

    /// Numbers the first packet of a telephone-event.
    pub(crate) fn event(&mut self, now: Moment) -> Numbers {
        self.turns_to(UNITS_PER_MILLISECOND);
        self.anchor(now);
        self.run = Run::Between;
        Numbers { sequence: self.take_sequence(), timestamp: self.timestamp, marker: true }
    }

    /// Numbers a further packet of the telephone-event, with the same timestamp (RFC 4733, 2.2).
    pub(crate) fn event_goes_on(&mut self) -> Numbers {
        Numbers { sequence: self.take_sequence(), timestamp: self.timestamp, marker: false }
    }

    /// Numbers a packet relayed from another source; `None` if it is too late to be placed.
    pub(crate) fn relayed(&mut self, source: &Header, now: Moment) -> Option<Numbers> {
        self.turns_to(UNITS_PER_MILLISECOND);
        self.placed(source, now)
    }

    /// The same for a packet with Opus.
    pub(crate) fn relayed_opus(&mut self, source: &Header, now: Moment) -> Option<Numbers> {
        self.turns_to(OPUS_UNITS_PER_MILLISECOND);
        self.placed(source, now)
    }

    /// Whether the last packet had Opus.
    pub(crate) fn has_sent_opus(&self) -> bool {
        self.clock == OPUS_UNITS_PER_MILLISECOND
    }

    fn turns_to(&mut self, clock: u64) {
        if self.clock != clock {
            self.clock = clock;
            self.run = Run::Between;
        }
    }

    fn placed(&mut self, source: &Header, now: Moment) -> Option<Numbers> {
        if let Run::Relay(shift) = &mut self.run
            && shift.ssrc == source.ssrc
        {
            let ahead = source.sequence.wrapping_sub(shift.highest);
            let behind = shift.highest.wrapping_sub(source.sequence);
            if ahead < DROPOUT_PACKETS_MAX {
                shift.highest = source.sequence;
                let sequence = source.sequence.wrapping_add(shift.sequence);
                let timestamp = source.timestamp.wrapping_add(shift.timestamp);
                self.next_sequence = sequence.wrapping_add(1);
                self.stamp(timestamp, now);
                return Some(Numbers { sequence, timestamp, marker: source.marker });
            }
            if behind < DROPOUT_PACKETS_MAX {
                // Late, but after the switch to this source: it keeps its position.
                let since_first = source.sequence.wrapping_sub(shift.first);
                return (since_first < DROPOUT_PACKETS_MAX).then(|| Numbers {
                    sequence: source.sequence.wrapping_add(shift.sequence),
                    timestamp: source.timestamp.wrapping_add(shift.timestamp),
                    marker: false,
                });
            }
        }
        let goes_on = matches!(self.run, Run::Mix) && self.is_recent(now);
        if goes_on {
            self.stamp(self.timestamp.wrapping_add(self.span), now);
        } else {
            self.anchor(now);
        }
        let sequence = self.take_sequence();
        self.run = Run::Relay(Shift {
            ssrc: source.ssrc,
            first: source.sequence,
            highest: source.sequence,
            sequence: sequence.wrapping_sub(source.sequence),
            timestamp: self.timestamp.wrapping_sub(source.timestamp),
        });
        Some(Numbers { sequence, timestamp: self.timestamp, marker: !goes_on })
    }

    /// Counts a packet with `octets` of voice: in all codecs but Opus one octet lasts one RTP clock unit.
    pub(crate) fn sent(&mut self, octets: usize) {
        self.span = octets as u32;
        self.packets += 1;
        self.octets += octets as u64;
    }

    /// Counts a packet with Opus: its octets say nothing of its length.
    pub(crate) fn sent_opus(&mut self, octets: usize) {
        self.sent_key(octets);
    }

    /// Counts a packet of a telephone-event.
    pub(crate) fn sent_key(&mut self, octets: usize) {
        self.sent(octets);
        self.span = 0;
    }

    /// Our source.
    pub(crate) fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// Packets sent.
    pub(crate) fn packets(&self) -> u64 {
        self.packets
    }

    /// Payload bytes sent.
    pub(crate) fn octets(&self) -> u64 {
        self.octets
    }

    /// The timestamp of a packet sent now.
    pub(crate) fn timestamp_at(&self, now: Moment) -> u32 {
        self.timestamp.wrapping_add(self.units_since_stamp(now))
    }

    fn anchor(&mut self, now: Moment) {
        if self.stamped_at.is_some() {
            let least = FRAME_UNITS * (self.clock / UNITS_PER_MILLISECOND) as u32;
            let step = self.units_since_stamp(now).max(least);
            self.timestamp = self.timestamp.wrapping_add(step);
        }
        self.stamped_at = Some(now);
    }

    fn stamp(&mut self, timestamp: u32, now: Moment) {
        if timestamp != self.timestamp {
            self.timestamp = timestamp;
            self.stamped_at = Some(now);
        }
    }

    /// Whether the last packet was voice, and recent enough for the next one to continue it.
    fn is_recent(&self, now: Moment) -> bool {
        self.span > 0 && self.units_since_stamp(now) <= SEAM_UNITS_MAX
    }

    fn units_since_stamp(&self, now: Moment) -> u32 {
        let micros = self.stamped_at.map_or(0, |at| now.since(at).as_micros());
        (micros * u128::from(self.clock) / 1_000) as u32
    }

    fn take_sequence(&mut self) -> u16 {
        let sequence = self.next_sequence;
        self.next_sequence = sequence.wrapping_add(1);
        sequence
    }
}

/// The header of a packet of ours.
pub(crate) fn our_header(payload_type: u8, numbers: Numbers, ssrc: u32) -> Header {
    let Numbers { sequence, timestamp, marker } = numbers;
    Header { marker, payload_type, sequence, timestamp, ssrc }
}

#[cfg(test)]
#[path = "rtp_sender_tests.rs"]
mod tests;
