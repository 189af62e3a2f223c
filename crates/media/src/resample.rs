//! From 8 kHz to 16 kHz and back.

use core::f32::consts::PI;

/// Taps of the low-pass at a quarter of the higher rate; odd, so that its delay is whole.
const TAPS: usize = 47;

/// A change of the sampling rate by two, with the filter's memory.
#[derive(Clone, Debug)]
pub(crate) struct Resampler {
    way: Way,
    taps: [f32; TAPS],
    memory: Vec<f32>,
}

/// Which way the rate changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// It doesn't.
    Same,
    /// 8 kHz to 16 kHz.
    Double,
    /// 16 kHz to 8 kHz.
    Halve,
}

impl Way {
    /// The way between two rates of our codecs.
    pub(crate) fn between(from: u32, to: u32) -> Self {
        match from.cmp(&to) {
            core::cmp::Ordering::Less => Self::Double,
            core::cmp::Ordering::Equal => Self::Same,
            core::cmp::Ordering::Greater => Self::Halve,
        }
    }
}

impl Resampler {
    /// A resampler that has heard nothing yet.
    pub(crate) fn new(way: Way) -> Self {
        Self { way, taps: low_pass(), memory: vec![0.0; TAPS - 1] }
    }

    /// Whether it does anything.
    pub(crate) fn changes_rate(&self) -> bool {
        self.way != Way::Same
    }

    /// Replaces the samples by the same span at the other rate.
    pub(crate) fn convert(&mut self, samples: &mut Vec<i16>) {
        match self.way {
            Way::Same => {}
            Way::Double => {
                // Zeros between the samples halve the level; the gain of two gives it back.
                let spread = samples.iter().flat_map(|sample| [f32::from(*sample) * 2.0, 0.0]);
                self.memory.extend(spread);
                self.filter(1, samples);
            }
            Way::Halve => {
                self.memory.extend(samples.iter().map(|sample| f32::from(*sample)));
                self.filter(2, samples);
            }
        }
    }

    fn filter(&mut self, step: usize, out: &mut Vec<i16>) {
        out.clear();
        let windows = self.memory.windows(TAPS).step_by(step);
        out.extend(windows.map(|window| {
            let sum: f32 = window.iter().zip(&self.taps).map(|(sample, tap)| sample * tap).sum();
            // A cast from float saturates.
            sum.round() as i16
        }));
        let used = self.memory.len() - (TAPS - 1);
        self.memory.drain(..used);
    }
}

/// A windowed sinc: cut off at 3.7 kHz of 16 kHz, Hamming window.
fn low_pass() -> [f32; TAPS] {
    let middle = (TAPS - 1) as f32 / 2.0;
    let cut = 2.0 * 3_700.0 / 16_000.0;
    let mut taps: [f32; TAPS] = core::array::from_fn(|place| {
        let x = place as f32 - middle;
        let sinc = if x == 0.0 { cut } else { (PI * cut * x).sin() / (PI * x) };
        sinc * (0.54 - 0.46 * (2.0 * PI * place as f32 / (TAPS - 1) as f32).cos())
    });
    let sum: f32 = taps.iter().sum();
    for tap in &mut taps {
        *tap /= sum;
    }
    taps
}

#[cfg(test)]
#[path = "resample_tests.rs"]
mod tests;
