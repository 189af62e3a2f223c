//! Loss and jitter of the packets received from a peer (RFC 3550, appendix A).

use core::time::Duration;

use turno_ground::Moment;

use crate::packet::{Header, UNITS_PER_MILLISECOND};

/// From this jump of the sequence number on, it is a restart and not a loss (RFC 3550, A.1: `MAX_DROPOUT`).
pub(crate) const DROPOUT_PACKETS_MAX: u16 = 3_000;

/// How far back a late packet is still counted (RFC 3550, A.1: `MAX_MISORDER`).
const MISORDER_PACKETS_MAX: u16 = 100;

/// The reception figures of a peer, over all the sources that it used.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reception {
    source: Option<Source>,
    received_before: u64,
    lost_before: u64,
}

#[derive(Clone, Debug)]
struct Source {
    ssrc: u32,
    base: u32,
    /// The highest sequence number, with its cycles above 16 bits.
    highest: u32,
    received: u64,
    /// The sequence number that would confirm a restart.
    restart: Option<u16>,
    transit: Option<i64>,
    /// Sixteen times the jitter, in RTP clock units (RFC 3550, A.8).
    jitter_sixteenths: i64,
    expected_at_report: u64,
    received_at_report: u64,
}

/// A reception report block's figures (RFC 3550, 6.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    /// The source of the packets.
    pub(crate) ssrc: u32,
    /// Lost since the last report, in 256ths.
    pub(crate) fraction_lost: u8,
    /// Lost since the source began.
    pub(crate) lost: u32,
    /// The extended highest sequence number.
    pub(crate) highest: u32,
    /// Interarrival jitter in RTP clock units.
    pub(crate) jitter: u32,
}

impl Reception {
    /// Counts a packet that came at `now`. Telephone-events (`is_audio` is false) are left out of the jitter, because
    /// their timestamps stand still.
    pub(crate) fn heard(&mut self, header: &Header, is_audio: bool, now: Moment) {
        let sequence = header.sequence;
        match &mut self.source {
            Some(source) if source.ssrc == header.ssrc => {
                if source.count(sequence) == Count::Restart {
                    self.restart(header);
                }
            }
            Some(_) | None => self.restart(header),
        }
        if let Some(source) = self.source.as_mut().filter(|_| is_audio) {
            source.measure(header.timestamp, now);
        }
    }

    /// Packets received from the peer.
    pub(crate) fn received(&self) -> u64 {
        self.received_before + self.source.as_ref().map_or(0, |source| source.received)
    }

    /// Packets missing in the peer's sequence. As in RFC 3550, duplicates offset losses.
    pub(crate) fn lost(&self) -> u64 {
        self.lost_before + self.source.as_ref().map_or(0, Source::lost)
    }

    /// Interarrival jitter of the present source.
    pub(crate) fn jitter(&self) -> Duration {
        let sixteenths = self.source.as_ref().map_or(0, |source| source.jitter_sixteenths);
        let micros = sixteenths.unsigned_abs() * 1_000 / (16 * UNITS_PER_MILLISECOND);
        Duration::from_micros(micros)
    }

    /// The figures for a report that is sent now.
    pub(crate) fn report(&mut self) -> Option<Heard> {
        self.source.as_mut().map(Source::report)
    }

    fn restart(&mut self, header: &Header) {
        self.received_before = self.received();
        self.lost_before = self.lost();
        self.source = Some(Source::new(header));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Count {
    Counted,
    Restart,
}

impl Source {
    fn new(header: &Header) -> Self {
        let base = u32::from(header.sequence);
        Self {
            ssrc: header.ssrc,
            base,
            highest: base,
            received: 1,
            restart: None,
            transit: None,
            jitter_sixteenths: 0,
            expected_at_report: 0,
            received_at_report: 0,
        }
    }

    fn count(&mut self, sequence: u16) -> Count {
        let ahead = sequence.wrapping_sub(self.highest as u16);
        if ahead < DROPOUT_PACKETS_MAX {
            self.highest = self.highest.wrapping_add(u32::from(ahead));
        } else if ahead <= u16::MAX - MISORDER_PACKETS_MAX {
            if self.restart == Some(sequence) {
                return Count::Restart;
            }
            self.restart = Some(sequence.wrapping_add(1));
            return Count::Counted;
        }
        self.received += 1;
        Count::Counted
    }

    fn measure(&mut self, timestamp: u32, now: Moment) {
        let arrival = now.as_micros() * UNITS_PER_MILLISECOND / 1_000;
        // Only differences matter, so both may wrap at 32 bits.
        let transit = i64::from((arrival as u32).wrapping_sub(timestamp) as i32);
        if let Some(before) = self.transit.replace(transit) {
            let change = i64::from((transit - before) as i32).abs();
            self.jitter_sixteenths += change - ((self.jitter_sixteenths + 8) >> 4);
        }
    }

    fn expected(&self) -> u64 {
        u64::from(self.highest.wrapping_sub(self.base)) + 1
    }

    fn lost(&self) -> u64 {
        self.expected().saturating_sub(self.received)
    }

    fn report(&mut self) -> Heard {
        let expected = self.expected() - self.expected_at_report;
        let received = self.received - self.received_at_report;
        self.expected_at_report = self.expected();
        self.received_at_report = self.received;
        let lost = expected.saturating_sub(received);
        let fraction = (lost * 256).checked_div(expected).unwrap_or(0).min(255);
        Heard {
            ssrc: self.ssrc,
            fraction_lost: fraction as u8,
            lost: u32::try_from(self.lost()).unwrap_or(u32::MAX).min(0x7f_ffff),
            highest: self.highest,
            jitter: (self.jitter_sixteenths.unsigned_abs() >> 4) as u32,
        }
    }
}

#[cfg(test)]
#[path = "jitter_tests.rs"]
mod tests;
