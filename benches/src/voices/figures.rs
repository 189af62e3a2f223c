//! The figures of a run: loss, delay, and changes in the spacing of each stream.

use std::collections::BTreeMap;

use crate::voices::cores::Spent;
use crate::voices::heard::{FRAME, Heard};

/// The figures of one run. Times are nanoseconds.
#[derive(Debug, Default)]
pub(super) struct Figures {
    /// Packets that the phones sent.
    pub(super) sent: u64,
    /// Packets that arrived.
    pub(super) received: u64,
    /// From the first packet to the end of listening.
    pub(super) elapsed: u64,
    /// CPU time of the measured thread.
    pub(super) spent: Spent,
    /// CPU time of the phones.
    pub(super) crowd: Spent,
    lateness: Vec<u32>,
    delays: Vec<u32>,
    jitters: Vec<u32>,
    /// When each stream's last packet was sent and arrived.
    last: BTreeMap<u32, (u64, u64)>,
}

impl Figures {
    pub(super) fn new(streams: usize) -> Self {
        let packets = streams * 1_000;
        Self { delays: Vec::with_capacity(packets), jitters: Vec::with_capacity(packets), ..Self::default() }
    }

    /// Counts by how much a packet was sent late.
    pub(super) fn late(&mut self, nanos: u64) {
        self.lateness.push(clamp(nanos));
    }

    /// Counts a packet that arrived. Packets that the phones did not send count as sent every 20 ms.
    pub(super) fn heard(&mut self, heard: &Heard) {
        self.received += 1;
        if heard.sent > 0 {
            self.delays.push(clamp(heard.arrived.saturating_sub(heard.sent)));
        }
        if let Some((sent, arrived)) = self.last.insert(heard.stream, (heard.sent, heard.arrived)) {
            let wanted = if heard.sent > 0 { heard.sent.abs_diff(sent) } else { FRAME };
            self.jitters.push(clamp(heard.arrived.abs_diff(arrived).abs_diff(wanted)));
        }
    }

    /// Number of streams with packets.
    pub(super) fn streams(&self) -> usize {
        self.last.len()
    }

    /// CPU time of the measured thread for each packet that arrived, in nanoseconds.
    pub(super) fn each(&self) -> f64 {
        self.spent.nanos as f64 / self.received.max(1) as f64
    }

    /// Prints the head of the table of [`Figures::print`].
    pub(super) fn head() {
        println!(
            "{:<26} {:>9} {:>6} {:>9} {:>7} {:>7} {:>24} {:>24} {:>8} {:>8}",
            "",
            "packets",
            "lost",
            "us each",
            "core",
            "turns/s",
            "delay ms 50% 99% max",
            "jitter ms 50% 99% max",
            "crowd",
            "late 99%"
        );
    }

    /// Prints one line of the table.
    pub(super) fn print(&mut self, name: &str) {
        let core = |spent: Spent| spent.nanos as f64 * 100.0 / self.elapsed.max(1) as f64;
        let (measured, crowd) = (core(self.spent), core(self.crowd));
        let turns = self.spent.turns as f64 * 1e9 / self.elapsed.max(1) as f64;
        println!(
            "{name:<26} {:>9} {:>6} {:>9.2} {measured:>6.1}% {turns:>7.0} {:>24} {:>24} {crowd:>7.1}% {:>8.2}",
            self.received,
            self.sent.saturating_sub(self.received),
            self.each() / 1e3,
            shares(&mut self.delays),
            shares(&mut self.jitters),
            f64::from(at(&mut self.lateness, 0.99)) / 1e6,
        );
    }
}

fn shares(values: &mut [u32]) -> String {
    let [half, most, last] = [0.5, 0.99, 1.0].map(|share| f64::from(at(values, share)) / 1e6);
    format!("{half:.3} {most:.3} {last:.2}")
}

fn at(values: &mut [u32], share: f64) -> u32 {
    if values.is_empty() {
        return 0;
    }
    let place = ((values.len() - 1) as f64 * share) as usize;
    *values.select_nth_unstable(place).1
}

fn clamp(nanos: u64) -> u32 {
    u32::try_from(nanos).unwrap_or(u32::MAX)
}
